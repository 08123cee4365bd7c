package catalog

import (
	"context"

	"vodgraph/ent/bulkoperation"
	"vodgraph/fault"
)

// verb does what the file is for.
func (r *round) verb(ctx context.Context, d *deed, items []fileItem, out *Outcome) error {
	switch r.row.Verb {
	case bulkoperation.VerbCREATE:
		inputs := make([]*AssetCreateInput, len(items))
		for i := range items {
			inputs[i] = items[i].create
		}
		return d.createAll(ctx, inputs, SkipFailed, out)
	case bulkoperation.VerbUPDATE:
		inputs := make([]*AssetUpdateInput, len(items))
		for i := range items {
			inputs[i] = items[i].update
		}
		list, gather, decide := wantedOf(inputs)
		return d.changeLines(ctx, list, gather, decide, out)
	}
	list := targets{make([]target, len(items)), itemList}
	for i := range items {
		list.list[i].AssetRef = items[i].asset
	}
	switch r.row.Verb {
	case bulkoperation.VerbTRASH:
		return d.changeLines(ctx, list, gatherNone, trash, out)
	case bulkoperation.VerbRESTORE:
		return d.changeLines(ctx, list, gatherNone, restore, out)
	}
	return d.deleteLines(ctx, list, r.work.Force, out)
}

func (d *deed) changeLines(ctx context.Context, t targets, gather func(*names) part,
	decide func(*maker, *check, *state, int), out *Outcome) error {
	verdicts, chosen, err := d.judgeAll(ctx, t, gather, decide)
	if err != nil {
		return err
	}
	return d.finish(ctx, out, settled{verdicts, t.name, SkipFailed}, chosen)
}

// deleteLines deletes what there is of the targets, one after the other.
func (d *deed) deleteLines(ctx context.Context, t targets, force bool, out *Outcome) error {
	var n names
	for i := range t.list {
		n.asset(&t.list[i].AssetRef)
	}
	found, err := d.find(ctx, &n)
	if err != nil {
		return err
	}
	aims, rows := (&maker{deed: d, directory: found}).aim(t)
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	gone, err := &Outcome{}, errUnchanged
	if len(ids) > 0 {
		err = d.deleteAll(ctx, ids, deletion{force: force, policy: SkipFailed, inOrder: true}, gone)
	}
	for i, a := range aims {
		if a.refused != nil {
			out.Items = append(out.Items, Item{Outcome: Failed, Errors: []*fault.Fault{a.refused.Under(at(t.name, i)...)}})
			continue
		}
		out.Items, gone.Items = append(out.Items, gone.Items[0]), gone.Items[1:]
	}
	return err
}
