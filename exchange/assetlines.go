package exchange

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/category"
	"vodgraph/fault"
	"vodgraph/media"
	"vodgraph/taxonomy"
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
func (im *importing) Assets(ctx context.Context, lines []stagedLine) (*change.Outcome, error) {
	out := &change.Outcome{}
	for len(lines) > 0 {
		part := &change.Outcome{}
		revision, err := im.do(ctx, func(d *change.Tx) error { return im.importLines(ctx, d, part, lines) })
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

type lineMaker struct {
	*catalog.Builder
	tx *change.Tx
	im *importing
	// unlinked leaves out links to what may still come.
	unlinked bool
}

// importLines does as many of the lines as name different assets, at least one.
func (im *importing) importLines(ctx context.Context, d *change.Tx, out *change.Outcome, lines []stagedLine) error {
	lines = lines[:distinct(lines, func(*catalog.AssetCreateInput) *ent.Asset { return nil })]
	inputs := make([]*catalog.AssetCreateInput, len(lines))
	for i, line := range lines {
		im.translate(line.AssetCreateInput)
		inputs[i] = line.AssetCreateInput
	}
	m, err := catalog.NewBuilder(ctx, d, inputs)
	if err != nil {
		return err
	}
	b := &lineMaker{Builder: m, tx: d, im: im}
	m.Importing = b
	lines = lines[:distinct(lines, b.known)]
	inputs = inputs[:len(lines)]
	if im.stage == FirstStage || im.stage == SecondStage && im.plan.keyed != nil {
		b.Keys = map[string]catalog.WantedKey{}
	}
	made, err := b.growPaths(ctx, inputs)
	if err != nil {
		return err
	}
	decisions, err := b.decide(ctx, lines)
	if err != nil {
		return err
	}
	warnOfGrown(inputs, decisions, made)
	if err := b.prune(ctx, made, decisions); err != nil {
		return err
	}
	return finishImport(ctx, d, out, decisions)
}

// finishImport writes what was decided, but for what waits.
func finishImport(ctx context.Context, d *change.Tx, out *change.Outcome, decisions []change.Decision) error {
	ready := make([]change.Decision, 0, len(decisions))
	for _, v := range decisions {
		if !v.Waits {
			ready = append(ready, v)
		}
	}
	part := &change.Outcome{}
	err := d.Finish(ctx, part, ready, "items")
	out.Items = make([]change.Item, len(decisions))
	for i, v := range decisions {
		if v.Waits {
			out.Items[i] = change.Item{ID: v.ID, Outcome: Waiting}
			continue
		}
		out.Items[i], part.Items = part.Items[0], part.Items[1:]
		out.Items[i].Pending = v.Pending
	}
	return err
}

// distinct counts how many lines come before one that may be about an asset of one before, so
// that it must be judged after that is written. Lines that are joined stay together.
func distinct(lines []stagedLine, known func(*catalog.AssetCreateInput) *ent.Asset) int {
	n := change.Separate(len(lines), func(i int) (names []string) {
		ref := lines[i].ReferenceID.Value()
		if row := known(lines[i].AssetCreateInput); row != nil {
			names = append(names, row.ID)
			if ref != nil && *ref == change.Deref(row.ReferenceID) && lines[i].ID != nil && *lines[i].ID == row.ID {
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

func (b *lineMaker) decide(ctx context.Context, lines []stagedLine) ([]change.Decision, error) {
	parts := change.Part(0)
	var ids, marks []string
	for _, line := range lines {
		if row := b.known(line.AssetCreateInput); row != nil {
			if is := asset.BusinessTypeWATERMARK; change.ValueOr(row.BusinessType, "") == is && change.ValueOr(line.AttachmentType, is) != is {
				marks = append(marks, row.ID)
			}
			if b.im.options.Clear && !line.Linking {
				clearLeftOut(line.AssetCreateInput)
			}
			ids = append(ids, row.ID)
			parts |= partsOf(line.AssetCreateInput)
		}
	}
	states, err := b.tx.Load(ctx, ids, parts)
	if err != nil {
		return nil, err
	}
	if b.Marks, err = catalog.MarksInUse(ctx, b.tx, marks); err != nil {
		return nil, err
	}
	decisions := make([]change.Decision, len(lines))
	for i, line := range lines {
		row := b.known(line.AssetCreateInput)
		if decisions[i] = b.settleLine(line, row, states); decisions[i].Waits {
			b.im.waits(line.AssetCreateInput, row)
		}
	}
	if b.im.stage == SecondStage {
		b.SettleKeys(decisions, "")
	}
	return decisions, nil
}

func (b *lineMaker) settleLine(line stagedLine, row *ent.Asset, states map[string]*change.State) change.Decision {
	in, im := line.AssetCreateInput, b.im
	keyed := im.stage == SecondStage && row != nil && im.plan.keyed[hashed(row.ID)]
	behind := im.mustWait(in, row)
	renamed := row != nil && in.ID != nil && *in.ID != row.ID // or a new asset, for which that makes room
	if behind && !keyed || renamed && im.stage == FirstStage {
		return change.Decision{Waits: true}
	}
	judge := func(in *catalog.AssetCreateInput) change.Decision {
		if row != nil {
			return b.upsert(in, states[row.ID])
		}
		return b.Create(in)
	}
	v := change.Decision{}
	if !behind {
		v = judge(in)
	}
	switch {
	case v.Faults != nil && line.Linking:
		return change.Decision{ID: row.ID, Change: &change.Change{Old: states[row.ID], Next: states[row.ID].Next()}, Missing: v.Faults}
	case v.Faults != nil:
		return v
	case im.stage == FirstStage && (v.Pending || rekeys(in, row)), v.Pending && row != nil && !keyed:
		return change.Decision{ID: v.ID, Waits: true}
	case v.Pending || behind: // the links are made in the last stage
		warnings := v.Warnings // those of its links too, which the last stage does not repeat
		if keyed {
			v = judge(withoutLinks(in))
		} else {
			b.unlinked = true
			v = judge(in)
			b.unlinked = false
		}
		if v.Faults != nil {
			return v
		}
		if !behind {
			v.Warnings = warnings
		}
		v.Pending = !keyed || hasLinks(in)
		if v.Pending {
			im.waits(in, v.Change.Next.Asset)
		}
	}
	b.settled(in, row, v.Change.Next.Asset)
	return v
}

// rekeys reports whether a line gives an asset that is there another reference id or none. Who has
// which is settled when all lines are known that do so.
func rekeys(in *catalog.AssetCreateInput, row *ent.Asset) bool {
	return row != nil && in.ReferenceID.IsSet() && change.Deref(in.ReferenceID.Value()) != change.Deref(row.ReferenceID)
}

// settled makes a new asset known to the lines after it, and maps the id that a line has for
// an asset to its own.
func (b *lineMaker) settled(in *catalog.AssetCreateInput, row, next *ent.Asset) {
	switch {
	case row != nil && in.ID != nil && *in.ID != row.ID:
		b.im.aliases[*in.ID] = row.ID
	case row == nil && (b.Keys == nil || b.im.stage == FirstStage):
		b.AddAsset(next)
	}
}

// known finds the asset that a line is about, if it is there: by its id, or else by its
// reference id, unless the asset that has that gives it up.
func (b *lineMaker) known(in *catalog.AssetCreateInput) *ent.Asset {
	if in.ID != nil && b.ByID[*in.ID] != nil {
		return b.ByID[*in.ID]
	}
	if ref := in.ReferenceID.Value(); ref != nil && !(in.ID != nil && b.im.plan.fresh[hashed(*in.ID)]) {
		return b.ByReference[*ref]
	}
	return nil
}

func partsOf(in *catalog.AssetCreateInput) (parts change.Part) {
	for _, f := range catalog.AllFields {
		for i := range f.Create {
			if given, _ := f.Create[i].Given(in); given {
				parts |= f.Part
			}
		}
	}
	return parts
}

func (b *lineMaker) upsert(in *catalog.AssetCreateInput, old *change.State) change.Decision {
	k := &change.Check{Limits: b.Options.Limits, Importing: true}
	k.RefuseNUL(in)
	v := change.Decision{ID: old.ID, Change: &change.Change{Old: old, Next: old.Next()}}
	if in.Kind != "" && in.Kind != old.Kind {
		k.Refuse(fault.New(fault.WrongKind, "The asset is of kind %s, and a kind cannot change.", old.Kind), "kind")
	}
	if in.ID != nil && *in.ID != old.ID && !media.WellFormed(*in.ID, media.Of(old.Kind).Prefix) {
		k.Require(false, "The asset with this reference id is of another kind than the id says.", "id")
	}
	b.Fill(k, v.Change.Next, in)
	if in.UpdatedAt != nil {
		updated := in.UpdatedAt.Or(b.Now)
		v.Change.UpdatedAt, v.Change.Next.UpdatedAt = &updated, updated
	}
	v.Faults, v.Missing, v.Warnings, v.Pending = k.Faults, k.Missing, k.Warnings, k.Pending
	return v
}

// growPaths makes the category paths that lines name and that are missing. One
// that is refused stays missing, so that the line is.
func (b *lineMaker) growPaths(ctx context.Context, lines []*catalog.AssetCreateInput) (made []*ent.Category, err error) {
	var paths [][]string
	for _, in := range lines {
		for _, ref := range in.Categories.Value() {
			if ref != nil && len(ref.Path) > 0 && b.ByPath[media.JoinPath(ref.Path)] == nil {
				paths = append(paths, ref.Path)
			}
		}
	}
	if err := taxonomy.FindAbove(ctx, b.tx, b.Resolved, paths); err != nil {
		return nil, err
	}
	for _, path := range paths {
		grown, err := taxonomy.GrowPath(ctx, b.tx, b.Resolved, path, "")
		var refused *fault.Fault
		if errors.As(err, &refused) {
			b.Refused[media.JoinPath(path)] = refused
		} else if err != nil {
			return nil, err
		}
		made = append(made, grown...)
	}
	return made, nil
}

// warnOfGrown warns of each category with characters in its name that cannot be seen, at the
// first line that it is made for.
func warnOfGrown(lines []*catalog.AssetCreateInput, decisions []change.Decision, made []*ent.Category) {
	warnings := map[string]*fault.Fault{} // by path
	for _, row := range made {
		if hidden := media.Invisible(row.Name); hidden != nil {
			warnings[row.Path] = hidden
		}
	}
	for i := range decisions {
		if len(warnings) == 0 {
			return
		}
		if decisions[i].Faults != nil || decisions[i].Waits {
			continue
		}
		for at, ref := range lines[i].Categories.Value() {
			if ref == nil {
				continue
			}
			for n := range ref.Path {
				path := media.JoinPath(ref.Path[:n+1])
				if hidden := warnings[path]; hidden != nil {
					decisions[i].Warnings = append(decisions[i].Warnings, hidden.At("categories", strconv.Itoa(at), "path"))
					delete(warnings, path)
				}
			}
		}
	}
}

// prune takes back the categories that were made for refused lines alone, and makes the history
// have the others alone.
func (b *lineMaker) prune(ctx context.Context, made []*ent.Category, decisions []change.Decision) error {
	needed := map[string]bool{}
	for _, v := range decisions {
		if v.Faults != nil || v.Waits {
			continue
		}
		for _, id := range v.Change.Next.Categories {
			for row := b.Categories[id]; row != nil && !needed[row.ID]; row = b.Categories[change.ValueOr(row.ParentID, "")] {
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
	b.tx.MadeCategories(slices.DeleteFunc(made, func(row *ent.Category) bool { return !needed[row.ID] }))
	if len(idle) == 0 {
		return nil
	}
	_, err := b.tx.Ent.Category.Delete().Where(category.IDIn(idle...)).Exec(ctx)
	return err
}

// Categories makes categories, as taxonomy's rules for lines of files have it.
func (im *importing) Categories(ctx context.Context, lines []taxonomy.CategoryLine) (*change.Outcome, error) {
	return taxonomy.ImportCategories(ctx, im.do, lines)
}

// Tags makes tags, as taxonomy's rules for lines of files have it.
func (im *importing) Tags(ctx context.Context, lines []taxonomy.TagLine) (*change.Outcome, error) {
	return taxonomy.ImportTags(ctx, im.do, lines)
}
