package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"vodgraph/bench/works"
	"vodgraph/demo/line/linetest"
)

// TestBangumi converts a file of the package's shape: a work with a number, one
// that shares it, one without.
func TestBangumi(t *testing.T) {
	t.Parallel()
	const data = `{"siteMeta":{},"items":[
		{"title":"Bloodivores","titleTranslate":{"zh-Hans":["时空使徒"]},"type":"tv","lang":"ja","begin":"2016-10-01T12:00:00.000Z","end":"","sites":[{"site":"bangumi","id":"191653"}]},
		{"title":" 时空使徒","titleTranslate":{},"type":"web","lang":"zh-Hans","begin":"1943-04-14T15:00:00.000Z","end":"2016-12-17T15:00:00.000Z","sites":[{"site":"bangumi","id":"191653"},{"site":"bilibili","id":"1"}]},
		{"title":"焼跡の、お菓子の木","titleTranslate":{},"type":"movie","lang":"ja","begin":"2008-01-01T00:00:00.000Z","end":"","sites":[]}]}`
	file := filepath.Join(t.TempDir(), "data.json")
	if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := run(t.Context(), []string{"bangumi", "-data", file}, &text); err != nil {
		t.Fatal(err)
	}
	book := linetest.Open(t, "../schema.graphql")
	for each := range bytes.Lines(text.Bytes()) {
		book.Add(t, each)
	}
	book.Links(t)
	references := map[string]string{}
	for _, a := range book.Assets {
		references[a.ReferenceID] = a.Title
	}
	for reference, title := range map[string]string{
		"bangumi-191653": "Bloodivores", "bangumi-191653-2": "时空使徒", "bangumi-data-2": "焼跡の、お菓子の木"} {
		if references[reference] != title {
			t.Errorf("%s is %q, not %q", reference, references[reference], title)
		}
	}
	if !book.Categories["Seasons\x1f2016\x1f4 Autumn"] || !book.Tags["哔哩哔哩"] {
		t.Errorf("categories %v, tags %v", book.Categories, book.Tags)
	}
}

// TestBangumiAll converts all works.
func TestBangumiAll(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	if err := run(t.Context(), []string{"bangumi", "-data", works.ForTest(t)}, &text); err != nil {
		t.Fatal(err)
	}
	book := linetest.Open(t, "../schema.graphql")
	for each := range bytes.Lines(text.Bytes()) {
		book.Add(t, each)
	}
	book.Links(t)
	if len(book.Assets) != works.Count {
		t.Errorf("there are %d works", len(book.Assets))
	}
}
