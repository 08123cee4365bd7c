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
	"vodgraph/gqlhttp"
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

// reply is the status of an answer and the code of its first error, or its data.
func reply(t *testing.T, url string, r *http.Request) string {
	t.Helper()
	response, body := exchanged(t, url, r)
	var parts gqlhttp.Answer
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
	hash := gqlhttp.DocumentHash(text)
	long := `{__typename #` + strings.Repeat("x", (32<<10)) + "\n}"
	for i, step := range []struct {
		send *http.Request
		want string
	}{
		{byHash(hash, ""), "200 PERSISTED_QUERY_NOT_FOUND"},
		{with(byHash(hash, ""), "Accept", "application/graphql-response+json"), "400 PERSISTED_QUERY_NOT_FOUND"},
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
		{byHash(gqlhttp.DocumentHash(`{nowhere}`), `{nowhere}`), "200 GRAPHQL_VALIDATION_FAILED"},
		{byHash(gqlhttp.DocumentHash(`{nowhere}`), ""), "200 PERSISTED_QUERY_NOT_FOUND"}, // is not kept
		{byHash(gqlhttp.DocumentHash(long), long), `200 {"__typename":"Query"}`},
		{byHash(gqlhttp.DocumentHash(long), ""), "200 PERSISTED_QUERY_NOT_FOUND"}, // is too long to be kept
		{byID("unknown"), "200 PERSISTED_QUERY_NOT_FOUND"},
		{byHash(gqlhttp.DocumentHash(`mutation {__typename}`), `mutation {__typename}`), `200 {"__typename":"Mutation"}`},
		{byHashGet(gqlhttp.DocumentHash(`mutation {__typename}`)), "405 METHOD_NOT_ALLOWED"},
	} {
		if got := reply(t, a.URL(), step.send); got != step.want {
			t.Errorf("step %d: %s, want %s", i, got, step.want)
		}
	}
	if _, body := exchanged(t, a.URL(), byHash(gqlhttp.DocumentHash("{}"), "")); !strings.Contains(body, `"message":"PersistedQueryNotFound"`) {
		t.Errorf("Apollo's clients do not know %s", body)
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
	long := `{long: __typename #` + strings.Repeat("x", gqlhttp.DefaultProtocol().MaxQuery<<10) + "\n}"
	list, err := json.Marshal(map[string]string{"first": text, "long": long, "sha256:" + gqlhttp.DocumentHash(other+" "): other + " "})
	if err != nil {
		t.Fatal(err)
	}
	const missing, untrusted, fine = "400 PERSISTED_QUERY_NOT_FOUND", "403 DOCUMENT_NOT_TRUSTED", `200 {"other":"Query"}`
	for mode, want := range map[string]struct{ missing, other, kept string }{
		gqlhttp.TrustedOff:  {missing, fine, fine},
		gqlhttp.TrustedLog:  {missing, fine, fine},
		gqlhttp.TrustedOnly: {untrusted, untrusted, untrusted},
	} {
		a, log := trusting(t, mode, string(list))
		for i, step := range []struct {
			send *http.Request
			want string
		}{
			{byID("first"), data},
			{byID(gqlhttp.DocumentHash(text)), data},
			{byID("sha256:" + gqlhttp.DocumentHash(text)), data},
			{byGet("documentId=first"), data},
			{byHash(gqlhttp.DocumentHash(text), ""), data},
			{byHashGet(gqlhttp.DocumentHash(text)), data},
			{byHash(gqlhttp.DocumentHash(text), text), data},
			{document(text), data},
			{byID("long"), `200 {"long":"Query"}`},
			{post(`{"documentId": "first", "query": "{__typename}"}`), "400 INVALID"},
			{byID("second"), want.missing},
			{byHash(gqlhttp.DocumentHash(other), ""), want.missing},
			{byHash(gqlhttp.DocumentHash(other), other), want.other},
			{byHash(gqlhttp.DocumentHash(other), ""), want.kept},
			{document(other), want.other},
			{document(other), want.other},
		} {
			if got := reply(t, a.URL(), with(step.send, "Accept", "application/graphql-response+json")); got != step.want {
				t.Errorf("%s, step %d: %s, want %s", mode, i, got, step.want)
			}
		}
		if n := strings.Count(log.String(), gqlhttp.DocumentHash(other)); n != map[string]int{gqlhttp.TrustedLog: 1}[mode] {
			t.Errorf("%s: the log reports %d times:\n%s", mode, n, log)
		}
	}
}

// TestTooLargeNamesTheWayOut reports how much is taken, and where more goes.
func TestTooLargeNamesTheWayOut(t *testing.T) {
	t.Parallel()
	server, _, _ := breakingAs(t, func(h *gqlhttp.Protocol) { h.MaxBody, h.MaxQuery = 2, 1 })
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
