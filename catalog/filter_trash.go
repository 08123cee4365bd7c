package catalog

import (
	"entgo.io/ent/dialect"
	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/asset"
	"vodgraph/fault"
)

// trashed is whether assets must be in the trash; nil where they may be or not.
func (f *AssetFilter) trashed() *bool {
	if f == nil || !f.Trashed.IsSet() {
		return new(false)
	}
	return f.Trashed.Value()
}

// canonicalTrashed is the member in the one form of all that mean the same.
func (f *AssetFilter) canonicalTrashed() graphql.Omittable[*bool] {
	if in := f.trashed(); in != nil && !*in {
		return graphql.Omittable[*bool]{}
	}
	return f.Trashed
}

// trashed counts the member, and refuses it within and, or or not: there it would
// have to say nothing where it is left out.
func (c *filterCheck) trashed(f *AssetFilter, level int) *fault.Fault {
	if !f.Trashed.IsSet() {
		return nil
	}
	c.members++
	if level > 0 {
		return fault.New(fault.Invalid, "Only the outermost filter asks for what is in the trash.").At("trashed")
	}
	return nil
}

// trashed is whether the asset is in the trash.
//
// Nearly none is. So SQLite, which takes any one value for rare, is kept from
// finding those that are not by the index, in no order that anyone asked for. It
// finds those that are by a comparison alone, all times being after the empty text,
// and where it is told that they are few.
func (w filterSQL) trashed(in *bool) condition {
	if in == nil {
		return nil
	}
	column, postgres := w.column(asset.FieldTrashedAt), w.assets.Dialect() == dialect.Postgres
	return func() {
		switch {
		case *in && postgres:
			w.given(column)()
		case *in:
			w.all(w.given(column), func() { w.b.WriteString("likelihood(" + column + " > '', 0.001)") })
		case postgres:
			w.b.WriteString(column + " IS NULL")
		default:
			w.b.WriteString("+" + column + " IS NULL")
		}
	}
}
