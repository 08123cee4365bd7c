package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vodgraph/fault"
)

// byHash is a request with a hash, and with a text unless it is empty.
func byHash(hash, text string) *http.Request {
	body := map[string]any{"extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}}
	if text != "" {
		body["query"] = text
	}
	sent, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return post(string(sent))
}

// byHashGet is byHash by GET, without a text.
func byHashGet(hash string) *http.Request {
	return byGet("extensions=" + url.QueryEscape(fmt.Sprintf(`{"persistedQuery":{"version":1,"sha256Hash":%q}}`, hash)))
}

// byID is a request that names a trusted document.
func byID(id string) *http.Request { return post(fmt.Sprintf(`{"documentId": %q}`, id)) }

// told is the status of an answer and the code of its first error, or its data.
func told(t *testing.T, url string, r *http.Request) string {
	t.Helper()
	response, body := exchanged(t, url, r)
	var parts answer
	if err := json.Unmarshal([]byte(body), &parts); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if len(parts.Errors) > 0 {
		return fmt.Sprint(response.StatusCode, " ", parts.Errors[0].Extensions["code"])
	}
	return fmt.Sprint(response.StatusCode, " ", string(parts.Data))
}

// TestPersistedQueries speaks Apollo's protocol: a hash alone is missed until the text
// has come with it.
func TestPersistedQueries(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	const text, data = `{kept: __typename}`, `200 {"kept":"Query"}`
	hash := hashOf(text)
	long := `{__typename #` + strings.Repeat("x", longestPersisted) + "\n}"
	for i, step := range []struct {
		send *http.Request
		want string
	}{
		{byHash(hash, ""), "200 PERSISTED_QUERY_NOT_FOUND"},
		{with(byHash(hash, ""), "Accept", graphJSON), "400 PERSISTED_QUERY_NOT_FOUND"},
		{byHashGet(hash), "200 PERSISTED_QUERY_NOT_FOUND"},
		{byHash(hash, `{other: __typename}`), "400 PERSISTED_QUERY_MISMATCH"},
		{byHash(hash, ""), "200 PERSISTED_QUERY_NOT_FOUND"},
		{byHash(hash, text), data},
		{byHash(hash, ""), data},
		{byHashGet(hash), data},
		{byHash(strings.ToUpper(hash), ""), "400 INVALID"},
		{byHash("x", ""), "400 INVALID"},
		{post(`{"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "` + hash + `"}}}`), "400 INVALID"},
		{post(`{"extensions": {"persistedQuery": true}}`), "400 INVALID"},
		{byHash(hashOf(`{nowhere}`), `{nowhere}`), "200 GRAPHQL_VALIDATION_FAILED"},
		{byHash(hashOf(`{nowhere}`), ""), "200 PERSISTED_QUERY_NOT_FOUND"}, // is not kept
		{byHash(hashOf(long), long), `200 {"__typename":"Query"}`},
		{byHash(hashOf(long), ""), "200 PERSISTED_QUERY_NOT_FOUND"}, // is too long to be kept
		{byID("unknown"), "200 PERSISTED_QUERY_NOT_FOUND"},
		{byHash(hashOf(`mutation {__typename}`), `mutation {__typename}`), `200 {"__typename":"Mutation"}`},
		{byHashGet(hashOf(`mutation {__typename}`)), "405 METHOD_NOT_ALLOWED"},
	} {
		if got := told(t, a.URL(), step.send); got != step.want {
			t.Errorf("step %d: %s, want %s", i, got, step.want)
		}
	}
	if _, body := exchanged(t, a.URL(), byHash(hashOf("{}"), "")); !strings.Contains(body, `"message":"PersistedQueryNotFound"`) {
		t.Errorf("Apollo's clients do not know %s", body)
	}
}

// TestPersistedQueriesAreBound keeps so many texts, and forgets the one that was not
// used for the longest.
func TestPersistedQueriesAreBound(t *testing.T) {
	t.Parallel()
	p, err := newPersisted(DefaultHTTP(), (&logged{}).logger())
	if err != nil {
		t.Fatal(err)
	}
	named := func(i int, text bool) *request {
		query := fmt.Sprintf("{a%d: __typename}", i)
		a := &request{Extensions: map[string]any{"persistedQuery": map[string]any{"version": json.Number("1"), "sha256Hash": hashOf(query)}}}
		if text {
			a.Query = query
		}
		return a
	}
	for i := range persistedDocuments + 1 {
		p.keep(t.Context(), *named(i, true))
	}
	if p.find(t.Context(), named(0, false)) == nil || p.find(t.Context(), named(1, false)) != nil {
		t.Error("the oldest is still kept, or the next is not")
	}
}

// trusting serves with a list of documents.
func trusting(t *testing.T, mode, manifest string) (*App, *logged) {
	t.Helper()
	c, log := config(t), &logged{}
	c.TrustedMode, c.TrustedDocuments = mode, filepath.Join(t.TempDir(), "documents.json")
	if err := os.WriteFile(c.TrustedDocuments, []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), c, log.logger())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	run(t, a)
	return a, log
}

// TestTrustedDocuments executes documents of the list by each of their names, and does
// with others as the mode says.
func TestTrustedDocuments(t *testing.T) {
	t.Parallel()
	const text, other, data = `{trusted: __typename}`, `{other: __typename}`, `200 {"trusted":"Query"}`
	long := `{long: __typename #` + strings.Repeat("x", DefaultHTTP().MaxQuery<<10) + "\n}"
	list, err := json.Marshal(map[string]string{"first": text, "long": long, hashed + hashOf(other+" "): other + " "})
	if err != nil {
		t.Fatal(err)
	}
	const missing, untrusted, fine = "400 PERSISTED_QUERY_NOT_FOUND", "403 DOCUMENT_NOT_TRUSTED", `200 {"other":"Query"}`
	for mode, want := range map[string]struct{ missing, other, kept string }{
		trustedOff:  {missing, fine, fine},
		trustedLog:  {missing, fine, fine},
		trustedOnly: {untrusted, untrusted, untrusted},
	} {
		a, log := trusting(t, mode, string(list))
		for i, step := range []struct {
			send *http.Request
			want string
		}{
			{byID("first"), data},
			{byID(hashOf(text)), data},
			{byID(hashed + hashOf(text)), data},
			{byGet("documentId=first"), data},
			{byHash(hashOf(text), ""), data},
			{byHashGet(hashOf(text)), data},
			{byHash(hashOf(text), text), data},
			{document(text), data},
			{byID("long"), `200 {"long":"Query"}`},
			{post(`{"documentId": "first", "query": "{__typename}"}`), "400 INVALID"},
			{byID("second"), want.missing},
			{byHash(hashOf(other), ""), want.missing},
			{byHash(hashOf(other), other), want.other},
			{byHash(hashOf(other), ""), want.kept},
			{document(other), want.other},
			{document(other), want.other},
		} {
			if got := told(t, a.URL(), with(step.send, "Accept", graphJSON)); got != step.want {
				t.Errorf("%s, step %d: %s, want %s", mode, i, got, step.want)
			}
		}
		if n := strings.Count(log.String(), hashOf(other)); n != map[string]int{trustedLog: 1}[mode] {
			t.Errorf("%s: the log tells %d times:\n%s", mode, n, log)
		}
	}
}

// TestTrustedFiles reads Apollo's manifest, and refuses what is none with the flag.
func TestTrustedFiles(t *testing.T) {
	t.Parallel()
	a, _ := trusting(t, trustedOnly, `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
		{"id": "abc", "name": "A", "type": "query", "body": "{__typename}"}]}`)
	if got := told(t, a.URL(), byHash(hashOf(`{__typename}`), "")); got != `200 {"__typename":"Query"}` {
		t.Errorf("%s", got)
	}
	for _, content := range []string{``, `[]`, `{"a": 1}`, `{"": "{a}"}`, `{"a": ""}`, `{"sha256:00": "{a}"}`} {
		file := filepath.Join(t.TempDir(), "documents.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readTrusted(file); refusalIn(err) == nil || refusalIn(err).Field[0] != "trusted-documents" {
			t.Errorf("%s: %v", content, err)
		}
	}
	broken := config(t)
	broken.TrustedDocuments = filepath.Join(t.TempDir(), "missing.json")
	if _, err := Open(t.Context(), broken, (&logged{}).logger()); refusalIn(err) == nil {
		t.Errorf("a missing file: %v", err)
	}
}

// TestTooLargeNamesTheWayOut tells how much is taken, and where more goes.
func TestTooLargeNamesTheWayOut(t *testing.T) {
	t.Parallel()
	server, _, _ := breakingAs(t, func(h *HTTP) { h.MaxBody, h.MaxQuery = 2, 1 })
	for most, r := range map[string]*http.Request{
		"2 KB": post(`{"query": "{__typename}", "variables": {"x": "` + strings.Repeat("x", 2<<10) + `"}}`),
		"1 KB": document(`{__typename #` + strings.Repeat("x", 1<<10) + `\n}`),
	} {
		status, body := send(t, server, r)
		shown := read1(t, body)
		if status != http.StatusRequestEntityTooLarge || shown.Extensions["code"] != string(fault.QueryTooLarge) ||
			!strings.Contains(shown.Message, most) || !strings.Contains(shown.Message, "/bulk") {
			t.Errorf("%s: %d %s", most, status, body)
		}
	}
}
