package app

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"vodgraph/gqlhttp"
)

// TestMediaTypesAndStatuses answers in the media type that a client wants, with the
// statuses that belong to it in each profile.
func TestMediaTypesAndStatuses(t *testing.T) {
	t.Parallel()
	documents := []string{
		`{__typename}`,                         // an answer
		`{`,                                    // not GraphQL
		`{nowhere}`,                            // not of the schema
		`query($id: ID!) {node(id: $id) {id}}`, // a variable missing
		`query A {__typename} query B {__typename}`, // which one?
		`{__typename node(id: "error") {id}}`,       // data with an error
		`{categories {id}}`,                         // null data with an error
	}
	for _, c := range []struct {
		profile, accept, mediaType string
		statuses                   string
	}{
		{gqlhttp.ProfileAudit, "", "application/json", "200 200 200 200 200 200 200"},
		{gqlhttp.ProfileAudit, "application/json", "application/json", "200 200 200 200 200 200 200"},
		{gqlhttp.ProfileAudit, "application/graphql-response+json", "application/graphql-response+json", "200 400 400 400 400 200 200"},
		{gqlhttp.Profile2026, "", "application/graphql-response+json", "200 400 422 422 422 294 294"},
		{gqlhttp.Profile2026, "application/json", "application/json", "200 200 200 200 200 200 200"},
		{gqlhttp.Profile2026, "application/graphql-response+json", "application/graphql-response+json", "200 400 422 422 422 294 294"},
	} {
		server, _, _ := breakingAs(t, func(h *gqlhttp.Protocol) { h.HTTPProfile = c.profile })
		var got []string
		for i, text := range documents {
			r := document(text)
			if c.accept != "" {
				r.Header.Set("Accept", c.accept)
			}
			response, body := exchanged(t, server.URL, r)
			got = append(got, fmt.Sprint(response.StatusCode))
			if shown := response.Header.Get("Content-Type"); shown != c.mediaType+"; charset=utf-8" {
				t.Errorf("%s, Accept %q: %s is answered by %s", c.profile, c.accept, text, shown)
			}
			if hasData := strings.Contains(body, `"data":`); hasData != (i == 0 || i >= 5) {
				t.Errorf("%s, Accept %q: %s has data: %v: %s", c.profile, c.accept, text, hasData, body)
			}
		}
		if got := strings.Join(got, " "); got != c.statuses {
			t.Errorf("%s, Accept %q: %s, want %s", c.profile, c.accept, got, c.statuses)
		}
	}
}

// TestNotAcceptable refuses to answer in what it does not speak.
func TestNotAcceptable(t *testing.T) {
	t.Parallel()
	server, _, _ := breaking(t)
	for _, accept := range []string{"text/html", "application/json" + ";q=0", "application/graphql"} {
		r := document(`{__typename}`)
		r.Header.Set("Accept", accept)
		response, body := exchanged(t, server.URL, r)
		if response.StatusCode != http.StatusNotAcceptable || !strings.Contains(body, "application/graphql-response+json") {
			t.Errorf("%s: %s %s", accept, response.Status, body)
		}
	}
}

// exchanged sends a request to the graph, and returns the answer with its body.
func exchanged(t *testing.T, url string, r *http.Request) (*http.Response, string) {
	t.Helper()
	to, err := http.NewRequestWithContext(t.Context(), r.Method, url+r.URL.String(), r.Body)
	if err != nil {
		t.Fatal(err)
	}
	to.Header, to.ContentLength = r.Header, r.ContentLength
	response, err := http.DefaultClient.Do(to)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}
