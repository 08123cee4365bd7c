package app

import (
	"sync"

	"vodgraph/fault"
)

// places are how many streams, sockets and operations of sockets each of those who ask may
// have at once: what stays costs memory for as long as it does.
type places struct {
	most int
	lock sync.Mutex
	held map[string]int
}

func newPlaces(most int) *places { return &places{most: most, held: map[string]int{}} }

// take takes a place for someone, and gives what gives it back; it refuses one too many.
func (p *places) take(who string) (leave func(), refused *fault.Fault) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.held[who] >= p.most {
		return nil, fault.New(fault.TooManySubscriptions,
			"There are %d subscriptions of yours under way, and may be no more.", p.most).Over(int64(p.most)+1, int64(p.most))
	}
	p.held[who]++
	return sync.OnceFunc(func() {
		p.lock.Lock()
		defer p.lock.Unlock()
		if p.held[who]--; p.held[who] == 0 {
			delete(p.held, who)
		}
	}), nil
}
