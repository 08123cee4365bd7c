package jsonwalk_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"vodgraph/jsonwalk"
)

func TestLoneSurrogate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"\ud800"`: "[] true", `"\uD800\u0041"`: "[] true", `"\udc00"`: "[] true", `"\udc00\ud800"`: "[] true",
		`"\ud83d\ude00"`: "[] false", `"\uD83D\uDE00\ud83d"`: "[] true", `"\\ud800"`: "[] false", `"\\\ud800"`: "[] true",
		`{"a":["x",{"b":"\udfff"}]}`: "[a 1 b] true", `{"a\ud800":1}`: "[a\ufffd] true", `{"a" : {"\"\udbff" :1}}`: "[a \"\ufffd] true",
		`"\ud7ff\ue000"`: "[] false", ` null `: "[] false", `"\ud83d\\ude00"`: "[] true", `"\ud83d\ud83d\ude00"`: "[] true", ``: "[] false",
	} {
		place, lone := jsonwalk.LoneSurrogate([]byte(text))
		if got := fmt.Sprint(place, lone); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestTwice(t *testing.T) {
	t.Parallel()
	many := make([]string, 40)
	for i := range many {
		many[i] = fmt.Sprintf(`"m%d":0`, i)
	}
	for text, want := range map[string]string{
		`{"a":1,"a":2}`: "[a] true", `{"a":1,"b":{"a":1}}`: "[] false", `[0,{"k":[{"x":1,"\u0078":2}]}]`: "[1 k 0 x] true",
		`{"a":"b","b":"a:\"a\":"}`: "[] false", `[{"a":1},{"a":1}]`: "[] false", `null`: "[] false", ``: "[] false",
		`{` + strings.Join(many, ",") + `}`: "[] false", `{` + strings.Join(many, ",") + `,"m3":1}`: "[m3] true",
		`{` + strings.Join(many, ",") + `,"m39":1}`: "[m39] true",
	} {
		place, twice := jsonwalk.Twice([]byte(text))
		if got := fmt.Sprint(place, twice); got != want {
			t.Errorf("%.50s: %s, want %s", text, got, want)
		}
	}
}

// TestAmbiguousIsWhatOthersReadOtherwise holds half characters against encoding/json, which
// puts U+FFFD in their place, over drawn spellings of strings.
func TestAmbiguousIsWhatOthersReadOtherwise(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{`\ud800`, `\uDBFF`, `\udc00`, `\uDfff`, `\u0041`, `\\`, `\"`, `u`, `d8`, `x`, `é`, `\n`, `\ud83d\ude00`})
	rapid.Check(t, func(t *rapid.T) {
		text := `["` + strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "") + `"]`
		var read []string
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
		replaced := strings.ContainsRune(read[0], utf8.RuneError)
		place, lone := jsonwalk.LoneSurrogate([]byte(text))
		if lone != replaced || lone && !reflect.DeepEqual(place, []string{"0"}) {
			t.Fatalf("%s: %v %v", text, place, lone)
		}
		var whole []string
		without := jsonwalk.WithoutLoneSurrogates([]byte(text))
		if _, still := jsonwalk.LoneSurrogate(without); still {
			t.Fatalf("%s is left as %s", text, without)
		}
		if err := json.Unmarshal(without, &whole); err != nil || !reflect.DeepEqual(whole, read) {
			t.Fatalf("%s is made %s: %v", text, without, err)
		}
	})
}
