package filter

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vodgraph/search"
)

func TestTermOf(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"":                            "=",
		"h264":                        "=h264",
		strings.Repeat("x", 40):       "=" + strings.Repeat("x", 40),
		strings.Repeat("x", 41):       "#MWRZbfT90BiyxWfsjAPnmw",
		"#" + strings.Repeat("x", 22): "=#" + strings.Repeat("x", 22),
	} {
		if got := search.TermOf(value); got != want {
			t.Errorf("the term of %q is %q, want %q", value, got, want)
		}
	}
}

// What a play info has is what a filter names of it, and nothing else.
func TestPlayTerms(t *testing.T) {
	t.Parallel()
	codec := search.TermOf("a/b")
	got := sorted(PlayTerms("HD", "MP4", &codec, nil))
	want := []string{"///", "//=a/b/", "/MP4//", "/MP4/=a/b/", "HD///", "HD//=a/b/", "HD/MP4//", "HD/MP4/=a/b/"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := sorted(PlayTerms("HD", "MP4", nil, nil)), []string{"///", "/MP4//", "HD///", "HD/MP4//"}; !slices.Equal(got, want) {
		t.Errorf("without a codec got %q, want %q", got, want)
	}
}

// drawSeconds draws numbers of every size, and those that are near to what is kept
// of them and to where milliseconds end.
func drawSeconds(t *rapid.T) float64 {
	s := rapid.OneOf(
		rapid.Float64(),
		rapid.Float64Range(-1, 10_000),
		rapid.Float64Range(wholeSeconds-1, wholeSeconds+1),
		rapid.Float64Range(2*wholeSeconds-1, 2*wholeSeconds+1),
		rapid.Float64Range(wholeSeconds/4, wholeSeconds*4),
		rapid.Map(rapid.Int64Range(0, 1<<53), func(ms int64) float64 { return float64(ms) / 1000 }),
		rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.MaxFloat64, -math.MaxFloat64}),
	).Draw(t, "seconds")
	return beside(t, s)
}

// beside is a number, or one of its neighbours, if they are finite.
func beside(t *rapid.T, s float64) float64 {
	near := math.Nextafter(s, rapid.SampledFrom([]float64{s, math.Inf(1), math.Inf(-1)}).Draw(t, "towards"))
	if math.IsInf(near, 0) {
		return s
	}
	return near
}

// rounded is a duration as it is kept: to the millisecond, where a float has these.
func rounded(s float64) float64 {
	if s < 1<<43 {
		return math.Round(s*1000) / 1000
	}
	return s
}

func sorted(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}

// drawKept draws a duration as it is kept.
func drawKept(t *rapid.T) float64 {
	s := math.Abs(drawSeconds(t))
	return rounded(s)
}

// Durations have whole numbers, in their order, that tell them to the bit.
func TestTicksTellDurations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		a := drawKept(r)
		b := beside(r, a)
		b = rounded(b)
		if got := secondsOf(Ticks(a)); got != a {
			r.Fatalf("%v comes back as %v", a, got)
		}
		if b >= 0 && (a < b) != (Ticks(a) < Ticks(b)) {
			r.Fatalf("%v has %d, and %v has %d", a, Ticks(a), b, Ticks(b))
		}
		if a < wholeSeconds && Ticks(a) != int64(math.Round(a*1000)) {
			r.Fatalf("%v has not its milliseconds but %d", a, Ticks(a))
		}
	})
}

// The bounds of an engine mean what those of the filter mean.
func TestBoundsOfDurations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := drawKept(r)
		bound := drawSeconds(r)
		if rapid.Bool().Draw(r, "near") {
			bound = beside(r, s)
		}
		for name, one := range map[string]struct {
			r    FloatRange
			want bool
		}{
			"gte": {FloatRange{Gte: &bound}, s >= bound},
			"gt":  {FloatRange{Gt: &bound}, s > bound},
			"lte": {FloatRange{Lte: &bound}, s <= bound},
			"lt":  {FloatRange{Lt: &bound}, s < bound},
			"all": {FloatRange{Gte: &bound, Lte: &bound}, s == bound},
		} {
			if got := holds(numbers(search.NumberDuration, tickRange(&one.r)), Ticks(s)); got != one.want {
				r.Fatalf("%v is %s %v: %v, want %v", s, name, bound, got, one.want)
			}
		}
	})
}

// No bound runs over the end of the numbers.
func TestBoundsOfWholeNumbers(t *testing.T) {
	t.Parallel()
	edges := []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64}
	for _, bound := range edges {
		for _, n := range edges {
			for name, one := range map[string]struct {
				r    Int64Range
				want bool
			}{
				"none": {Int64Range{}, true},
				"gte":  {Int64Range{Gte: &bound}, n >= bound},
				"gt":   {Int64Range{Gt: &bound}, n > bound},
				"lte":  {Int64Range{Lte: &bound}, n <= bound},
				"lt":   {Int64Range{Lt: &bound}, n < bound},
				"both": {Int64Range{Gt: &bound, Lt: &bound}, false},
			} {
				if got := holds(numbers(search.NumberSize, &one.r), n); got != one.want {
					t.Errorf("%d is %s %d: %v, want %v", n, name, bound, got, one.want)
				}
			}
		}
	}
}

// holds reads a filter that numbers made.
func holds(f *search.Filter, n int64) bool {
	return f.Range != nil && (f.Range.Min == nil || n >= *f.Range.Min) && (f.Range.Max == nil || n <= *f.Range.Max)
}
