package search_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"vodgraph/search"
)

// TestShortSteps writes changes to an engine in steps that leave time to others, and
// goes on after one that was not done.
func TestShortSteps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most, assets = 50, 1000
		l, s := newLibrary(assets), newMemory()
		steps, wrote := 0, 0
		start := func(_ context.Context, do func(bool) error) error {
			if steps++; steps == 3 {
				return errors.New("no time")
			}
			s.lock.Lock()
			before := len(s.docs)
			s.lock.Unlock()
			err := do(true)
			time.Sleep(100 * time.Millisecond)
			s.lock.Lock()
			defer s.lock.Unlock()
			if wrote = len(s.docs) - before; wrote > most {
				t.Errorf("a step wrote of %d documents", wrote)
			}
			return err
		}
		x := startStepping(t, "one", l, s, start)
		time.Sleep(time.Minute)
		wantSame(t, l, s)
		wantWhy(t, x, search.InSync)
		if steps < assets/most {
			t.Errorf("there were %d steps", steps)
		}
	})
}
