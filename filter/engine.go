package filter

import (
	"context"
	"fmt"
	"math"
	"slices"

	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/media"
	"vodgraph/search"
)

// Narrow sets the filter of a query to what the filter matches, and to no more than the
// caller may see. It is a condition on the documents that engines keep, nil where it matches
// all. It is the same for filters of one fingerprint as long as the tags and paths that they
// name are of the same ids, so that a walk over pages goes on.
//
// The filter must be one that Predicate takes. The names of tags are looked up, in one
// statement, and the paths of categories in one; what nothing has matches nothing.
func (f *AssetFilter) Narrow(ctx context.Context, db *ent.Client, q *search.Query) error {
	f = f.canonical()
	if !auth.From(ctx).Unlimited() {
		if err := f.narrowToGrants(ctx, db, q); err != nil {
			return err
		}
	}
	l, err := f.lookups(ctx, db)
	if err != nil {
		return err
	}
	q.Filter = every(flagged(FlagTrashed, f.trashed()), l.filter(f))
	if q.Filter.And != nil && len(q.Filter.And) == 0 {
		q.Filter = nil
	}
	return nil
}

// narrowToGrants limits a query and its canonical filter to what the caller may see: the
// engine knows no callers. Categories that they may not see are taken out of the filter,
// which would show what is in them, and out of the facets, where they would take the places
// of others. No category is searched by its name: that of one they may not see, in which an
// asset is that they may, would be found out.
func (f *AssetFilter) narrowToGrants(ctx context.Context, db *ent.Client, q *search.Query) error {
	rows, err := db.Category.Query().All(ctx)
	if err != nil {
		return fmt.Errorf("read what is granted: %w", err)
	}
	visible, roots := []string{}, []string{}
	for _, row := range rows {
		if visible = append(visible, row.ID); row.ParentID == nil {
			roots = append(roots, row.ID)
		}
	}
	slices.Sort(visible)
	q.WithoutCategories = true
	for i := range q.Facets {
		if q.Facets[i].Field == search.TermCategory {
			q.Facets[i].Among = visible
		}
	}
	f.within(func(f *AssetFilter) {
		if f.Category != nil && f.Category.In != nil {
			f.Category.In = slices.DeleteFunc(slices.Clone(f.Category.In), func(ref *media.CategoryRef) bool {
				if ref.ID == nil { // of paths those that the caller sees are looked up
					return false
				}
				_, ok := slices.BinarySearch(visible, *ref.ID)
				return !ok
			})
		}
	})
	f.And = append(slices.Clip(f.And), &AssetFilter{Category: &CategoryFilter{In: categories{ids: set(roots)}.refs()}})
	return nil
}

// lookups are what the values of a filter stand for: ids by names of tags, and by paths of
// categories, of which a limited caller may see several that look the same.
type lookups struct {
	tags       map[string]string
	categories map[string][]string
}

// lookups of a canonical filter.
func (f *AssetFilter) lookups(ctx context.Context, db *ent.Client) (lookups, error) {
	l := lookups{tags: map[string]string{}, categories: map[string][]string{}}
	var names, paths []string
	f.within(func(f *AssetFilter) {
		if t := f.Tags; t != nil {
			names = slices.Concat(names, t.Any, t.All, t.None)
		}
		if f.Category != nil {
			paths = append(paths, f.Category.named().paths...)
		}
	})
	if len(names) > 0 {
		rows, err := db.Tag.Query().Where(collect.In[string](tag.FieldName, names)).Select(tag.FieldID, tag.FieldName).All(ctx)
		if err != nil {
			return l, fmt.Errorf("find the tags of a filter: %w", err)
		}
		for _, row := range rows {
			l.tags[row.Name] = row.ID
		}
	}
	if len(paths) > 0 {
		rows, err := db.Category.Query().Where(collect.In[string](category.FieldPath, paths)).Select(category.FieldID, category.FieldPath).All(ctx)
		if err != nil {
			return l, fmt.Errorf("find the categories of a filter: %w", err)
		}
		for _, row := range rows {
			l.categories[row.Path] = append(l.categories[row.Path], row.ID)
		}
	}
	return l, nil
}

// filter is a canonical filter without what it says of the trash.
func (l lookups) filter(f *AssetFilter) *search.Filter {
	parts := filters(l, assetMembers, f)
	for _, g := range f.And {
		parts = append(parts, l.filter(g))
	}
	if f.Or != nil {
		or := make([]*search.Filter, len(f.Or))
		for i, g := range f.Or {
			or[i] = l.filter(g)
		}
		parts = append(parts, &search.Filter{Or: or})
	}
	if f.Not != nil {
		parts = append(parts, negated(l.filter(f.Not)))
	}
	return every(parts...)
}

func filters[F any](l lookups, members []member[F], f *F) []*search.Filter {
	var parts []*search.Filter
	for _, m := range members {
		if m.engine != nil && m.given(f) {
			parts = append(parts, m.engine(l, f))
		}
	}
	return parts
}

func every(parts ...*search.Filter) *search.Filter {
	given := make([]*search.Filter, 0, len(parts))
	for _, part := range parts {
		if part != nil {
			given = append(given, part)
		}
	}
	if len(given) == 1 {
		return given[0]
	}
	return &search.Filter{And: given}
}

func negated(f *search.Filter) *search.Filter { return &search.Filter{Not: f} }

func matchNone() *search.Filter { return &search.Filter{Or: []*search.Filter{}} }

func terms(field search.TermField, values []string) *search.Filter {
	if len(values) == 0 {
		return matchNone()
	}
	return &search.Filter{Terms: &search.Terms{Field: field, Values: values}}
}

// term is that a set has one of the values, which are terms as they are; written is for
// values that people wrote.
func term(field search.TermField) func([]string) *search.Filter {
	return func(values []string) *search.Filter { return terms(field, values) }
}

func written(field search.TermField) func([]string) *search.Filter {
	return func(values []string) *search.Filter { return terms(field, eachOf(values, search.TermOf)) }
}

// eachOf is a list of what is made of each value, and nil where the list is.
func eachOf(values []string, of func(string) string) []string {
	if values == nil {
		return nil
	}
	made := make([]string, len(values))
	for i, v := range values {
		made[i] = of(v)
	}
	return made
}

// assetIDs is that an asset has one of the ids. What is no id is no asset's, and does not
// get to an engine.
func assetIDs(ids []string) *search.Filter {
	known := wellFormed(ids, media.WellFormedAsset)
	if len(known) == 0 {
		return matchNone()
	}
	return &search.Filter{IDs: known}
}

func wellFormed(ids []string, form func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !form(id) })
}

func (l lookups) anyTag(names []string) *search.Filter {
	ids := make([]string, 0, len(names))
	for _, name := range names {
		if id, ok := l.tags[name]; ok {
			ids = append(ids, id)
		}
	}
	return terms(search.TermTag, ids)
}

// flagged is that an asset has a flag or, where it is not to, that it has not; nil is either.
func flagged(flag string, has *bool) *search.Filter {
	if has == nil {
		return nil
	}
	with := terms(search.TermFlag, []string{flag})
	if !*has {
		return negated(with)
	}
	return with
}

// numbers is that a number is there and within a range.
func numbers[N int | int64](field search.NumberField, r *Range[N]) *search.Filter {
	least, most := int64(math.MinInt64), int64(math.MaxInt64)
	if r.Gte != nil {
		least = int64(*r.Gte)
	}
	if r.Lte != nil {
		most = int64(*r.Lte)
	}
	if r.Gt != nil {
		if int64(*r.Gt) == math.MaxInt64 {
			return matchNone()
		}
		least = max(least, int64(*r.Gt)+1)
	}
	if r.Lt != nil {
		if int64(*r.Lt) == math.MinInt64 {
			return matchNone()
		}
		most = min(most, int64(*r.Lt)-1)
	}
	within := &search.Range{Field: field}
	if least > math.MinInt64 {
		within.Min = &least
	}
	if most < math.MaxInt64 {
		within.Max = &most
	}
	return &search.Filter{Range: within}
}
