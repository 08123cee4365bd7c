package fact_test

import (
	"encoding/json"
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"vodgraph/ent/fact"
)

// TestMillisComeBack writes times of each size in seconds, and wants the same milliseconds
// back, by way of a double.
func TestMillisComeBack(t *testing.T) {
	t.Parallel()
	same := func(t interface{ Errorf(string, ...any) }, m fact.Millis) {
		text, err := json.Marshal(m)
		if err != nil {
			t.Errorf("%d: %v", int64(m), err)
		}
		var back fact.Millis
		if err := json.Unmarshal(text, &back); err != nil || back != m {
			t.Errorf("%d is written as %s, and read as %d: %v", int64(m), text, int64(back), err)
		}
		seconds, err := strconv.ParseFloat(string(text), 64)
		if err != nil || fact.MillisOf(seconds) != m {
			t.Errorf("%d is written as %s, which is %g: %v", int64(m), text, seconds, err)
		}
	}
	for _, m := range []fact.Millis{0, 1, 9, 10, 99, 100, 999, 1000, 1001, 372732, 1490929, 1 << 53 / 1000, fact.MaxMillis - 1, fact.MaxMillis, -1, -999, -1001} {
		same(t, m)
	}
	rapid.Check(t, func(r *rapid.T) {
		same(r, fact.Millis(rapid.Int64Range(int64(-fact.MaxMillis), int64(fact.MaxMillis)).Draw(r, "milliseconds")))
	})
}

// TestMillisOfFiles reads the times that libraries had before there was a limit, each int64,
// and what no int64 holds.
func TestMillisOfFiles(t *testing.T) {
	t.Parallel()
	read := func(text string) (m fact.Millis) {
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		return m
	}
	rapid.Check(t, func(r *rapid.T) {
		m := fact.Millis(rapid.Int64().Draw(r, "milliseconds"))
		if back := read(m.String()); back != m {
			r.Errorf("%d is written as %s, and read as %d", int64(m), m, int64(back))
		}
	})
	for text, want := range map[string]fact.Millis{"9223372036854775.807": math.MaxInt64, "9223372036854775.808": math.MinInt64,
		"-9223372036854775.808": math.MinInt64, "1e300": math.MinInt64, "-1e300": math.MinInt64, "1e16": math.MinInt64, "9e15": 9e18, "null": 0} {
		if got := read(text); got != want {
			t.Errorf("%s is read as %d, not %d", text, int64(got), int64(want))
		}
	}
	for _, text := range []string{`"5"`, "1e400", "true", "[]"} {
		var m fact.Millis
		if err := json.Unmarshal([]byte(text), &m); err == nil {
			t.Errorf("%s is read as %s", text, m)
		}
	}
}

// TestMillisAreRounded reads seconds that are no whole milliseconds, and those beyond what is
// kept.
func TestMillisAreRounded(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]fact.Millis{0.0004: 0, 0.0006: 1, 1.2344: 1234, 1.2346: 1235, -0.0006: -1,
		8796093022208: fact.MaxMillis, 8796093022209: fact.MaxMillis + 1, 1e300: fact.MaxMillis + 1, -1e300: -fact.MaxMillis - 1} {
		if got := fact.MillisOf(seconds); got != want {
			t.Errorf("%g seconds are %d ms, not %d", seconds, int64(got), int64(want))
		}
	}
	for m, want := range map[fact.Millis]string{0: "0", 5: "0.005", 1500: "1.5", 60_000: "60", 1490929: "1490.929", -5: "-0.005", -1500: "-1.5", fact.MaxMillis: "8796093022208"} {
		if got := m.String(); got != want {
			t.Errorf("%d ms are written %s, not %s", int64(m), got, want)
		}
	}
}
