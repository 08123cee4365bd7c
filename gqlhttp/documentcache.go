package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
)

// cachedDocuments is how many documents are kept as they were parsed and checked, the
// latest used.
const cachedDocuments = 1000

// maxCachedBytes is the longest document that is kept, in bytes: longer ones have values
// written into them, so they hardly come again, and parsed they take a hundred times as
// much.
const maxCachedBytes = 16 << 10

type documentCache struct {
	*lru.LRU[*ast.QueryDocument]
}

func (d documentCache) Add(ctx context.Context, text string, parsed *ast.QueryDocument) {
	if len(text) <= maxCachedBytes {
		d.LRU.Add(ctx, text, parsed)
	}
}
