package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/ent/predicate"
	"vodgraph/fault"
	"vodgraph/media"
)

// CategoryRef names a category by one of its members.
type CategoryRef struct {
	ID   *string  `json:"id,omitzero"`
	Path []string `json:"path,omitzero"`
}

// AssetRef names an asset by one of its members.
type AssetRef struct {
	ID          *string `json:"id,omitzero"`
	ReferenceID *string `json:"referenceId,omitzero"`
}

// directory is the assets and categories that a call names, found all at once.
type directory struct {
	ids        map[string]*ent.Asset // id, kind, attachment type, reference id and trash alone, unless whole ones were asked for
	references map[string]*ent.Asset
	categories map[string]*ent.Category // by id
	paths      map[string]*ent.Category // by the column path
	refused    map[string]*fault.Fault  // paths that could not be made, and why
	unseen     map[string]bool          // ids of assets that are there, but not for the caller
}

// names are what a call names, before it is found.
type names struct {
	ids, references   []string
	categories, paths []string
	// whole has the assets be found with all that stands in their rows.
	whole bool
}

func (n *names) asset(ref *AssetRef) {
	if ref == nil {
		return
	}
	if ref.ID != nil {
		n.ids = append(n.ids, *ref.ID)
	}
	if ref.ReferenceID != nil {
		n.references = append(n.references, *ref.ReferenceID)
	}
}

// reference gathers a reference id that is to be given.
func (n *names) reference(ref *string) part {
	if ref != nil {
		n.references = append(n.references, *ref)
	}
	return 0
}

func (n *names) category(refs ...*CategoryRef) part {
	for _, ref := range refs {
		if ref != nil && ref.ID != nil {
			n.categories = append(n.categories, *ref.ID)
		}
		if ref != nil && ref.Path != nil {
			n.paths = append(n.paths, media.JoinPath(ref.Path))
		}
	}
	return 0
}

// find looks up all names, in one statement a table.
func (d *deed) find(ctx context.Context, n *names) (*directory, error) {
	n.drop()
	found := &directory{ids: map[string]*ent.Asset{}, references: map[string]*ent.Asset{},
		categories: map[string]*ent.Category{}, paths: map[string]*ent.Category{}, refused: map[string]*fault.Fault{}}
	if len(n.ids)+len(n.references) > 0 {
		query := d.tx.Asset.Query().Where(n.named())
		if !n.whole {
			query.Select(asset.FieldID, asset.FieldKind, asset.FieldBusinessType, asset.FieldReferenceID, asset.FieldTrashedAt)
		}
		rows, err := query.All(ctx)
		if err != nil {
			return nil, fmt.Errorf("find assets: %w", err)
		}
		ids := make([]string, len(rows))
		for i, row := range rows {
			found.asset(row)
			ids[i] = row.ID
		}
		if found.unseen, err = d.unseen(ctx, ids); err != nil {
			return nil, err
		}
	}
	if len(n.categories)+len(n.paths) > 0 {
		rows, err := d.tx.Category.Query().
			Where(category.Or(collect.In[string](category.FieldID, n.categories), collect.In[string](category.FieldPath, n.paths))).
			All(auth.Sighted(ctx))
		if err != nil {
			return nil, fmt.Errorf("find categories: %w", err)
		}
		for _, row := range rows {
			found.category(row)
		}
	}
	return found, nil
}

// named selects the assets that are named, without asking for what none is named by:
// of two ways to a row, a database may find none by its indexes.
func (n *names) named() predicate.Asset {
	ids, references := collect.In[string](asset.FieldID, n.ids), collect.In[string](asset.FieldReferenceID, n.references)
	switch {
	case len(n.references) == 0:
		return ids
	case len(n.ids) == 0:
		return references
	default:
		return asset.Or(ids, references)
	}
}

// drop leaves out what has U+0000, which no name has and Postgres does not take.
func (n *names) drop() {
	for _, list := range []*[]string{&n.ids, &n.references, &n.categories} {
		*list = slices.DeleteFunc(*list, func(name string) bool { return strings.ContainsRune(name, 0) })
	}
}

func (f *directory) asset(row *ent.Asset) {
	f.ids[row.ID] = row
	if row.ReferenceID != nil {
		f.references[*row.ReferenceID] = row
	}
}

func (f *directory) category(row *ent.Category) {
	f.categories[row.ID] = row
	f.paths[row.Path] = row
}

// one returns the asset that a reference names, or refuses.
func (f *directory) one(ref *AssetRef) (*ent.Asset, *fault.Fault) {
	switch {
	case ref == nil || (ref.ID == nil) == (ref.ReferenceID == nil):
		return nil, fault.New(fault.Invalid, "Name the asset by its id or its referenceId, exactly one of them.")
	case ref.ID != nil:
		if row := f.ids[*ref.ID]; row != nil && !f.unseen[row.ID] {
			return row, nil
		}
		return nil, fault.New(fault.NotFound, "There is no such asset.").At("id")
	}
	if row := f.references[*ref.ReferenceID]; row != nil && !f.unseen[row.ID] {
		return row, nil
	}
	return nil, fault.New(fault.NotFound, "There is no asset of this reference id.").At("referenceId")
}

// place returns the category that a reference names, or refuses.
func (f *directory) place(ref *CategoryRef) (*ent.Category, *fault.Fault) {
	switch {
	case ref == nil || (ref.ID == nil) == (ref.Path == nil):
		return nil, fault.New(fault.Invalid, "Name the category by its id or its path, exactly one of them.")
	case ref.ID != nil:
		if row := f.categories[*ref.ID]; row != nil {
			return row, nil
		}
		return nil, fault.New(fault.NotFound, "There is no such category.").At("id")
	}
	path := media.JoinPath(ref.Path)
	if row := f.paths[path]; row != nil {
		return row, nil
	}
	if refused := f.refused[path]; refused != nil {
		return nil, refused.At("path")
	}
	return nil, fault.New(fault.NotFound, "There is no category of this path.").At("path")
}

// calledBy are names of an asset: some that are given, and those of its row, if it
// has one.
func calledBy(row *ent.Asset, given ...*string) (names []string) {
	if row != nil {
		given = append(given, &row.ID, row.ReferenceID)
	}
	for _, name := range given {
		if name != nil {
			names = append(names, *name)
		}
	}
	return names
}

// separate tells how many of some items come before one that has a name of one before.
func separate(items int, names func(i int) []string) int {
	seen := map[string]bool{}
	for i := range items {
		own := names(i)
		for _, name := range own {
			if seen[name] {
				return i
			}
		}
		for _, name := range own {
			seen[name] = true
		}
	}
	return items
}
