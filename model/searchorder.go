package model

import (
	"github.com/99designs/gqlgen/graphql"

	"vodgraph/fault"
	"vodgraph/search"
)

// SearchOrderField is what a search can be ordered by.
type SearchOrderField string

// What a search can be ordered by.
const (
	SearchByRelevance SearchOrderField = "RELEVANCE"
	SearchByCreatedAt SearchOrderField = "CREATED_AT"
	SearchByUpdatedAt SearchOrderField = "UPDATED_AT"
	SearchByTitle     SearchOrderField = "TITLE"
	SearchBySize      SearchOrderField = "SIZE"
	SearchByDuration  SearchOrderField = "DURATION"
)

// MarshalSearchOrderField writes a SearchOrderField.
func MarshalSearchOrderField(f SearchOrderField) graphql.Marshaler {
	return graphql.MarshalString(string(f))
}

// UnmarshalSearchOrderField reads a SearchOrderField.
func UnmarshalSearchOrderField(v any) (SearchOrderField, error) {
	return oneOf[SearchOrderField](v, SearchByRelevance, SearchByCreatedAt, SearchByUpdatedAt, SearchByTitle, SearchBySize, SearchByDuration)
}

// SearchOrder is one key of the order of a search.
type SearchOrder = OrderBy[SearchOrderField]

// searchSort is the order of a search. It refuses with fault.Invalid too many keys, and a
// field named twice.
func searchSort(keys []*SearchOrder, withText bool) ([]search.Sort, error) {
	if withText && len(keys) > search.MaxSort {
		return nil, fault.New(fault.Invalid, "An order has up to %d keys with a text.", search.MaxSort).At("orderBy")
	}
	return sortOf(keys)
}
