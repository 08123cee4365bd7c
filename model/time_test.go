package model_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vodgraph/model"
)

// TestTimesByTheLetter reads times that look like those of RFC 3339, right or wrong.
func TestTimesByTheLetter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-11-22T16:44:00Z":                "2026-11-22T16:44:00Z",
		"2026-11-22t16:44:00z":                "2026-11-22T16:44:00Z",
		"2026-11-22t16:44:00.5+01:30":         "2026-11-22T15:14:00.5Z",
		"2026-11-22T16:44:00-00:00":           "2026-11-22T16:44:00Z",
		"2026-11-22T16:44:00+23:59":           "2026-11-21T16:45:00Z",
		"2026-11-22T16:44:00.99999999999999Z": "2026-11-22T16:44:00.999Z",
		"0001-01-01T00:00:00Z":                "0001-01-01T00:00:00Z",
		"9999-12-31T23:59:59.999Z":            "9999-12-31T23:59:59.999Z",
		"1990-12-31T23:59:60Z":                "1991-01-01T00:00:00Z",
		"1990-12-31T15:59:60-08:00":           "1991-01-01T00:00:00Z",
		"2024-02-29T23:59:60.25Z":             "2024-03-01T00:00:00.25Z",
		"2024-02-28T23:59:60Z":                "",
		"2026-06-30T12:00:60Z":                "",
		"2026-06-30T22:59:60Z":                "",
		"2026-06-30T23:58:60Z":                "",
		"9999-12-31T23:59:60Z":                "",
		"2026-11-22T00:00:00,123Z":            "",
		"2026-11-22T1:00:00Z":                 "",
		"2026-11-22T00:00:00+01:60":           "",
		"2026-11-22T00:00:00+24:00":           "",
		"2026-11-22T24:00:00Z":                "",
		"2026-11-22 00:00:00Z":                "",
		"2026-11-22T00:00:00.Z":               "",
		"2026-11-22T00:00:00":                 "",
		"2026-11-22T00:00Z":                   "",
		"2026-11-22T00:00:00+0100":            "",
		"2026-11-22T00:00:00+01":              "",
		"2026-11-22T00:00:00 Z":               "",
		" 2026-11-22T00:00:00Z":               "",
		"2026-11-22T00:00:00Z ":               "",
		"2026-02-29T00:00:00Z":                "",
		"2026-11-31T00:00:00Z":                "",
		"2026-00-01T00:00:00Z":                "",
		"0000-01-01T00:00:00Z":                "",
		"+2026-11-22T00:00:00Z":               "",
		"２０２６-11-22T00:00:00Z":                "",
		"2026-11-22T00:00:00−01:00":           "", // a minus that is none
		"2026-11-22ſ00:00:00Z":                "",
		"":                                    "",
		"Z":                                   "",
	} {
		got, err := model.UnmarshalTime(text)
		switch {
		case want == "" && err == nil:
			t.Errorf("%q is read as %s", text, got)
		case want != "" && (err != nil || got.Format(time.RFC3339Nano) != want):
			t.Errorf("%q is read as %s (%v), not %s", text, got, err, want)
		}
	}
}

// grammar is RFC 3339, but for how many days a month has and when there are leap seconds.
var grammar = regexp.MustCompile(`^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d+)?([Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$`)

// TestDrawnTimes draws texts near those of RFC 3339 and reads them as its grammar has it.
func TestDrawnTimes(t *testing.T) {
	t.Parallel()
	digits := func(r *rapid.T, from, to, width int) string {
		s := fmt.Sprintf("%0*d", width, rapid.IntRange(from, to).Draw(r, "number"))
		if rapid.IntRange(0, 30).Draw(r, "short") == 0 {
			s = s[1:]
		}
		return s
	}
	one := func(r *rapid.T, of ...string) string { return rapid.SampledFrom(of).Draw(r, "sign") }
	rapid.Check(t, func(r *rapid.T) {
		text := digits(r, 1, 9998, 4) + "-" + digits(r, 0, 13, 2) + "-" + digits(r, 0, 32, 2) + one(r, "T", "T", "T", "t", " ", "") +
			digits(r, 0, 24, 2) + one(r, ":", ":", ":", ":", "") + digits(r, 0, 60, 2) + ":" + digits(r, 0, 59, 2) +
			one(r, "", "", ".5", ".000", ",5", ".", ".123456789123") + one(r, "Z", "Z", "z", "", "+", "-")
		if end := text[len(text)-1]; end == '+' || end == '-' {
			text += digits(r, 0, 25, 2) + one(r, ":", ":", ":", "") + digits(r, 0, 61, 2)
		}
		parts := grammar.FindStringSubmatch(text)
		valid := parts != nil
		var want time.Time
		if valid {
			n := make([]int, 12)
			for i := range n {
				n[i], _ = strconv.Atoi(strings.TrimPrefix(parts[i], "."))
			}
			want = time.Date(n[1], time.Month(n[2]), n[3], n[4], n[5], n[6], 0, time.UTC)
			valid = want.Day() == n[3]
			offset := time.Duration(n[10])*time.Hour + time.Duration(n[11])*time.Minute
			if parts[9] == "-" {
				offset = -offset
			}
			if want = want.Add(-offset); parts[7] != "" {
				millis := (parts[7][1:] + "000")[:3]
				ms, _ := strconv.Atoi(millis)
				want = want.Add(time.Duration(ms) * time.Millisecond)
			}
			valid = valid && want.Year() >= 1
		}
		got, err := model.UnmarshalTime(text)
		if (err == nil) != valid || valid && !got.Equal(want) {
			r.Fatalf("%q is read as %s (%v), not %s %v", text, got, err, want, valid)
		}
	})
}
