package limits

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// sizes are how long lists are taken to be that are not paged, by the names of their
// fields; all others are taken to be of one. They are typical sizes, not limits.
var sizes = map[string]int{
	"attachments":     5,
	"audioStreams":    2,
	"categories":      2,
	"changeCounts":    10,
	"children":        20,
	"corrections":     2,
	"coverCandidates": 5,
	"grants":          2,
	"highlights":      3,
	"marks":           5,
	"path":            4,
	"playInfos":       5,
	"segments":        5,
	"spans":           5,
	"tags":            10,
	"users":           10,
}

// rootCategories is how many categories the tree is taken to have at its root.
const rootCategories = 50

// weights are what fields cost beside their objects, by their names: those that count,
// those that ask an engine, and what measures another document.
var weights = map[string]int{"totalCount": 5, "assetCount": 5, "facets": 500, "search": 10_000, "explain": 100}

// byReference is the field of which each entry leads to one asset, as that of an edge does.
const byReference = "assetsByReference"

// belowWeight is how many times as much the objects cost of a page that hangs below the
// objects of a list: there is one for each of them, and pages in pages are how few bytes
// ask for much.
const belowWeight = 16

// bucketWeight is how many times as much a bucket of a facet costs: an engine counts
// them, and in few bytes 200 of each facet of each search can be asked for.
const bucketWeight = 60

func paged(d *ast.FieldDefinition) bool { return strings.HasSuffix(d.Type.Name(), "Connection") }

func sizeOfPage(connection string, args map[string]any) int {
	for _, name := range []string{"first", "last"} {
		if n, reported := number(args[name]); reported {
			return min(max(n, 0), PageOf(connection))
		}
	}
	return DefaultPage
}

func callOf(args map[string]any) (c call) {
	for _, name := range []string{"items", "assets", "ids", "referenceIds"} {
		if list := items(args[name]); list != nil {
			c.items = min(len(list), Items)
		}
	}
	list := items(args["facets"])
	c.facets = len(list)
	for _, facet := range list {
		members, _ := facet.(map[string]any)
		n, reported := number(members["first"])
		if !reported {
			n = DefaultPage
		}
		c.buckets = max(c.buckets, min(n, LongestBuckets))
	}
	return c
}

func (e *estimate) sizeOf(f *ast.Field, args map[string]any) int {
	switch {
	case f.Definition.Type.Elem == nil:
		return 1
	case f.Name == "results":
		return max(e.call.items, 1)
	case f.Name == "nodes" || f.Name == byReference:
		return callOf(args).items
	case f.Name == "facets":
		return e.call.facets
	case f.Name == "buckets":
		return e.call.buckets
	case f.Name == "categories" && f.ObjectDefinition != nil && f.ObjectDefinition.Name == "Query":
		return rootCategories
	}
	return max(sizes[f.Name], 1)
}
