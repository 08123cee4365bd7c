package gqlhttp

import (
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel/trace"

	"vodgraph/access"
	"vodgraph/arguments"
	"vodgraph/graph"
	"vodgraph/limits"
	"vodgraph/syntax"
)

// Endpoint is where the graph answers.
const Endpoint = "/graphql"

// NewHandler answers GraphQL requests with the resolvers; tracer is nil for no traces.
// The costs of requests are taken from the budgets of their callers.
func NewHandler(root graph.ResolverRoot, t *Transport, s *access.Budget, tracer trace.Tracer) http.Handler {
	schema := graph.NewExecutableSchema(graph.Config{Resolvers: root})
	server := handler.New(schema)
	server.AddTransport(t)
	server.SetQueryCache(documentCache{lru.New[*ast.QueryDocument](cachedDocuments)})
	server.SetErrorPresenter(t.presenter.present)
	server.SetRecoverFunc(t.presenter.catch)
	server.SetValidationRulesFn(syntax.Rules)
	server.Use(extension.Introspection{})
	server.Use(roles{})
	server.Use(mutations{})
	server.Use(arguments.Mutations{Schema: schema.Schema()})
	limit := &costLimit{t.limits, schema.Schema(), t.includeCost, lru.New[limits.Figures](cachedDocuments), s}
	t.Preparer.limit = limit
	server.Use(limit)
	if tracer != nil {
		server.Use(tracedOperations{tracer})
	}
	return server
}
