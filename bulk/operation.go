package bulk

import (
	"context"
	"encoding/json"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/bulkoperation"
	"vodgraph/fault"
	"vodgraph/filter"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/model"
)

// An operation does one change for any number of assets, batch by batch. It goes
// through them by id, from the first to the last that there was at the call, so
// that it meets each once, whatever it changes. A batch is a transaction, in which it
// also notes how far it is: whoever goes on with it, goes on there.

type work struct {
	Filter *filter.AssetFilter       `json:"filter,omitempty"`
	Change *catalog.AssetChangeInput `json:"change,omitempty"`
	// Set is the change set to undo.
	Set string `json:"set,omitempty"`
	// Until is when what is to be purged was in the trash at the latest.
	Until *model.Moment `json:"until,omitempty"`
	// Force has the lines of a file delete what others use.
	Force bool `json:"force,omitempty"`
}

// AssetsUpdateWhere begins to change all assets that a filter means, and returns
// the id of the operation. Unless all is said, it refuses with ALL_REQUIRED a filter that
// names nothing, and one that finds all of more than 100 assets that the caller sees; a
// dry run is exempt. It refuses with INVALID the policy ATOMIC, and what is wrong with
// the change for any asset.
func (c *Catalog) AssetsUpdateWhere(ctx context.Context, f *filter.AssetFilter, ch *catalog.AssetChangeInput, all bool, o *change.BulkOptions) (string, error) {
	if err := change.WithoutNUL(&struct{ Change *catalog.AssetChangeInput }{ch}); err != nil {
		return "", err
	}
	return c.beginWhere(ctx, bulkoperation.VerbUPDATE, work{Filter: f, Change: ch}, all, o)
}

// AssetsTrashWhere begins to move all assets that a filter means to the trash. It
// refuses as AssetsUpdateWhere does.
func (c *Catalog) AssetsTrashWhere(ctx context.Context, f *filter.AssetFilter, all bool, o *change.BulkOptions) (string, error) {
	return c.beginWhere(ctx, bulkoperation.VerbTRASH, work{Filter: f}, all, o)
}

// AssetsRestoreWhere begins to take all assets back that a filter means within the
// trash. It refuses as AssetsUpdateWhere does.
func (c *Catalog) AssetsRestoreWhere(ctx context.Context, f *filter.AssetFilter, all bool, o *change.BulkOptions) (string, error) {
	return c.beginWhere(ctx, bulkoperation.VerbRESTORE, work{Filter: f.InTrash()}, all, o)
}

func (c *Catalog) beginWhere(ctx context.Context, verb bulkoperation.Verb, w work, all bool, o *change.BulkOptions) (string, error) {
	which, err := w.Filter.Predicate(c.Options.Limits.Filter)
	if err != nil {
		return "", err
	}
	all = all || o.Dry()
	if !all && w.Filter.MatchesEverything() {
		return "", fault.New(fault.AllRequired, "The filter means every asset; say all: true if that is what you want.").At("all")
	}
	return c.begin(ctx, verb, w, o, func(d *change.Tx, create *ent.BulkOperationCreate) error {
		var found []struct {
			N    int64
			Last *string
		}
		err := d.Ent.Asset.Query().Where(which).Modify(func(s *sql.Selector) {
			s.Select(sql.As("COUNT(*)", "n"), sql.As("MAX("+s.C(asset.FieldID)+")", "last"))
		}).Scan(auth.WithRowSecurity(ctx), &found)
		if err != nil {
			return fmt.Errorf("count what is meant: %w", err)
		}
		matched, others := found[0].N, false
		if matched > 0 {
			if others, err = d.Ent.Asset.Query().Where(w.Filter.Others()).Exist(auth.WithRowSecurity(ctx)); err != nil {
				return fmt.Errorf("look for assets that are not meant: %w", err)
			}
		}
		if !all && !others && matched > limits.Confirmed {
			return fault.New(fault.AllRequired, "The filter means all %d assets there are; say all: true if that is what you want.", matched).At("all")
		}
		create.SetMatched(matched).SetMatchesAll(matched > 0 && !others).SetBound(change.ValueOr(found[0].Last, ""))
		return nil
	})
}

// begin writes an operation, to be done later. measure sets how much it is.
func (c *Catalog) begin(ctx context.Context, verb bulkoperation.Verb, w work, o *change.BulkOptions,
	measure func(*change.Tx, *ent.BulkOperationCreate) error) (id string, err error) {
	if err := o.Check(); err != nil {
		return "", err
	}
	if o != nil && change.ValueOr(o.ErrorPolicy, "") == change.Atomic {
		return "", fault.New(fault.Invalid, "An operation is not undone as a whole; try it with dryRun.").At("options", "errorPolicy")
	}
	input, err := json.Marshal(w)
	if err != nil {
		return "", fmt.Errorf("write an operation down: %w", err)
	}
	_, err = c.Do(ctx, func(d *change.Tx) error {
		if err := d.ReleaseRevision(ctx); err != nil {
			return err
		}
		if o.Keyed() {
			if known, err := d.LookupResponse(ctx, o, &id); known || err != nil {
				return err
			}
		}
		create := newOperation(ctx, d, verb, input, o).SetHeldUntil(0)
		id, _ = create.Mutation().ID()
		if err := measure(d, create); err != nil {
			return err
		}
		if err := create.Exec(ctx); err != nil {
			return fmt.Errorf("write an operation down: %w", err)
		}
		if o.Keyed() {
			return d.StoreResponse(ctx, o, id)
		}
		return nil
	})
	if err == nil && c.Options.Queued != nil {
		c.Options.Queued()
	}
	return id, err
}

func newOperation(ctx context.Context, d *change.Tx, verb bulkoperation.Verb, input json.RawMessage, o *change.BulkOptions) *ent.BulkOperationCreate {
	create := d.Ent.BulkOperation.Create().SetID(d.Options.NewID(media.OperationPrefix)).SetStatus(bulkoperation.StatusQUEUED).
		SetVerb(verb).SetInput(input).SetActor(d.Actor(ctx)).SetDryRun(o.Dry()).SetDone(0).SetChanged(0).SetFailed(0).
		SetPosition("").SetCreatedAt(d.Now)
	if caller := auth.From(ctx); !caller.Unlimited() {
		create.SetLimited(true).SetGrants(caller.Grants)
	}
	if o != nil {
		create.SetNillableNote(o.Note)
	}
	return create
}

// BulkOperationCancel has an operation end where it is; what it has done stays. One
// that has ended is left as it is. It refuses with NOT_FOUND one that is not there.
func (c *Catalog) BulkOperationCancel(ctx context.Context, id string) error {
	if err := change.WithoutNUL(&struct{ ID string }{id}); err != nil {
		return err
	}
	return c.cut(ctx, id, bulkoperation.StatusCANCELLED, nil)
}

func (c *Catalog) cut(ctx context.Context, id string, status bulkoperation.Status, failure *string) error {
	_, err := c.Do(ctx, func(d *change.Tx) error {
		there, err := d.Ent.BulkOperation.Query().Where(bulkoperation.ID(id)).Exist(auth.WithRowSecurity(ctx))
		switch {
		case err != nil:
			return fmt.Errorf("find the operation: %w", err)
		case !there:
			return fault.New(fault.NotFound, "There is no such operation.").At("id")
		}
		err = d.Ent.BulkOperation.Update().Where(bulkoperation.ID(id), bulkoperation.StatusIn(change.Running...)).
			SetStatus(status).SetNillableFailure(failure).SetFinishedAt(d.Now).Exec(ctx)
		if err != nil {
			return fmt.Errorf("end the operation: %w", err)
		}
		return d.ReleaseRevision(ctx)
	})
	return err
}
