package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/lib/pq"

	"vodgraph/ent/asset"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/predicate"
	"vodgraph/media"
)

// Predicate is the filter as a condition on the table of assets, under whatever
// name a selector has it. The condition is true or false and never NULL, so that
// it can be negated. Its text depends on the members that are given and, for
// lists, on whether they have none, one or more values, but on no value.
//
// It refuses with a fault, its place from "filter" down: FILTER_TOO_DEEP,
// FILTER_TOO_LARGE, LIST_TOO_LONG and, for texts with U+0000 and bounds that are
// not finite or not within the years 0 to 9999, INVALID.
//
// The filter must not be changed while the predicate is in use.
func (f *AssetFilter) Predicate(l Limits) (predicate.Asset, error) {
	if refused := f.check(l); refused != nil {
		return nil, refused
	}
	return f.where(), nil
}

// where is Predicate of a filter that has been checked.
func (f *AssetFilter) where() predicate.Asset {
	return func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) { filterSQL{b: b, assets: s}.filter(f) }))
	}
}

// filterSQL writes a filter as SQL.
//
// Conditions on rows of other tables are written in the form in which the
// database can both look up few assets by an index and test many. For Postgres
// that is EXISTS, which it turns into a join of either direction, and which never
// becomes a list too large for its memory. For SQLite it is IN, which it makes a
// list of once; EXISTS it would only test, asset by asset.
type filterSQL struct {
	b      *sql.Builder
	assets *sql.Selector
	// inner is within and, or or not.
	inner bool
}

// condition writes one condition that stands by itself beside AND, OR and NOT.
// A nil condition is one that is not asked for.
type condition func()

// filter writes a filter.
func (w filterSQL) filter(f *AssetFilter) {
	if f == nil {
		f = &AssetFilter{}
	}
	conditions := []condition{
		list(w, w.column(asset.FieldKind), f.Kinds),
		list(w, w.column(asset.FieldStatus), f.Statuses),
		list(w, w.column(asset.FieldID), f.IDs),
		present(w, asset.FieldReferenceID, f.ReferenceIDs),
		w.category(f.Category),
		w.tags(f.Tags),
		present(w, asset.FieldBusinessType, f.AttachmentTypes),
		list(w, w.column(asset.FieldStorageLocation), f.StorageLocations),
		list(w, w.column(asset.FieldStorageClass), f.StorageClasses),
		list(w, w.column(asset.FieldMediaSource), f.MediaSources),
		within(w, w.column(asset.FieldSize), (*bounds[int64])(f.Size)),
		within(w, w.column(asset.FieldDuration), (*bounds[float64])(f.Duration)),
		w.measure("width", f.Width),
		w.measure("height", f.Height),
		within(w, w.column(asset.FieldCreatedAt), (*bounds[time.Time])(f.CreatedAt.cut())),
		within(w, w.column(asset.FieldUpdatedAt), (*bounds[time.Time])(f.UpdatedAt.cut())),
		w.playInfo(f.PlayInfo),
		w.cover(f.HasCover),
		w.filters(f.And, w.all),
		w.filters(f.Or, w.any),
	}
	if f.Not != nil {
		conditions = append(conditions, w.not(func() { w.within().filter(f.Not) }))
	}
	if !w.inner {
		conditions = append(conditions, w.trashed(f.trashed()))
	}
	w.all(conditions...)
}

// within writes what stands within and, or or not.
func (w filterSQL) within() filterSQL {
	w.inner = true
	return w
}

// filters is a list of filters, joined by w.all or w.any.
func (w filterSQL) filters(fs []*AssetFilter, join func(...condition)) condition {
	if fs == nil {
		return nil
	}
	conditions := make([]condition, 0, len(fs))
	for _, f := range fs {
		conditions = append(conditions, func() { w.within().filter(f) })
	}
	return func() { join(conditions...) }
}

func (w filterSQL) category(f *CategoryFilter) condition {
	if f == nil {
		return nil
	}
	var in condition
	switch {
	case f.In == nil:
	case len(f.In) == 0:
		in = w.never
	case f.descends():
		// No name has a character below the space, but for what parts the names
		// of a path: all from the path to the path and a space is the subtree.
		in = w.linked("asset_categories"+
			" JOIN categories ON categories.id = asset_categories.category_id"+
			" JOIN categories AS roots ON categories.path >= roots.path AND categories.path < roots.path || ' '",
			"asset_categories", list(w, "roots.id", f.In))
	default:
		in = w.linked("asset_categories", "asset_categories", list(w, "asset_categories.category_id", f.In))
	}
	return func() { w.all(in, w.empty("asset_categories", f.Empty)) }
}

// tagged is the tags of assets.
const tagged = "asset_tags JOIN tags ON tags.id = asset_tags.tag_id"

func (w filterSQL) tags(f *TagFilter) condition {
	if f == nil {
		return nil
	}
	var conditions []condition
	if f.Any != nil {
		conditions = append(conditions, w.anyTag(tagNames(f.Any)))
	}
	if len(f.All) > 0 {
		conditions = append(conditions, w.allTags(tagNames(f.All)))
	}
	if len(f.None) > 0 {
		conditions = append(conditions, w.not(w.anyTag(tagNames(f.None))))
	}
	conditions = append(conditions, w.empty("asset_tags", f.Empty))
	return func() { w.all(conditions...) }
}

// anyTag is that the asset has one of the tags.
func (w filterSQL) anyTag(names []string) condition {
	if len(names) == 0 {
		return w.never
	}
	return w.linked(tagged, "asset_tags", list(w, "tags.name", names))
}

// allTags is that the asset has each of the tags, of which none is named twice:
// it has as many of them as there are names. On Postgres a first one finds the
// assets, and the others are counted for these.
func (w filterSQL) allTags(names []string) condition {
	one := list(w, "tags.name", names)
	switch {
	case len(names) == 1:
		return w.anyTag(names)
	case w.assets.Dialect() == dialect.Postgres:
		return func() {
			w.all(w.anyTag(names[:1]), func() {
				w.b.WriteString("(SELECT COUNT(*) FROM " + tagged + " WHERE asset_tags.asset_id = " + w.id() + " AND ")
				one()
				w.b.WriteString(") = ").Arg(len(names))
			})
		}
	default:
		return w.linked(tagged, "asset_tags", func() {
			one()
			w.b.WriteString(" GROUP BY asset_tags.asset_id HAVING COUNT(*) = ").Arg(len(names))
		})
	}
}

// tagNames is names as tags are kept, each once, in order.
func tagNames(names []string) []string {
	cleaned := make([]string, len(names))
	for i, name := range names {
		cleaned[i] = media.Clean(name)
	}
	slices.Sort(cleaned)
	return slices.Compact(cleaned)
}

func (w filterSQL) playInfo(f *PlayInfoFilter) condition {
	if f == nil {
		return nil
	}
	return w.exists("play_infos",
		list(w, "play_infos.status", []playinfo.Status{playinfo.StatusNORMAL}),
		list(w, "play_infos.definition", f.Definitions),
		list(w, "play_infos.format", f.Formats),
		list(w, "play_infos.codec", f.Codecs))
}

// measure is a range of the width or height: only images have their own.
func (w filterSQL) measure(name string, r *IntRange) condition {
	if r == nil {
		return nil
	}
	return func() {
		w.any(within(w, w.column(name), (*bounds[int])(r)),
			w.exists("mezzanines", within(w, "mezzanines."+name, (*bounds[int])(r))))
	}
}

func (w filterSQL) cover(has *bool) condition {
	if has == nil {
		return nil
	}
	some := func() {
		w.any(w.given(w.column(asset.FieldCoverImageID)), w.given(w.column(asset.FieldCoverSnapshotID)))
	}
	if !*has {
		return w.not(some)
	}
	return some
}

// empty is whether a table has no row for the asset.
func (w filterSQL) empty(table string, empty *bool) condition {
	if empty == nil {
		return nil
	}
	if *empty {
		return w.not(w.exists(table))
	}
	return w.exists(table)
}

// linked is that among the rows of from one that is the asset's fulfils a
// condition. The table of them has its asset_id, which is never NULL.
func (w filterSQL) linked(from, table string, holds condition) condition {
	return func() {
		if w.assets.Dialect() == dialect.Postgres {
			w.b.WriteString("EXISTS (SELECT 1 FROM " + from + " WHERE " + table + ".asset_id = " + w.id() + " AND ")
		} else {
			w.b.WriteString(w.id() + " IN (SELECT " + table + ".asset_id FROM " + from + " WHERE ")
		}
		holds()
		w.b.WriteString(")")
	}
}

// exists is that a table has a row of the asset that fulfils all conditions. It
// is for tables without an index that would find assets by them.
func (w filterSQL) exists(table string, holds ...condition) condition {
	return func() {
		w.b.WriteString("EXISTS (SELECT 1 FROM " + table + " WHERE " + table + ".asset_id = " + w.id() + " AND ")
		w.all(holds...)
		w.b.WriteString(")")
	}
}

// list is that a column has one of the values. A single one is compared plainly,
// so that an index on the column goes on to give the order of the next.
func list[T ~string](w filterSQL, column string, values []T) condition {
	if values == nil {
		return nil
	}
	return func() {
		switch {
		case len(values) == 0:
			w.never()
		case len(values) == 1:
			w.b.WriteString(column + " = ").Arg(string(values[0]))
		case w.assets.Dialect() == dialect.Postgres:
			if w.inner {
				// Before version 17 an index scan by several lists of one column
				// tries every combination of their values, without end. So only
				// the outermost list may use an index; the others are hashed.
				column = "(" + column + " || '')"
			}
			w.b.WriteString(column + " = ANY(").Arg(pq.Array(texts(values))).WriteString(")")
		default:
			w.b.WriteString(column + " IN (SELECT value FROM json_each(").Arg(jsonList(values)).WriteString("))")
		}
	}
}

// present is list for a column that can be NULL.
func present[T ~string](w filterSQL, name string, values []T) condition {
	if values == nil {
		return nil
	}
	column := w.column(name)
	return func() { w.all(w.given(column), list(w, column, values)) }
}

// within is that a column is not NULL and within a range.
func within[T any](w filterSQL, column string, r *bounds[T]) condition {
	if r == nil {
		return nil
	}
	compare := func(op string, bound *T) condition {
		if bound == nil {
			return nil
		}
		return func() { w.b.WriteString(column + op).Arg(*bound) }
	}
	return func() {
		w.all(w.given(column),
			compare(" >= ", r.Gte), compare(" > ", r.Gt), compare(" <= ", r.Lte), compare(" < ", r.Lt))
	}
}

func (w filterSQL) given(column string) condition {
	return func() { w.b.WriteString(column + " IS NOT NULL") }
}

func (w filterSQL) never() { w.b.WriteString("FALSE") }

func (w filterSQL) not(c condition) condition {
	return func() {
		w.b.WriteString("NOT (")
		c()
		w.b.WriteString(")")
	}
}

// all writes that every condition holds that is asked for.
func (w filterSQL) all(cs ...condition) { w.join("TRUE", " AND ", cs) }

// any writes that one of the conditions holds.
func (w filterSQL) any(cs ...condition) { w.join("FALSE", " OR ", cs) }

func (w filterSQL) join(none, operator string, cs []condition) {
	asked := make([]condition, 0, len(cs))
	for _, c := range cs {
		if c != nil {
			asked = append(asked, c)
		}
	}
	switch len(asked) {
	case 0:
		w.b.WriteString(none)
	case 1:
		asked[0]()
	default:
		w.b.WriteString("(")
		for i, c := range asked {
			if i > 0 {
				w.b.WriteString(operator)
			}
			c()
		}
		w.b.WriteString(")")
	}
}

// column is a column of the asset, id its id.
func (w filterSQL) column(name string) string { return w.assets.C(name) }
func (w filterSQL) id() string                { return w.column(asset.FieldID) }

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// jsonList is values as one argument for SQLite.
func jsonList[T ~string](values []T) string {
	encoded, err := json.Marshal(texts(values))
	if err != nil { // no list of texts fails
		panic(fmt.Sprintf("catalog: a list as JSON: %v", err))
	}
	return string(encoded)
}
