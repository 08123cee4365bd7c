package gqlhttp

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/fault"
	"vodgraph/syntax"
)

// roles refuses, before anything of an operation is executed, what its caller has no right
// to. Which rows they see is decided by row-level security.
type roles struct{}

// rightTo is what a field of a root type takes. A field of Mutation has a row of its own.
func rightTo(operation ast.Operation, field string) (auth.Right, bool) {
	verb := auth.Verb(field)
	if strings.HasPrefix(field, "__") || operation != ast.Mutation && verb != auth.Keys {
		verb = auth.Read
	}
	return auth.RightTo(verb)
}

func (roles) ExtensionName() string { return "roles" }

func (roles) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses an operation with a field that its caller may not ask for.
// A request without a caller is anonymous.
func (roles) MutateOperationContext(ctx context.Context, o *graphql.OperationContext) *gqlerror.Error {
	caller := auth.From(ctx)
	if caller == nil {
		caller = access.Anonymous
	}
	refused := fault.New(fault.Forbidden, "Nobody is let in to ask anything.")
	if caller.May(auth.Viewer) {
		refused = forbidden(caller, o.Operation.Operation, o.Operation.SelectionSet)
	}
	if refused != nil {
		return &gqlerror.Error{Err: refused, Message: refused.Message}
	}
	return nil
}

// forbidden is the refusal of the first field that the caller may not ask for; nil where
// there is none.
func forbidden(c *auth.Caller, operation ast.Operation, selections ast.SelectionSet) *fault.Fault {
	for field := range syntax.Fields(selections, nil, map[string]bool{}) {
		if refused := RefuseField(c, operation, field.Name); refused != nil {
			return refused
		}
	}
	return nil
}

// RefuseField refuses a caller a field that they have no right to. Where the mutation refuses
// limited callers itself, it is left to it.
func RefuseField(c *auth.Caller, operation ast.Operation, field string) *fault.Fault {
	right, known := rightTo(operation, field)
	switch {
	case !known:
		return fault.New(fault.Forbidden, "%s is for nobody: it has no row in the table of rights.", field)
	case !c.May(right.Role):
		return fault.New(fault.Forbidden, "%s takes the role %s, and yours is %s.", field, right.Role, c.Role)
	case right.Unlimited && right.Argument == "" && !c.Unlimited():
		return fault.New(fault.Forbidden, "%s takes a caller who is not limited to some categories.", field)
	}
	return nil
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = roles{}
