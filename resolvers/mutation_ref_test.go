package resolvers_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/dbtest"
)

// notOfAssets are the arguments and members of inputs that are ids, and why none of them
// is an AssetRef.
var notOfAssets = map[string]string{
	"bulkOperationCancel.id":       "an operation",
	"keyRevoke.id":                 "a key",
	"changeSetUndo.id":             "a change set",
	"categoryDelete.id":            "a category",
	"CategoryCreateInput.parentId": "a category",
	"CategoryUpdateInput.id":       "a category",
	"CategoryUpdateInput.parentId": "a category",
	"CategoryRef.id":               "a category",
	"KeyCreateInput.categoryIds":   "categories",
	"AssetCreateInput.id":          "the id that a new asset is to have",
	"AssetRef.id":                  "the reference itself",
	"AssetUpdateInput.id":          "it stands beside referenceId",
	"AssetStatusInput.id":          "it stands beside referenceId",
	"CoverRef.candidate":           "a cover candidate",
}

// Mutations name assets by AssetRef, so by the caller's own keys too. Filters have a member
// of reference ids beside that of ids.
func TestMutationsNameAssetsByReference(t *testing.T) {
	t.Parallel()
	schema := write(t, dbtest.SQLite(t)).schema
	known := maps.Clone(notOfAssets)
	seen := map[string]bool{}
	var members func(of string, name string, member *ast.Type)
	members = func(of, name string, member *ast.Type) {
		if member.Name() == "ID" && !strings.HasSuffix(of, "Filter") {
			if notOfAssets[of+"."+name] == "" {
				t.Errorf("%s.%s is an id; where it is one of an asset it must be an AssetRef", of, name)
			}
			delete(known, of+"."+name)
		}
		if input := schema.Types[member.Name()]; input.Kind == ast.InputObject && !seen[input.Name] {
			seen[input.Name] = true
			for _, f := range input.Fields {
				members(input.Name, f.Name, f.Type)
			}
		}
	}
	for _, field := range schema.Mutation.Fields {
		for _, a := range field.Arguments {
			members(field.Name, a.Name, a.Type)
		}
	}
	if len(known) > 0 {
		t.Errorf("there are no such ids: %v", known)
	}
}

// references calls f with the value and each AssetRef in it set to another, and the place
// of it. Covers that name more than one thing are left out, since that is refused first.
func (d *mutations) references(of *ast.Type, value, other any, f func(with any, place []string)) {
	switch value := value.(type) {
	case []any:
		if of.Elem == nil {
			return
		}
		for i, one := range value {
			d.references(of.Elem, one, other, func(with any, place []string) {
				list := slices.Clone(value)
				list[i] = with
				f(list, append([]string{strconv.Itoa(i)}, place...))
			})
		}
	case map[string]any:
		switch {
		case of.Name() == "AssetRef":
			f(other, nil)
			return
		case of.Name() == "JSON" || of.Name() == "CoverRef" && len(value) > 1:
			return
		}
		for name, one := range value {
			d.references(d.schema.Types[of.Name()].Fields.ForName(name).Type, one, other, func(with any, place []string) {
				members := maps.Clone(value)
				members[name] = with
				f(members, append([]string{name}, place...))
			})
		}
	}
}

// badReferences are references that name no asset, and what each is refused with.
var badReferences = []struct{ ref, code, place string }{
	{`{}`, "INVALID", ""},
	{`{"id": null, "referenceId": null}`, "INVALID", ""},
	{`{"id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4", "referenceId": "film"}`, "INVALID", ""},
	{`{"id": "vid_1"}`, "NOT_FOUND", ".id"},
	{`{"id": ""}`, "NOT_FOUND", ".id"},
	{`{"referenceId": "none"}`, "NOT_FOUND", ".referenceId"},
}

// Every reference to an asset, in any mutation and at any depth, is refused alike and at
// its place where it names none or is no reference.
func TestMutationRefusesReferences(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.done("assetsCreate", "id", `{"items": [`+everythingIn(folders(d))+`]}`)
		tried := map[string]bool{}
		for name, text := range withTexts() {
			var args map[string]any
			if err := json.Unmarshal([]byte(text), &args); err != nil {
				t.Fatal(err)
			}
			if options := object(args["options"]); options != nil {
				delete(options, "idempotencyKey")
				options["dryRun"] = true
			}
			field := d.schema.Mutation.Fields.ForName(name)
			for argument, value := range args {
				for _, bad := range badReferences {
					var ref any
					if err := json.Unmarshal([]byte(bad.ref), &ref); err != nil {
						t.Fatal(err)
					}
					d.references(field.Arguments.ForName(argument).Type, value, ref, func(with any, place []string) {
						tried[name+"."+argument] = true
						changed := maps.Clone(args)
						changed[argument] = with
						want := bad.code + " " + strings.Join(append([]string{argument}, place...), ".") + bad.place
						if got := d.callWith(name, "id", changed).errors(); !slices.Contains(got, want) {
							t.Errorf("%s with %s is refused with %q, not %q", name, bad.ref, got, want)
						}
					})
				}
			}
		}
		for _, field := range d.schema.Mutation.Fields {
			for _, a := range field.Arguments {
				if a.Type.Name() == "AssetRef" && !tried[field.Name+"."+a.Name] {
					t.Errorf("%s.%s is not tried here", field.Name, a.Name)
				}
			}
		}
	})
}

// Whatever a mutation does to assets by their ids it does by their reference ids.
func TestMutationsFindAssetsByReferenceID(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`\{"id": "((?:vid|att|img)_[^"]*)"`)
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		root := d.grow("root", "")
		leaf := d.grow("leaf", root)
		ids := d.make(
			`{"kind": "VIDEO", "title": "a", "referenceId": "ref 0", "tags": ["t", "u"], "categories": [{"path": ["root", "leaf"]}]}`,
			`{"kind": "ATTACHMENT", "title": "b", "referenceId": "ref 1", "attachmentType": "SUBTITLE"}`,
			`{"kind": "IMAGE", "title": "c", "referenceId": "ref 2", "tags": ["t"], "categories": [{"path": ["root"]}]}`)
		mutations := append(staleMutations(ids, root, leaf), staleMutation{name: "assetsDelete", args: `{"assets": [{"id": "` + ids[0] + `"}]}`})
		for _, mutation := range mutations {
			args := named.ReplaceAllStringFunc(mutation.args, func(ref string) string {
				return `{"referenceId": "ref ` + strconv.Itoa(slices.Index(ids, named.FindStringSubmatch(ref)[1])) + `"`
			})
			for _, id := range ids {
				if strings.Contains(args, id) {
					t.Errorf("%s names %s", mutation.name, id)
				}
			}
			p := d.callWithLast(mutation.name, args)
			if len(p.UserErrors) > 0 {
				t.Fatalf("%s %s: %v", mutation.name, args, p.errors())
			}
			if p.Operation != nil {
				d.finish(p.Operation.id())
			}
			if args != mutation.args && p.Revision == nil {
				t.Errorf("%s %s changed nothing: %v", mutation.name, args, p.errors())
			}
		}
		if p := d.call("assetsTrash", `{"assets": [{"id": %q}, {"referenceId": "ref 1"}, {"referenceId": "ref 2"}]}`, ids[1]); !slices.Equal(p.errors(), []string{"DUPLICATE_ITEM assets.1"}) {
			t.Errorf("two names of one asset are refused with %v", p.errors())
		}
		if p := d.call("assetsDelete", `{"assets": [{"referenceId": "ref 1"}, {"id": %q}], "options": {"errorPolicy": "ATOMIC"}}`, ids[1]); !slices.Equal(p.errors(), []string{"ROLLED_BACK assets.0", "DUPLICATE_ITEM assets.1"}) {
			t.Errorf("two names of one asset are refused with %v", p.errors())
		}
	})
}
