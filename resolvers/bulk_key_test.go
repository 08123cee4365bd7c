package resolvers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/change"
	"vodgraph/dbtest"
)

// again makes a call twice, and wants it answered the same and to do nothing more.
func (d *mutations) again(between func(), name, args string, more ...any) payload {
	d.Helper()
	first := d.callFor(name, "id", args, more...)
	between()
	before := d.revision()
	second := d.callFor(name, "id", args, more...)
	if diff := cmp.Diff(first, second); diff != "" {
		d.Errorf("%s is answered otherwise (-first +second):\n%s", name, diff)
	}
	if now := d.revision(); now != before {
		d.Errorf("%s, made again, took the library from %d to %d", name, before, now)
	}
	return first
}

// A call with a key is answered as at first, whatever it came to and whatever came
// between.
func TestBulkKeysHaveTheFirstAnswer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		nothing := func() {}
		p := d.again(nothing, "assetsCreate", `{"items": [{"kind": "VIDEO", "title": "a", "referenceId": "r"}, {"kind": "VIDEO", "title": ""}], "options": {"idempotencyKey": "k"}}`)
		id := p.Results[0].ID
		if want := []string{"CREATED", "FAILED"}; !slices.Equal(p.outcomes(), want) || p.Revision == nil || p.ChangeSet == nil {
			t.Errorf("the first answer is %+v", p)
		}
		// The key of another mutation is another key.
		p = d.again(func() { d.done("assetsUpdate", "id", `{"items": [{"id": %q, "title": "b"}]}`, id) },
			"assetsUpdate", `{"items": [{"id": %q, "title": "a"}], "options": {"idempotencyKey": "k"}}`, id)
		if !slices.Equal(p.outcomes(), []string{"UNCHANGED"}) || d.read(id, "title")["title"] != "b" {
			t.Errorf("what changed nothing came to %v, and then changed %v", p.outcomes(), d.read(id, "title"))
		}
		p = d.again(func() { d.done("assetsUpdate", "id", `{"items": [{"id": %q, "newReferenceId": null}]}`, id) },
			"assetsCreate", `{"items": [{"kind": "IMAGE", "title": "x"}, {"kind": "IMAGE", "title": "x", "referenceId": "r"}],
				"options": {"idempotencyKey": "k2", "errorPolicy": "ATOMIC"}}`)
		if want := []string{"ROLLED_BACK items.0", "REFERENCE_ID_TAKEN items.1.referenceId"}; !slices.Equal(p.errors(), want) {
			t.Errorf("it was refused with %v", p.errors())
		}
		d.again(func() { d.done("assetsRestore", "id", `{"assets": [{"id": %q}]}`, id) }, "assetsTrash", `{"assets": [{"id": %q}, {"id": "vid_1"}], "options": {"idempotencyKey": "k"}}`, id)
		first := d.again(nothing, "assetsTrashWhere", `{"filter": {"kinds": ["VIDEO"]}, "options": {"idempotencyKey": "k"}}`)
		d.finish(first.Operation.id())
		d.again(nothing, "assetsTrashWhere", `{"filter": {"kinds": ["VIDEO"]}, "options": {"idempotencyKey": "k"}}`)
		deletion := d.callFor("assetsDelete", "id", `{"assets": [{"id": %q}], "options": {"idempotencyKey": "k"}}`, id)
		if again := d.call("assetsDelete", `{"assets": [{"id": %q}], "options": {"idempotencyKey": "k"}}`, id); cmp.Diff(deletion, again) != "" || again.Results[0].Outcome != "DELETED" {
			t.Errorf("the deletion came to %+v, then to %+v", deletion, again)
		}
		const reused = "IDEMPOTENCY_KEY_REUSED options.idempotencyKey"
		d.refuses([]string{reused}, "assetsCreate", `{"items": [{"kind": "VIDEO", "title": "b", "referenceId": "r"}], "options": {"idempotencyKey": "k"}}`)
		d.refuses([]string{reused}, "assetsTrashWhere", `{"filter": {"kinds": ["IMAGE"]}, "options": {"idempotencyKey": "k"}}`)
		d.refuses([]string{reused}, "assetsUpdate", `{"items": [{"id": %q, "title": "a"}], "options": {"idempotencyKey": "k", "note": "n"}}`, id)
		for _, key := range []string{"", times(86, "###")[:256]} {
			d.refuses([]string{"INVALID options.idempotencyKey"}, "assetsTrash", `{"assets": [{"id": "x"}], "options": {"idempotencyKey": %s}}`, quoted(key))
			d.refuses([]string{"INVALID options.idempotencyKey"}, "assetsTrashWhere", `{"filter": {"kinds": []}, "options": {"idempotencyKey": %s}}`, quoted(key))
		}
	})
}

// forms are documents of the same call, with their variables.
var forms = [][2]string{
	{`mutation { call: assetsCreate(items: {kind: VIDEO, title: "a", tags: "t", userData: {b: 1, a: [true]}}, options: {idempotencyKey: "k"}) { results { assetId } userErrors { code } } }`, `{}`},
	{`mutation { call: assetsCreate(options: {errorPolicy: SKIP_FAILED, idempotencyKey: "k", dryRun: false}, items: [{title: "a", kind: VIDEO, tags: ["t"], userData: {a: [true], b: 1}}]) { results { assetId } userErrors { code } } }`, `{}`},
	{`mutation($i: [AssetCreateInput!]!, $o: BulkOptions) { call: assetsCreate(items: $i, options: $o) { results { assetId } userErrors { code } } }`,
		`{"i": [{"kind": "VIDEO", "title": "a", "tags": ["t"], "userData": {"b": 1, "a": [true]}}], "o": {"idempotencyKey": "k"}}`},
	{`mutation($i: [AssetCreateInput!]!, $o: BulkOptions) { call: assetsCreate(items: $i, options: $o) { results { assetId } userErrors { code } } }`,
		`{"i": {"kind": "VIDEO", "title": "a", "tags": "t", "userData": {"a": [true], "b": 1}}, "o": {"dryRun": false, "idempotencyKey": "k", "errorPolicy": "SKIP_FAILED"}}`},
	{`mutation($t: String!, $k: String) { call: assetsCreate(items: [{kind: VIDEO, title: $t, tags: ["t"], userData: {a: [true], b: 1}}], options: {idempotencyKey: $k}) { results { assetId outcome } userErrors { code } } }`,
		`{"t": "a", "k": "k"}`},
}

// A call is the same however its arguments are written.
func TestBulkKeysDoNotMindTheForm(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		var first string
		for i, form := range forms {
			var variables map[string]any
			if err := json.Unmarshal([]byte(form[1]), &variables); err != nil {
				t.Fatal(err)
			}
			var data struct{ Call payload }
			d.ask(form[0], variables, &data)
			switch {
			case len(data.Call.Results) == 0:
				t.Errorf("%s is refused: %v", form[0], data.Call.errors())
			case i == 0:
				first = data.Call.Results[0].ID
			case data.Call.Results[0].ID != first:
				t.Errorf("%s made another", form[0])
			}
		}
	})
}

// Of the same calls that come at once one is done, and all have its answer.
func TestBulkKeysHoldAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		const callers, calls = 4, 8
		d := write(t, db)
		answers := make([][]string, callers)
		var wg sync.WaitGroup
		for caller := range callers {
			wg.Go(func() {
				for n := range calls {
					name, args := "assetsCreate", map[string]any{"items": []any{map[string]any{"kind": "VIDEO", "title": "x"}}}
					if n%2 == 1 {
						name, args = "assetsTrashWhere", map[string]any{"filter": map[string]any{"kinds": []any{"AUDIO"}}}
					}
					args["options"] = map[string]any{"idempotencyKey": fmt.Sprint(n)}
					a := d.send(d.document(name, args, "id"), args)
					answers[caller] = append(answers[caller], fmt.Sprint(string(a.Data), a.Errors))
				}
			})
		}
		wg.Wait()
		for _, one := range answers {
			if diff := cmp.Diff(answers[0], one); diff != "" {
				t.Errorf("two callers are answered otherwise: %s", diff)
			}
		}
		if n := db.Client.Asset.Query().CountX(t.Context()); n != calls/2 {
			t.Errorf("%d assets were made", n)
		}
		if n := db.Client.BulkOperation.Query().CountX(t.Context()); n != calls/2 {
			t.Errorf("%d operations were begun", n)
		}
	})
}

// Keys are of one caller, for a day; a dry run keeps none.
func TestBulkKeysAreOfACallerForADay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		now, actor := epoch, "ann"
		d := write(t, db, func(o *change.Options) { o.Now = func() time.Time { return now } })
		d.by(func() string { return actor })
		const call = `{"items": [{"kind": "VIDEO", "title": "a"}], "options": {"idempotencyKey": "k", "dryRun": %v}}`
		make := func(dry bool) string { return d.call("assetsCreate", call, dry).Results[0].ID }
		if id := make(true); id != "" {
			t.Errorf("a dry run made %s", id)
		}
		first := make(false)
		if id := make(true); id != "" {
			t.Errorf("a dry run made %s", id)
		}
		actor = "bob"
		other := make(false)
		actor = "ann"
		now = now.Add(24 * time.Hour)
		if id := make(false); other == first || id != first {
			t.Errorf("after a day ann has %s, not %s; bob has %s", id, first, other)
		}
		now = now.Add(time.Millisecond)
		if id := make(false); id == first || id == other {
			t.Errorf("later the call is not forgotten: %s", id)
		}
		const where = `{"filter": {"kinds": ["VIDEO"]}, "options": {"idempotencyKey": "k", "dryRun": %v}}`
		tried, done := d.begin("assetsTrashWhere", where, true), d.begin("assetsTrashWhere", where, false)
		if tried == done || d.begin("assetsTrashWhere", where, true) == tried || d.begin("assetsTrashWhere", where, false) != done {
			t.Errorf("a dry run of an operation keeps its key")
		}
	})
}

// keyedArgs are two values of the arguments of which the least is refused, or has no other.
func (d *mutations) keyedArgs() map[string][2]any {
	ids := d.make(`{"kind": "VIDEO", "title": "a"}`, `{"kind": "VIDEO", "title": "b"}`)
	sets := [2]any{d.lastSet()}
	d.done("assetsUpdate", "id", `{"items": [{"id": %q, "title": "c"}]}`, ids[0])
	sets[1] = d.lastSet()
	return map[string][2]any{
		"assetUpdate.input":        {map[string]any{"id": ids[0]}, map[string]any{"id": ids[1]}},
		"assetsUpdateWhere.change": {map[string]any{"title": "d"}, map[string]any{"title": "e"}},
		"changeSetUndo.id":         sets,
	}
}

// twoValues are different values of an argument.
func (d *mutations) twoValues(a *ast.ArgumentDefinition) [2]any {
	switch least := least(d.schema, a.Type); {
	case a.Type.Elem != nil:
		one := least.([]any)[0]
		return [2]any{[]any{one}, []any{one, one}}
	case a.Type.Name() == "Boolean":
		return [2]any{true, false}
	case a.Type.Name() == "AssetFilter":
		return [2]any{map[string]any{"hasCover": true}, map[string]any{"hasCover": false}}
	}
	d.Fatalf("%s is not in keyedArgs", a.Name)
	return [2]any{}
}

// TestIdempotencyKeysOfEveryMutation calls each mutation that takes options with a key: again
// it is answered the same, and with any other argument the key is refused.
func TestIdempotencyKeysOfEveryMutation(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		keyed, given := 0, d.keyedArgs()
		for _, field := range d.schema.Mutation.Fields {
			if field.Arguments.ForName("options") == nil {
				continue
			}
			keyed++
			first, other := map[string]any{}, map[string]any{}
			for _, a := range field.Arguments {
				values, ok := given[field.Name+"."+a.Name]
				switch {
				case a.Name == "options":
					values = [2]any{map[string]any{"idempotencyKey": "k"}, map[string]any{"idempotencyKey": "k", "note": "n"}}
				case !ok:
					values = d.twoValues(a)
				}
				first[a.Name], other[a.Name] = values[0], values[1]
			}
			was := d.callWith(field.Name, "id", first)
			if diff := cmp.Diff(was, d.callWith(field.Name, "id", first)); diff != "" {
				t.Errorf("%s is answered otherwise (-first +second):\n%s", field.Name, diff)
			}
			for name, value := range other {
				args := maps.Clone(first)
				args[name] = value
				if got := d.callWith(field.Name, "id", args).errors(); !slices.Equal(got, []string{"IDEMPOTENCY_KEY_REUSED options.idempotencyKey"}) {
					t.Errorf("%s with %s %v is refused with %q", field.Name, name, value, got)
				}
			}
		}
		if keyed < 15 {
			t.Errorf("only %d mutations take a key", keyed)
		}
	})
}
