package measure

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// Rounds gives each of so many targets one turn a round, and begins with another one in each, so that none
// is always the first.
func Rounds(rounds, targets int, turn func(round, target int) error) error {
	for round := range rounds {
		for j := range targets {
			if err := turn(round, (round+j)%targets); err != nil {
				return err
			}
		}
	}
	return nil
}

// Median is the middle of some values, or the one above where there are two.
func Median[N cmp.Ordered](values []N) N {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// Ratio is the median of what values are divided by others, round by round.
func Ratio(values, others []float64) float64 {
	ratios := make([]float64, len(values))
	for i := range values {
		ratios[i] = values[i] / others[i]
	}
	return Median(ratios)
}

// Latencies are how long requests took, sorted.
type Latencies []time.Duration

// At is a latency that so large a part of the requests stayed within, in milliseconds.
func (l Latencies) At(part float64) float64 {
	if len(l) == 0 {
		return math.NaN()
	}
	return Milliseconds(l[min(int(part*float64(len(l))), len(l)-1)])
}

// Milliseconds is how many a duration has.
func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// Head prints the head of a table with columns that are separated by " | ".
func Head(out io.Writer, columns string) {
	fmt.Fprintf(out, "| %s |\n%s|\n", columns, strings.Repeat("|---", 1+strings.Count(columns, " | ")))
}
