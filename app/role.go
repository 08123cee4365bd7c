package app

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/auth"
	"vodgraph/fault"
)

// roles has the executor do only what the role of a caller allows, before anything of the
// operation is done. Which rows they see is no matter of it.
type roles struct{}

// need is what a root field takes.
type need struct {
	role auth.Role
	// whole is for what takes a caller who sees everything.
	whole bool
}

// editing are the mutations that an editor may call. What is not told here, and so what is
// new, takes an administrator.
var editing = map[string]bool{
	"assetsCreate": true, "assetUpdate": true, "assetsUpdate": true, "assetsSetStatus": true, "assetsTrash": true, "assetsRestore": true,
	"assetsUpdateWhere": true, "assetsTrashWhere": true, "assetsRestoreWhere": true, "bulkOperationCancel": true, "changeSetUndo": true,
	"mezzaninePut": true, "mezzanineDelete": true, "playInfosPut": true, "playInfosDelete": true, "snapshotsPut": true,
	"snapshotsDelete": true, "attachmentLink": true, "attachmentUnlink": true, "aiDataPut": true, "aiDataDelete": true,
	"categoryCreate": true, "categoryUpdate": true, "categoryDelete": true, "tagRename": true, "tagsMerge": true, "tagDelete": true,
}

// needOf is what a field of a root type takes.
func needOf(operation ast.Operation, field string) need {
	switch {
	case field == "keys", field == "keyCreate", field == "keyRevoke":
		return need{auth.Admin, true}
	case operation != ast.Mutation:
		return need{role: auth.Viewer}
	case editing[field]:
		return need{role: auth.Editor}
	default:
		return need{role: auth.Admin}
	}
}

// ExtensionName names the extension.
func (roles) ExtensionName() string { return "roles" }

// Validate finds nothing wrong with any schema.
func (roles) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses an operation with a field that its caller may not ask for.
// A request in which nobody was found out is nobody's.
func (roles) MutateOperationContext(ctx context.Context, o *graphql.OperationContext) *gqlerror.Error {
	caller := auth.From(ctx)
	if caller == nil {
		caller = &nobody
	}
	refused := fault.New(fault.Forbidden, "Nobody is let in to ask anything.")
	if caller.May(auth.Viewer) {
		refused = forbidden(caller, o.Operation.Operation, o.Operation.SelectionSet, map[string]bool{})
	}
	if refused != nil {
		return &gqlerror.Error{Err: refused, Message: refused.Message}
	}
	return nil
}

// forbidden is the refusal of the first field that the caller may not ask for; nil where
// there is none. Fragments that were looked through are not looked through again.
func forbidden(c *auth.Caller, operation ast.Operation, selections ast.SelectionSet, through map[string]bool) *fault.Fault {
	for _, selection := range selections {
		var refused *fault.Fault
		switch s := selection.(type) {
		case *ast.Field:
			refused = needOf(operation, s.Name).refuse(c, s.Name)
		case *ast.InlineFragment:
			refused = forbidden(c, operation, s.SelectionSet, through)
		case *ast.FragmentSpread:
			if !through[s.Name] && s.Definition != nil {
				through[s.Name] = true
				refused = forbidden(c, operation, s.Definition.SelectionSet, through)
			}
		}
		if refused != nil {
			return refused
		}
	}
	return nil
}

// refuse refuses a caller what they may not ask for.
func (n need) refuse(c *auth.Caller, field string) *fault.Fault {
	switch {
	case !c.May(n.role):
		return fault.New(fault.Forbidden, "%s takes the role %s, and yours is %s.", field, n.role, c.Role)
	case n.whole && !c.Unlimited():
		return fault.New(fault.Forbidden, "%s takes a caller who is not limited to some categories.", field)
	}
	return nil
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = roles{}
