package catalog

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/predicate"
)

// constrainsNothing tells of a filter that means every asset of the library, or of
// the trash, however it is written.
func (f *AssetFilter) constrainsNothing() bool {
	if f == nil {
		return true
	}
	plain := f.Kinds == nil && f.Statuses == nil && f.IDs == nil && f.ReferenceIDs == nil && f.AttachmentTypes == nil &&
		f.StorageLocations == nil && f.StorageClasses == nil && f.MediaSources == nil && f.Size == nil && f.Duration == nil &&
		f.Width == nil && f.Height == nil && f.CreatedAt.always() && f.UpdatedAt.always() && f.PlayInfo == nil && f.HasCover == nil
	return plain && (f.Category == nil || f.Category.In == nil && f.Category.Empty == nil) &&
		(f.Tags == nil || f.Tags.asksNothing()) &&
		!slices.ContainsFunc(f.And, func(g *AssetFilter) bool { return !g.constrainsNothing() }) &&
		(f.Or == nil || slices.ContainsFunc(f.Or, (*AssetFilter).constrainsNothing)) && (f.Not == nil || f.Not.findsNothing())
}

// asksNothing tells of a filter that every asset fulfils, with whatever tags.
func (t *TagFilter) asksNothing() bool {
	return t.Any == nil && len(t.All) == 0 && len(t.None) == 0 && t.Empty == nil
}

// always tells of a range without bounds, of a time that every asset has.
func (r *TimeRange) always() bool { return r == nil || *r == TimeRange{} }

// findsNothing tells of a filter that asks for one of none, however it is written.
func (f *AssetFilter) findsNothing() bool {
	if f == nil {
		return false
	}
	return none(f.Kinds) || none(f.Statuses) || none(f.IDs) || none(f.ReferenceIDs) || none(f.AttachmentTypes) ||
		none(f.StorageLocations) || none(f.StorageClasses) || none(f.MediaSources) ||
		f.Category != nil && none(f.Category.In) || f.Tags != nil && none(f.Tags.Any) ||
		slices.ContainsFunc(f.And, (*AssetFilter).findsNothing) ||
		f.Or != nil && !slices.ContainsFunc(f.Or, func(g *AssetFilter) bool { return !g.findsNothing() }) ||
		f.Not != nil && f.Not.constrainsNothing()
}

// none tells of a list that is given, and empty.
func none[T any](list []T) bool { return list != nil && len(list) == 0 }

// mostUnsaid is how many assets a filter may mean that means all there are, without
// that being said.
const mostUnsaid = 100

// others is the condition of the assets that the filter does not find, among those in the
// trash or not, as it has that. The filter must have been checked.
func (f *AssetFilter) others() predicate.Asset {
	outside := &AssetFilter{Not: f}
	if f != nil {
		outside.Trashed = f.Trashed
	}
	return outside.where()
}

// inTrash is the filter within the trash.
func (f *AssetFilter) inTrash() *AssetFilter {
	within, trashed := AssetFilter{}, true
	if f != nil {
		within = *f
	}
	within.Trashed = graphql.OmittableOf(&trashed)
	return &within
}
