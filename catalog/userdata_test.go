package catalog

import (
	"encoding/json"
	"testing"
	"vodgraph/change"
)

// The cases of RFC 7396, appendix A, and its example of section 3.
func TestMergeIsThatOfRFC7396(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ target, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `null`, `null`},
		{`{"a":"foo"}`, `"bar"`, `"bar"`},
		{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"title":"Goodbye!","author":{"givenName":"John","familyName":"Doe"},"tags":["example","sample"],"content":"This will be unchanged"}`,
			`{"title":"Hello!","phoneNumber":"+01-123-456-7890","author":{"familyName":null},"tags":["example"]}`,
			`{"author":{"givenName":"John"},"content":"This will be unchanged","phoneNumber":"+01-123-456-7890","tags":["example"],"title":"Hello!"}`},
		// Ours: none yet, and numbers as they were written.
		{``, `{"a":{"b":null}}`, `{"a":{}}`},
		{`{"n":12345678901234567890}`, `{"m":1.50,"s":"<&>"}`, `{"m":1.50,"n":12345678901234567890,"s":"<&>"}`},
	} {
		var target json.RawMessage
		if c.target != "" {
			target = json.RawMessage(c.target)
		}
		got, err := mergeJSON(target, json.RawMessage(c.patch))
		if err != nil || string(got) != c.want {
			t.Errorf("%s with %s is %s, %v, and not %s", c.target, c.patch, got, err, c.want)
		}
		if string(target) != c.target {
			t.Errorf("%s became %s", c.target, target)
		}
	}
	for _, bad := range []string{``, `{`, `{"a":}`} {
		if _, err := mergeJSON(nil, json.RawMessage(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestSameJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{`{"a": 1, "b": {"c": [1, 2]}}`, `{"b":{"c":[1,2]},"a":1}`, true},
		{`[1, 2]`, `[2, 1]`, false},
		{`1.0`, `1`, false},
		{`"\u00e9"`, `"é"`, true},
		{`{}`, `[]`, false},
		{`12345678901234567890`, `12345678901234567891`, false},
	} {
		if got := sameJSON(json.RawMessage(c.a), json.RawMessage(c.b)); got != c.same {
			t.Errorf("%s and %s are the same: %v", c.a, c.b, got)
		}
	}
	if sameJSON(nil, json.RawMessage(`0`)) || sameJSON(json.RawMessage(`{}`), nil) || !sameJSON(nil, nil) {
		t.Error("none is the same as none, and as nothing else")
	}
}

func TestHoldsNUL(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]bool{
		`"a\u0000b"`: true, `{"a":[1,{"b":"\u0000"}]}`: true, `{"\u0000":1}`: true, `{"a":{"b\u0000":null}}`: true,
		`"a\\u0000b"`: false, `"\u0001"`: false, `{"a":[1,null,true]}`: false, `0`: false, `{`: false,
	} {
		if got := change.HoldsNUL(json.RawMessage(data)); got != want {
			t.Errorf("%s holds U+0000: %v", data, got)
		}
	}
}
