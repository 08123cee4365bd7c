package bulk

import (
	"context"
	"fmt"
	"time"

	"vodgraph/auth"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/changeset"
	"vodgraph/ent/idempotencyrecord"
	"vodgraph/fault"
	"vodgraph/limits"
	"vodgraph/model"
)

// purgePart is the part of a library, one in so many assets, of which a purge is refused where it
// is larger than limits.Confirmed too, unless it is confirmed.
const purgePart = 10

// TrashPurge begins to delete for good all that is in the trash, and returns the id
// of the operation. It refuses with PURGE_TOO_LARGE one that would take more than a
// tenth of the library and more than 100 assets, unless all is said.
func (c *Catalog) TrashPurge(ctx context.Context, all bool, o *change.BulkOptions) (string, error) {
	return c.purgeUntil(ctx, c.Options.Now(), all, o)
}

// purgeUntil begins to delete what was in the trash at a time.
func (c *Catalog) purgeUntil(ctx context.Context, until time.Time, all bool, o *change.BulkOptions) (string, error) {
	until = change.Timestamp(until)
	return c.begin(ctx, bulkoperation.VerbPURGE, work{Until: &model.Moment{Time: until}}, o, func(d *change.Tx, create *ent.BulkOperationCreate) error {
		trashed, err := d.Ent.Asset.Query().Where(asset.TrashedAtLTE(until)).Count(auth.WithRowSecurity(ctx))
		if err != nil {
			return fmt.Errorf("count the trash: %w", err)
		}
		whole, err := d.Ent.Asset.Query().Count(auth.WithRowSecurity(ctx))
		if err != nil {
			return fmt.Errorf("count the assets: %w", err)
		}
		if !all && trashed > limits.Confirmed && trashed > whole/purgePart {
			return fault.New(fault.PurgeTooLarge, "The purge would delete %d of %d assets for good; say all: true, or vodgraph purge --all, if that is what you want.",
				trashed, whole).At("all")
		}
		create.SetMatched(int64(trashed)).SetBound("")
		return nil
	})
}

func (r *batch) nextTrashed(ctx context.Context) (err error) {
	r.ids, err = r.DB.Asset.Query().Where(asset.TrashedAtLTE(r.work.Until.Time), asset.IDGT(r.row.Position)).
		Order(asset.ByID()).Limit(r.most).IDs(ctx)
	if err != nil {
		return fmt.Errorf("find the next assets: %w", err)
	}
	return nil
}

func (r *batch) purge(ctx context.Context, d *change.Tx, out *change.Outcome) error {
	still, err := d.Ent.Asset.Query().Where(asset.IDIn(r.ids...), asset.TrashedAtNotNil()).Order(asset.ByID()).IDs(auth.WithRowSecurity(ctx))
	if err != nil {
		return fmt.Errorf("find what is still in the trash: %w", err)
	}
	if len(still) == 0 {
		return change.ErrUnchanged
	}
	how := catalog.Deletion{Until: &r.work.Until.Time}
	return catalog.DeleteAll(ctx, d, catalog.ByID(still, catalog.Item{}), how, out)
}

// Keep is for how long things are kept. Zero is for ever.
type Keep struct {
	Trash, History time.Duration
}

// Tidy begins to purge what has been in the trash for too long, and forgets history,
// operations and answers that were kept for long enough, and files that never came
// whole. A purge that is refused is no error; it
// is returned, to be logged.
func (c *Catalog) Tidy(ctx context.Context, keep Keep) error {
	now := c.Options.Now()
	err := c.Aside(ctx, func(tx *ent.Tx) error {
		_, err := tx.IdempotencyRecord.Delete().Where(idempotencyrecord.CreatedAtLT(now.Add(-limits.IdempotencyKept))).Exec(ctx)
		if err != nil {
			return err
		}
		_, err = tx.BulkOperation.Delete().Where(bulkoperation.FileComplete(false), bulkoperation.HeldUntilLT(now.UnixMilli())).Exec(ctx)
		if err != nil || keep.History == 0 {
			return err
		}
		_, err = tx.BulkOperation.Delete().Where(bulkoperation.FinishedAtLT(now.Add(-keep.History))).Exec(ctx)
		if err != nil {
			return err
		}
		_, err = tx.ChangeSet.Delete().Where(changeset.CreatedAtLT(now.Add(-keep.History))).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget what is old: %w", err)
	}
	cut, err := c.DB.BulkOperation.Query().Where(bulkoperation.StatusIn(bulkoperation.StatusCANCELLED, bulkoperation.StatusFAILED),
		bulkoperation.ReceivedNotNil()).IDs(ctx)
	if err != nil {
		return fmt.Errorf("find files that were not done: %w", err)
	}
	for _, id := range cut {
		if err := c.clearFile(ctx, id); err != nil {
			return err
		}
	}
	if keep.Trash == 0 {
		return nil
	}
	until := now.Add(-keep.Trash)
	due, err := c.DB.Asset.Query().Where(asset.TrashedAtLTE(until)).Exist(ctx)
	if err != nil || !due {
		return err
	}
	going, err := c.DB.BulkOperation.Query().Where(bulkoperation.VerbEQ(bulkoperation.VerbPURGE), bulkoperation.StatusIn(change.Running...)).Exist(ctx)
	if err != nil || going {
		return err
	}
	note := "What was in the trash for too long."
	_, err = c.purgeUntil(ctx, until, false, &change.BulkOptions{Note: &note})
	return err
}
