package cli

import (
	"strings"
	"testing"
	"time"
)

// TestProgressInLines reports a load by a line every two seconds where there is
// no terminal, with the share where the whole is known.
func TestProgressInLines(t *testing.T) {
	t.Parallel()
	for want, total := range map[string]int64{
		"Importing, 30 done, 50 %.\nImporting, 70 done, 100 %.\nImporting, 70 done, 100 %.\n": 1000,
		"Importing, 30 done.\nImporting, 70 done.\nImporting, 70 done.\n":                     -1,
	} {
		var out strings.Builder
		clock := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		shown := newProgress(&out, "Importing", total, func() time.Time { return clock })
		shown.step(10, 100)
		clock = clock.Add(plainEvery)
		shown.step(30, 500)
		shown.step(40, 600) // too soon for another line
		clock = clock.Add(plainEvery)
		shown.step(70, 1100) // a file may have grown
		clock = clock.Add(plainEvery)
		shown.step(70, 100) // the second reading
		shown.end()
		if out.String() != want {
			t.Errorf("of %d:\n%swant:\n%s", total, out.String(), want)
		}
	}
}
