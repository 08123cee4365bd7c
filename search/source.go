package search

import "context"

// Source is the library that an engine is kept level with.
type Source interface {
	Feed
	Gauge
}

// Feed is what has changed, and what there is of it.
type Feed interface {
	// Stale lists up to limit marks, those of the earliest deeds first. A mark is
	// written by the deed that it tells of, and stays until it is forgotten.
	Stale(ctx context.Context, limit int) ([]StaleMark, error)
	// Forget removes just these marks.
	Forget(ctx context.Context, marks []StaleMark) error
	// Documents are those of the assets that are there, as they are now or were at
	// some moment since the call; an asset that is not there has none.
	Documents(ctx context.Context, ids []string) ([]*Document, error)
}

// Gauge is how a library stands, and what an engine should have.
type Gauge interface {
	// Revisions lists what the engine's Revisions should: the ids of up to limit
	// assets after one, in the same order, with the revisions of their documents.
	Revisions(ctx context.Context, after string, limit int) ([]Revision, error)
	// State tells how all of it stands at one moment. It counts, and so costs time.
	State(ctx context.Context) (State, error)
	// Told is State.Revision, and whether there are marks at all.
	Told(ctx context.Context) (revision int64, waiting bool, err error)
	// Waits counts the assets that have marks, up to so many.
	Waits(ctx context.Context, most int64) (int64, error)
}

// StaleMark says that a deed changed what an asset is found by, or deleted it.
type StaleMark struct {
	ID       int64
	Asset    string
	Revision int64 // the deed's
}

// State is a library at one moment.
type State struct {
	Assets  int64 // how many there are
	Waiting int64 // how many have marks, deleted ones too
	// Revision is that of the last deed of which, and before which, all is told:
	// one less than that of the earliest mark, or the highest there is.
	Revision int64
}

// Turn is the right to read marks and to write to an engine, which one process has at
// a time. It ends by itself some time after it was taken last.
type Turn interface {
	// Take takes the turn, or takes it again. It tells whether this process has it, and
	// whether its engine is one that was told everything, so that marks are all that it
	// lacks: whoever had the turn since Say was last called wrote to this same engine.
	Take(ctx context.Context) (mine, told bool, err error)
	// Say says that the engine has been told everything but for the marks there are.
	Say(ctx context.Context) error
	// Give gives the turn back.
	Give(ctx context.Context) error
}

// Builds are the wishes of people to have the engine filled anew.
type Builds interface {
	// Wanted is the number of the last wish that is not finished; 0 for none.
	Wanted(ctx context.Context) (int64, error)
	// Progress tells how far the build is that fulfils a wish, and those before it.
	Progress(ctx context.Context, wish, done, total int64) error
	// Finish ends a wish and those before it, with why it was given up, or empty.
	Finish(ctx context.Context, wish int64, failure string) error
}
