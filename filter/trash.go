package filter

import (
	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/asset"
)

// InTrash is the filter within the trash.
func (f *AssetFilter) InTrash() *AssetFilter {
	within, trashed := AssetFilter{}, true
	if f != nil {
		within = *f
	}
	within.Trashed = graphql.OmittableOf(&trashed)
	return &within
}

// trashed is whether assets must be in the trash; nil where they may be or not.
func (f *AssetFilter) trashed() *bool {
	if f == nil || !f.Trashed.IsSet() {
		return new(false)
	}
	return f.Trashed.Value()
}

// trashed is whether the asset is in the trash.
//
// Nearly none is. So SQLite, which takes any one value for rare, is kept from finding those
// that are not by the index, in no order that anyone asked for. It finds those that are by a
// comparison alone, all times being after the empty text, with a hint that they are few.
func (w scope) trashed(in *bool) clause {
	column := w.column(asset.FieldTrashedAt)
	switch {
	case in == nil:
		return clause{}
	case *in && w.postgres():
		return given(column)
	case *in:
		return all(given(column), clause{text: "likelihood(" + column + " > '', 0.001)"})
	case w.postgres():
		return clause{text: column + " IS NULL"}
	default:
		return clause{text: "+" + column + " IS NULL"}
	}
}
