package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/fault"
	"vodgraph/graph"
	"vodgraph/limits"
)

// costLimit refuses what asks for too much: a document before it is validated, variables
// before they are read, and, as part of the executor, an operation before it is done.
type costLimit struct {
	limits limits.Request
	schema *ast.Schema
	// includeCost adds the cost to every response, and not only where the header asks for it.
	includeCost bool
	measured    graphql.Cache[limits.Figures]
	spending    *access.Budget
}

const costName = "cost"

const heavyName = "heavy"

func (*costLimit) ExtensionName() string { return costName }

func (*costLimit) Validate(graphql.ExecutableSchema) error { return nil }

func (l *costLimit) request(ctx context.Context, sent *request) *fault.Fault {
	if _, known := l.measured.Get(ctx, sent.Query); !known {
		figures, refused := l.limits.Document(sent.Query)
		if refused != nil {
			return refused
		}
		if len(sent.Query) <= maxCachedBytes {
			l.measured.Add(ctx, sent.Query, figures)
		}
	}
	return l.limits.Variables(l.schema, limits.Asked{Document: sent.Query, OperationName: sent.OperationName, Variables: sent.RawVariables})
}

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
	if l.includeCost || o.Headers.Get(costHeader) != "" {
		o.Stats.SetExtension(costName, figures)
	}
	return nil
}

const costHeader = "Vodgraph-Cost"

// InterceptResponse counts the objects of an answer, or of each event, and adds what the
// operation may cost at worst, where that is asked.
func (l *costLimit) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(limits.Metered(ctx, l.limits.Nodes))
	figures, asked := graphql.GetOperationContext(ctx).Stats.GetExtension(costName).(limits.Figures)
	if response == nil || !asked {
		return response
	}
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions[costName] = shownCost{figures, l.limits}
	return response
}

type shownCost struct {
	Figures limits.Figures `json:"figures"`
	Limits  limits.Request `json:"limits"`
}

// Explainer measures requests as a server with these settings would.
func Explainer(h Protocol) func(limits.Asked) limits.Explanation {
	request, schema := h.CostLimits(), graph.NewExecutableSchema(graph.Config{}).Schema()
	return func(a limits.Asked) limits.Explanation {
		if len(a.Document) > h.MaxQuery<<10 {
			refused := fault.QueryTooLarge
			return limits.Explanation{RefusedBy: &refused, Errors: []string{}}
		}
		return request.Explain(schema, a)
	}
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
} = &costLimit{}
