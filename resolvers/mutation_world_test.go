package resolvers_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/arguments"
	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/fault"
	"vodgraph/graph"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/resolvers"
)

// mutations is the graph of one test, to be written through.
type mutations struct {
	*server
	schema  *ast.Schema
	catalog *bulk.Catalog
}

// write serves the graph over an empty database, with a clock that goes on by
// a second whenever it is looked at.
func write(t *testing.T, db *dbtest.DB, set ...func(*change.Options)) *mutations {
	opts := change.Options{Limits: limits.DefaultLibrary(), Now: ticking()}
	opts.NewID, opts.NewSecret = media.ULIDs(opts.Now, rand.Reader), rand.Text
	for _, one := range set {
		one(&opts)
	}
	root := &resolvers.Root{Client: db.Client, Catalog: bulk.New(db.Client, opts), Limits: opts.Limits}
	executable := graph.NewExecutableSchema(graph.Config{Resolvers: root})
	root.Explain = func(a limits.Asked) limits.Explanation {
		return limits.DefaultRequest().Explain(executable.Schema(), a)
	}
	h := handler.New(executable)
	h.AddTransport(transport.POST{})
	h.Use(arguments.Mutations{Schema: executable.Schema()})
	h.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		var refused *fault.Fault
		if errors.As(err, &refused) {
			shown.Extensions = map[string]any{"code": refused.Code, "field": refused.Field}
		}
		return shown
	})
	return &mutations{server: &server{T: t, db: db, handler: h}, schema: executable.Schema(), catalog: root.Catalog}
}

func ticking() func() time.Time {
	var mu sync.Mutex
	at := epoch
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		at = at.Add(time.Second)
		return at
	}
}

// refusal is a UserError.
type refusal struct {
	Code, Message string
	Field         []string
	Users         []struct{ AssetID, Field string }
}

func (r refusal) String() string {
	return strings.TrimSpace(r.Code + " " + strings.Join(r.Field, "."))
}

// payload is what any mutation answers.
type payload struct {
	Asset, Category, Tag record
	Operation, ChangeSet record
	DeletedID            string
	DeletedIds           []string
	Results              []struct {
		ID      string `json:"assetId"`
		Asset   record
		Outcome string
		Errors  []refusal
	}
	ChangedCount, FailedCount int
	Revision                  *int64
	UserErrors                []refusal
}

// only is the asset of a call with one item.
func (p payload) only() record { return p.Results[0].Asset }

// record is some object of an answer; nil where it is null.
type record map[string]any

// at is a value below the record, by the names and indexes on the way.
func (r record) at(path ...any) any {
	var v any = map[string]any(r)
	for _, step := range path {
		switch step := step.(type) {
		case int:
			v = v.([]any)[step]
		case string:
			v = v.(map[string]any)[step]
		}
	}
	return v
}

func (r record) id() string { return r["id"].(string) }

// errors are all refusals of a payload, as "CODE place".
func (p payload) errors() []string {
	var all []string
	for _, e := range p.UserErrors {
		all = append(all, e.String())
	}
	for _, item := range p.Results {
		for _, e := range item.Errors {
			all = append(all, e.String())
		}
	}
	return all
}

// outcomes are those of the items.
func (p payload) outcomes() []string {
	all := make([]string, len(p.Results))
	for i, item := range p.Results {
		all[i] = item.Outcome
	}
	return all
}

// envelope is what of the payloads is asked, with %s for what is asked of assets,
// categories and tags.
var envelope = map[string]string{
	"AssetsPayload":         `results { assetId outcome errors { code message field users { assetId field } } asset { %s } } changedCount failedCount revision changeSet { id }`,
	"BulkOperationPayload":  `operation { id }`,
	"AssetPayload":          `asset { %s } revision changeSet { id }`,
	"CategoryPayload":       `category { %s } revision changeSet { id }`,
	"TagPayload":            `tag { %s } revision changeSet { id }`,
	"CategoryDeletePayload": `deletedIds revision changeSet { id }`,
	"TagDeletePayload":      `deletedId revision changeSet { id }`,
}

// document is a mutation with arguments as variables.
func (d *mutations) document(name string, args map[string]any, selection string) string {
	field := d.schema.Mutation.Fields.ForName(name)
	if field == nil {
		d.Fatalf("there is no mutation %s", name)
	}
	var variables, arguments []string
	for _, a := range field.Arguments {
		if _, given := args[a.Name]; given {
			variables = append(variables, fmt.Sprintf("$%s: %s", a.Name, a.Type))
			arguments = append(arguments, fmt.Sprintf("%s: $%[1]s", a.Name))
		}
	}
	if len(arguments) < len(args) {
		d.Fatalf("%s has no arguments %v", name, args)
	}
	asked := envelope[field.Type.Name()]
	if strings.Contains(asked, "%s") {
		asked = fmt.Sprintf(asked, selection)
	}
	return fmt.Sprintf("mutation(%s) { %s(%s) { %s userErrors { code message field users { assetId field } } } }",
		strings.Join(variables, ", "), name, strings.Join(arguments, ", "), asked)
}

// call runs a mutation, with its arguments as JSON (%-verbs filled in), and
// returns what it answered. Where every refusal points must be a place of the
// arguments.
func (d *mutations) call(name, args string, more ...any) payload {
	d.Helper()
	return d.callFor(name, "id", args, more...)
}

// callFor is call, with something else selected than the id.
func (d *mutations) callFor(name, selection, args string, more ...any) payload {
	d.Helper()
	if len(more) > 0 {
		args = fmt.Sprintf(args, more...)
	}
	var variables map[string]any
	decoder := json.NewDecoder(strings.NewReader(args))
	decoder.UseNumber() // none of their digits are lost
	if err := decoder.Decode(&variables); err != nil {
		d.Fatalf("%v in %s", err, args)
	}
	return d.callWith(name, selection, variables)
}

// callWith is callFor with the arguments as values.
func (d *mutations) callWith(name, selection string, args map[string]any) payload {
	d.Helper()
	var answer map[string]payload
	d.ask(d.document(name, args, selection), args, &answer)
	p := answer[name]
	field := d.schema.Mutation.Fields.ForName(name)
	check := func(e refusal) {
		if len(e.Field) == 0 || !d.isPlace(argumentsOf(field), e.Field) {
			d.Errorf("%s: %s is no place of its arguments", name, e)
		}
	}
	for _, e := range p.UserErrors {
		check(e)
	}
	for _, item := range p.Results {
		for _, e := range item.Errors {
			check(e)
		}
	}
	return p
}

func argumentsOf(f *ast.FieldDefinition) map[string]*ast.Type {
	types := map[string]*ast.Type{}
	for _, a := range f.Arguments {
		types[a.Name] = a.Type
	}
	return types
}

// isPlace reports whether a place leads somewhere in some arguments or members.
func (d *mutations) isPlace(members map[string]*ast.Type, place []string) bool {
	of, rest := members[place[0]], place[1:]
	for of != nil && len(rest) > 0 && of.Elem != nil {
		if _, err := strconv.Atoi(rest[0]); err != nil {
			return false
		}
		of, rest = of.Elem, rest[1:]
	}
	if of == nil || len(rest) == 0 {
		return of != nil
	}
	below := map[string]*ast.Type{}
	for _, f := range d.schema.Types[of.Name()].Fields {
		below[f.Name] = f.Type
	}
	return d.isPlace(below, rest)
}

// done is call for a mutation that must not be refused.
func (d *mutations) done(name, selection, args string, more ...any) payload {
	d.Helper()
	p := d.callFor(name, selection, args, more...)
	if errors := p.errors(); len(errors) > 0 {
		d.Fatalf("%s is refused: %v %+v", name, errors, p)
	}
	return p
}

// refuses is call for a mutation that must be refused so, and no other way, with
// nothing changed.
func (d *mutations) refuses(want []string, name, args string, more ...any) payload {
	d.Helper()
	before := d.revision()
	p := d.call(name, args, more...)
	if got := p.errors(); !slices.Equal(got, want) {
		d.Errorf("%s %s is refused with %q, not %q", name, fmt.Sprintf(args, more...), got, want)
	}
	if p.Revision != nil || p.ChangedCount > 0 || d.revision() != before {
		d.Errorf("%s is refused, and yet changed something: %+v", name, p)
	}
	return p
}

// make makes assets of items of JSON and returns their ids.
func (d *mutations) make(items ...string) []string {
	d.Helper()
	p := d.done("assetsCreate", "id", `{"items": [`+strings.Join(items, ", ")+`]}`)
	ids := make([]string, len(p.Results))
	for i, item := range p.Results {
		ids[i] = item.ID
	}
	return ids
}

// read is what is asked of one asset.
func (d *mutations) read(id, selection string) record {
	d.Helper()
	var data struct{ Node record }
	d.ask(`query($id: ID!) { node(id: $id) { ... on Asset { `+selection+` } } }`, map[string]any{"id": id}, &data)
	return data.Node
}

// revision is the library's.
func (d *mutations) revision() int64 {
	d.Helper()
	row, err := d.db.Client.Library.Query().Only(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	return row.Revision
}

// same wants two values to be the same JSON.
func (d *mutations) same(got any, want string, about string) {
	d.Helper()
	var wanted, plain any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		d.Fatalf("%v in %s", err, want)
	}
	text, err := json.Marshal(got)
	if err != nil {
		d.Fatal(err)
	}
	if err := json.Unmarshal(text, &plain); err != nil {
		d.Fatal(err)
	}
	if !reflect.DeepEqual(plain, wanted) {
		d.Errorf("%s: %s, not %s", about, text, want)
	}
}

// quoted is a text as JSON.
func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}
