package read

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

	"vodgraph/bench/measure"
	"vodgraph/demo"
	"vodgraph/ent/asset"
	"vodgraph/playground"
)

// The lengths of the lists whose statements are counted.
const few, many = 10, 100

type shape struct {
	name      string
	few, many int
}

// document is one to count the statements of, at a length.
type document struct {
	name string
	at   func(length int) (text string, variables map[string]any)
}

// countShapes counts the statements of the examples of the README and of the playground, on the demo
// that they were written for. It is on SQLite: the number does not depend on the database.
func countShapes(ctx context.Context) (shapes []shape, err error) {
	lines, err := demo.New()
	if err != nil {
		return nil, err
	}
	lib, err := measure.FilledLibrary(ctx, "", func(to io.Writer) error { _, err := io.Copy(to, lines.Reader()); return err })
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lib.Remove(ctx)) }()
	o, err := open(ctx, lib.Store)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.db.Close()) }()
	documents, err := examples()
	if err != nil {
		return nil, err
	}
	ids, err := o.db.Client.Asset.Query().Order(asset.ByID()).IDs(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range append(documents, bulkUpdate(ids)) {
		var counts []int
		for _, length := range []int{1, few, many} { // the first makes tags that the others find
			text, variables := d.at(length)
			n, err := o.count(ctx, text, variables)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", d.name, err)
			}
			counts = append(counts, n)
		}
		shapes = append(shapes, shape{d.name, counts[1], counts[2]})
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
	return document{"README: A bulk change with its results", func(n int) (string, map[string]any) {
		items := make([]any, n)
		for i := range items {
			items[i] = map[string]any{"id": ids[i], "tags": map[string]any{"add": []any{"classic " + strconv.Itoa(n)}}}
		}
		return `mutation($items: [AssetUpdateInput!]!) { assetsUpdate(items: $items) {
			changedCount failedCount results { outcome errors { code message field } } } }`, map[string]any{"items": items}
	}}
}

func printShapes(out io.Writer, shapes []shape) {
	measure.Head(out, fmt.Sprintf("shape | statements for %d | for %d", few, many))
	for _, s := range shapes {
		fmt.Fprintf(out, "| %s | %d | %d |\n", s.name, s.few, s.many)
	}
}
