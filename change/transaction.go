// Package change is one transaction on the library: what a call names is resolved, the states of
// assets are loaded, and the differences between them and their next states are written as sets of
// rows, with the history, the revision and the marks of what the search index must learn. Callers
// decide what the next states are.
//
// A transaction begins by raising the library's revision, so that transactions wait for each other
// and what one has checked still holds when it writes (decision 0003).
package change

import (
	"context"
	"errors"
	"fmt"
	"time"
	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/library"
	"vodgraph/limits"

	"entgo.io/ent/dialect/sql"
)

// Options are what the verbs go by.
type Options struct {
	// Limits are how much of everything is taken.
	Limits limits.Library
	// Now returns the time.
	Now func() time.Time
	// NewID makes an id that starts with the prefix and sorts after those made
	// before.
	NewID func(prefix string) string
	// ReviewAutoBlock has a review that suggests BLOCK block a video or audio
	// that is NORMAL or CHECKING.
	ReviewAutoBlock bool
	// NewSecret makes 43 letters, digits, - and _ that nobody can guess, for a key.
	NewSecret func() string
	// Changed is called after each transaction that changed something, and returns at
	// once; nil is nobody who wants to know.
	Changed func()
	// Queued is called when an operation waits to be done, as Changed is.
	Queued func()
}

// Library is the tables, and what changes of them go by.
type Library struct {
	DB      *ent.Client
	Options Options
	// compare returns the fields of an asset that a change sets.
	compare Comparison
}

// Comparison returns the fields in which the states of a change differ, given the parts that
// do. Values that are nil are null.
type Comparison func(c *Change, parts Part, names *LinkNames) []Difference

// Difference is a field of an asset that a change sets, with its values before and after as
// the history keeps them; both are nil of a field of which it keeps only that it was put.
type Difference struct {
	Field         string
	Before, After any
}

// Open makes a library of a database, of which compare names the fields.
func Open(db *ent.Client, opts Options, compare Comparison) *Library {
	return &Library{DB: db, Options: opts, compare: compare}
}

// Limits are those in force.
func (l *Library) Limits() limits.Library { return l.Options.Limits }

// ErrUnchanged undoes a transaction that changed nothing, so that it takes no revision.
var ErrUnchanged = errors.New("nothing changed")

// ErrorPolicy says what the refusal of one item does to the others.
type ErrorPolicy string

// The policies.
const (
	Atomic     ErrorPolicy = "ATOMIC"
	SkipFailed ErrorPolicy = "SKIP_FAILED"
)

// Grants are the categories that a limited caller sees, by their ids; nil is for callers
// who see everything.
type Grants map[string]*ent.Category

// Tx is one transaction with its number and its time.
type Tx struct {
	*Library
	Ent          *ent.Tx
	Revision     int64
	Now          time.Time
	IndexEntries int64 // how many entries of the index it has written

	Note        *string
	Policy      ErrorPolicy   // what the refusal of one item does to the others
	Undoes      *string       // the set that it undoes
	History     []*ent.Change // what it made of assets
	ChangeSetID string        // the id of its change set; empty for none
	SetOpen     bool          // whether that is written
	SetGrows    bool          // whether it has more than this transaction, and so is counted elsewhere
	Granted     Grants        // what the caller sees, where that is not all and was asked for
	Sources     []string      // the only ones of whose AI data lists are loaded; nil for all
	// Noop is set for a transaction that changed nothing of the library, and is committed for
	// what else it wrote: it takes no revision.
	Noop bool
}

// Do runs a function in a transaction, and returns its revision.
type Do func(context.Context, func(*Tx) error) (*int64, error)

// Do runs fn as one transaction and returns its revision. An error undoes it;
// errUnchanged undoes it too and is no error, but has no revision.
func (l *Library) Do(ctx context.Context, fn func(*Tx) error) (*int64, error) {
	tx, err := l.DB.Tx(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	// A transaction that panics must not keep the others waiting for ever.
	ended := false
	defer func() {
		if !ended {
			_ = tx.Rollback()
		}
	}()
	d := &Tx{Library: l, Ent: tx}
	err = d.begin(ctx)
	if err == nil {
		err = fn(d)
	}
	if err == nil && !d.Noop {
		err = d.record(ctx)
	}
	ended = true
	if err != nil {
		if undo := tx.Rollback(); undo != nil {
			return nil, errors.Join(err, fmt.Errorf("roll back: %w", undo))
		}
		if errors.Is(err, ErrUnchanged) {
			return nil, nil
		}
		return nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	if d.Noop {
		return nil, nil
	}
	if l.Options.Changed != nil {
		l.Options.Changed()
	}
	return &d.Revision, nil
}

// begin draws the transaction's number, and so waits for the transaction before. The time is
// read after that, so that a later transaction has no earlier time.
func (d *Tx) begin(ctx context.Context) error {
	if err := d.Ent.Library.Update().AddRevision(1).Exec(ctx); err != nil {
		return fmt.Errorf("raise the revision: %w", err)
	}
	row, err := d.Ent.Library.Query().Select(library.FieldRevision).Only(ctx)
	if err != nil {
		return fmt.Errorf("read the revision: %w", err)
	}
	d.Revision, d.Now = row.Revision, Timestamp(d.Options.Now())
	return nil
}

// Actor is who calls.
func (d *Tx) Actor(ctx context.Context) string { return auth.From(ctx).Actor() }

// Aside runs a short transaction that changes nothing of the library itself, and
// so is no transaction and waits for none on Postgres.
func (l *Library) Aside(ctx context.Context, fn func(*ent.Tx) error) error {
	tx, err := l.DB.Tx(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	ended := false
	defer func() { // a panic must not keep others waiting
		if !ended {
			_ = tx.Rollback()
		}
	}()
	err = fn(tx)
	ended = true
	if err != nil {
		_ = tx.Rollback() // the first error is returned
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Scanner takes the columns of a row.
type Scanner func(into ...any) error

// Read runs a query, and has each visit its rows. Of wide tables that are read by
// the thousand it takes only what is needed.
func (l *Library) Read(ctx context.Context, q sql.Querier, each func(Scanner) error) error {
	query, args := q.Query()
	rows, err := l.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Timestamp is a time as the library keeps it: UTC, to the millisecond.
func Timestamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
