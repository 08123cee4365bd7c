package catalog

import (
	"context"

	"vodgraph/ent/bulkoperation"
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
	list := targets{list: make([]target, len(items)), name: itemList}
	for i := range items {
		list.list[i].AssetRef = items[i].asset
	}
	switch r.row.Verb {
	case bulkoperation.VerbTRASH:
		return d.changeLines(ctx, list, gatherNone, trash, out)
	case bulkoperation.VerbRESTORE:
		return d.changeLines(ctx, list, gatherNone, restore, out)
	}
	return d.deleteAll(ctx, list, deletion{force: r.work.Force, policy: SkipFailed, inOrder: true}, out) // one after the other
}

func (d *deed) changeLines(ctx context.Context, t targets, gather func(*names) part,
	decide func(*maker, *check, *state, int), out *Outcome) error {
	t.inOrder = true
	verdicts, chosen, err := d.judgeAll(ctx, t, gather, decide)
	if err != nil {
		return err
	}
	return d.finish(ctx, out, settled{verdicts, t.name, SkipFailed}, chosen)
}
