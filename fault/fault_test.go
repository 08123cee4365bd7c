package fault_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"vodgraph/fault"
)

// TestLongInputIsCut repeats 200 characters of what was sent, and no more, however it
// is written into the sentence.
func TestLongInputIsCut(t *testing.T) {
	t.Parallel()
	type id string
	long, format := strings.Repeat("界", 100_000), "It is %v, which is too long."
	for name, arg := range map[string]any{
		"a text": long, "an id": id(long), "an error": errors.New(long), "bytes": []byte(long), "a list": []string{long},
	} {
		message := fault.New(fault.Invalid, format, arg).Message
		if n := utf8.RuneCountInString(message); n > len(format)+200 {
			t.Errorf("%s: %d characters: %.300s", name, n, message)
		}
	}
	two := fault.New(fault.Invalid, "%q is not %s, it ends.", long, long).Message
	if !strings.HasSuffix(two, " it ends.") || strings.Count(two, "界") > 200 {
		t.Errorf("%s", two)
	}
	if short := fault.New(fault.Invalid, "%q is %d.", "x", 7).Message; short != `"x" is 7.` {
		t.Errorf("%s", short)
	}
	placed := fault.New(fault.Invalid, "No.").At("items", long).Under("input")
	if placed.Field[0] != "input" || placed.Field[1] != "items" || utf8.RuneCountInString(placed.Field[2]) != 200 {
		t.Errorf("%.400q", placed.Field)
	}
}
