package bulk

import (
	"context"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent/bulkoperation"
)

// verb does what the file is for.
func (r *round) verb(ctx context.Context, d *change.Tx, items []fileItem, out *change.Outcome) error {
	switch r.row.Verb {
	case bulkoperation.VerbCREATE:
		inputs := make([]*catalog.AssetCreateInput, len(items))
		for i := range items {
			inputs[i] = items[i].create
		}
		return catalog.CreateAll(ctx, d, inputs, change.SkipFailed, out)
	case bulkoperation.VerbUPDATE:
		inputs := make([]*catalog.AssetUpdateInput, len(items))
		for i := range items {
			inputs[i] = items[i].update
		}
		list, gather, decide := catalog.PlanUpdates(inputs)
		return r.changeLines(ctx, d, out, list, decision{gather, decide})
	}
	list := catalog.Targets{List: make([]catalog.Target, len(items)), Name: catalog.ItemList}
	for i := range items {
		list.List[i].AssetRef = items[i].asset
	}
	switch r.row.Verb {
	case bulkoperation.VerbTRASH:
		return r.changeLines(ctx, d, out, list, decision{catalog.GatherNone, catalog.Trash})
	case bulkoperation.VerbRESTORE:
		return r.changeLines(ctx, d, out, list, decision{catalog.GatherNone, catalog.Restore})
	}
	return catalog.DeleteAll(ctx, d, list, catalog.Deletion{Force: r.work.Force, Policy: change.SkipFailed, InOrder: true}, out) // one after the other
}

// decision is how a verb gathers what it needs and makes the next state of each asset.
type decision struct {
	gather func(*change.References) change.Part
	decide func(*catalog.Builder, *change.Check, *change.State, int)
}

func (r *round) changeLines(ctx context.Context, d *change.Tx, out *change.Outcome, t catalog.Targets, how decision) error {
	t.InOrder = true
	verdicts, chosen, err := catalog.DecideAll(ctx, d, t, how.gather, how.decide)
	if err != nil {
		return err
	}
	return d.Finish(ctx, out, change.Decisions{All: verdicts, List: t.Name, Policy: change.SkipFailed}, chosen)
}
