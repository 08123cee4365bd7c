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

// TestCheck refuses what is unsound, or read in different ways, with what is wrong and where.
func TestCheck(t *testing.T) {
	t.Parallel()
	const half, twice, early = "A text has half a character", "A member of an object is given twice", "It is not JSON: it ends too early."
	many := make([]string, 40)
	for i := range many {
		many[i] = fmt.Sprintf(`"m%d":0`, i)
	}
	for text, want := range map[string]string{
		``: early + " []", ` `: early + " []", `{"a":`: early + " []", `"a`: early + " []", `"\u00`: early + " []",
		`{} {}`: "It is more than one JSON value. []", ` null `: "", "\xff": "It is not UTF-8. []", "\"\xff\"": "It is not UTF-8. []",
		`{"a":01}`: "It is not JSON: it is malformed at byte 7. []", `"\x"`: "It is not JSON: it is malformed at byte 2. []", `"\ud8zz"`: "It is not JSON: it is malformed at byte 2. []",
		`"\ud800"`: half + " []", `"\uD800\u0041"`: half + " []", `"\udc00"`: half + " []", `"\udc00\ud800"`: half + " []",
		`"\ud83d\ude00"`: "", `"\uD83D\uDE00\ud83d"`: half + " []", `"\\ud800"`: "", `"\\\ud800"`: half + " []", `"\ud7ff\ue000"`: "",
		`"\ud83d\\ude00"`: half + " []", `"\ud83d\ud83d\ude00"`: half + " []", `["\ud83d`: early + " []",
		`{"a":["x",{"b/~":"\udfff"}]}`: half + " [a 1 b/~]", `{"a\ud800":1}`: half + " []", `{"a" : {"\"\udbff" :1}}`: half + " [a]",
		`{"a":1,"a":2}`: twice + " [a]", `{"a":1,"b":{"a":1}}`: "", `[0,{"k":[{"x":1,"\u0078":2}]}]`: twice + " [1 k 0 x]",
		`{"a":"b","b":"a:\"a\":"}`: "", `[{"a":1},{"a":1}]`: "",
		`{` + strings.Join(many, ",") + `}`: "", `{` + strings.Join(many, ",") + `,"m39":1}`: twice + " [m39]",
	} {
		refused, got := jsonwalk.Check([]byte(text), "It"), ""
		if refused != nil {
			sentence, _, _ := strings.Cut(refused.Message, ", an escape such as")
			got = fmt.Sprint(strings.Replace(sentence, twice+".", twice, 1), " ", refused.Field)
		}
		if got != want {
			t.Errorf("%.50s: %s, want %s", text, got, want)
		}
	}
}

// TestReplaceHalves holds half characters against encoding/json, which puts U+FFFD in their
// place, over drawn spellings of strings.
func TestReplaceHalves(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{`\ud800`, `\uDBFF`, `\udc00`, `\uDfff`, `\u0041`, `\\`, `\"`, `u`, `d8`, `x`, `é`, `\n`, `\ud83d\ude00`})
	rapid.Check(t, func(t *rapid.T) {
		text := `["` + strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "") + `"]`
		var read, whole []string
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
		refused := jsonwalk.Check([]byte(text), "It")
		if refused == nil == strings.ContainsRune(read[0], utf8.RuneError) || refused != nil && !reflect.DeepEqual(refused.Field, []string{"0"}) {
			t.Fatalf("%s: %v", text, refused)
		}
		replaced, ok := jsonwalk.ReplaceHalves([]byte(text))
		if still := jsonwalk.Check(replaced, "It"); !ok || still != nil {
			t.Fatalf("%s becomes %s: %v", text, replaced, still)
		}
		if err := json.Unmarshal(replaced, &whole); err != nil || !reflect.DeepEqual(whole, read) {
			t.Fatalf("%s is made %s: %v", text, replaced, err)
		}
	})
	for _, text := range []string{`{"a":"\ud800","a":1}`, "\"\\ud800\xff\"", `"\ud800`} {
		if replaced, ok := jsonwalk.ReplaceHalves([]byte(text)); ok {
			t.Errorf("%q becomes %s", text, replaced)
		}
	}
}
