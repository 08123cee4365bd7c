package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
)

// cachedDocuments is how many documents are kept as they were parsed and checked, the
// latest used.
const cachedDocuments = 1000

// longestCached is the longest document that is kept, in bytes: longer ones have values
// written into them, so they hardly come again, and parsed they take a hundred times as
// much.
const longestCached = 16 << 10

// documentCache leaves out long documents.
type documentCache struct {
	*lru.LRU[*ast.QueryDocument]
}

// Add keeps a document, unless it is long.
func (d documentCache) Add(ctx context.Context, text string, parsed *ast.QueryDocument) {
	if len(text) <= longestCached {
		d.LRU.Add(ctx, text, parsed)
	}
}
