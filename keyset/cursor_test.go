package keyset_test

import (
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vodgraph/fault"
	"vodgraph/keyset"
)

var everyKind = keyset.Order{columns["word"], columns["count"], columns["ratio"], columns["at"]}

func TestCursorsHoldTheirPlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := keyset.Bind(everyKind, rapid.String().Draw(t, "list"))
		want := []any{
			rapid.StringMatching(`[^\x00]*`).Draw(t, "text"), rapid.Int64().Draw(t, "int"), rapid.Float64().Draw(t, "float"),
			time.UnixMilli(rapid.Int64Range(-62_135_596_800_000, 253_402_300_799_999).Draw(t, "moment")).UTC(),
		}
		got, ok := b.Place(everyKind, b.Cursor(everyKind, want))
		if !ok || !cmp.Equal(want, got) {
			t.Fatalf("%v came back as %v", want, got)
		}
	})
}

// Whatever is sent as a cursor, it is read or refused, and never more.
func TestAnyTextAsACursor(t *testing.T) {
	t.Parallel()
	b := keyset.Bind(everyKind, "list")
	rapid.Check(t, func(t *rapid.T) {
		text := append(b[:], rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")...)
		cursor := base64.RawURLEncoding.EncodeToString(text)
		if place, ok := b.Place(everyKind, cursor); ok && len(place) != len(everyKind) {
			t.Fatalf("%q is read as %v", cursor, place)
		}
		b.Place(everyKind, rapid.String().Draw(t, "text"))
	})
}

func TestCursorsAreOfOneList(t *testing.T) {
	t.Parallel()
	o := keyset.Order{columns["count"], columns["id"]}
	b := keyset.Bind(o, "list", "filter")
	cursor := b.Cursor(o, []any{int64(1), "x"})
	if _, ok := b.Place(o, cursor); !ok {
		t.Fatal("its own list refuses it")
	}
	for name, other := range map[string]keyset.Binding{
		"another list":     keyset.Bind(o, "other", "filter"),
		"another filter":   keyset.Bind(o, "list", "other"),
		"parts elsewhere":  keyset.Bind(o, "listf", "ilter"),
		"another order":    keyset.Bind(keyset.Order{columns["at"], columns["id"]}, "list", "filter"),
		"other directions": keyset.Bind(o.Reversed(), "list", "filter"),
	} {
		if _, ok := other.Place(o, cursor); ok {
			t.Errorf("%s takes it", name)
		}
	}
	for _, malformed := range []string{"", "x", cursor + "A", cursor[:len(cursor)-1], "!" + cursor, cursor + "=="} {
		if _, ok := b.Place(o, malformed); ok {
			t.Errorf("%q is taken", malformed)
		}
	}
}

func TestPagesRefused(t *testing.T) {
	t.Parallel()
	o := keyset.Order{columns["id"]}
	n := func(n int) *int { return &n }
	bad := "bad"
	for _, c := range []struct {
		args  keyset.Args
		code  fault.Code
		field string
	}{
		{keyset.Args{First: n(0)}, fault.PageSizeInvalid, "first"},
		{keyset.Args{First: n(101)}, fault.PageSizeInvalid, "first"},
		{keyset.Args{Last: n(-1)}, fault.PageSizeInvalid, "last"},
		{keyset.Args{Last: n(101)}, fault.PageSizeInvalid, "last"},
		{keyset.Args{First: n(1), Last: n(1)}, fault.PageSizeInvalid, "last"},
		{keyset.Args{After: &bad}, fault.CursorInvalid, "after"},
		{keyset.Args{Before: &bad}, fault.CursorInvalid, "before"},
	} {
		c.args.Default, c.args.Longest = 20, 100
		_, err := c.args.Page(o, keyset.Bind(o, "list"))
		var refused *fault.Fault
		if !errors.As(err, &refused) || refused.Code != c.code || len(refused.Field) != 1 || refused.Field[0] != c.field {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
