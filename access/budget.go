package access

import (
	"math"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"vodgraph/auth"
	"vodgraph/fault"
)

const maxCostPerMinute = math.MaxInt32

// maxCallers is how many budgets are kept; the least recently used one is full again.
const maxCallers = 10_000

// FlatCost is what a request costs that is no query: metrics, a file, its results.
const FlatCost = 100

// Budget is how much the requests of each caller cost, on this server. What is spent
// comes back evenly, all of it within a minute.
type Budget struct {
	perMinute int // 0 for no limit
	left      *lru.Cache[string, *rate.Limiter]
	now       func() time.Time
}

// NewBudget makes full budgets of so much a minute, 0 for no limit.
func NewBudget(perMinute int, now func() time.Time) *Budget {
	left, err := lru.New[string, *rate.Limiter](maxCallers)
	if err != nil {
		panic(err) // the size is no size
	}
	return &Budget{perMinute, left, now}
}

// limited reports whether a caller has a budget. One without a key is on this machine, or
// was let in on purpose.
func (s *Budget) limited(c *auth.Caller) bool {
	return s.perMinute > 0 && c != nil && c.Name != auth.Local
}

func (s *Budget) of(c *auth.Caller) *rate.Limiter {
	if left, known := s.left.Get(c.Name); known {
		return left
	}
	left := rate.NewLimiter(rate.Limit(float64(s.perMinute)/60), s.perMinute)
	if known, there, _ := s.left.PeekOrAdd(c.Name, left); there { // by another request meanwhile
		return known
	}
	return left
}

// Spend takes what a request costs from what its caller has left. It refuses with
// RATE_LIMITED what costs more than that.
func (s *Budget) Spend(c *auth.Caller, cost int) *fault.Fault {
	if !s.limited(c) {
		return nil
	}
	left, now := s.of(c), s.now()
	cost = min(cost, s.perMinute) // what one request may cost has a limit of its own
	if left.AllowN(now, cost) {
		return nil
	}
	has := max(0, left.TokensAt(now))
	wait := max(1, int(math.Ceil((float64(cost)-has)/float64(left.Limit()))))
	return fault.New(fault.RateLimited, "The request may cost %d, and of the %d that yours may cost in a minute %d are left; try again in %d seconds.",
		cost, s.perMinute, int(has), wait).Over(int64(cost), int64(has)).Again(wait)
}

// Remaining is what a caller may spend in a minute, and what is left; nils where it is not
// limited.
func (s *Budget) Remaining(c *auth.Caller) (perMinute, left *int) {
	if !s.limited(c) {
		return nil, nil
	}
	has := int(max(0, s.of(c).TokensAt(s.now())))
	return &s.perMinute, &has
}
