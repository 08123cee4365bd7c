package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"vodgraph/demo"
	"vodgraph/playground"
)

// The lengths of the lists whose statements are counted.
const few, many = 10, 100

// shape is a document of which the statements were counted.
type shape struct {
	name      string
	few, many int
}

// document is one to count the statements of, at a length.
type document struct {
	name string
	at   func(length int) (text string, variables map[string]any)
}

// countShapes counts the statements of the examples of the README and of the
// playground, on the demo that they were written for. It is on SQLite: the
// number does not depend on the database.
func countShapes(ctx context.Context) (shapes []shape, err error) {
	lib, err := emptyLibrary(ctx, "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lib.remove(context.WithoutCancel(ctx))) }()
	lines, err := demo.New()
	if err != nil {
		return nil, err
	}
	err = lib.fill(ctx, func(to io.Writer) error { _, err := io.Copy(to, lines.Reader()); return err })
	if err != nil {
		return nil, err
	}
	documents, err := examples()
	if err != nil {
		return nil, err
	}
	asked := inquire(lib.db, lib.catalog, lib.counted)
	ids, err := texts(ctx, lib.db.SQL, "SELECT id FROM assets ORDER BY id")
	if err != nil {
		return nil, err
	}
	for _, d := range append(documents, bulkUpdate(ids)) {
		s := shape{name: d.name}
		var unused int // the first makes tags that the others find
		for _, each := range []struct {
			length int
			into   *int
		}{{1, &unused}, {few, &s.few}, {many, &s.many}} {
			text, variables := d.at(each.length)
			if _, *each.into, err = asked.ask(ctx, text, variables); err != nil {
				return nil, fmt.Errorf("%s: %w", d.name, err)
			}
		}
		shapes = append(shapes, s)
	}
	return shapes, nil
}

var (
	// readmeQuery is a query of the README, below its heading.
	readmeQuery = regexp.MustCompile("(?s)### ([^\n]+)\n[^#]*?```graphql\n(\\{.*?)```")
	// length is that of a list; the first in a document is of the outermost.
	length = regexp.MustCompile(`first: \d+`)
)

// examples are the documents of the README, but for its mutation, and those of
// the playground.
func examples() ([]document, error) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		return nil, fmt.Errorf("this command runs at the top of the repository: %w", err)
	}
	var all []document
	for _, found := range readmeQuery.FindAllSubmatch(readme, -1) {
		all = append(all, document{"README: " + string(found[1]), stretched(string(found[2]), nil)})
	}
	if len(all) < 4 {
		return nil, fmt.Errorf("the README has %d queries", len(all))
	}
	for _, e := range playground.Examples() {
		var variables map[string]any
		if e.Variables != "" {
			numbers := json.NewDecoder(strings.NewReader(e.Variables))
			numbers.UseNumber() // as the server reads them
			if err := numbers.Decode(&variables); err != nil {
				return nil, err
			}
		}
		all = append(all, document{"playground: " + e.Name, stretched(e.Query, variables)})
	}
	return all, nil
}

// stretched is a document with its outermost list at a length: that which it
// asks for, or the items it is given.
func stretched(text string, variables map[string]any) func(int) (string, map[string]any) {
	return func(n int) (string, map[string]any) {
		if items, given := variables["items"].([]any); given {
			repeated := make([]any, n)
			for i := range repeated {
				repeated[i] = items[i%len(items)]
			}
			return text, map[string]any{"items": repeated}
		}
		at := length.FindStringIndex(text)
		if at == nil {
			return text, variables
		}
		return text[:at[0]] + "first: " + strconv.Itoa(n) + text[at[1]:], variables
	}
}

// bulkUpdate is the mutation of the README, on as many assets.
func bulkUpdate(ids []string) document {
	return document{"README: A bulk change that says what it did", func(n int) (string, map[string]any) {
		items := make([]any, n)
		for i := range items {
			items[i] = map[string]any{"id": ids[i], "tags": map[string]any{"add": []any{"classic " + strconv.Itoa(n)}}}
		}
		return `mutation($items: [AssetUpdateInput!]!) { assetsUpdate(items: $items) {
			changedCount failedCount results { outcome errors { code message field } } } }`, map[string]any{"items": items}
	}}
}
