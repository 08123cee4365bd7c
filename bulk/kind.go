package bulk

import (
	"context"
	"fmt"

	"vodgraph/auth"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/predicate"
)

// kinds are those of operations without a file. Each batch of a dry run begins where the first
// began: tags that a change makes are made by every batch, and what an undo hands from one asset
// to another is handed by the batches of both. A purge refuses none of those that use others,
// which are videos and audios, so that those of earlier batches are gone.
var kinds = map[bulkoperation.Verb]*kind{
	bulkoperation.VerbUPDATE: {
		next: (*batch).nextMatching, run: matching(catalog.Update),
		repeats: func(r *batch, _ map[string]bool, e *ent.Change) bool {
			return r.row.Changed > 0 && change.OfTaxonomy(e.SubjectID)
		},
	},
	bulkoperation.VerbTRASH:   {next: (*batch).nextMatching, run: matching(catalog.Trash)},
	bulkoperation.VerbRESTORE: {next: (*batch).nextMatching, run: matching(catalog.Restore)},
	bulkoperation.VerbPURGE: {
		next: (*batch).nextTrashed, run: (*batch).purge,
		repeats: func(r *batch, met map[string]bool, e *ent.Change) bool {
			return !met[e.SubjectID] && e.SubjectID <= r.row.Position
		},
	},
	bulkoperation.VerbUNDO: {
		next: (*batch).nextUndo, run: (*batch).undo,
		repeats: func(_ *batch, met map[string]bool, e *ent.Change) bool {
			return !change.OfTaxonomy(e.SubjectID) && !met[e.SubjectID]
		},
	},
}

var ofFile = &kind{next: (*batch).nextLines, run: (*batch).doLines, keep: (*batch).keepResults}

func kindOf(row *ent.BulkOperation) *kind {
	if row.Received != nil {
		return ofFile
	}
	return kinds[row.Verb]
}

// fileVerbs are what is done to lines that are about different assets, by the verb of their file.
var fileVerbs = map[bulkoperation.Verb]func(*batch, context.Context, *change.Tx, []fileItem, *change.Outcome) error{
	bulkoperation.VerbCREATE: func(_ *batch, ctx context.Context, d *change.Tx, lines []fileItem, out *change.Outcome) error {
		inputs := make([]*catalog.AssetCreateInput, len(lines))
		for i := range lines {
			inputs[i] = lines[i].create
		}
		return catalog.CreateAll(ctx, d, inputs, out)
	},
	bulkoperation.VerbUPDATE:  inOrder(catalog.Update),
	bulkoperation.VerbTRASH:   inOrder(catalog.Trash),
	bulkoperation.VerbRESTORE: inOrder(catalog.Restore),
	bulkoperation.VerbDELETE: func(r *batch, ctx context.Context, d *change.Tx, lines []fileItem, out *change.Outcome) error {
		return catalog.DeleteAll(ctx, d, itemsOf(lines), catalog.Deletion{Force: r.work.Force, InOrder: true}, out)
	},
}

// inOrder runs a verb on lines, one after the other.
func inOrder(v *catalog.Verb) func(*batch, context.Context, *change.Tx, []fileItem, *change.Outcome) error {
	return func(_ *batch, ctx context.Context, d *change.Tx, lines []fileItem, out *change.Outcome) error {
		return v.Run(ctx, d, itemsOf(lines), out)
	}
}

func itemsOf(lines []fileItem) catalog.Items {
	items := catalog.Items{List: make([]catalog.Item, len(lines)), Name: catalog.ItemList, InOrder: true}
	for i, line := range lines {
		items.List[i] = catalog.Item{AssetRef: line.asset}
		if in := line.update; in != nil {
			items.List[i] = catalog.Item{AssetRef: change.AssetRef{ID: in.ID, ReferenceID: in.ReferenceID}, IfRevision: in.IfRevision, Update: in}
		}
	}
	return items
}

func (r *batch) nextMatching(ctx context.Context) error {
	which, err := r.matches()
	if err != nil {
		return err
	}
	r.ids, err = r.DB.Asset.Query().Where(which, asset.IDGT(r.row.Position), asset.IDLTE(r.row.Bound)).
		Order(asset.ByID()).Limit(r.most).IDs(ctx)
	if err != nil {
		return fmt.Errorf("find the next assets: %w", err)
	}
	return nil
}

// matching runs a verb on the assets of the batch. One that the filter does not match any more
// is left as it is.
func matching(v *catalog.Verb) func(*batch, context.Context, *change.Tx, *change.Outcome) error {
	return func(r *batch, ctx context.Context, d *change.Tx, out *change.Outcome) error {
		which, err := r.matches()
		if err != nil {
			return err
		}
		still, err := d.Ent.Asset.Query().Where(which, asset.IDIn(r.ids...)).Order(asset.ByID()).IDs(auth.WithRowSecurity(ctx))
		if err != nil {
			return fmt.Errorf("find what the filter still matches: %w", err)
		}
		same := catalog.Item{}
		if r.work.Change != nil {
			same.Update = &catalog.AssetUpdateInput{AssetChangeInput: *r.work.Change}
		}
		return v.Run(ctx, d, catalog.ByID(still, same), out)
	}
}

func (r *batch) matches() (predicate.Asset, error) {
	return r.work.Filter.Predicate(r.Options.Limits.Filter)
}
