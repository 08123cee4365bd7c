package catalog

import (
	"context"
	"errors"
	"strings"

	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/ent/tag"
	"vodgraph/fault"
)

// Import makes or changes assets as lines of a file tell them, all kinds
// together. A line whose id or reference id is known changes that asset: members
// left out stay, and kind and title may be left out. It sets any status of the
// kind, makes category paths that are missing, and tells times itself. With
// pending, links to assets that are not there yet are left out, and the item is
// Deferred. Lines are refused one by one.
//
// The lines may be any number; a line that names an asset again comes after the
// one before is done.
func (c *Catalog) Import(ctx context.Context, lines []*AssetCreateInput, pending bool) (*Outcome, error) {
	out := &Outcome{}
	for len(lines) > 0 {
		n := distinct(lines)
		part := &Outcome{}
		revision, err := c.do(ctx, func(d *deed) error { return d.importLines(ctx, part, lines[:n], pending) })
		if err != nil {
			return out, err
		}
		if revision != nil {
			out.Revision = revision
		}
		out.Items, lines = append(out.Items, part.Items...), lines[n:]
	}
	return out, nil
}

// distinct tells how many lines come before one that names an asset again.
func distinct(lines []*AssetCreateInput) int {
	seen := map[string]bool{}
	for i, in := range lines {
		for _, name := range []*string{in.ID, in.ReferenceID.Value()} {
			if name == nil {
				continue
			}
			if seen[*name] {
				return i
			}
			seen[*name] = true
		}
	}
	return len(lines)
}

func (d *deed) importLines(ctx context.Context, out *Outcome, lines []*AssetCreateInput, pending bool) error {
	b, err := d.maker(ctx, lines)
	if err != nil {
		return err
	}
	b.importing, b.pending = true, pending
	grown, err := b.growPaths(ctx, lines)
	if err != nil {
		return err
	}
	known, parts := make([]*ent.Asset, len(lines)), part(0)
	var ids []string
	for i, in := range lines {
		if known[i] = b.known(in); known[i] != nil {
			ids = append(ids, known[i].ID)
			parts |= partsOf(in)
		}
	}
	states, err := d.load(ctx, ids, parts)
	if err != nil {
		return err
	}
	verdicts := make([]verdict, len(lines))
	for i, in := range lines {
		if known[i] == nil {
			verdicts[i] = b.create(in)
			continue
		}
		verdicts[i] = b.upsert(in, states[known[i].ID])
	}
	err = d.finish(ctx, out, verdicts, SkipFailed, nil)
	if errors.Is(err, errUnchanged) && grown {
		return nil
	}
	return err
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
	for of, given := range map[part]bool{withTags: in.Tags.IsSet(), withCategories: in.Categories.IsSet(),
		withMezzanine: in.Mezzanine.IsSet(), withPlayInfos: in.PlayInfos.IsSet(), withLinks: in.Attachments.IsSet(),
		withSnapshots: in.Snapshots.IsSet() || in.Cover.IsSet(), withAIData: in.AiData.IsSet()} {
		if given {
			parts |= of
		}
	}
	return parts
}

// upsert decides about a line whose asset is there.
func (b *maker) upsert(in *AssetCreateInput, old *state) verdict {
	k := &check{limits: b.opts.Limits}
	k.nul(in)
	v := verdict{id: old.ID, change: &change{old: old, next: old.next()}}
	if in.Kind != "" && in.Kind != old.Kind {
		k.refuse(fault.New(fault.WrongKind, "The asset is of kind %s, and a kind cannot change.", old.Kind), "kind")
	}
	v.deferred = b.fill(k, v.change.next, in)
	if in.UpdatedAt != nil {
		told := in.UpdatedAt.or(b.now)
		v.change.updatedAt, v.change.next.UpdatedAt = &told, told
	}
	v.faults = k.faults
	if k.ok() {
		b.asset(v.change.next.Asset)
	}
	return v
}

// growPaths makes the category paths that lines name and that are missing, and
// tells whether there were any. One that is refused stays missing, so that the
// line is.
func (b *maker) growPaths(ctx context.Context, lines []*AssetCreateInput) (grown bool, err error) {
	for _, in := range lines {
		for _, ref := range in.Categories.Value() {
			if ref == nil || len(ref.Path) == 0 || b.paths[joinPath(ref.Path)] != nil {
				continue
			}
			made, err := b.growPath(ctx, ref.Path, "")
			var refused *fault.Fault
			if err != nil && !errors.As(err, &refused) {
				return grown, err
			}
			if refused != nil {
				b.refused[joinPath(ref.Path)] = refused
			}
			grown = grown || made
		}
	}
	return grown, nil
}

// growPath makes a path as far as it is missing, the last of it with the id if
// one is given.
func (b *maker) growPath(ctx context.Context, path []string, id string) (made bool, err error) {
	for _, name := range path {
		if refused := b.opts.Limits.categoryName(Clean(name)); refused != nil {
			return false, refused.At()
		}
	}
	if most := b.opts.Limits.CategoryDepth; len(path) > most {
		return false, fault.New(fault.CategoryTooDeep, "Categories stand at most %d levels deep.", most)
	}
	var parent *ent.Category
	for i := range path {
		at := joinPath(path[:i+1])
		row, err := b.tx.Category.Query().Where(category.Path(at)).Only(ctx)
		if ent.IsNotFound(err) {
			one := b.opts.NewID(categoryPrefix)
			if i == len(path)-1 && id != "" {
				one = id
			}
			row, err = b.addCategory(ctx, parent, path[i], one)
			made = true
		}
		if err != nil {
			return made, err
		}
		b.category(row)
		parent = row
	}
	return made, nil
}

// ImportCategory makes a category of a path, with all above it that is missing,
// with the id if one is given. One that stands keeps its id.
func (c *Catalog) ImportCategory(ctx context.Context, id string, path []string) (ItemOutcome, error) {
	revision, err := c.do(ctx, func(d *deed) error {
		if len(path) == 0 {
			return fault.New(fault.Required, "A category needs a path.").At("category", "path")
		}
		b, err := d.maker(ctx, nil)
		if err != nil {
			return err
		}
		if err := d.freeID(ctx, id, categoryPrefix, joinPath(path)); err != nil {
			return err
		}
		made, err := b.growPath(ctx, path, id)
		if err == nil && !made {
			return errUnchanged
		}
		return placed(err, "category", "path")
	})
	return outcomeOf(revision), err
}

// freeID refuses an id that is malformed or that a category of another path has.
func (d *deed) freeID(ctx context.Context, id, prefix, path string) error {
	if id == "" {
		return nil
	}
	if !wellFormed(id, prefix) {
		return fault.New(fault.Invalid, "The id must be %s and a ULID in capitals.", prefix).At("category", "id")
	}
	taken, err := d.tx.Category.Query().Where(category.ID(id), category.PathNEQ(path)).Exist(ctx)
	if err == nil && taken {
		return fault.New(fault.IDTaken, "Another category has this id.").At("category", "id")
	}
	return err
}

// ImportTag makes a tag, with the id if one is given. One that stands keeps its
// id.
func (c *Catalog) ImportTag(ctx context.Context, id, name string) (ItemOutcome, error) {
	revision, err := c.do(ctx, func(d *deed) error {
		k := &check{limits: d.opts.Limits}
		name = k.tag(name, "tag", "name")
		k.require(!strings.ContainsRune(name, 0), "The character U+0000 is not taken in any text.", "tag", "name")
		k.require(id == "" || wellFormed(id, tagPrefix), "The id must be tag_ and a ULID in capitals.", "tag", "id")
		if !k.ok() {
			return fault.List(k.faults)
		}
		rows, err := d.tx.Tag.Query().Where(tag.Or(tag.Name(name), tag.ID(id))).All(ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.Name == name {
				return errUnchanged
			}
		}
		if len(rows) > 0 {
			return fault.New(fault.IDTaken, "Another tag has this id.").At("tag", "id")
		}
		if id == "" {
			id = d.opts.NewID(tagPrefix)
		}
		return tags.put(ctx, d.tx, []*ent.Tag{{ID: id, Name: name}})
	})
	return outcomeOf(revision), err
}

func outcomeOf(revision *int64) ItemOutcome {
	if revision == nil {
		return Unchanged
	}
	return Created
}
