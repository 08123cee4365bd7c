package catalog

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/media"
	"vodgraph/search"
)

// Narrow has a query find what the filter matches, and tell the caller no more than
// they see. Its filter is a condition on the documents of Documents, nil where it
// matches all. It is the same for filters of one fingerprint as long as the tags that
// they name are, so that a walk over pages goes on.
//
// It refuses just what Predicate refuses. The names of tags are looked up, in one
// statement; one that is no tag's matches nothing.
func (c *Catalog) Narrow(ctx context.Context, q *search.Query, f *AssetFilter) error {
	if refused := f.check(c.opts.Limits); refused != nil {
		return refused
	}
	f = f.canonical()
	if !auth.From(ctx).Unlimited() {
		if err := c.withinGrants(ctx, q, f); err != nil {
			return err
		}
	}
	tags, err := c.tagsNamed(ctx, f.named())
	if err != nil {
		return err
	}
	q.Filter = engineFilter{tags: tags}.filter(f, flagged(flagTrashed, f.trashed()))
	if q.Filter.And != nil && len(q.Filter.And) == 0 {
		q.Filter = nil
	}
	return nil
}

// withinGrants has a query and its canonical filter match no more than the caller sees:
// the engine knows nobody. Categories that they do not see are none of the filter, which
// would tell what is in them, and none of the facets, where they would take the places of
// others. No category has a name to the query: that of one unseen, in which an asset that
// is seen is too, would tell of it.
func (c *Catalog) withinGrants(ctx context.Context, q *search.Query, f *AssetFilter) error {
	rows, err := c.db.Category.Query().All(ctx)
	if err != nil {
		return fmt.Errorf("read what is granted: %w", err)
	}
	seen, roots, below := []string{}, []string{}, true
	for _, row := range rows {
		if seen = append(seen, row.ID); row.ParentID == nil {
			roots = append(roots, row.ID)
		}
	}
	slices.Sort(seen)
	q.WithoutCategories = true
	for i := range q.Facets {
		if q.Facets[i].Field == search.TermCategory {
			q.Facets[i].Among = seen
		}
	}
	f.each(func(f *AssetFilter) {
		if f.Category != nil && f.Category.In != nil {
			f.Category.In = slices.DeleteFunc(slices.Clone(f.Category.In), func(id string) bool {
				_, ok := slices.BinarySearch(seen, id)
				return !ok
			})
		}
	})
	f.And = append(slices.Clip(f.And), &AssetFilter{Category: &CategoryFilter{In: set(roots), IncludeDescendants: &below}})
	return nil
}

// named are the names of tags in a canonical filter.
func (f *AssetFilter) named() (names []string) {
	f.each(func(f *AssetFilter) {
		if t := f.Tags; t != nil {
			names = slices.Concat(names, t.Any, t.All, t.None)
		}
	})
	return names
}

// tagsNamed are the ids of tags by their names.
func (c *Catalog) tagsNamed(ctx context.Context, names []string) (map[string]string, error) {
	ids := map[string]string{}
	if len(names) == 0 {
		return ids, nil
	}
	b := sql.Dialect(c.db.Dialect())
	query := b.Select(tag.FieldName, tag.FieldID).From(b.Table(tag.Table)).Where(collect.InP(tag.FieldName, names))
	err := c.read(ctx, query, func(scan scanner) error {
		var name, id string
		if err := scan(&name, &id); err != nil {
			return err
		}
		ids[name] = id
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the tags of a filter: %w", err)
	}
	return ids, nil
}

// engineFilter makes the filter of an engine. Parts that are not asked for are nil.
type engineFilter struct {
	tags map[string]string // ids by names
}

// filter makes one of a canonical filter, and of what must hold beside it.
func (w engineFilter) filter(f *AssetFilter, beside ...*search.Filter) *search.Filter {
	parts := append(beside,
		termed(search.TermKind, f.Kinds),
		termed(search.TermStatus, f.Statuses),
		assetIDs(f.IDs),
		written(search.TermReference, f.ReferenceIDs),
		filedIn(f.Category),
		w.tagged(f.Tags),
		termed(search.TermAttachmentType, f.AttachmentTypes),
		written(search.TermLocation, f.StorageLocations),
		termed(search.TermClass, f.StorageClasses),
		termed(search.TermSource, f.MediaSources),
		ranged(search.NumberSize, (*bounds[int64])(f.Size)),
		ranged(search.NumberDuration, f.Duration.ticks()),
		ranged(search.NumberWidth, (*bounds[int])(f.Width)),
		ranged(search.NumberHeight, (*bounds[int])(f.Height)),
		ranged(search.NumberCreated, f.CreatedAt.millis()),
		ranged(search.NumberUpdated, f.UpdatedAt.millis()),
		play(f.PlayInfo),
		flagged(flagCover, f.HasCover),
	)
	for _, within := range f.And {
		parts = append(parts, w.filter(within))
	}
	if f.Or != nil {
		or := make([]*search.Filter, len(f.Or))
		for i, within := range f.Or {
			or[i] = w.filter(within)
		}
		parts = append(parts, &search.Filter{Or: or})
	}
	if f.Not != nil {
		parts = append(parts, negated(w.filter(f.Not)))
	}
	return every(parts...)
}

// every is that all parts hold that are asked for.
func every(parts ...*search.Filter) *search.Filter {
	asked := make([]*search.Filter, 0, len(parts))
	for _, part := range parts {
		if part != nil {
			asked = append(asked, part)
		}
	}
	if len(asked) == 1 {
		return asked[0]
	}
	return &search.Filter{And: asked}
}

func negated(f *search.Filter) *search.Filter { return &search.Filter{Not: f} }

// termed is that a set has one of the values.
func termed[T ~string](field search.TermField, values []T) *search.Filter {
	switch {
	case values == nil:
		return nil
	case len(values) == 0:
		return nothing()
	default:
		return &search.Filter{Terms: &search.Terms{Field: field, Values: texts(values)}}
	}
}

// written is termed for values that people wrote.
func written(field search.TermField, values []string) *search.Filter {
	return termed(field, eachOf(values, search.TermOf))
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

// assetIDs is that an asset has one of the ids. What is no id is no asset's, and
// does not get to an engine.
func assetIDs(ids []string) *search.Filter {
	if ids == nil {
		return nil
	}
	known := identified(ids, media.VideoPrefix, media.AudioPrefix, media.ImagePrefix, media.AttachmentPrefix)
	if len(known) == 0 {
		return nothing()
	}
	return &search.Filter{IDs: known}
}

// identified are those of the ids that are well formed, with one of the prefixes.
func identified(ids []string, prefixes ...string) []string {
	known := make([]string, 0, len(ids))
	for _, id := range ids {
		if slices.ContainsFunc(prefixes, func(prefix string) bool { return media.WellFormed(id, prefix) }) {
			known = append(known, id)
		}
	}
	return known
}

func filedIn(f *CategoryFilter) *search.Filter {
	if f == nil {
		return nil
	}
	var in *search.Filter
	if f.In != nil {
		field := search.TermOwnCategory
		if f.descends() {
			field = search.TermCategory
		}
		in = termed(field, identified(f.In, media.CategoryPrefix))
	}
	return every(in, lacking(flagFiled, f.Empty))
}

func (w engineFilter) tagged(f *TagFilter) *search.Filter {
	if f == nil {
		return nil
	}
	var parts []*search.Filter
	if f.Any != nil {
		parts = append(parts, w.anyTag(f.Any))
	}
	for _, name := range f.All {
		parts = append(parts, w.anyTag([]string{name}))
	}
	if len(f.None) > 0 {
		parts = append(parts, negated(w.anyTag(f.None)))
	}
	return every(append(parts, lacking(flagTagged, f.Empty))...)
}

// anyTag is that an asset has one of the tags of these names.
func (w engineFilter) anyTag(names []string) *search.Filter {
	ids := make([]string, 0, len(names))
	for _, name := range names {
		if id, ok := w.tags[name]; ok {
			ids = append(ids, id)
		}
	}
	return termed(search.TermTag, ids)
}

// play is that one play info has one of the combinations.
func play(f *PlayInfoFilter) *search.Filter {
	if f == nil {
		return nil
	}
	open := []string{""}
	definitions, formats, codecs := open, open, open
	if f.Definitions != nil {
		definitions = texts(f.Definitions)
	}
	if f.Formats != nil {
		formats = texts(f.Formats)
	}
	if f.Codecs != nil {
		codecs = eachOf(f.Codecs, search.TermOf)
	}
	combinations := make([]string, 0, len(definitions)*len(formats)*len(codecs))
	for _, d := range definitions {
		for _, f := range formats {
			for _, c := range codecs {
				combinations = append(combinations, playTerm(d, f, c))
			}
		}
	}
	return termed(search.TermPlay, combinations)
}

// flagged is that an asset has a flag or, where it is not to, that it has not.
func flagged(flag string, has *bool) *search.Filter {
	if has == nil {
		return nil
	}
	with := termed(search.TermFlag, []string{flag})
	if !*has {
		return negated(with)
	}
	return with
}

// lacking is flagged the other way round.
func lacking(flag string, lacks *bool) *search.Filter {
	if lacks == nil {
		return nil
	}
	has := !*lacks
	return flagged(flag, &has)
}

// ranged is that a number is there and within a range.
func ranged[N int | int64](field search.NumberField, r *bounds[N]) *search.Filter {
	if r == nil {
		return nil
	}
	least, most := int64(math.MinInt64), int64(math.MaxInt64)
	if r.Gte != nil {
		least = int64(*r.Gte)
	}
	if r.Lte != nil {
		most = int64(*r.Lte)
	}
	if r.Gt != nil {
		if int64(*r.Gt) == math.MaxInt64 {
			return nothing()
		}
		least = max(least, int64(*r.Gt)+1)
	}
	if r.Lt != nil {
		if int64(*r.Lt) == math.MinInt64 {
			return nothing()
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

// ticks is a range of durations as one of their ticks.
func (r *FloatRange) ticks() *bounds[int64] {
	if r == nil {
		return nil
	}
	of := func(bound *float64, first func(float64) int64, before int64) *int64 {
		if bound == nil {
			return nil
		}
		n := first(*bound) - before
		return &n
	}
	return &bounds[int64]{Gte: of(r.Gte, firstTick, 0), Gt: of(r.Gt, tickAfter, 1),
		Lte: of(r.Lte, tickAfter, 1), Lt: of(r.Lt, firstTick, 0)}
}

// millis is a range of times as one of milliseconds.
func (r *TimeRange) millis() *bounds[int64] {
	if r == nil {
		return nil
	}
	of := func(bound *time.Time) *int64 {
		if bound == nil {
			return nil
		}
		n := bound.UnixMilli()
		return &n
	}
	return &bounds[int64]{Gte: of(r.Gte), Gt: of(r.Gt), Lte: of(r.Lte), Lt: of(r.Lt)}
}
