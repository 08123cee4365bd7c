package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/cost"
	"vodgraph/fault"
	"vodgraph/graph"
)

// costLimit refuses what asks for too much: a document before it is validated, variables
// before they are read, and, as part of the executor, an operation before it is done.
type costLimit struct {
	limits cost.Limits
	schema *ast.Schema
	// tellCost adds to every answer what it may cost, and not to those alone that ask for it.
	tellCost bool
	// measured are the figures of documents that were found right.
	measured graphql.Cache[cost.Figures]
	// spending is what callers may spend.
	spending *access.Budget
}

// costName is the name of the extension, and under which an operation has its figures.
const costName = "cost"

// heavyName is the name under which an operation has that it is heavy.
const heavyName = "heavy"

// ExtensionName names the extension.
func (*costLimit) ExtensionName() string { return costName }

// Validate finds nothing wrong with any schema.
func (*costLimit) Validate(graphql.ExecutableSchema) error { return nil }

// request measures the document of a request and its variables, as they were sent.
func (l *costLimit) request(ctx context.Context, sent *request) *fault.Fault {
	if _, known := l.measured.Get(ctx, sent.Query); !known {
		figures, refused := l.limits.Document(sent.Query)
		if refused != nil {
			return refused
		}
		if len(sent.Query) <= longestCached {
			l.measured.Add(ctx, sent.Query, figures)
		}
	}
	return l.limits.Variables(l.schema, cost.Asked{Document: sent.Query, OperationName: sent.OperationName, Variables: sent.RawVariables})
}

// MutateOperationContext measures the operation of a request.
func (l *costLimit) MutateOperationContext(ctx context.Context, o *graphql.OperationContext) *gqlerror.Error {
	figures, known := l.measured.Get(ctx, o.RawQuery)
	if !known {
		figures, _ = l.limits.Document(o.RawQuery)
	}
	figures, refused := l.limits.Operation(l.schema, figures, o.Operation, o.Variables)
	if refused != nil {
		return &gqlerror.Error{Err: refused, Message: refused.Message}
	}
	if refused := l.spending.Spend(auth.From(ctx), figures.Cost); refused != nil {
		return &gqlerror.Error{Err: refused, Message: refused.Message}
	}
	if figures.Cost > heavyCost || figures.Aliases > heavyAliases {
		o.Stats.SetExtension(heavyName, true)
	}
	if l.tellCost || o.Headers.Get(costHeader) != "" {
		o.Stats.SetExtension(costName, figures)
	}
	return nil
}

// costHeader is the header of a request that wants to know what it costs.
const costHeader = "Vodgraph-Cost"

// InterceptResponse counts the objects of an answer, or of each event, and adds what the
// operation may cost at worst, where that is asked.
func (l *costLimit) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(cost.Metered(ctx, l.limits.Nodes))
	figures, asked := graphql.GetOperationContext(ctx).Stats.GetExtension(costName).(cost.Figures)
	if response == nil || !asked {
		return response
	}
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions[costName] = shownCost{figures, l.limits}
	return response
}

// shownCost is what an operation may come to, and the limits.
type shownCost struct {
	Figures cost.Figures `json:"figures"`
	Limits  cost.Limits  `json:"limits"`
}

// Explainer measures requests as a server with these settings would.
func Explainer(h Protocol) func(cost.Asked) cost.Explanation {
	limits, schema := h.CostLimits(), graph.NewExecutableSchema(graph.Config{}).Schema()
	return func(a cost.Asked) cost.Explanation {
		if len(a.Document) > h.MaxQuery<<10 {
			refused := fault.QueryTooLarge
			return cost.Explanation{RefusedBy: &refused, Errors: []string{}}
		}
		return limits.Explain(schema, a)
	}
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
} = &costLimit{}
