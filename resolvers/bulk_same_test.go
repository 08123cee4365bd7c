package resolvers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/dbtest"
	"vodgraph/graph"
)

// least is the least value of a type that a request may have for it.
func least(s *ast.Schema, t *ast.Type) any {
	d := s.Types[t.Name()]
	switch {
	case t.Elem != nil:
		return []any{least(s, t.Elem)}
	case d.Kind == ast.InputObject:
		members := map[string]any{}
		for _, f := range d.Fields {
			if f.Type.NonNull && f.DefaultValue == nil {
				members[f.Name] = least(s, f.Type)
			}
		}
		return members
	case d.Name == "JSON":
		return map[string]any{"k": nil}
	}
	return drawnLeaf(t, d)
}

// nullable is a value of an input with one member left out that may be null.
type nullable struct {
	path  []string
	on    string                                     // the input
	value func(member map[string]any) any            // with what is in member
	f     func() (name string, byDefault *ast.Value) // the member
}

// nullables are the members that may be null in an argument, lists of inputs having one.
func nullables(s *ast.Schema, t *ast.Type, path []string, around func(any) any) (all []nullable) {
	d := s.Types[t.Name()]
	if d.Kind != ast.InputObject || len(path) > 8 {
		return nil
	}
	if t.Elem != nil {
		outer := around
		around, path = func(v any) any { return outer([]any{v}) }, slices.Concat(path, []string{"0"})
	}
	base := func() map[string]any { return least(s, ast.NamedType(d.Name, nil)).(map[string]any) }
	for _, f := range d.Fields {
		if !f.Type.NonNull {
			all = append(all, nullable{slices.Concat(path, []string{f.Name}), d.Name, func(member map[string]any) any {
				v := base()
				maps.Copy(v, member)
				return around(v)
			}, func() (string, *ast.Value) { return f.Name, f.DefaultValue }})
		}
		all = append(all, nullables(s, f.Type, slices.Concat(path, []string{f.Name}), func(v any) any {
			whole := base()
			whole[f.Name] = v
			return around(whole)
		})...)
	}
	return all
}

// apart are the inputs in which null is another value than none, and those below it.
var apart = []string{"AssetUpdateInput", "AssetChangeInput", "JSONChange", "FileInput", "MezzanineInput"}

// TestKeyedCallsWithNullAndWithout makes each call that takes a key once without, and
// again with, null in the place of each member that may be null: both are one call. So
// are those with a default and without.
func TestKeyedCallsWithNullAndWithout(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		n := 0
		for _, field := range d.schema.Mutation.Fields {
			if !slices.ContainsFunc(field.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.Name() == "BulkOptions" }) {
				continue
			}
			for _, a := range field.Arguments {
				var members []nullable
				if a.Type.Name() != "AssetFilter" { // which takes no null
					members = nullables(d.schema, a.Type, []string{a.Name}, func(v any) any { return v })
				}
				if !a.Type.NonNull {
					members = append(members, nullable{[]string{a.Name}, "", func(m map[string]any) any { return m[a.Name] },
						func() (string, *ast.Value) { return a.Name, a.DefaultValue }})
				}
				for _, m := range members {
					name, byDefault := m.f()
					if slices.Contains(apart, m.on) || name == "idempotencyKey" || m.path[0] == "options" && len(m.path) == 1 {
						continue
					}
					n++
					same := []any{nil}
					if byDefault != nil {
						v, err := byDefault.Value(nil)
						if err != nil {
							t.Fatal(err)
						}
						same = append(same, v)
					}
					d.sameCall(field, m, name, same, fmt.Sprint("key ", n))
				}
			}
		}
		if n < 60 {
			t.Errorf("only %d members were tried", n)
		}
	})
}

// sameCall wants a call to be the same with each value of a member as without it.
func (d *mutations) sameCall(field *ast.FieldDefinition, m nullable, member string, same []any, key string) {
	d.Helper()
	call := func(member map[string]any) (string, []string) {
		args := map[string]any{}
		for _, a := range field.Arguments {
			if a.Type.NonNull && a.DefaultValue == nil {
				args[a.Name] = least(d.schema, a.Type)
			}
			if a.Type.Name() == "AssetFilter" {
				args[a.Name] = map[string]any{"hasCover": true}
			}
		}
		if v := m.value(member); v != nil || len(member) > 0 {
			args[m.path[0]] = v
		}
		options, _ := args["options"].(map[string]any)
		options = maps.Clone(options)
		if options == nil {
			options = map[string]any{}
		}
		options["idempotencyKey"] = key
		args["options"] = options
		p := d.callWith(field.Name, "id", args)
		return fmt.Sprint(p.Results, p.Operation, p.Revision != nil), p.errors()
	}
	was, errors := call(nil)
	for _, v := range same {
		now, again := call(map[string]any{member: v})
		if was != now || !slices.Equal(errors, again) || slices.ContainsFunc(again, func(e string) bool { return strings.Contains(e, "REUSED") }) {
			d.Errorf("%s, %s: %v came to %s %q, and left out to %s %q", field.Name, strings.Join(m.path, "."), v, now, again, was, errors)
		}
	}
}

// Where null is another value than none, so is the call.
func TestKeyedCallsThatClear(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "v", "description": "d"}`)[0]
		d.done("assetsUpdate", "id", `{"items": [{"id": %q}], "options": {"idempotencyKey": "k"}}`, id)
		d.refuses([]string{"IDEMPOTENCY_KEY_REUSED options.idempotencyKey"}, "assetsUpdate",
			`{"items": [{"id": %q, "description": null}], "options": {"idempotencyKey": "k"}}`, id)
		where := d.begin("assetsTrashWhere", `{"filter": {"ids": ["a", "b"], "tags": {"any": ["x"]}}, "options": {"idempotencyKey": "k"}}`)
		again := d.begin("assetsTrashWhere", `{"filter": {"and": [], "tags": {"any": " x"}, "ids": ["b", "a", "b"]}, "options": {"idempotencyKey": "k", "note": null}}`)
		if where != again {
			t.Error("a filter in another form is another call")
		}
		d.refuses([]string{"IDEMPOTENCY_KEY_REUSED options.idempotencyKey"}, "assetsTrashWhere", `{"filter": {"ids": ["a"]}, "options": {"idempotencyKey": "k"}}`)
	})
}

// TestCursorsWithNullAndWithout goes on in each list at the root with null, or nothing in
// an input, in the place of each argument that was left out before.
func TestCursorsWithNullAndWithout(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.make(`{"kind": "VIDEO", "title": "v", "tags": ["a", "b"]}`, `{"kind": "VIDEO", "title": "w"}`)
		for _, other := range []string{"AUDIO", "IMAGE"} {
			d.make(fmt.Sprintf(`{"kind": %q, "title": "v"}`, other), fmt.Sprintf(`{"kind": %q, "title": "w"}`, other))
		}
		d.make(`{"kind": "ATTACHMENT", "title": "v", "attachmentType": "SUBTITLE"}`, `{"kind": "ATTACHMENT", "title": "w", "attachmentType": "SUBTITLE"}`)
		lists := 0
		schema := graph.NewExecutableSchema(graph.Config{}).Schema()
		for _, field := range schema.Query.Fields {
			if field.Arguments.ForName("after") == nil || slices.ContainsFunc(field.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil }) {
				continue
			}
			ask := func(args string) answer {
				return d.send(fmt.Sprintf(`{ %s(first: 1%s) { pageInfo { hasNextPage endCursor } } }`, field.Name, args), nil)
			}
			var first map[string]struct {
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
			d.ask(fmt.Sprintf(`{ %s(first: 1) { pageInfo { hasNextPage endCursor } } }`, field.Name), nil, &first)
			info := first[field.Name].PageInfo
			if !info.HasNextPage {
				continue
			}
			lists++
			after := fmt.Sprintf(", after: %q, ", info.EndCursor)
			for _, a := range field.Arguments {
				if slices.Contains([]string{"first", "after", "last", "before"}, a.Name) {
					continue
				}
				for _, v := range saysNothing(schema, a) {
					if got := ask(after + a.Name + ": " + v); len(got.Errors) > 0 {
						t.Errorf("%s with %s: %s goes on with %v", field.Name, a.Name, v, got.Errors)
					}
				}
			}
		}
		if lists < 6 {
			t.Errorf("only %d lists were tried", lists)
		}
	})
}

// saysNothing are values of an argument that mean the same as if it were left out.
func saysNothing(schema *ast.Schema, a *ast.ArgumentDefinition) []string {
	same := []string{"null"}
	if of := schema.Types[a.Type.Name()]; of.Kind == ast.InputObject && a.Type.Elem == nil && !slices.ContainsFunc(of.Fields, func(f *ast.FieldDefinition) bool { return f.Type.NonNull && f.DefaultValue == nil }) {
		same = append(same, "{}")
		for _, f := range of.Fields {
			if f.Name != "trashed" && !f.Type.NonNull { // null finds both
				same = append(same, "{"+f.Name+": null}")
			}
		}
	}
	if a.Name == "filter" {
		same = append(same, "{trashed: false}", "{and: []}", "{tags: {}}", "{createdAt: {lt: null}}", "{category: {includeDescendants: null}}")
	}
	if strings.HasPrefix(a.Name, "order") && a.Type.Elem != nil {
		same = append(same, "[]")
	}
	return same
}
