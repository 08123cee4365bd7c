package gqlhttp

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"vodgraph/graph"
)

// SchemaPath is where the schema of the graph is, as its file.
const SchemaPath = "/schema.graphql"

// SchemaFile answers with the schema as it was written, comments and descriptions too:
// for tools that want a file, and for people.
func SchemaFile() http.Handler {
	text := graph.NewExecutableSchema(graph.Config{}).Schema().Query.Position.Src.Input
	sum := sha256.Sum256([]byte(text))
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "private, no-cache")
		w.Header().Set("ETag", tag)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(text))
	})
}
