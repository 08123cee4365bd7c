package catalog

import (
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/fault"
)

// referred are the targets of a list of references.
func referred(refs []*change.AssetRef) Targets {
	list := make([]Target, len(refs))
	for i, ref := range refs {
		list[i] = Target{AssetRef: *ref}
	}
	return Targets{List: list, Name: AssetList}
}

// ByID are targets that are found by their ids already.
func ByID(ids []string) Targets {
	list := make([]Target, len(ids))
	for i := range ids {
		list[i] = Target{AssetRef: change.AssetRef{ID: &ids[i]}}
	}
	return Targets{List: list, Name: AssetList}
}

// GatherNone is for verbs that are about the assets' own rows alone.
func GatherNone(*change.References) change.Part { return 0 }

// Target names an asset that an item is about, and the revision it must have.
type Target struct {
	change.AssetRef
	ifRevision *int64
}

// The arguments that name assets: by items of their own, or by references alone.
const (
	ItemList  = "items"
	AssetList = "assets"
)

// Targets are those of an argument of a name.
type Targets struct {
	List []Target
	Name string
	// inOrder has the reference ids that one gives up be free for those after it alone, as
	// in a file, and not for all.
	InOrder bool
}

// aim is what a target came to when the call came, whatever its items do to
// reference ids: an asset, or a refusal.
type aim struct {
	Target
	row     *ent.Asset
	refused *fault.Fault
}

// aim finds the targets, and returns the rows of those that there are.
func (b *Builder) aim(t Targets) (aims []aim, rows []*ent.Asset) {
	aims = make([]aim, len(t.List))
	for i, one := range t.List {
		row, refused := b.AssetOf(&one.AssetRef)
		if k := (&change.Check{}); row == nil {
			if k.RefuseNUL(&one.AssetRef); !k.Ok() {
				refused = k.Faults[0]
			}
		}
		if refused == nil {
			rows = append(rows, row)
		}
		aims[i] = aim{one, row, refused}
	}
	return aims, rows
}
