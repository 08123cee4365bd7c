package change

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/idempotencyrecord"
	"vodgraph/fault"
	"vodgraph/limits"
)

// A call with many items may be a dry run, and may be distinguished from others by a
// key, so that to make it again does nothing again.

// Dry reports whether the call is a dry run.
func (o *BulkOptions) Dry() bool { return o != nil && o.DryRun != nil && *o.DryRun }

// Key is the caller's key; empty for none.
func (o *BulkOptions) Key() string {
	if o == nil || o.IdempotencyKey == nil {
		return ""
	}
	return *o.IdempotencyKey
}

// Keyed reports whether the response to the call is stored: it has a key and is no
// dry run.
func (o *BulkOptions) Keyed() bool { return o.Key() != "" && !o.Dry() }

// Check refuses options that cannot be kept.
func (o *BulkOptions) Check() error {
	if o == nil {
		return nil
	}
	for _, text := range []struct {
		value    *string
		name     string
		min, max int
		rule     string
	}{
		{o.IdempotencyKey, "idempotencyKey", 1, limits.IdempotencyKey, "A key has 1 to %d characters."},
		{o.Note, "note", 0, limits.Note, "A note has up to %d characters."},
	} {
		n := utf8.RuneCountInString(ValueOr(text.value, ""))
		switch {
		case text.value == nil:
		case strings.ContainsRune(*text.value, 0):
			return NULRefused().At("options", text.name)
		case n < text.min || n > text.max:
			return fault.New(fault.Invalid, text.rule, text.max).At("options", text.name)
		}
	}
	return nil
}

// Call runs a call with many items as one transaction. A dry run is the same transaction,
// undone at its end. A call with a key that was answered before is answered again.
func (l *Library) Call(ctx context.Context, o *BulkOptions, fn func(*Tx, *Outcome) error) (*Outcome, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	out, keyed := &Outcome{}, o.Keyed()
	revision, err := l.Do(ctx, func(d *Tx) error {
		if o != nil {
			d.Note, d.Policy = o.Note, ValueOr(o.ErrorPolicy, SkipFailed)
		}
		if keyed {
			switch known, err := d.LookupResponse(ctx, o, out); {
			case err != nil:
				return err
			case known:
				return ErrUnchanged
			}
		}
		err := fn(d, out)
		switch {
		case err != nil && !errors.Is(err, ErrUnchanged):
			return err
		case o.Dry():
			for i, item := range out.Items {
				if item.Outcome == Created { // and so there only once it is written
					out.Items[i].ID = ""
				}
			}
			out.DryRun, out.Changes = true, Planned(d.History, MadeIn(d.History))
			return ErrUnchanged
		case !keyed:
			out.ChangeSet = d.WrittenSet(err)
			return err
		}
		if err != nil {
			if err := d.ReleaseRevision(ctx); err != nil {
				return err
			}
		} else {
			out.Revision = &d.Revision
		}
		out.ChangeSet = d.WrittenSet(err)
		return d.StoreResponse(ctx, o, out)
	})
	if revision != nil {
		out.Revision = revision
	}
	return out, err
}

// WrittenSet is the id of the transaction's change set, where it changed something.
func (d *Tx) WrittenSet(err error) string {
	if err != nil || len(d.History) == 0 {
		return ""
	}
	return d.ChangeSet()
}

// ReleaseRevision gives the transaction's number back, for it changed nothing of the library, and
// has it committed all the same.
func (d *Tx) ReleaseRevision(ctx context.Context) error {
	if err := d.Ent.Library.Update().AddRevision(-1).Exec(ctx); err != nil {
		return fmt.Errorf("give the revision back: %w", err)
	}
	d.Noop = true
	return nil
}

// LookupResponse reads the response that a call with this key had, and reports whether there is one.
// It refuses with IDEMPOTENCY_KEY_REUSED another call with the key.
func (d *Tx) LookupResponse(ctx context.Context, o *BulkOptions, answer any) (known bool, err error) {
	if o.Digest == "" { // or every call with the key would be the same one
		return false, errors.New("a call with an idempotency key has no digest of its arguments")
	}
	if _, err := d.Ent.IdempotencyRecord.Delete().Where(idempotencyrecord.CreatedAtLT(d.Now.Add(-limits.IdempotencyKept))).Exec(ctx); err != nil {
		return false, fmt.Errorf("delete expired idempotency records: %w", err)
	}
	row, err := d.Ent.IdempotencyRecord.Query().Where(idempotencyrecord.Actor(d.Actor(ctx)), idempotencyrecord.Mutation(o.Mutation),
		idempotencyrecord.Key(o.Key())).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("find an idempotency record: %w", err)
	case row.Digest != o.Digest:
		return false, fault.New(fault.IdempotencyKeyReused, "This key was used for another call, of %s.",
			row.CreatedAt.UTC().Format(time.RFC3339)).At("options", "idempotencyKey")
	}
	if err := json.Unmarshal([]byte(row.Response), answer); err != nil {
		return false, fmt.Errorf("read an idempotency record: %w", err)
	}
	return true, nil
}

// StoreResponse stores the response to a call as an idempotency record.
func (d *Tx) StoreResponse(ctx context.Context, o *BulkOptions, given any) error {
	answer, err := json.Marshal(given)
	if err != nil {
		return fmt.Errorf("encode a response: %w", err)
	}
	err = d.Ent.IdempotencyRecord.Create().SetActor(d.Actor(ctx)).SetMutation(o.Mutation).SetKey(o.Key()).SetDigest(o.Digest).
		SetResponse(string(answer)).SetCreatedAt(d.Now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("store an idempotency record: %w", err)
	}
	return nil
}

// BulkOptions are the options of a call with many items.
type BulkOptions struct {
	ErrorPolicy *ErrorPolicy
	// DryRun reports all and writes nothing.
	DryRun *bool
	// IdempotencyKey is the caller's name for the call: within a day the same call
	// with it is answered as before, and no other is taken.
	IdempotencyKey *string
	// Note is kept with what the call changes.
	Note *string
	// Mutation and Digest say which call the key is for.
	Mutation, Digest string `json:"-"`
}

// CountItems refuses a call whose list has no items or more than the limit.
func (l *Library) CountItems(n int, list string) error {
	switch most := l.Options.Limits.Items; {
	case n == 0:
		return fault.New(fault.Required, "Give at least one item.").At(list)
	case n > most:
		return fault.New(fault.TooManyItems, "The call has %d items, and at most %d are taken.", n, most).At(list)
	}
	return nil
}

// Running are the statuses of operations that are not over.
var Running = []bulkoperation.Status{bulkoperation.StatusQUEUED, bulkoperation.StatusRUNNING}
