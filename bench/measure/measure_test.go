package measure

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestRounds holds that each target has one turn a round, and that another one begins in each.
func TestRounds(t *testing.T) {
	t.Parallel()
	var turns []string
	err := Rounds(2, 3, func(round, target int) error {
		turns = append(turns, fmt.Sprint(round, target))
		return nil
	})
	if want := "0 0,0 1,0 2,1 1,1 2,1 0"; err != nil || strings.Join(turns, ",") != want {
		t.Errorf("%v, %v, want %s", turns, err, want)
	}
	failed := errors.New("failed")
	if err := Rounds(2, 3, func(int, int) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("the error of a turn is lost: %v", err)
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	// Round by round 2, 8 and 3 times as much.
	if got := Ratio([]float64{2, 8, 30}, []float64{1, 1, 10}); got != 3 {
		t.Errorf("the median of the ratios is %v", got)
	}
	var all Latencies
	for i := range 100 {
		all = append(all, time.Duration(i+1)*time.Millisecond)
	}
	for part, want := range map[float64]float64{0: 1, 0.5: 51, 0.99: 100, 1: 100} {
		if got := all.At(part); got != want {
			t.Errorf("%v of 100 is at %v, not at %v", part, got, want)
		}
	}
	var text strings.Builder
	Head(&text, "a | b")
	if want := "| a | b |\n|---|---|\n"; text.String() != want {
		t.Errorf("the head is %q", text.String())
	}
}

// TestFlags holds that values out of bounds are refused, and that a flag that is not set leaves its value.
func TestFlags(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"": "7 2s", "-n 3 -seconds 0.5": "3 500ms", "-n 2": "", "-n 10": "", "-n x": "", "-seconds 0": "", "-seconds 61": "",
	} {
		flags := Flags{flag.NewFlagSet("", flag.ContinueOnError)}
		flags.SetOutput(io.Discard)
		n, long := 7, 2*time.Second
		flags.Int(&n, "n", 3, 9, "how many")
		flags.Seconds(&long, "seconds", time.Minute, "how long")
		err := flags.Parse(strings.Fields(args))
		if got := fmt.Sprint(n, long); err == nil && got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %s, %v", args, got, err)
		}
	}
}

// TestPaced holds that a request that takes long delays none, and that its latency is counted.
func TestPaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithTimeout(t.Context(), 950*time.Millisecond)
		defer end()
		var asked atomic.Int64
		all, err := Paced(ctx, 10, func(context.Context) error {
			if asked.Add(1) == 1 {
				time.Sleep(5 * time.Second)
			}
			return nil
		})
		if err != nil || len(all) != 10 || !slices.IsSorted(all) || all[8] != 0 || all[9] != 5*time.Second {
			t.Errorf("%v, %v", all, err)
		}
	})
}
