package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/fault"
)

// TestPageIsFresh holds docs/errors.md against what would be made now.
func TestPageIsFresh(t *testing.T) {
	t.Parallel()
	want, err := page(read(t, "../../schema.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, read(t, "../errors.md")); diff != "" {
		t.Errorf("docs/errors.md is not fresh; run make generate:\n%s", diff)
	}
}

// TestCodesAreTheSchemas wants the same codes in the fault room and the schema.
func TestCodesAreTheSchemas(t *testing.T) {
	t.Parallel()
	described, err := descriptions(read(t, "../../schema.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	var ours, schemas []string
	for _, code := range fault.Codes() {
		ours = append(ours, string(code))
	}
	for code := range described {
		schemas = append(schemas, code)
	}
	slices.Sort(ours)
	slices.Sort(schemas)
	if diff := cmp.Diff(schemas, ours); diff != "" {
		t.Errorf("schema.graphql (-) and fault.Codes (+) differ:\n%s", diff)
	}
}

// TestPageRefuses wants no page of a schema that does not fit.
func TestPageRefuses(t *testing.T) {
	t.Parallel()
	schema := read(t, "../../schema.graphql")
	for name, change := range map[string]*strings.Replacer{
		"a code is another": strings.NewReplacer("\n  TAG_EXISTS\n", "\n  TAG_GONE\n"),
		"a code too many":   strings.NewReplacer("\n  TAG_EXISTS\n", "\n  TAG_EXISTS\n  \"No.\"\n  TAG_LOST\n"),
		"no enum":           strings.NewReplacer("enum ErrorCode", "enum OtherCode"),
		"not a schema":      strings.NewReplacer("enum ErrorCode", "enumeration"),
	} {
		if _, err := page(change.Replace(schema)); err == nil {
			t.Errorf("%s: there is a page", name)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
