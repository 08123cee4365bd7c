package limits

import (
	"context"
	"sync/atomic"

	"vodgraph/fault"
)

// meter counts the objects of an answer while they are read: lists that are not paged
// may be longer than they were taken to be.
type meter struct {
	read  atomic.Int64
	limit int64
}

type meterKey struct{}

// Metered begins an answer that may have so many objects.
func Metered(ctx context.Context, limit int) context.Context {
	return context.WithValue(ctx, meterKey{}, &meter{limit: int64(limit)})
}

// Enough is how many objects are enough to be over the limit, for a statement to end
// there. It is the same for all of them, so that they stay prepared.
func Enough(ctx context.Context) int {
	if m, metered := ctx.Value(meterKey{}).(*meter); metered {
		return int(m.limit) + 1
	}
	return most
}

// Read counts objects that were read. It refuses with NODES_EXCEEDED those over the limit.
func Read(ctx context.Context, objects int) error {
	m, metered := ctx.Value(meterKey{}).(*meter)
	if !metered {
		return nil
	}
	if read := m.read.Add(int64(objects)); read > m.limit {
		return fault.New(fault.NodesExceeded, "The answer came to more than %d objects, and was stopped; ask for less of a list at a time.", m.limit).
			Over(read, m.limit)
	}
	return nil
}
