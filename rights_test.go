package main_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	graphql "github.com/vektah/gqlparser/v2/ast"

	"vodgraph/auth"
	"vodgraph/ent/key"
)

// TestEveryMutationHasARight compares the fields of Mutation with the table of rights.
func TestEveryMutationHasARight(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&graphql.Source{Name: "schema.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	known := []auth.Verb{auth.Read, auth.Keys, auth.Metrics, auth.OthersOperations, auth.OthersChangeSets, auth.RootCategories}
	if schema.Query.Fields.ForName(string(auth.Keys)) == nil {
		t.Errorf("Query has no field %s", auth.Keys)
	}
	for _, field := range schema.Mutation.Fields {
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		verb := auth.Verb(field.Name)
		known = append(known, verb)
		right, found := auth.RightTo(verb)
		if !found {
			t.Errorf("the mutation %s has no row in the table of rights, in auth/right.go", verb)
		}
		if right.Argument != "" && field.Arguments.ForName(right.Argument) == nil {
			t.Errorf("the mutation %s has no argument %s, where the table of rights refuses limited callers", verb, right.Argument)
		}
	}
	seen := map[auth.Verb]bool{}
	for _, right := range auth.Rights() {
		if !slices.Contains(known, right.Verb) {
			t.Errorf("the table of rights has %s, which is no mutation and no other verb that is known", right.Verb)
		}
		if seen[right.Verb] || !right.Role.Known() {
			t.Errorf("the row of %s stands twice, or has no role: %+v", right.Verb, right)
		}
		seen[right.Verb] = true
	}
}

// TestEachRoleIsEverywhere compares the roles with those of the schema and of the table of keys,
// and wants them in the texts that list roles.
func TestEachRoleIsEverywhere(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	schema := gqlparser.MustLoadSchema(&graphql.Source{Name: "schema.graphql", Input: string(text)})
	var described []auth.Role
	for _, value := range schema.Types["Role"].EnumValues {
		described = append(described, auth.Role(value.Name))
	}
	if !slices.Equal(described, auth.Roles()) {
		t.Errorf("the schema has the roles %s, and auth %s", described, auth.Roles())
	}
	for _, role := range auth.Roles() {
		if err := key.RoleValidator(key.Role(role)); err != nil {
			t.Errorf("the table of keys: %v", err)
		}
		for _, file := range []string{"cli/keys.go", "keys/keys.go", "access/token.go"} {
			if text, err := os.ReadFile(file); err != nil || !strings.Contains(strings.ToUpper(string(text)), string(role)) {
				t.Errorf("%s does not name the role %s; %v", file, role, err)
			}
		}
	}
}
