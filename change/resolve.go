package change

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

// AssetRef names an asset by one of its members.
type AssetRef struct {
	ID          *string `json:"id,omitzero"`
	ReferenceID *string `json:"referenceId,omitzero"`
}

// NULRefused refuses a name with U+0000, which no asset has.
func (r *AssetRef) NULRefused() *fault.Fault {
	switch {
	case strings.ContainsRune(ValueOr(r.ID, ""), 0):
		return NULRefused().At("id")
	case strings.ContainsRune(ValueOr(r.ReferenceID, ""), 0):
		return NULRefused().At("referenceId")
	}
	return nil
}

// Resolved is the assets and categories that a call names, found all at once.
type Resolved struct {
	ByID        map[string]*ent.Asset // id, kind, attachment type, reference id and trash alone, unless whole ones were asked for
	ByReference map[string]*ent.Asset
	Categories  map[string]*ent.Category // by id
	ByPath      map[string]*ent.Category // by the column path
	Refused     map[string]*fault.Fault  // paths that could not be made, and why
	Invisible   map[string]bool          // ids of assets that are there, but not for the caller
}

// References are what a call names, before it is found.
type References struct {
	IDs, ReferenceIDs  []string
	CategoryIDs, Paths []string
	// Whole loads all columns of the assets.
	Whole bool
}

// Asset adds an asset that is named; nil is none.
func (n *References) Asset(ref *AssetRef) {
	if ref == nil {
		return
	}
	if ref.ID != nil {
		n.IDs = append(n.IDs, *ref.ID)
	}
	if ref.ReferenceID != nil {
		n.ReferenceIDs = append(n.ReferenceIDs, *ref.ReferenceID)
	}
}

// Reference collects a reference id that is to be given.
func (n *References) Reference(ref *string) Part {
	if ref != nil {
		n.ReferenceIDs = append(n.ReferenceIDs, *ref)
	}
	return 0
}

// Category adds categories that are named. It needs no part of an asset.
func (n *References) Category(refs ...*media.CategoryRef) Part {
	for _, ref := range refs {
		if ref != nil && ref.ID != nil {
			n.CategoryIDs = append(n.CategoryIDs, *ref.ID)
		}
		if ref != nil && ref.Path != nil {
			n.Paths = append(n.Paths, media.JoinPath(ref.Path))
		}
	}
	return 0
}

// finders look up what is named, in one statement a table.
var finders = []func(context.Context, *Tx, *References, *Resolved) error{findAssets, findNamedCategories}

// Resolve looks up all names.
func (d *Tx) Resolve(ctx context.Context, n *References) (*Resolved, error) {
	// No name has U+0000, and Postgres does not take it.
	for _, list := range []*[]string{&n.IDs, &n.ReferenceIDs, &n.CategoryIDs} {
		*list = slices.DeleteFunc(*list, func(name string) bool { return strings.ContainsRune(name, 0) })
	}
	found := &Resolved{ByID: map[string]*ent.Asset{}, ByReference: map[string]*ent.Asset{},
		Categories: map[string]*ent.Category{}, ByPath: map[string]*ent.Category{}, Refused: map[string]*fault.Fault{}}
	for _, find := range finders {
		if err := find(ctx, d, n, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func findAssets(ctx context.Context, d *Tx, n *References, found *Resolved) error {
	if len(n.IDs)+len(n.ReferenceIDs) == 0 {
		return nil
	}
	query := d.Ent.Asset.Query().Where(n.named())
	if !n.Whole {
		query.Select(asset.FieldID, asset.FieldKind, asset.FieldBusinessType, asset.FieldReferenceID, asset.FieldTrashedAt)
	}
	rows, err := query.All(ctx)
	if err != nil {
		return fmt.Errorf("find assets: %w", err)
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		found.AddAsset(row)
		ids[i] = row.ID
	}
	found.Invisible, err = d.Invisible(ctx, ids)
	return err
}

func findNamedCategories(ctx context.Context, d *Tx, n *References, found *Resolved) error {
	if len(n.CategoryIDs)+len(n.Paths) == 0 {
		return nil
	}
	rows, err := d.Ent.Category.Query().
		Where(category.Or(collect.In[string](category.FieldID, n.CategoryIDs), collect.In[string](category.FieldPath, n.Paths))).
		All(auth.WithRowSecurity(ctx))
	if err != nil {
		return fmt.Errorf("find categories: %w", err)
	}
	for _, row := range rows {
		found.AddCategory(row)
	}
	return nil
}

// named selects the assets that are named, without asking for what none is named by:
// of two ways to a row, a database may find none by its indexes.
func (n *References) named() predicate.Asset {
	ids, references := collect.In[string](asset.FieldID, n.IDs), collect.In[string](asset.FieldReferenceID, n.ReferenceIDs)
	switch {
	case len(n.ReferenceIDs) == 0:
		return ids
	case len(n.IDs) == 0:
		return references
	default:
		return asset.Or(ids, references)
	}
}

// AddAsset adds an asset that was found, or was made since.
func (f *Resolved) AddAsset(row *ent.Asset) {
	f.ByID[row.ID] = row
	if row.ReferenceID != nil {
		f.ByReference[*row.ReferenceID] = row
	}
}

// AddCategory adds a category that was found, or was made since.
func (f *Resolved) AddCategory(row *ent.Category) {
	f.Categories[row.ID] = row
	f.ByPath[row.Path] = row
}

// AssetOf returns the asset that a reference names, or refuses.
func (f *Resolved) AssetOf(ref *AssetRef) (*ent.Asset, *fault.Fault) {
	switch {
	case ref == nil || (ref.ID == nil) == (ref.ReferenceID == nil):
		return nil, fault.New(fault.Invalid, "Name the asset by its id or its referenceId, exactly one of them.")
	case ref.ID != nil:
		if row := f.ByID[*ref.ID]; row != nil && !f.Invisible[row.ID] {
			return row, nil
		}
		return nil, fault.New(fault.NotFound, "There is no such asset.").At("id")
	}
	if row := f.ByReference[*ref.ReferenceID]; row != nil && !f.Invisible[row.ID] {
		return row, nil
	}
	return nil, fault.New(fault.NotFound, "There is no asset of this reference id.").At("referenceId")
}

// CategoryOf returns the category that a reference names, or refuses.
func (f *Resolved) CategoryOf(ref *media.CategoryRef) (*ent.Category, *fault.Fault) {
	if refused := ref.Refused(); refused != nil {
		return nil, refused
	}
	if ref.ID != nil {
		if row := f.Categories[*ref.ID]; row != nil {
			return row, nil
		}
		return nil, fault.New(fault.NotFound, "There is no such category.").At("id")
	}
	path := media.JoinPath(ref.Path)
	if row := f.ByPath[path]; row != nil {
		return row, nil
	}
	if refused := f.Refused[path]; refused != nil {
		return nil, refused.At("path")
	}
	return nil, fault.New(fault.NotFound, "There is no category of this path.").At("path")
}

// NamesOf are names of an asset: some that are given, and those of its row, if it
// has one.
func NamesOf(row *ent.Asset, given ...*string) (names []string) {
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

// Separate returns how many of some items come before one that has a name of one before.
func Separate(items int, names func(i int) []string) int {
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

// Grants reads what the caller sees, once in a transaction.
func (d *Tx) Grants(ctx context.Context) (Grants, error) {
	if d.Granted != nil || auth.From(ctx).Unlimited() {
		return d.Granted, nil
	}
	rows, err := d.Ent.Category.Query().All(auth.WithRowSecurity(ctx))
	if err != nil {
		return nil, fmt.Errorf("read what is granted: %w", err)
	}
	d.Granted = Grants{}
	for _, row := range rows {
		d.Granted[row.ID] = row
	}
	return d.Granted, nil
}

// Covers reports whether the caller sees a category.
func (g Grants) Covers(id string) bool { return g == nil || g[id] != nil }

// Hidden are those of some categories that the caller does not see.
func (g Grants) Hidden(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), g.Covers)
}

// Invisible are those of some assets that the caller does not see.
func (d *Tx) Invisible(ctx context.Context, ids []string) (map[string]bool, error) {
	if auth.From(ctx).Unlimited() || len(ids) == 0 {
		return nil, nil
	}
	seen, err := d.Ent.Asset.Query().Where(collect.In[string](asset.FieldID, ids)).IDs(auth.WithRowSecurity(ctx))
	if err != nil {
		return nil, fmt.Errorf("find out what is seen: %w", err)
	}
	invisible := make(map[string]bool, len(ids))
	for _, id := range ids {
		invisible[id] = true
	}
	for _, id := range seen {
		delete(invisible, id)
	}
	return invisible, nil
}

// Keep refuses categories of an asset that have none of the caller, and reports whether it
// did not.
func (g Grants) Keep(k *Check, categories []string, field ...string) bool {
	covered := g == nil || slices.ContainsFunc(categories, g.Covers)
	if !covered {
		k.Refuse(fault.New(fault.Forbidden, "It must be in a category that is granted to you."), field...)
	}
	return covered
}

// RequireUnlimited refuses a limited caller what takes one who sees everything.
func RequireUnlimited(ctx context.Context, verb auth.Verb, what string) error {
	right, _ := auth.RightTo(verb)
	if !right.Unlimited || auth.From(ctx).Unlimited() {
		return nil
	}
	return fault.New(fault.Forbidden, "%s takes a caller who is not limited to some categories.", what).At(right.Argument)
}
