package keyset_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vodgraph/keyset"
)

// FuzzCursor reads any text as a cursor: it is refused, or a place that is written and
// read again as the same.
//
//	go test ./keyset -run '^$' -fuzz '^FuzzCursor$'
func FuzzCursor(f *testing.F) {
	b := keyset.Bind(everyKind, "list")
	for _, place := range [][]any{
		{"", int64(0), 0.0, moment(0)},
		{"word", int64(-1), -1e300, moment(-62_135_596_800_000)},
		{"\u00e9 \U0001F600", int64(1<<62 - 1), 0.125, moment(253_402_300_799_999)},
	} {
		f.Add(b.Cursor(everyKind, place))
	}
	f.Add("")
	f.Fuzz(func(t *testing.T, cursor string) {
		place, ok := b.Place(everyKind, cursor)
		if !ok {
			return
		}
		again, ok := b.Place(everyKind, b.Cursor(everyKind, place))
		if !ok || !cmp.Equal(place, again) {
			t.Errorf("%q is read as %v, and again as %v", cursor, place, again)
		}
		if _, ok := keyset.Bind(everyKind, "other").Place(everyKind, cursor); ok {
			t.Errorf("%q is of two lists", cursor)
		}
	})
}

func moment(milli int64) time.Time { return time.UnixMilli(milli).UTC() }
