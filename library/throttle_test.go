package library

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// press has so many requests come, one every gap, until ctx ends.
func press(ctx context.Context, c *Throttle, gap time.Duration) {
	tick := time.NewTicker(gap)
	defer tick.Stop()
	for ctx.Err() == nil {
		c.Note(false)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// TestNothingWaitsWhileNobodyAsks does steps at the same time, and long ones, though
// somebody watches how far they are.
func TestNothingWaitsWhileNobodyAsks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, began := NewThrottle(time.Now), time.Now()
		ctx, end := context.WithCancel(t.Context())
		go press(ctx, c, time.Second/4)
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				for range 10 {
					err := c.Step(ctx, func(short bool) error {
						if short {
							t.Error("a step is short")
						}
						time.Sleep(300 * time.Millisecond)
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		both.Wait()
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("it took %s", took)
		}
		end()
	})
}

// TestOneShortStepAtATimeWhileOthersAsk leaves most of the time to those who ask.
func TestOneShortStepAtATimeWhileOthersAsk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := NewThrottle(time.Now)
		c.pauseFactor = 3
		ctx, end := context.WithCancel(t.Context())
		go press(ctx, c, time.Second/50)
		time.Sleep(time.Second)
		began := time.Now()
		var several sync.WaitGroup
		var under atomic.Int64
		broken := errors.New("broken")
		for range 3 {
			several.Go(func() {
				for range 5 {
					err := c.Step(ctx, func(short bool) error {
						if !short || under.Add(1) > 1 {
							t.Error("a step is long, or not the only one")
						}
						time.Sleep(10 * time.Millisecond)
						under.Add(-1)
						return broken
					})
					if !errors.Is(err, broken) {
						t.Errorf("the error of a step is %v", err)
					}
				}
			})
		}
		several.Wait()
		if took := time.Since(began); took != 15*40*time.Millisecond {
			t.Errorf("it took %s", took)
		}
		began = time.Now()
		_ = c.Step(ctx, func(bool) error { time.Sleep(time.Minute); return nil })
		if took := time.Since(began); took != time.Minute+maxPause {
			t.Errorf("a long step took %s with its rest", took)
		}
		held := make(chan struct{})
		go func() { _ = c.Step(ctx, func(bool) error { close(held); <-ctx.Done(); return nil }) }()
		<-held
		time.AfterFunc(time.Second, end)
		if err := c.Step(ctx, func(bool) error { t.Error("two steps at once"); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("a step that waits ends with %v", err)
		}
		time.Sleep(2 * time.Second) // nobody asks any more
		if c.Busy() {
			t.Error("it gives way to nobody")
		}
	})
}

// TestRestsByProcessors has more done where there are more processors.
func TestRestsByProcessors(t *testing.T) {
	t.Parallel()
	if got, want := NewThrottle(time.Now).pauseFactor, max(0, 8/runtime.GOMAXPROCS(0)-1); got != want {
		t.Errorf("a rest is %d times as long as a step, want %d", got, want)
	}
}
