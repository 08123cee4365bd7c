package gqlhttp

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"vodgraph/fault"
	"vodgraph/library"

	"github.com/google/go-cmp/cmp"
)

// FuzzRequest reads any bytes as a request, sent either way: it is refused with a code and
// in short, or read as it is written again.
//
//	go test ./gqlhttp -run '^$' -fuzz '^FuzzRequest$'
func FuzzRequest(f *testing.F) {
	spoken, err := NewTransport(f.Context(), NewPresenter(slog.New(slog.DiscardHandler), library.NewReference), DefaultProtocol(), nil)
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
				refused = spoken.Preparer.findDocument(t.Context(), &read)
			}
			if refused == nil {
				refused = object("variables", read.RawVariables, &read.Variables)
			}
			if refused != nil {
				wantReported(t, spoken, refused)
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

// wantReported wants a refusal to have a code and a short sentence.
func wantReported(t *testing.T, spoken *Transport, refused *httpError) {
	t.Helper()
	for _, shown := range spoken.presenter.seal(t.Context(), refused.response).Errors {
		code, _ := shown.Extensions["code"].(string)
		if !slices.Contains(fault.Codes(), fault.Code(code)) || code == string(fault.Internal) || shown.Message == "" || len(shown.Message) > 2_000 {
			t.Errorf("refused with %q: %s", code, shown.Message)
		}
	}
}
