package search

import "context"

// Source is the library that an engine is kept in sync with.
type Source interface {
	ChangeFeed
	LibraryStats
}

// ChangeFeed is what has changed, and the documents of it.
type ChangeFeed interface {
	// Stale lists up to limit marks, those of the earliest transactions first. A mark is
	// written by the transaction that it belongs to, and stays until Forget.
	Stale(ctx context.Context, limit int) ([]StaleMark, error)
	// Forget removes just these marks.
	Forget(ctx context.Context, marks []StaleMark) error
	// Documents returns those of the assets that exist, as of some moment since the call;
	// an asset that does not exist has none.
	Documents(ctx context.Context, ids []string) ([]*Document, error)
}

// LibraryStats is what an engine is checked against.
type LibraryStats interface {
	// Revisions lists what the engine's Revisions should: ids of up to limit assets after
	// one, in the same order, with the revisions of their documents.
	Revisions(ctx context.Context, after string, limit int) ([]Revision, error)
	// State returns the counts of one moment. It counts rows, and so costs time.
	State(ctx context.Context) (State, error)
	// SyncedRevision returns State.Revision, and whether there are marks at all.
	SyncedRevision(ctx context.Context) (revision int64, pending bool, err error)
	// PendingCount counts the assets that have marks, up to limit.
	PendingCount(ctx context.Context, limit int64) (int64, error)
}

// StaleMark records that a transaction changed what an asset is found by, or deleted it.
type StaleMark struct {
	ID       int64
	Asset    string
	Revision int64 // the transaction's
}

// State is a library at one moment.
type State struct {
	Assets  int64 // how many there are
	Pending int64 // how many have marks, deleted ones too
	// Revision is that of the last transaction such that it and all before it are in the
	// engine: one less than that of the earliest mark, or the highest there is.
	Revision int64
}

// WriterLease is the right to read marks and to write to an engine. One process has it
// at a time; it expires unless it is renewed.
type WriterLease interface {
	// Claim claims or renews the lease. It reports whether this process has it, and
	// whether this engine is synced, so that the pending marks are all that it lacks: since
	// MarkSynced all holders of the lease wrote to this same engine.
	Claim(ctx context.Context) (held, synced bool, err error)
	// MarkSynced records that the engine has everything but what is marked.
	MarkSynced(ctx context.Context) error
	// Release ends the lease.
	Release(ctx context.Context) error
}

// RebuildRequests are requests of operators to rebuild the engine.
type RebuildRequests interface {
	// Latest is the number of the last unfinished request; 0 for none.
	Latest(ctx context.Context) (int64, error)
	// Progress records the progress of the build for a request and those before it.
	Progress(ctx context.Context, request, done, total int64) error
	// Finish ends a request and those before it, with why it failed, or empty.
	Finish(ctx context.Context, request int64, failure string) error
}
