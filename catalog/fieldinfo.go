package catalog

import (
	"slices"
	"strings"

	"vodgraph/ent/asset"
)

// History is what the history keeps of a field, and so whether it can be undone.
type History string

// What the history keeps.
const (
	// KeepsValues is the value before and after; it goes back unless it was changed since.
	KeepsValues History = "values"
	// KeepsDifferences is what went of a list and what came; just that goes back.
	KeepsDifferences History = "differences"
	// KeepsPut is only that it was put; it cannot be undone.
	KeepsPut History = "put"
)

// FieldInfo describes a settable fact of an asset.
type FieldInfo struct {
	// Name is that of the API.
	Name string
	// Kinds are those that have it; nil for every kind.
	Kinds []asset.Kind
	// Create, Update and File are the members that set it, with dots, of AssetCreateInput,
	// AssetUpdateInput and its FileInput.
	Create, Update, File []string
	// Imported has only an import set it.
	Imported bool
	// Follows is the field that it is copied from, where that states it; empty for none.
	Follows string
	// History is what the history keeps of it.
	History History
}

// Fields are all settable facts of an asset, in the order in which they are set.
func Fields() []FieldInfo {
	list := make([]FieldInfo, len(AllFields))
	for i, f := range AllFields {
		list[i] = FieldInfo{Name: f.Name, Kinds: slices.Clone(f.kinds), Create: placesOf(f.Create), Update: placesOf(f.update),
			File: placesOf(f.file), Follows: f.follows, History: KeepsValues,
			Imported: slices.ContainsFunc(f.Create, func(m member[AssetCreateInput]) bool { return m.importOnly })}
		switch {
		case f.values == nil:
			list[i].History = KeepsPut
		case f.Join != nil:
			list[i].History = KeepsDifferences
		}
	}
	return list
}

func placesOf[I any](members []member[I]) (places []string) {
	for _, m := range members {
		places = append(places, strings.Join(m.place, "."))
	}
	return places
}
