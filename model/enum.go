package model

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/fact"
	"vodgraph/fault"
)

// Enums of the tables are read and written in ent. Those that are no column of their own
// stand here and beside what they are of. They are read to the letter: the parser of
// variables takes them in any case.

func oneOf[E, S ~string](v any, values ...S) (E, error) {
	s, ok := v.(string)
	if !ok || !slices.Contains(values, S(s)) {
		return "", fault.New(fault.Invalid, "%v is not a value of this enum.", v)
	}
	return E(s), nil
}

// MarshalHdrType writes a HdrType.
func MarshalHdrType(v fact.HdrType) graphql.Marshaler { return graphql.MarshalString(string(v)) }

// UnmarshalHdrType reads a HdrType.
func UnmarshalHdrType(v any) (fact.HdrType, error) {
	return oneOf[fact.HdrType](v, fact.HdrType("").Values()...)
}

// MarshalReviewSuggestion writes a ReviewSuggestion.
func MarshalReviewSuggestion(v fact.Suggestion) graphql.Marshaler {
	return graphql.MarshalString(string(v))
}

// UnmarshalReviewSuggestion reads a ReviewSuggestion.
func UnmarshalReviewSuggestion(v any) (fact.Suggestion, error) {
	return oneOf[fact.Suggestion](v, fact.Suggestion("").Values()...)
}
