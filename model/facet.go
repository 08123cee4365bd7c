package model

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/category"
	"vodgraph/ent/tag"
	"vodgraph/fault"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/search"
)

// FacetField is what a search can count the values of.
type FacetField string

// What a search can count.
const (
	FacetKind            FacetField = "KIND"
	FacetStatus          FacetField = "STATUS"
	FacetCategory        FacetField = "CATEGORY"
	FacetTag             FacetField = "TAG"
	FacetStorageLocation FacetField = "STORAGE_LOCATION"
	FacetStorageClass    FacetField = "STORAGE_CLASS"
	FacetMediaSource     FacetField = "MEDIA_SOURCE"
	FacetAttachmentType  FacetField = "ATTACHMENT_TYPE"
	FacetDefinition      FacetField = "DEFINITION"
	FacetCodec           FacetField = "CODEC"
)

// MarshalFacetField writes a FacetField.
func MarshalFacetField(f FacetField) graphql.Marshaler { return graphql.MarshalString(string(f)) }

// UnmarshalFacetField reads a FacetField.
func UnmarshalFacetField(v any) (FacetField, error) {
	return oneOf[FacetField](v, slices.Collect(maps.Keys(facetTerms))...)
}

// facetTerms are the sets of terms that engines count for the fields.
var facetTerms = map[FacetField]search.TermField{
	FacetKind:            search.TermKind,
	FacetStatus:          search.TermStatus,
	FacetCategory:        search.TermCategory,
	FacetTag:             search.TermTag,
	FacetStorageLocation: search.TermLocation,
	FacetStorageClass:    search.TermClass,
	FacetMediaSource:     search.TermSource,
	FacetAttachmentType:  search.TermAttachmentType,
	FacetDefinition:      search.TermDefinition,
	FacetCodec:           search.TermCodec,
}

// term is the set of terms that an engine counts.
func (f FacetField) term() search.TermField { return facetTerms[f] }

// FacetInput is what to count.
type FacetInput struct {
	Field FacetField
	// First is how many values are wanted, the most frequent.
	First *int
}

func (f *FacetInput) first() int {
	if f.First == nil {
		return limits.DefaultPage
	}
	return *f.First
}

// checkFacets refuses with fault.ListTooLong too many facets, and with
// fault.PageSizeInvalid one of too many values, or none.
func checkFacets(facets []*FacetInput) error {
	if len(facets) > limits.Facets {
		return fault.New(fault.ListTooLong, "Name up to %d facets.", limits.Facets).At("facets")
	}
	for i, f := range facets {
		if n := f.first(); n < 1 || n > limits.LongestBuckets {
			return fault.New(fault.PageSizeInvalid, "A facet has 1 to %d values.", limits.LongestBuckets).
				At("facets", strconv.Itoa(i), "first")
		}
	}
	return nil
}

func engineFacets(facets []*FacetInput) []search.Facet {
	asked := make([]search.Facet, len(facets))
	for i, f := range facets {
		asked[i] = search.Facet{Field: f.Field.term(), First: f.first()}
	}
	return asked
}

// Facet is how often each value stands in a result.
type Facet struct {
	Field   FacetField
	Buckets []FacetBucket
}

// FacetBucket is a value and how often it stands in a result.
type FacetBucket struct {
	// Value is what a filter takes, Label what people read.
	Value, Label string
	Count        int
}

// shown is a facet as it is shown: by count, then by value.
func shown(f FacetField, buckets []FacetBucket) Facet {
	slices.SortFunc(buckets, func(a, b FacetBucket) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return Facet{Field: f, Buckets: buckets}
}

// facetsOf are the facets that an engine has counted.
func (k *seek) facetsOf(ctx context.Context, counted [][]search.Bucket) ([]Facet, error) {
	if len(counted) != len(k.Facets) {
		return nil, fmt.Errorf("the engine has counted %d facets, not %d", len(counted), len(k.Facets))
	}
	facets := make([]Facet, len(counted))
	for i, buckets := range counted {
		f := k.Facets[i].Field
		faces, err := k.faces(ctx, f, buckets)
		if err != nil {
			return nil, fmt.Errorf("name the values of a facet: %w", err)
		}
		known := make([]FacetBucket, 0, len(buckets))
		for _, b := range buckets {
			// What is gone since the engine was told is left out.
			if face, ok := faces[b.Value]; ok {
				known = append(known, FacetBucket{Value: face.value, Label: face.label, Count: int(b.Count)})
			}
		}
		facets[i] = shown(f, known)
	}
	return facets, nil
}

type face struct{ value, label string }

// faceOf is how a value of a facet is shown, text being what the library has for
// it: the name of a tag, the path of a category, or the value itself.
func faceOf(f FacetField, term, text string) face {
	switch f {
	case FacetCategory:
		return face{term, strings.ReplaceAll(text, media.PathSeparator, " / ")}
	case FacetTag, FacetStorageLocation, FacetCodec:
		return face{text, text}
	default:
		return face{term, enumLabel(f, term)}
	}
}

func (k *seek) faces(ctx context.Context, f FacetField, buckets []search.Bucket) (map[string]face, error) {
	terms := make([]string, len(buckets))
	for i, b := range buckets {
		terms[i] = b.Value
	}
	texts, err := k.termTexts(ctx, f, terms)
	if err != nil {
		return nil, err
	}
	faces := make(map[string]face, len(texts))
	for term, text := range texts {
		faces[term] = faceOf(f, term, text)
	}
	return faces, nil
}

func (k *seek) termTexts(ctx context.Context, f FacetField, terms []string) (map[string]string, error) {
	texts := make(map[string]string, len(terms))
	these := func(s *sql.Selector) { s.Where(among(s.C("id"), terms)) }
	switch f {
	case FacetCategory:
		rows, err := categories.fetch(ctx, k.client, []string{category.FieldID, category.FieldPath}, these)
		for _, row := range rows {
			texts[row.ID] = row.Path
		}
		return texts, err
	case FacetTag:
		rows, err := tags.fetch(ctx, k.client, []string{tag.FieldID, tag.FieldName}, these)
		for _, row := range rows {
			texts[row.ID] = row.Name
		}
		return texts, err
	case FacetStorageLocation, FacetCodec:
		return k.TermText(ctx, f.term(), terms)
	default:
		for _, term := range terms {
			texts[term] = term
		}
		return texts, nil
	}
}
