package collect

import "sync"

// Batch is the rows that one query loaded. What an API asks of one of them it
// nearly always asks of all, so the first that is asked loads for all: the
// number of statements follows from the query's text, never from the number of
// rows.
type Batch[T any] struct {
	// Rows are the rows of the batch, in the order they were loaded.
	Rows []*T

	mu    sync.Mutex
	loads map[string]*load
}

type load struct {
	once  sync.Once
	value any
	err   error
}

// NewBatch makes a batch of rows.
func NewBatch[T any](rows []*T) *Batch[T] { return &Batch[T]{Rows: rows} }

// Load returns what fn makes of the batch's rows. It is called once for each
// key; others that ask with that key meanwhile wait for it, and get its answer
// or its error.
func Load[T, V any](c *Batch[T], key string, fn func(rows []*T) (V, error)) (V, error) {
	c.mu.Lock()
	l := c.loads[key]
	if l == nil {
		l = &load{}
		if c.loads == nil {
			c.loads = map[string]*load{}
		}
		c.loads[key] = l
	}
	c.mu.Unlock()
	l.once.Do(func() { l.value, l.err = fn(c.Rows) })
	if l.err != nil {
		var none V
		return none, l.err
	}
	return l.value.(V), nil
}
