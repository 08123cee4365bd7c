// Package invent makes up what belongs to media that do not exist: source
// files, play infos, snapshots, what analysers say. All of it is plausible and
// none of it true. Equal draws make equal media: there is no clock and no other
// chance here.
package invent

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// Chance draws numbers. Two of the same seed and stream draw the same.
type Chance struct{ *rand.Rand }

// NewChance begins a stream of draws.
func NewChance(seed, stream uint64) Chance {
	return Chance{rand.New(rand.NewPCG(seed, stream))}
}

// Between draws a number from low to high, both included.
func (c Chance) Between(low, high int) int { return low + c.IntN(high-low+1) }

// Share draws a number from low to high to three digits, as confidences and
// scores have.
func (c Chance) Share(low, high float64) float64 {
	return math.Round((low+(high-low)*c.Float64())*1000) / 1000
}

// One in n draws are true.
func (c Chance) One(n int) bool { return c.IntN(n) == 0 }

// Hex draws 32 hexadecimal digits: the number of a job, or a checksum.
func (c Chance) Hex() string { return fmt.Sprintf("%016x%016x", c.Uint64(), c.Uint64()) }

// Later is a time at least an hour and less than so many days after t, to the
// millisecond.
func (c Chance) Later(t time.Time, days int) time.Time {
	return t.Add(time.Hour + time.Duration(c.Int64N(int64(days)*24*3_600_000-3_600_000))*time.Millisecond)
}

// Pick draws one of the words.
func Pick[T any](c Chance, words []T) T { return words[c.IntN(len(words))] }

// Some draws n of the words, or all where there are fewer, none twice.
func Some[T any](c Chance, words []T, n int) []T {
	n = min(n, len(words))
	drawn := make([]T, 0, n)
	taken := make(map[int]bool, n)
	for len(drawn) < n {
		i := c.IntN(len(words))
		if !taken[i] {
			taken[i] = true
			drawn = append(drawn, words[i])
		}
	}
	return drawn
}

// seconds is a length to the millisecond.
func seconds(ms int64) float64 { return float64(ms) / 1000 }

// pointer is a number that may be zero and still is said.
func pointer[T any](v T) *T { return &v }
