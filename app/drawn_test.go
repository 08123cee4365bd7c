package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	random "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/bench/generated"
	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/exchange"
	"vodgraph/fault"
	"vodgraph/gqlhttp"
	"vodgraph/graph"
	"vodgraph/library"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/outbox"
	"vodgraph/resolvers"
	"vodgraph/search"
	"vodgraph/subscribe"
)

// typical are the sizes that lists which are not paged are taken to have; those of
// docs/security.md. All others are taken to be of one.
var typical = map[string]int{
	"attachments": 5, "audioStreams": 2, "categories": 2, "children": 20, "corrections": 2, "coverCandidates": 5, "grants": 2,
	"highlights": 3,
	"marks":      5, "path": 4, "playInfos": 5, "segments": 5, "spans": 5, "tags": 10,
}

// TestDrawnQueries sends queries at random to a library that has everything. Nothing of
// them fails, and what they come to is within what was said before.
func TestDrawnQueries(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		sendDrawn(t, dbtest.SQLite(t), of(5_000, 100_000))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		sendDrawn(t, dbtest.Postgres(t), of(500, 20_000))
	})
}

// sendDrawn sends so many queries.
func sendDrawn(t *testing.T, db *dbtest.DB, many int) {
	w := newDrawnWorld(t, db)
	d := &drawing{Rand: random.New(random.NewPCG(6, 2)), schema: w.schema, has: w.sample(t), drawn: map[string]bool{}}
	limited := &auth.Caller{Name: "limited", Role: auth.Editor, Limited: true, Grants: d.has["in"][:2]}
	answered, took, reply := 0, 0, 0
	codes := map[string]int{}
	for sent := 0; sent < many; {
		q := d.query()
		if _, errs := gqlparser.LoadQueryWithRules(w.schema, q.text, rules.NewDefaultRules()); errs != nil {
			continue // fields that cannot be merged
		}
		sent++
		if w.asks = boss; sent%4 == 0 {
			w.asks = limited
		}
		came := w.send(t, q)
		took, reply = took+came.statements, reply+came.explained.Statements
		if came.code != "" {
			codes[came.code]++
		} else {
			answered++
		}
	}
	t.Logf("%d of %d answered with data, %d statements and %d predicted, refused %v", answered, many, took, reply, codes)
	if answered < many*4/5 {
		t.Errorf("%d of %d are answered with data; refused are %v", answered, many, codes)
	}
	for name, def := range w.schema.Types {
		if def.Kind != ast.Object || def.BuiltIn || def == w.schema.Mutation || def == w.schema.Subscription || strings.HasSuffix(name, "Payload") || name == "AssetResult" {
			continue
		}
		for _, f := range def.Fields {
			if !strings.HasPrefix(f.Name, "__") && !d.drawn[name+"."+f.Name] && many >= 5_000 {
				t.Errorf("%s.%s was never asked for", name, f.Name)
			}
		}
	}
}

// drawnWorld is a server over a library of all that there is, with an index in sync
// and does nothing meanwhile.
type drawnWorld struct {
	db      *dbtest.DB
	schema  *ast.Schema
	server  http.Handler
	log     *logged
	explain func(limits.Asked) limits.Explanation
	// asks is who sends what is posted.
	asks *auth.Caller
}

// boss may do everything.
var boss = &auth.Caller{Name: auth.Local, Role: auth.Admin}

func newDrawnWorld(t *testing.T, db *dbtest.DB) *drawnWorld {
	t.Helper()
	w := &drawnWorld{db: db, schema: graph.NewExecutableSchema(graph.Config{}).Schema(), log: &logged{}, explain: gqlhttp.Explainer(gqlhttp.DefaultProtocol()), asks: boss}
	taken := limits.DefaultLibrary()
	l := &library.Library{DB: db.DB, Broker: subscribe.NewBroker()}
	l.Catalog = bulk.New(db.Client, change.Options{Limits: taken, Now: time.Now, NewID: media.ULIDs(time.Now, rand.Reader), NewSecret: library.NewSecret, Changed: l.Notify})
	l.Outbox = outbox.New(l.Catalog.Library)
	corpus, err := generated.New(generated.Size{Assets: 200, Seed: 6})
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	if err := corpus.Write(&lines); err != nil {
		t.Fatal(err)
	}
	source := exchange.Source{Name: "corpus", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(lines.Bytes())), nil }}
	if _, err := exchange.Import(t.Context(), l.Catalog, []exchange.Source{source}, exchange.Options{Report: io.Discard}); err != nil {
		t.Fatal(err)
	}
	index, err := library.OpenIndex(library.Engine{}, library.Store{Data: t.TempDir()}, l, nil, library.NewPanics(w.log.logger()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	spoken, err := gqlhttp.NewTransport(t.Context(), gqlhttp.NewPresenter(w.log.logger(), library.NewReference), gqlhttp.DefaultProtocol(), nil)
	if err != nil {
		t.Fatal(err)
	}
	w.server = gqlhttp.NewHandler(&resolvers.Root{Client: db.Client, Catalog: l.Catalog, Limits: taken, Subscriptions: l.Broker, Index: index, Explain: w.explain,
		Cost: limits.DefaultRequest()}, spoken, access.NewBudget(0, time.Now), nil)
	w.change(t, l)
	w.settle(t, index)
	return w
}

// change makes a history of transactions, with operations and what these could not change.
func (w *drawnWorld) change(t *testing.T, l *library.Library) {
	t.Helper()
	ids, grants := w.db.Client.Asset.Query().Limit(40).IDsX(t.Context()), w.db.Client.Category.Query().Limit(3).IDsX(t.Context())
	var items, refs []map[string]any
	for _, id := range ids[:7] {
		refs = append(refs, map[string]any{"id": id})
	}
	for _, id := range ids {
		items = append(items, map[string]any{"id": id, "tags": map[string]any{"add": []string{"drawn"}}, "categories": map[string]any{"set": []any{}}})
	}
	working, end := context.WithCancel(t.Context())
	defer end()
	operations := l.NewWorker("drawn", library.NewPanics(w.log.logger()), library.NewThrottle(time.Now))
	l.Worker.Store(operations)
	done := make(chan struct{})
	go func() {
		defer close(done)
		operations.Run(working)
	}()
	for _, mutation := range []struct {
		document  string
		variables map[string]any
	}{
		{"mutation($i: [AssetUpdateInput!]!) { assetsUpdate(items: $i, options: {note: \"drawn\"}) { changedCount } }", map[string]any{"i": items}},
		{"mutation($i: [AssetRef!]!) { assetsTrash(assets: $i) { changedCount } }", map[string]any{"i": refs}},
		{"mutation($c: [ID!]) { keyCreate(input: {name: \"limited\", role: EDITOR, categoryIds: $c}) { key { id } } }", map[string]any{"c": grants}},
		{"mutation { assetsUpdateWhere(filter: {kinds: VIDEO}, change: {downloadEnabled: true, title: \"drawn\"}) { operation { id } } }", nil},
		{"mutation { assetsUpdateWhere(filter: {kinds: IMAGE}, change: {downloadEnabled: true}) { operation { id } } }", nil}, // which none has
	} {
		if came := w.post(t, mutation.document, mutation.variables); len(came.Errors) > 0 || strings.Contains(string(came.Data), "null") {
			t.Fatalf("%s: %s %v", mutation.document, came.Data, came.Errors)
		}
	}
	over := "{ bulkOperations(statuses: [QUEUED, RUNNING]) { totalCount } changeSets(first: 1) { nodes { id } } }"
	until(t, "the operations are over", func() bool { return strings.Contains(string(w.post(t, over, nil).Data), `"totalCount":0`) })
	var sets struct {
		ChangeSets struct{ Nodes []struct{ ID string } }
	}
	if err := json.Unmarshal(w.post(t, over, nil).Data, &sets); err != nil {
		t.Fatal(err)
	}
	w.post(t, "mutation($id: ID!) { changeSetUndo(id: $id) { operation { id } } }", map[string]any{"id": sets.ChangeSets.Nodes[0].ID})
	until(t, "it is undone", func() bool { return strings.Contains(string(w.post(t, over, nil).Data), `"totalCount":0`) })
	end()
	<-done
}

// settle has the index come level, and then rest.
func (w *drawnWorld) settle(t *testing.T, index *library.Index) {
	t.Helper()
	if err := index.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	working, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- index.Run(working) }()
	until(t, "the index is in sync", func() bool {
		s := index.Stats()
		return s.Reason == search.InSync && s.State.Pending == 0 && s.State.Assets > 0
	})
	end()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// sample reads what the library has.
func (w *drawnWorld) sample(t *testing.T) samples {
	t.Helper()
	ctx, c := t.Context(), w.db.Client
	assets := c.Asset.Query().Order(ent.Asc("id")).AllX(ctx)
	s := samples{"codec": {"h264", "hevc", "aac"}, "storageLocations": {"default", "archive-1"}, "prefix": {"", "a", "d"}, "source": {"lens", "ear"}, "scenes": {"x"},
		"operationName": {"A"}, "document": {"{ assets { nodes { id } } }", "query A { a: tag(name: \"x\") { id } } query B { b }", "{"}}
	for _, a := range assets {
		s["id"] = append(s["id"], a.ID)
		if a.ReferenceID != nil {
			s["referenceId"] = append(s["referenceId"], *a.ReferenceID)
		}
		s["text"] = append(s["text"], strings.Fields(a.Title)[0])
	}
	for _, category := range c.Category.Query().AllX(ctx) {
		s["in"] = append(s["in"], category.ID)
		s["path"] = append(s["path"], category.Name)
	}
	for _, tag := range c.Tag.Query().AllX(ctx) {
		s["any"] = append(s["any"], tag.Name)
	}
	s["all"], s["none"], s["name"] = s["any"], s["any"], s["any"]
	s["ids"] = slices.Concat(s["id"], s["in"], c.Tag.Query().IDsX(ctx), c.PlayInfo.Query().IDsX(ctx), c.Mezzanine.Query().IDsX(ctx),
		c.Snapshot.Query().IDsX(ctx), c.ChangeSet.Query().IDsX(ctx), c.BulkOperation.Query().IDsX(ctx), c.Key.Query().IDsX(ctx))
	s["codecs"], s["referenceIds"] = s["codec"], s["referenceId"]
	s["node"], s["operation"], s["set"] = s["ids"], c.BulkOperation.Query().IDsX(ctx), c.ChangeSet.Query().IDsX(ctx)
	return s
}

// post sends a request.
func (w *drawnWorld) post(t *testing.T, document string, variables map[string]any) gqlhttp.Answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, gqlhttp.Endpoint, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	out := httptest.NewRecorder()
	w.server.ServeHTTP(out, r.WithContext(auth.With(r.Context(), w.asks)))
	var came gqlhttp.Answer
	if err := json.Unmarshal(out.Body.Bytes(), &came); err != nil || out.Code >= http.StatusInternalServerError {
		t.Fatalf("%v, %d for %s %v: %s", err, out.Code, document, variables, out.Body)
	}
	return came
}

// came is what a query came to.
type came struct {
	code       string
	statements int
	explained  limits.Explanation
}

// send sends a query, and wants no more of it than was said before.
func (w *drawnWorld) send(t *testing.T, q drawnQuery) (c came) {
	t.Helper()
	text, err := json.Marshal(q.variables)
	if err != nil {
		t.Fatal(err)
	}
	c.explained = w.explain(limits.Asked{Document: q.text, Variables: text})
	var got gqlhttp.Answer
	run := w.db.Statements(func() { got = w.post(t, q.text, q.variables) })
	c.statements = len(run)
	if len(got.Errors) > 0 {
		c.code, _ = got.Errors[0].Extensions["code"].(string)
		if slices.Contains([]fault.Code{fault.Internal, fault.Timeout, ""}, fault.Code(c.code)) || c.code != string(fault.Forbidden) && c.explained.RefusedBy != nil && c.code != string(*c.explained.RefusedBy) {
			t.Errorf("%s %s: %+v, explained as %+v\n%s", q.text, text, got.Errors, c.explained, w.log)
		}
		if c.explained.RefusedBy != nil || len(c.explained.Errors) > 0 || c.code == string(fault.Forbidden) {
			return c
		}
	}
	if len(c.explained.Errors) > 0 || c.explained.RefusedBy != nil {
		t.Errorf("%s %s is answered, and explained as %+v", q.text, text, c.explained)
	}
	if c.statements > c.explained.Statements {
		t.Errorf("%s %s takes %d statements, and %d are predicted:\n%s", q.text, text, c.statements, c.explained.Statements, strings.Join(run, "\n"))
	}
	var n counted
	var data any
	if err := json.Unmarshal(got.Data, &data); err != nil {
		t.Fatalf("%v in %s", err, got.Data)
	}
	n.count("", data)
	if n.objects > c.explained.NodesAtWorst || n.paged > c.explained.Cost {
		t.Errorf("%s %s has %d objects, %d of pages, and is explained as %+v: %s", q.text, text, n.objects, n.paged, c.explained, got.Data)
	}
	return c
}

// counted counts the objects of an answer, those of pages too. Of a list that is not
// paged no more count than it is taken to have.
type counted struct{ objects, paged int }

func (n *counted) count(field string, v any) {
	switch v := v.(type) {
	case []any:
		if most, is := typical[field]; is {
			v = v[:min(len(v), most)]
		}
		for _, one := range v {
			n.count(field, one)
		}
	case map[string]any:
		name, is := v["__typename"].(string)
		if !is {
			return // a JSON value
		}
		if entry := field == "nodes" || field == "edges"; entry {
			n.paged++
		}
		if name != "Query" && name != "PageInfo" && !strings.HasSuffix(name, "Connection") && field != "node" &&
			name != "AssetByReference" { // of which the asset counts, as that of an edge does
			n.objects++
		}
		for key, below := range v {
			field, _, _ := strings.Cut(key, "_")
			n.count(field, below)
		}
	}
}
