package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPagesAreFresh holds the pages against what would be made now.
func TestPagesAreFresh(t *testing.T) {
	t.Parallel()
	for _, page := range pages {
		is, err := os.ReadFile("../../" + page)
		if err != nil {
			t.Fatal(err)
		}
		want, err := made(string(is))
		if err != nil {
			t.Fatalf("%s: %v", page, err)
		}
		if diff := cmp.Diff(want, string(is)); diff != "" {
			t.Errorf("%s is not fresh; run make generate:\n%s", page, diff)
		}
	}
}

// TestAPartThatIsBroken is refused.
func TestAPartThatIsBroken(t *testing.T) {
	t.Parallel()
	for _, page := range []string{
		begin + "rights" + named + "| never ended |", begin + "wrongs" + named + end, begin + "rights",
	} {
		if text, err := made(page); err == nil {
			t.Errorf("%q became %q, without an error", page, text)
		}
	}
}
