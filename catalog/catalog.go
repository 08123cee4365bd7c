// Package catalog is the verbs of the library: what may be done to it, and what
// follows. Every verb is one deed: one transaction, begun by raising the
// library's revision, so that deeds wait for each other and what one has checked
// still holds when it writes. A verb on assets is a pure function from an
// asset's state to its next state; one writer writes the difference, and what
// does not differ is not touched.
package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/library"
	"vodgraph/fault"
)

// Catalog does the verbs.
type Catalog struct {
	db   *ent.Client
	opts Options
}

// Options are what the verbs go by.
type Options struct {
	// Limits are how much of everything is taken.
	Limits Limits
	// Now tells the time.
	Now func() time.Time
	// NewID makes an id that starts with the prefix and sorts after those made
	// before.
	NewID func(prefix string) string
	// ReviewAutoBlock has a review that suggests BLOCK block a video or audio
	// that is NORMAL or CHECKING.
	ReviewAutoBlock bool
	// NewSecret makes 43 letters, digits, - and _ that nobody can guess, for a key.
	NewSecret func() string
	// Changed is called after each deed that changed something, and returns at
	// once; nil is nobody who wants to know.
	Changed func()
	// Queued is called when an operation waits to be done, as Changed is.
	Queued func()
}

// New makes a catalog over a database.
func New(db *ent.Client, opts Options) *Catalog { return &Catalog{db: db, opts: opts} }

// Limits tells the limits in force.
func (c *Catalog) Limits() Limits { return c.opts.Limits }

// errUnchanged undoes a deed that changed nothing, so that it takes no revision.
var errUnchanged = errors.New("nothing changed")

// deed is one transaction with its number and its time.
type deed struct {
	*Catalog
	tx       *ent.Tx
	revision int64
	now      time.Time
	entries  int64 // how many entries of the index it has written

	note     *string
	undoes   *string       // the set that it undoes
	history  []*ent.Change // what it made of assets
	set      string        // the id of its change set; empty for none
	setOpen  bool          // whether that is written
	setGrows bool          // whether it has more than this deed, and so is counted elsewhere
	granted  grants        // what the caller sees, where that is not all and was asked for
	sources  []string      // the only ones of whose AI data lists are loaded; nil for all
	// idle tells of a deed that changed nothing of the library, and is committed for
	// what else it wrote: it takes no revision.
	idle bool
}

// do runs fn as one deed and returns its revision. An error undoes it;
// errUnchanged undoes it too and is no error, but has no revision.
func (c *Catalog) do(ctx context.Context, fn func(*deed) error) (*int64, error) {
	tx, err := c.db.Tx(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	// A deed that panics must not keep the others waiting for ever.
	ended := false
	defer func() {
		if !ended {
			_ = tx.Rollback()
		}
	}()
	d := &deed{Catalog: c, tx: tx}
	err = d.begin(ctx)
	if err == nil {
		err = fn(d)
	}
	if err == nil && !d.idle {
		err = d.record(ctx)
	}
	ended = true
	if err != nil {
		if undo := tx.Rollback(); undo != nil {
			return nil, errors.Join(err, fmt.Errorf("roll back: %w", undo))
		}
		if errors.Is(err, errUnchanged) {
			return nil, nil
		}
		return nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	if d.idle {
		return nil, nil
	}
	if c.opts.Changed != nil {
		c.opts.Changed()
	}
	return &d.revision, nil
}

// begin draws the deed's number, and so waits for the deed before. The time is
// read after that, so that a later deed has no earlier time.
func (d *deed) begin(ctx context.Context) error {
	if err := d.tx.Library.Update().AddRevision(1).Exec(ctx); err != nil {
		return fmt.Errorf("raise the revision: %w", err)
	}
	row, err := d.tx.Library.Query().Select(library.FieldRevision).Only(ctx)
	if err != nil {
		return fmt.Errorf("read the revision: %w", err)
	}
	d.revision, d.now = row.Revision, moment(d.opts.Now())
	return nil
}

// actor is who calls.
func (d *deed) actor(ctx context.Context) string { return auth.From(ctx).Actor() }

// moment is a time as the library keeps it: UTC, to the millisecond.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Demo reports whether the demo made this library, and whether it holds
// anything at all.
func (c *Catalog) Demo(ctx context.Context) (demo, empty bool, err error) {
	row, err := c.db.Library.Query().Only(ctx)
	if err != nil {
		return false, false, fmt.Errorf("read the library: %w", err)
	}
	return row.Demo, row.Revision == 0, nil
}

// MarkDemo says that the demo makes this library. It refuses with IN_USE one
// that holds something already.
func (c *Catalog) MarkDemo(ctx context.Context) error {
	_, err := c.do(ctx, func(d *deed) error {
		if d.revision > 1 {
			return fault.New(fault.InUse, "This library is not empty, and was not made by the demo.")
		}
		return d.tx.Library.Update().SetDemo(true).Exec(ctx)
	})
	return err
}
