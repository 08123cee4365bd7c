package catalog

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/fault"
	"vodgraph/media"
)

// Assets makes or changes assets as lines of a file say, all kinds together. A line whose id
// or reference id is known changes that asset: members left out stay, and kind and title may
// be left out. It sets any status of the kind, makes category paths that are missing, and
// sets times. A line that needs what may still come has the outcome Waiting, or is written
// without those links and Pending, by the stage. Lines are refused one by one, and a refused
// one changes nothing.
//
// The lines may be any number; one that names an asset again comes in a transaction
// after the one before.
func (im *Importing) Assets(ctx context.Context, lines []ImportLine) (*Outcome, error) {
	out := &Outcome{}
	for len(lines) > 0 {
		part := &Outcome{}
		revision, err := im.do(ctx, func(d *deed) error { return im.importLines(ctx, d, part, lines) })
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

// lineMaker makes states of lines.
type lineMaker struct {
	*maker
	im *Importing
	// unlinked leaves out links to what may still come.
	unlinked bool
}

// importLines does as many of the lines as name different assets, at least one.
func (im *Importing) importLines(ctx context.Context, d *deed, out *Outcome, lines []ImportLine) error {
	lines = lines[:distinct(lines, func(*AssetCreateInput) *ent.Asset { return nil })]
	inputs := make([]*AssetCreateInput, len(lines))
	for i, line := range lines {
		im.translate(line.AssetCreateInput)
		inputs[i] = line.AssetCreateInput
	}
	m, err := d.maker(ctx, inputs)
	if err != nil {
		return err
	}
	b := &lineMaker{maker: m, im: im}
	m.importing = b
	lines = lines[:distinct(lines, b.known)]
	inputs = inputs[:len(lines)]
	if im.stage == FirstStage || im.stage == SecondStage && im.plan.keyed != nil {
		b.keys = map[string]wantedKey{}
	}
	made, err := b.growPaths(ctx, inputs)
	if err != nil {
		return err
	}
	verdicts, err := b.decide(ctx, lines)
	if err != nil {
		return err
	}
	warnOfGrown(inputs, verdicts, made)
	if err := b.prune(ctx, made, verdicts); err != nil {
		return err
	}
	return d.finishImport(ctx, out, verdicts)
}

// finishImport writes what was decided, but for what waits.
func (d *deed) finishImport(ctx context.Context, out *Outcome, verdicts []verdict) error {
	ready := make([]verdict, 0, len(verdicts))
	for _, v := range verdicts {
		if !v.waits {
			ready = append(ready, v)
		}
	}
	part := &Outcome{}
	err := d.finish(ctx, part, settled{ready, "items", SkipFailed}, nil)
	out.Items = make([]Item, len(verdicts))
	for i, v := range verdicts {
		if v.waits {
			out.Items[i] = Item{ID: v.id, Outcome: Waiting}
			continue
		}
		out.Items[i], part.Items = part.Items[0], part.Items[1:]
		out.Items[i].Pending = v.pending
	}
	return err
}

// distinct counts how many lines come before one that may be about an asset of one before, so
// that it must be judged after that is written. Lines that are joined stay together.
func distinct(lines []ImportLine, known func(*AssetCreateInput) *ent.Asset) int {
	n := separate(len(lines), func(i int) (names []string) {
		ref := lines[i].ReferenceID.Value()
		if row := known(lines[i].AssetCreateInput); row != nil {
			names = append(names, row.ID)
			if ref != nil && *ref == val(row.ReferenceID) && lines[i].ID != nil && *lines[i].ID == row.ID {
				return names
			}
		}
		if lines[i].ID != nil {
			names = append(names, *lines[i].ID)
		}
		if ref != nil {
			names = append(names, *ref)
		}
		return names
	})
	for n > 1 && n < len(lines) && lines[n].Joined {
		n--
	}
	return n
}

// decide decides about each line.
func (b *lineMaker) decide(ctx context.Context, lines []ImportLine) ([]verdict, error) {
	parts := part(0)
	var ids []string
	for _, line := range lines {
		if row := b.known(line.AssetCreateInput); row != nil {
			if b.im.options.Clear && !line.Linking {
				line.clear()
			}
			ids = append(ids, row.ID)
			parts |= partsOf(line.AssetCreateInput)
		}
	}
	states, err := b.load(ctx, ids, parts)
	if err != nil {
		return nil, err
	}
	verdicts := make([]verdict, len(lines))
	for i, line := range lines {
		row := b.known(line.AssetCreateInput)
		if verdicts[i] = b.settleLine(line, row, states); verdicts[i].waits {
			b.im.waits(line.AssetCreateInput, row)
		}
	}
	if b.im.stage == SecondStage {
		b.settleKeys(verdicts, "")
	}
	return verdicts, nil
}

// settleLine decides about one line, and whether it waits.
func (b *lineMaker) settleLine(line ImportLine, row *ent.Asset, states map[string]*state) verdict {
	in, im := line.AssetCreateInput, b.im
	keyed := im.stage == SecondStage && row != nil && im.plan.keyed[hashed(row.ID)]
	behind := im.mustWait(in, row)
	renamed := row != nil && in.ID != nil && *in.ID != row.ID // or a new asset, for which that makes room
	if behind && !keyed || renamed && im.stage == FirstStage {
		return verdict{waits: true}
	}
	judge := func(in *AssetCreateInput) verdict {
		if row != nil {
			return b.upsert(in, states[row.ID])
		}
		return b.create(in)
	}
	v := verdict{}
	if !behind {
		v = judge(in)
	}
	switch {
	case v.faults != nil && line.Linking:
		return verdict{id: row.ID, change: &change{old: states[row.ID], next: states[row.ID].next()}, missing: v.faults}
	case v.faults != nil:
		return v
	case im.stage == FirstStage && (v.pending || rekeys(in, row)), v.pending && row != nil && !keyed:
		return verdict{id: v.id, waits: true}
	case v.pending || behind: // the links are made in the last stage
		warnings := v.warnings // those of its links too, which the last stage does not repeat
		if keyed {
			v = judge(in.withoutLinks())
		} else {
			b.unlinked = true
			v = judge(in)
			b.unlinked = false
		}
		if v.faults != nil {
			return v
		}
		if !behind {
			v.warnings = warnings
		}
		v.pending = !keyed || in.links()
		if v.pending {
			im.waits(in, v.change.next.Asset)
		}
	}
	b.settled(in, row, v.change.next.Asset)
	return v
}

// rekeys reports whether a line gives an asset that is there another reference id or none. Who has
// which is settled when all lines are known that do so.
func rekeys(in *AssetCreateInput, row *ent.Asset) bool {
	return row != nil && in.ReferenceID.IsSet() && val(in.ReferenceID.Value()) != val(row.ReferenceID)
}

// settled has a new asset be found by lines after it, and has the id that a line has for an
// asset stand for its own.
func (b *lineMaker) settled(in *AssetCreateInput, row, next *ent.Asset) {
	switch {
	case row != nil && in.ID != nil && *in.ID != row.ID:
		b.im.aliases[*in.ID] = row.ID
	case row == nil && (b.keys == nil || b.im.stage == FirstStage):
		b.asset(next)
	}
}

// known finds the asset that a line is about, if it is there: by its id, or else by its
// reference id, unless the asset that has that gives it up.
func (b *lineMaker) known(in *AssetCreateInput) *ent.Asset {
	if in.ID != nil && b.ids[*in.ID] != nil {
		return b.ids[*in.ID]
	}
	if ref := in.ReferenceID.Value(); ref != nil && !(in.ID != nil && b.im.plan.fresh[hashed(*in.ID)]) {
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
func (b *lineMaker) upsert(in *AssetCreateInput, old *state) verdict {
	k := &check{limits: b.opts.Limits, importing: true}
	k.nul(in)
	v := verdict{id: old.ID, change: &change{old: old, next: old.next()}}
	if in.Kind != "" && in.Kind != old.Kind {
		k.refuse(fault.New(fault.WrongKind, "The asset is of kind %s, and a kind cannot change.", old.Kind), "kind")
	}
	if in.ID != nil && *in.ID != old.ID && !media.WellFormed(*in.ID, media.Of(old.Kind).Prefix) {
		k.require(false, "The asset with this reference id is of another kind than the id says.", "id")
	}
	b.fill(k, v.change.next, in)
	if in.UpdatedAt != nil {
		told := in.UpdatedAt.Or(b.now)
		v.change.updatedAt, v.change.next.UpdatedAt = &told, told
	}
	v.faults, v.missing, v.warnings, v.pending = k.faults, k.missing, k.warnings, k.pending
	return v
}

// growPaths makes the category paths that lines name and that are missing. One
// that is refused stays missing, so that the line is.
func (b *lineMaker) growPaths(ctx context.Context, lines []*AssetCreateInput) (made []*ent.Category, err error) {
	var paths [][]string
	for _, in := range lines {
		for _, ref := range in.Categories.Value() {
			if ref != nil && len(ref.Path) > 0 && b.paths[media.JoinPath(ref.Path)] == nil {
				paths = append(paths, ref.Path)
			}
		}
	}
	if err := b.findAbove(ctx, b.directory, paths); err != nil {
		return nil, err
	}
	for _, path := range paths {
		grown, err := b.growPath(ctx, b.directory, path, "")
		var refused *fault.Fault
		if errors.As(err, &refused) {
			b.refused[media.JoinPath(path)] = refused
		} else if err != nil {
			return nil, err
		}
		made = append(made, grown...)
	}
	return made, nil
}

// warnOfGrown warns of each category with characters in its name that cannot be seen, at the
// first line that it is made for.
func warnOfGrown(lines []*AssetCreateInput, verdicts []verdict, made []*ent.Category) {
	warnings := map[string]*fault.Fault{} // by path
	for _, row := range made {
		if hidden := media.Invisible(row.Name); hidden != nil {
			warnings[row.Path] = hidden
		}
	}
	for i := range verdicts {
		if len(warnings) == 0 {
			return
		}
		if verdicts[i].faults != nil || verdicts[i].waits {
			continue
		}
		for at, ref := range lines[i].Categories.Value() {
			if ref == nil {
				continue
			}
			for n := range ref.Path {
				path := media.JoinPath(ref.Path[:n+1])
				if hidden := warnings[path]; hidden != nil {
					verdicts[i].warnings = append(verdicts[i].warnings, hidden.At("categories", strconv.Itoa(at), "path"))
					delete(warnings, path)
				}
			}
		}
	}
}

// prune takes back the categories that were made for refused lines alone, and has the history
// tell of the others.
func (b *lineMaker) prune(ctx context.Context, made []*ent.Category, verdicts []verdict) error {
	needed := map[string]bool{}
	for _, v := range verdicts {
		if v.faults != nil || v.waits {
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

// Categories makes categories, as taxonomy's rules for lines of files have it.
func (im *Importing) Categories(ctx context.Context, lines []CategoryLine) (*Outcome, error) {
	return importCategories(ctx, im.do, lines)
}

// Tags makes tags, as taxonomy's rules for lines of files have it.
func (im *Importing) Tags(ctx context.Context, lines []TagLine) (*Outcome, error) {
	return importTags(ctx, im.do, lines)
}
