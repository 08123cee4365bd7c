package catalog

import (
	"context"
	"errors"
	"slices"

	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/fault"
)

// Import makes or changes assets as lines of a file tell them, all kinds
// together. A line whose id or reference id is known changes that asset: members
// left out stay, and kind and title may be left out. It sets any status of the
// kind, makes category paths that are missing, and tells times itself. Links to
// assets that are not there are left out, and told as Missing. Lines are refused
// one by one, and a refused one changes nothing.
//
// The lines may be any number; one that names an asset again comes in a deed
// after the one before is done.
func (c *Catalog) Import(ctx context.Context, lines []*AssetCreateInput) (*Outcome, error) {
	out := &Outcome{}
	for len(lines) > 0 {
		part := &Outcome{}
		revision, err := c.do(ctx, func(d *deed) error { return d.importLines(ctx, part, lines) })
		if err != nil {
			return out, err
		}
		if revision != nil {
			out.Revision = revision
		}
		out.Items, lines = append(out.Items, part.Items...), lines[len(part.Items):]
	}
	return out, nil
}

// importLines does as many of the lines as name different assets, at least one.
func (d *deed) importLines(ctx context.Context, out *Outcome, lines []*AssetCreateInput) error {
	lines = lines[:distinct(lines, func(*AssetCreateInput) *ent.Asset { return nil })]
	b, err := d.maker(ctx, lines)
	if err != nil {
		return err
	}
	lines = lines[:distinct(lines, b.known)]
	b.importing = true
	made, err := b.growPaths(ctx, lines)
	if err != nil {
		return err
	}
	verdicts, err := b.decide(ctx, lines)
	if err != nil {
		return err
	}
	if err := b.prune(ctx, made, verdicts); err != nil {
		return err
	}
	return d.finish(ctx, out, settled{verdicts, "items", SkipFailed}, nil)
}

// distinct tells how many lines come before one that names an asset again: by an
// id or a reference id that a line before named, or its asset had until then.
func distinct(lines []*AssetCreateInput, known func(*AssetCreateInput) *ent.Asset) int {
	return separate(len(lines), func(i int) []string {
		return calledBy(known(lines[i]), lines[i].ID, lines[i].ReferenceID.Value())
	})
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

// decide decides about each line.
func (b *maker) decide(ctx context.Context, lines []*AssetCreateInput) ([]verdict, error) {
	parts := part(0)
	var ids []string
	for _, in := range lines {
		if row := b.known(in); row != nil {
			ids = append(ids, row.ID)
			parts |= partsOf(in)
		}
	}
	states, err := b.load(ctx, ids, parts)
	if err != nil {
		return nil, err
	}
	verdicts := make([]verdict, len(lines))
	for i, in := range lines {
		if row := b.known(in); row != nil {
			verdicts[i] = b.upsert(in, states[row.ID])
			continue
		}
		verdicts[i] = b.create(in)
	}
	return verdicts, nil
}

// known finds the asset that a line is about, if it is there.
func (b *maker) known(in *AssetCreateInput) *ent.Asset {
	if in.ID != nil {
		return b.ids[*in.ID]
	}
	if ref := in.ReferenceID.Value(); ref != nil {
		return b.references[*ref]
	}
	return nil
}

// partsOf tells which parts a line is about.
func partsOf(in *AssetCreateInput) (parts part) {
	for _, f := range fields {
		for i := range f.create {
			if given, _ := f.create[i].given(in); given {
				parts |= f.part
			}
		}
	}
	return parts
}

// upsert decides about a line whose asset is there.
func (b *maker) upsert(in *AssetCreateInput, old *state) verdict {
	k := &check{limits: b.opts.Limits, importing: true}
	k.nul(in)
	v := verdict{id: old.ID, change: &change{old: old, next: old.next()}}
	if in.Kind != "" && in.Kind != old.Kind {
		k.refuse(fault.New(fault.WrongKind, "The asset is of kind %s, and a kind cannot change.", old.Kind), "kind")
	}
	b.fill(k, v.change.next, in)
	if in.UpdatedAt != nil {
		told := in.UpdatedAt.or(b.now)
		v.change.updatedAt, v.change.next.UpdatedAt = &told, told
	}
	v.faults, v.missing, v.warnings = k.faults, k.missing, k.warnings
	if k.ok() {
		b.rename(v.change.next.Asset)
	}
	return v
}

// growPaths makes the category paths that lines name and that are missing. One
// that is refused stays missing, so that the line is.
func (b *maker) growPaths(ctx context.Context, lines []*AssetCreateInput) (made []*ent.Category, err error) {
	var paths [][]string
	for _, in := range lines {
		for _, ref := range in.Categories.Value() {
			if ref != nil && len(ref.Path) > 0 && b.paths[joinPath(ref.Path)] == nil {
				paths = append(paths, ref.Path)
			}
		}
	}
	if err := b.findAbove(ctx, paths); err != nil {
		return nil, err
	}
	for _, path := range paths {
		grown, err := b.growPath(ctx, path, "")
		var refused *fault.Fault
		if errors.As(err, &refused) {
			b.refused[joinPath(path)] = refused
		} else if err != nil {
			return nil, err
		}
		made = append(made, grown...)
	}
	return made, nil
}

// prune takes back the categories that were made for refused lines alone, and has the history
// tell of the others.
func (b *maker) prune(ctx context.Context, made []*ent.Category, verdicts []verdict) error {
	needed := map[string]bool{}
	for _, v := range verdicts {
		if v.faults != nil {
			continue
		}
		for _, id := range v.change.next.categories {
			for row := b.categories[id]; row != nil && !needed[row.ID]; row = b.categories[or(row.ParentID, "")] {
				needed[row.ID] = true
			}
		}
	}
	var idle []string
	for _, row := range slices.Backward(made) {
		if !needed[row.ID] {
			idle = append(idle, row.ID)
		}
	}
	b.madeCategories(slices.DeleteFunc(made, func(row *ent.Category) bool { return !needed[row.ID] }))
	if len(idle) == 0 {
		return nil
	}
	_, err := b.tx.Category.Delete().Where(category.IDIn(idle...)).Exec(ctx)
	return err
}
