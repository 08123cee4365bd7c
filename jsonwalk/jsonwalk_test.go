package jsonwalk_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"vodgraph/jsonwalk"
)

// sound are texts of all kinds.
var sound = []string{
	`null`, ` true `, `false`, "\t-12.5e+3\n", `""`, `"a\"b\\"`, `"\u00e4\ud83d\ude00\ud800"`, `{}`, ` [ ] `, `[[],{},[{}]]`,
	`{"a": 1, "b" :[true , null,"x,]}"], "\u0061": {"c\\": "}"}}`, `[0,-0,1E9 ,12345678901234567890]`,
	`{"":{"":[]}}`, "[\"\u2028\", \"é\"]", strings.Repeat("[", 500) + strings.Repeat("]", 500),
}

// FuzzWalk reads what is sound as encoding/json does, and finds the same in every value by
// itself.
//
//	go test ./jsonwalk -run '^$' -fuzz '^FuzzWalk$'
func FuzzWalk(f *testing.F) {
	for _, text := range sound {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if jsonwalk.Check(text, "") != nil || !utf8.Valid(text) {
			return
		}
		want := decoded(t, text)
		if got := jsonwalk.Over(text).Value(); !reflect.DeepEqual(want, got) {
			t.Fatalf("%q is read as %v, want %v", text, got, want)
		}
		w := jsonwalk.Over(text)
		if raw := w.Raw(); !bytes.Equal(raw, bytes.Trim(text, " \t\r\n")) {
			t.Errorf("%q has the value %q", text, raw)
		}
		if n := values(want); n > jsonwalk.Count(text) {
			t.Errorf("%q has %d values, and %d are counted", text, n, jsonwalk.Count(text))
		}
		one, is := want.(map[string]any)
		if !is {
			return
		}
		last := map[string]any{}
		w = jsonwalk.Over(text)
		w.Object(func(name []byte) bool {
			key := string(name)
			switch w.Kind() {
			case jsontext.KindBeginArray:
				list := []any{}
				w.List(func() bool {
					list = append(list, decoded(t, w.Raw()))
					return true
				})
				last[key] = list
			default:
				last[key] = decoded(t, w.Raw())
			}
			return true
		})
		if !reflect.DeepEqual(one, last) {
			t.Errorf("%q has the members %v, want %v", text, last, one)
		}
	})
}

// values is how many values there are in another.
func values(v any) (n int) {
	switch v := v.(type) {
	case map[string]any:
		for _, one := range v {
			n += 1 + values(one)
		}
	case []any:
		for _, one := range v {
			n += 1 + values(one)
		}
	}
	return n
}

// decoded is a text as encoding/json reads it.
func decoded(t *testing.T, text []byte) (value any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return value
}

// TestWalkLeavesOutAndEnds goes past what nobody looks at, and no further than it must.
func TestWalkLeavesOutAndEnds(t *testing.T) {
	t.Parallel()
	w := jsonwalk.Over([]byte(`{"a": [1, {"x": "]"}], "b": "y", "c": {"d": [2, 3]}, "e": 4}`))
	var seen []string
	whole := w.Object(func(name []byte) bool {
		seen = append(seen, string(name)+" "+jsonwalk.Words(w.Kind()))
		if string(name) == "c" {
			return w.Object(func(name []byte) bool {
				seen = append(seen, string(name))
				return w.List(func() bool { return w.Value() != json.Number("2") })
			})
		}
		return true
	})
	if want := []string{"a array", "b string", "c object", "d"}; whole || !slices.Equal(want, seen) {
		t.Errorf("whole is %t, seen %q, want %q", whole, seen, want)
	}
}

// BenchmarkValue reads the variables of a call of 1,000 items.
func BenchmarkValue(b *testing.B) {
	text := []byte(`{"items": [` + strings.TrimSuffix(strings.Repeat(`{"id": "vid_01HZZZZZZZZZZZZZZZZZ100000", "title": "A title of it", "tags": {"add": ["one"]}},`, 1000), ",") + `]}`)
	b.Run("walk", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if jsonwalk.Check(text, "") != nil || jsonwalk.Over(text).Value() == nil {
				b.Fatal("nothing is read")
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			var value any
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.UseNumber()
			if err := decoder.Decode(&value); err != nil {
				b.Fatal(err)
			}
		}
	})
}
