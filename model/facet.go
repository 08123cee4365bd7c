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

	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/ent/tag"
	"vodgraph/fault"
	"vodgraph/filter"
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

func searchFacets(facets []*FacetInput) []search.Facet {
	asked := make([]search.Facet, len(facets))
	for i, f := range facets {
		asked[i] = search.Facet{Field: facetTerms[f.Field], First: f.first()}
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

// facets are the facets that a finder has counted, by count, then by value. Values of which
// there is no more than the term, for they are gone, are left out.
func (k *searching) facets(ctx context.Context, counted [][]search.Bucket) ([]Facet, error) {
	if len(counted) != len(k.Facets) {
		return nil, fmt.Errorf("the finder has counted %d facets, not %d", len(counted), len(k.Facets))
	}
	facets := make([]Facet, len(counted))
	for i, buckets := range counted {
		field := k.Facets[i].Field
		texts, err := k.termTexts(ctx, field, buckets)
		if err != nil {
			return nil, fmt.Errorf("name the values of a facet: %w", err)
		}
		shown := make([]FacetBucket, 0, len(buckets))
		for _, b := range buckets {
			if text, known := texts[b.Value]; known {
				bucket := facetBucket(field, b.Value, text)
				bucket.Count = int(b.Count)
				shown = append(shown, bucket)
			}
		}
		slices.SortFunc(shown, func(a, b FacetBucket) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
		})
		facets[i] = Facet{Field: field, Buckets: shown}
	}
	return facets, nil
}

// facetBucket is a term of a facet as it is shown; text is what the library has for it: the
// name of a tag, the path of a category, or the value itself.
func facetBucket(f FacetField, term, text string) FacetBucket {
	switch f {
	case FacetCategory:
		return FacetBucket{Value: term, Label: media.ShownPath(text)}
	case FacetTag, FacetStorageLocation, FacetCodec:
		return FacetBucket{Value: text, Label: text}
	default:
		return FacetBucket{Value: term, Label: enumLabel(f, term)}
	}
}

// termTexts are what the library has for the terms of a facet. Those that the finder has not
// are looked up.
func (k *searching) termTexts(ctx context.Context, f FacetField, buckets []search.Bucket) (map[string]string, error) {
	texts := make(map[string]string, len(buckets))
	var terms []string
	for _, b := range buckets {
		if b.Text != "" {
			texts[b.Value] = b.Text
		} else {
			terms = append(terms, b.Value)
		}
	}
	if len(terms) == 0 {
		return texts, nil
	}
	these := func(s *sql.Selector) { s.Where(among(s.C("id"), terms)) }
	var err error
	switch f {
	case FacetCategory:
		var rows []*ent.Category
		rows, err = categories.fetch(ctx, k.client, []string{category.FieldID, category.FieldPath}, these)
		for _, row := range rows {
			texts[row.ID] = row.Path
		}
	case FacetTag:
		var rows []*ent.Tag
		rows, err = tags.fetch(ctx, k.client, []string{tag.FieldID, tag.FieldName}, these)
		for _, row := range rows {
			texts[row.ID] = row.Name
		}
	case FacetStorageLocation, FacetCodec:
		var looked map[string]string
		looked, err = filter.TermText(ctx, k.client, facetTerms[f], terms)
		maps.Copy(texts, looked)
	default:
		for _, term := range terms {
			texts[term] = term
		}
	}
	return texts, err
}
