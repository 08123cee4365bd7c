package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPageIsFresh holds docs/fields.md against what would be made now.
func TestPageIsFresh(t *testing.T) {
	t.Parallel()
	is, err := os.ReadFile("../fields.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(page(), string(is)); diff != "" {
		t.Errorf("docs/fields.md is not fresh; run make generate:\n%s", diff)
	}
}
