package access

import (
	"sync"

	"vodgraph/fault"
)

// ConnectionLimiter limits how many streams, sockets and operations of sockets each caller
// has at once, as each costs memory for as long as it is open.
type ConnectionLimiter struct {
	limit int
	lock  sync.Mutex
	open  map[string]int
}

// NewConnectionLimiter lets each caller have so many connections at once.
func NewConnectionLimiter(limit int) *ConnectionLimiter {
	return &ConnectionLimiter{limit: limit, open: map[string]int{}}
}

// Acquire counts a connection of someone, and returns what releases it. It refuses one over
// the limit with TOO_MANY_SUBSCRIPTIONS.
func (p *ConnectionLimiter) Acquire(who string) (leave func(), refused *fault.Fault) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.open[who] >= p.limit {
		return nil, fault.New(fault.TooManySubscriptions,
			"There are %d subscriptions of yours under way, and may be no more.", p.limit).Over(int64(p.limit)+1, int64(p.limit))
	}
	p.open[who]++
	return sync.OnceFunc(func() {
		p.lock.Lock()
		defer p.lock.Unlock()
		if p.open[who]--; p.open[who] == 0 {
			delete(p.open, who)
		}
	}), nil
}
