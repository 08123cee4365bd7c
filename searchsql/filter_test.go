package searchsql_test

import (
	"time"

	"vodgraph/ent/asset"
	"vodgraph/ent/playinfo"
	"vodgraph/filter"
	"vodgraph/media"
	"vodgraph/search"
)

// assetFilter is the filter of assets that means what one of documents does.
func assetFilter(f *search.Filter) *filter.AssetFilter {
	switch {
	case f == nil:
		return nil
	case f.And != nil:
		return &filter.AssetFilter{And: assetFilters(f.And)}
	case f.Or != nil:
		return &filter.AssetFilter{Or: assetFilters(f.Or)}
	case f.Not != nil:
		return &filter.AssetFilter{Not: assetFilter(f.Not)}
	case f.Terms != nil:
		return ofTerms(f.Terms.Field, f.Terms.Values)
	case f.IDs != nil:
		return &filter.AssetFilter{IDs: f.IDs}
	case f.Range != nil:
		return ofRange(f.Range)
	default:
		return &filter.AssetFilter{}
	}
}

func assetFilters(fs []*search.Filter) []*filter.AssetFilter {
	made := make([]*filter.AssetFilter, len(fs))
	for i, f := range fs {
		made[i] = assetFilter(f)
	}
	return made
}

func ofTerms(field search.TermField, terms []string) *filter.AssetFilter {
	switch field {
	case search.TermKind:
		return &filter.AssetFilter{Kinds: values[asset.Kind](terms)}
	case search.TermStatus:
		return &filter.AssetFilter{Statuses: values[asset.Status](terms)}
	case search.TermCategory:
		return &filter.AssetFilter{Category: &filter.CategoryFilter{In: categoryIDs(terms...)}}
	case search.TermOwnCategory:
		return &filter.AssetFilter{Category: &filter.CategoryFilter{In: categoryIDs(terms...), IncludeDescendants: new(false)}}
	case search.TermTag:
		return &filter.AssetFilter{Tags: &filter.TagFilter{Any: values[string](terms)}}
	case search.TermAttachmentType:
		return &filter.AssetFilter{AttachmentTypes: values[asset.BusinessType](terms)}
	case search.TermLocation:
		return &filter.AssetFilter{StorageLocations: values[string](terms)}
	case search.TermClass:
		return &filter.AssetFilter{StorageClasses: values[asset.StorageClass](terms)}
	case search.TermSource:
		return &filter.AssetFilter{MediaSources: values[asset.MediaSource](terms)}
	case search.TermDefinition:
		return &filter.AssetFilter{PlayInfo: &filter.PlayInfoFilter{Definitions: values[playinfo.Definition](terms)}}
	case search.TermCodec:
		return &filter.AssetFilter{PlayInfo: &filter.PlayInfoFilter{Codecs: values[string](terms)}}
	default:
		panic("no filter of assets is of " + field)
	}
}

// values are those of terms.
func values[T ~string](terms []string) []T {
	made := make([]T, len(terms))
	for i, term := range terms {
		made[i] = T(plain(term))
	}
	return made
}

func ofRange(r *search.Range) *filter.AssetFilter {
	switch r.Field {
	case search.NumberSize:
		return &filter.AssetFilter{Size: within(r, func(n int64) int64 { return n })}
	case search.NumberDuration:
		return &filter.AssetFilter{Duration: within(r, func(n int64) float64 { return float64(n) / 1000 })}
	case search.NumberWidth:
		return &filter.AssetFilter{Width: within(r, func(n int64) int { return int(n) })}
	case search.NumberHeight:
		return &filter.AssetFilter{Height: within(r, func(n int64) int { return int(n) })}
	case search.NumberCreated:
		return &filter.AssetFilter{CreatedAt: within(r, moment)}
	case search.NumberUpdated:
		return &filter.AssetFilter{UpdatedAt: within(r, moment)}
	default:
		panic("no filter of assets is of " + r.Field)
	}
}

// moment is a time in milliseconds; one that no filter has is as far as the times of assets go,
// and one more.
func moment(n int64) time.Time { return time.UnixMilli(min(max(n, -1), maxTicks+1)).UTC() }

func within[T any](r *search.Range, of func(int64) T) *filter.Range[T] {
	made := &filter.Range[T]{}
	if r.Min != nil {
		made.Gte = new(of(*r.Min))
	}
	if r.Max != nil {
		made.Lte = new(of(*r.Max))
	}
	return made
}

// categoryIDs are the categories of ids. A term that is no id is of a category that is not there.
func categoryIDs(ids ...string) []*media.CategoryRef {
	refs := make([]*media.CategoryRef, len(ids))
	for i, id := range ids {
		if refs[i] = (&media.CategoryRef{ID: &id}); !media.WellFormed(id, media.CategoryPrefix) {
			refs[i] = &media.CategoryRef{Path: []string{id}}
		}
	}
	return refs
}
