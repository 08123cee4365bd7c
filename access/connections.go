package access

import (
	"sync"

	"vodgraph/fault"
)

// ConnectionLimiter are how many streams, sockets and operations of sockets each of those who ask may
// have at once: what stays costs memory for as long as it does.
type ConnectionLimiter struct {
	most int
	lock sync.Mutex
	open map[string]int
}

// NewConnectionLimiter lets each caller have so many connections at once.
func NewConnectionLimiter(most int) *ConnectionLimiter {
	return &ConnectionLimiter{most: most, open: map[string]int{}}
}

// Acquire takes a place for someone, and gives what gives it back; it refuses one too many.
func (p *ConnectionLimiter) Acquire(who string) (leave func(), refused *fault.Fault) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.open[who] >= p.most {
		return nil, fault.New(fault.TooManySubscriptions,
			"There are %d subscriptions of yours under way, and may be no more.", p.most).Over(int64(p.most)+1, int64(p.most))
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
