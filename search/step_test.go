package search_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"vodgraph/search"
)

// TestShortSteps tells an engine of changes in steps that leave time to others, and
// goes on after one that was not done.
func TestShortSteps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most, assets = 50, 1000
		l, s := newLibrary(assets), newShelf()
		steps, told := 0, 0
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
			if told = len(s.docs) - before; told > most {
				t.Errorf("a step told of %d documents", told)
			}
			return err
		}
		x := startStepping(t, "one", l, s, start)
		time.Sleep(time.Minute)
		wantSame(t, l, s)
		wantWhy(t, x, search.Level)
		if steps < assets/most {
			t.Errorf("there were %d steps", steps)
		}
	})
}
