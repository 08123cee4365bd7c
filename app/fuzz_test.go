package app

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/gqlhttp"
	"vodgraph/library"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/resolvers"
	"vodgraph/subscribe"
)

// FuzzFilter sends any JSON as a filter to a library: lists and searches refuse it with a
// code, or answer, and then the same twice; nothing of it fails.
//
//	go test ./app -run '^$' -fuzz '^FuzzFilter$'
func FuzzFilter(f *testing.F) {
	db := dbtest.SQLite(f)
	log := &logged{}
	spoken, err := gqlhttp.NewTransport(f.Context(), gqlhttp.NewPresenter(log.logger(), library.NewReference), gqlhttp.DefaultProtocol(), nil)
	if err != nil {
		f.Fatal(err)
	}
	limits := limits.DefaultLibrary()
	verbs := bulk.New(db.Client, change.Options{Limits: limits, Now: time.Now, NewID: media.ULIDs(time.Now, rand.Reader)})
	server := gqlhttp.NewHandler(&resolvers.Root{Client: db.Client, Catalog: verbs, Limits: limits, Subscriptions: subscribe.NewBroker()}, spoken, access.NewBudget(0, time.Now), nil)
	for _, seed := range []string{
		`{"kinds": ["VIDEO", "IMAGE"], "statuses": "NORMAL", "ids": ["vid_1"], "referenceIds": ["x"]}`,
		`{"and": [{"or": [{"tags": {"any": ["a"], "none": ["b"], "empty": false}}, {"not": {"category": {"in": [{"id": "cat_01ARZ3NDEKTSV4RRFFQ69G5FA4"}, {"path": ["a", "b"]}], "includeDescendants": false}}}]}]}`,
		`{"size": {"gte": 1, "lt": 9007199254740993}, "duration": {"lte": 1e300, "gt": -0.0}, "width": {"eq": 2147483647}}`,
		`{"createdAt": {"gte": "0001-01-01T00:00:00Z", "lt": "9999-12-31T23:59:59.999+14:00"}, "trashed": null, "hasCover": true}`,
		`{"playInfo": {"definitions": ["HD"], "formats": ["MP4"], "codecs": ["h264", "\u0000"]}, "storageClasses": ["IA"], "trashed": true}`,
		`null`, `[]`, `{"nothing": 1}`,
	} {
		f.Add(seed)
	}
	const query = `query($f: AssetFilter) { assets(filter: $f) { totalCount nodes { id } } search(filter: $f) { totalCount }
		found: search(text: "x", filter: $f) { totalCount } tags { nodes { assets(filter: $f) { totalCount } } } }`
	f.Fuzz(func(t *testing.T, filter string) {
		if !json.Valid([]byte(filter)) {
			return
		}
		body := `{"query": ` + quoted(t, query) + `, "variables": {"f": ` + filter + `}}`
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r.WithContext(auth.With(r.Context(), &auth.Caller{Name: auth.Local, Role: auth.Admin})))
		if w.Code >= http.StatusInternalServerError || strings.Contains(w.Body.String(), `"INTERNAL"`) {
			t.Errorf("%s is answered with %d: %s\n%s", filter, w.Code, w.Body, log)
		}
	})
}

// quoted is a text as JSON has it.
func quoted(t *testing.T, text string) string {
	t.Helper()
	inJSON, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(inJSON)
}
