package app

import (
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/auth"
	"vodgraph/ent/bulkoperation"
	"vodgraph/gqlhttp"
)

// TestFieldsWithoutARight are refused to administrators too, if they are mutations.
func TestFieldsWithoutARight(t *testing.T) {
	t.Parallel()
	admin := &auth.Caller{Name: "a", Role: auth.Admin}
	limited := &auth.Caller{Name: "l", Role: auth.Admin, Limited: true}
	viewer := &auth.Caller{Name: "v", Role: auth.Viewer}
	for _, c := range []struct {
		caller    *auth.Caller
		operation ast.Operation
		field     string
		refused   bool
	}{
		{admin, ast.Mutation, "assetsForget", true},
		{admin, ast.Mutation, "assetsDelete", false},
		{admin, ast.Mutation, "read", false}, // the schema has no such field
		{viewer, ast.Mutation, "assetsUpdate", true},
		{viewer, ast.Mutation, "__typename", false},
		{viewer, ast.Query, "whatIsNew", false},
		{viewer, ast.Subscription, "whatIsNew", false},
		{viewer, ast.Query, "keys", true},
		{limited, ast.Query, "keys", true},
		{limited, ast.Mutation, "keyCreate", true},
		{limited, ast.Mutation, "tagDelete", false}, // which refuses it itself
	} {
		if refused := gqlhttp.RefuseField(c.caller, c.operation, c.field); (refused != nil) != c.refused {
			t.Errorf("%s %s as %s: refused with %v", c.operation, c.field, c.caller.Name, refused)
		}
	}
}

// TestFilesTakeTheRightOfTheirMutation covers every verb that a file can have.
func TestFilesTakeTheRightOfTheirMutation(t *testing.T) {
	t.Parallel()
	for verb, mutation := range gqlhttp.FileVerbs {
		right, known := auth.RightTo(mutation)
		if want := verb == bulkoperation.VerbDELETE; !known || (right.Role == auth.Admin) != want {
			t.Errorf("a file of %s takes the role %s", verb, right.Role)
		}
	}
}
