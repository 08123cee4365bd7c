package app

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/auth"
	"vodgraph/cost"
	"vodgraph/graph"
	"vodgraph/playground"
	"vodgraph/syntax"
)

// parsedDocuments is how many documents are kept as they were parsed and
// checked, the latest used.
const parsedDocuments = 1000

// longestKept is the longest document that is kept, in bytes: longer ones have
// values written into them, so they hardly come again, and parsed they take a
// hundred times as much.
const longestKept = 16 << 10

// documents is a cache that leaves out long documents.
type documents struct {
	*lru.LRU[*ast.QueryDocument]
}

// Add keeps a document, unless it is long.
func (d documents) Add(ctx context.Context, text string, parsed *ast.QueryDocument) {
	if len(text) <= longestKept {
		d.LRU.Add(ctx, text, parsed)
	}
}

// endpoint is where the graph answers.
const endpoint = "/graphql"

// graphHandler answers GraphQL requests out of the resolvers.
func graphHandler(root graph.ResolverRoot, t *transport, s *spending) http.Handler {
	schema := graph.NewExecutableSchema(graph.Config{Resolvers: root})
	server := handler.New(schema)
	server.AddTransport(t)
	server.SetQueryCache(documents{lru.New[*ast.QueryDocument](parsedDocuments)})
	server.SetErrorPresenter(t.presenter.present)
	server.SetRecoverFunc(t.presenter.catch)
	server.SetValidationRulesFn(syntax.Rules)
	server.Use(extension.Introspection{})
	server.Use(roles{})
	server.Use(mutations{})
	t.limit = &costLimit{t.http.limits(), schema.Schema(), t.http.TellCost, lru.New[cost.Figures](parsedDocuments), s}
	server.Use(t.limit)
	if t.tracing.on() {
		server.Use(tracedOperations{t.tracing})
	}
	return server
}

// routes names the paths of the server. Nobody unknown comes further than to the
// playground, which is a page without any data, and to the probes. The metrics may be
// elsewhere, and nil then.
func routes(p *probes, g *guard, graph, metrics http.Handler, b bulk) http.Handler {
	within := http.NewServeMux()
	within.Handle(endpoint, graph)
	within.Handle(bulkEndpoint, http.HandlerFunc(b.take))
	within.Handle("GET "+bulkResults, http.HandlerFunc(b.results))
	within.Handle("OPTIONS "+bulkResults, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", "OPTIONS, GET, HEAD")
		w.WriteHeader(http.StatusNoContent)
	}))
	within.Handle("GET "+schemaPath, schemaFile())
	if metrics != nil {
		within.Handle("GET /metrics", b.only(auth.Metrics, metrics))
	}
	page := playground.Handler(endpoint)
	within.Handle("/", page)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", p.alive)
	mux.HandleFunc("GET /readyz", p.ready)
	mux.Handle("/{$}", page)
	mux.Handle("/playground/", page)
	mux.Handle("/", b.origins.allow(g.before(routed(within))))
	return routed(mux)
}
