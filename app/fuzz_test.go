package app

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vodgraph/auth"
	"vodgraph/catalog"
	"vodgraph/dbtest"
	"vodgraph/fault"
	"vodgraph/resolvers"
	"vodgraph/subscribe"
)

// FuzzRequest reads any bytes as a request, sent either way: it is refused with a code and
// in short, or read as it is written again.
//
//	go test ./app -run '^$' -fuzz '^FuzzRequest$'
func FuzzRequest(f *testing.F) {
	spoken, err := newTransport(f.Context(), newPresenter((&logged{}).logger(), newReference), DefaultHTTP(), nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []struct{ mediaType, query, body string }{
		{"application/json", "query={assets{nodes{id}}}&variables={}&operationName=A", `{"query": "{ assets { nodes { id } } }", "variables": {"n": 12345678901234567890, "f": [null, true]}}`},
		{"application/json; charset=utf-8", "documentId=x&extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22x%22%7D%7D", `[{"query": "{a}"}]`},
		{"application/json; charset=latin1", "query=%zz", `{"query": "{a(b: \"\\u0000\")}"} {}`},
		{"text/plain", "variables=[1]", "\xff"},
		{"", "query=%ff", ""},
		{"", "", ""},
	} {
		f.Add(seed.mediaType, seed.query, []byte(seed.body))
	}
	f.Fuzz(func(t *testing.T, mediaType, query string, body []byte) {
		post := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
		post.Header.Set("Content-Type", mediaType)
		get := httptest.NewRequest(http.MethodGet, "/graphql", nil)
		get.URL.RawQuery = query
		for r, fromText := range map[*http.Request]func(*request, []byte) *httpError{post: (*request).fromBody, get: (*request).fromQuery} {
			text, refused := requestText(httptest.NewRecorder(), r, spoken.maxBody)
			var read request
			if refused == nil {
				refused = fromText(&read, text)
			}
			if refused == nil {
				wantSame(t, read)
				refused = spoken.preparer.findDocument(t.Context(), &read)
			}
			if refused == nil {
				refused = object("variables", read.RawVariables, &read.Variables)
			}
			if refused != nil {
				wantTold(t, spoken, refused)
			}
		}
	})
}

// wantSame writes a request in both ways, and wants it read as it was.
func wantSame(t *testing.T, want request) {
	t.Helper()
	members := map[string]any{"query": want.Query, "documentId": want.DocumentID, "operationName": want.OperationName}
	for name, raw := range map[string]json.RawMessage{"variables": want.RawVariables, "extensions": want.RawExtensions} {
		if len(raw) > 0 {
			members[name] = raw
		}
	}
	body, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	var again request
	if refused := again.fromJSON(body); refused != nil || !cmp.Equal(said(t, want), said(t, again)) {
		t.Errorf("%s is read as %+v", body, again)
	}
	values := url.Values{"query": {want.Query}, "documentId": {want.DocumentID}, "operationName": {want.OperationName},
		"variables": {string(want.RawVariables)}, "extensions": {string(want.RawExtensions)}}
	again = request{}
	if refused := again.fromQuery([]byte(values.Encode())); refused != nil || !cmp.Equal(said(t, want), said(t, again)) {
		t.Errorf("%s is read as %+v", values.Encode(), again)
	}
}

// said is what a request says, however it is written.
func said(t *testing.T, a request) []any {
	t.Helper()
	all := []any{a.Query, a.DocumentID, a.OperationName}
	for _, raw := range []json.RawMessage{a.RawVariables, a.RawExtensions} {
		var value any
		if len(raw) > 0 {
			decoder := json.NewDecoder(bytes.NewReader(raw))
			decoder.UseNumber()
			if err := decoder.Decode(&value); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, value)
	}
	return all
}

// wantTold wants a refusal to have a code and a short sentence.
func wantTold(t *testing.T, spoken *transport, refused *httpError) {
	t.Helper()
	for _, shown := range spoken.presenter.seal(t.Context(), refused.response).Errors {
		code, _ := shown.Extensions["code"].(string)
		if !slices.Contains(fault.Codes(), fault.Code(code)) || code == string(fault.Internal) || shown.Message == "" || len(shown.Message) > 2_000 {
			t.Errorf("refused with %q: %s", code, shown.Message)
		}
	}
}

// FuzzFilter sends any JSON as a filter to a library: lists and searches refuse it with a
// code, or answer, and then the same twice; nothing of it fails.
//
//	go test ./app -run '^$' -fuzz '^FuzzFilter$'
func FuzzFilter(f *testing.F) {
	db := dbtest.SQLite(f)
	log := &logged{}
	spoken, err := newTransport(f.Context(), newPresenter(log.logger(), newReference), DefaultHTTP(), nil)
	if err != nil {
		f.Fatal(err)
	}
	limits := catalog.DefaultLimits()
	verbs := catalog.New(db.Client, catalog.Options{Limits: limits, Now: time.Now, NewID: catalog.ULIDs(time.Now, rand.Reader)})
	server := graphHandler(&resolvers.Root{Client: db.Client, Catalog: verbs, Limits: limits, Subscriptions: subscribe.NewBroker()}, spoken, newSpending(0, time.Now), nil)
	for _, seed := range []string{
		`{"kinds": ["VIDEO", "IMAGE"], "statuses": "NORMAL", "ids": ["vid_1"], "referenceIds": ["x"]}`,
		`{"and": [{"or": [{"tags": {"any": ["a"], "none": ["b"], "empty": false}}, {"not": {"category": {"in": ["cat_1"], "includeDescendants": false}}}]}]}`,
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
		r.Header.Set("Content-Type", plainJSON)
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
