package app

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestAcceptable negotiates as RFC 9110 says.
func TestAcceptable(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"":                                      plainJSON,
		" , ":                                   plainJSON,
		"*/*":                                   plainJSON,
		"application/*":                         plainJSON,
		graphJSON:                               graphJSON,
		"Application/GraphQL-Response+JSON":     graphJSON,
		plainJSON:                               plainJSON,
		"text/html, */*;q=0.8":                  plainJSON,
		graphJSON + ", " + plainJSON:            graphJSON,
		plainJSON + ", " + graphJSON:            plainJSON,
		graphJSON + ", " + plainJSON + ";q=0.9": graphJSON,
		graphJSON + ";q=0.5, " + plainJSON:      plainJSON,
		plainJSON + ";q=0.5, " + graphJSON + ";q=.6": graphJSON,
		"*/*, " + graphJSON:                          graphJSON,
		"*/*;q=1, " + graphJSON + ";q=0.9":           plainJSON,
		"*/*, " + plainJSON + ";q=0":                 graphJSON,
		"application/*;q=0.1, */*;q=0.9":             plainJSON,
		plainJSON + "; charset=UTF-8":                plainJSON,
		plainJSON + "; charset=latin1":               "",
		plainJSON + ";q=0":                           "",
		plainJSON + ";q=2":                           "",
		plainJSON + ";q=NaN":                         "",
		plainJSON + ";q=x":                           "",
		"text/html":                                  "",
		"application":                                "",
		"text/*":                                     "",
		"*/*;q=0":                                    "",
		";;;":                                        "",
		"text/html;q=0, " + graphJSON:                graphJSON,
		eventStream + ", " + plainJSON + ";q=0.9":    plainJSON,
	} {
		if got := acceptable([]string{accept}, []string{plainJSON, graphJSON}); got != want {
			t.Errorf("Accept: %s is answered by %q, want %q", accept, got, want)
		}
	}
	if got := acceptable([]string{"text/html", graphJSON}, []string{plainJSON, graphJSON}); got != graphJSON {
		t.Errorf("two headers are answered by %q", got)
	}
}

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
		{profileAudit, "", plainJSON, "200 200 200 200 200 200 200"},
		{profileAudit, plainJSON, plainJSON, "200 200 200 200 200 200 200"},
		{profileAudit, graphJSON, graphJSON, "200 400 400 400 400 200 200"},
		{profile2026, "", graphJSON, "200 400 422 422 422 294 294"},
		{profile2026, plainJSON, plainJSON, "200 200 200 200 200 200 200"},
		{profile2026, graphJSON, graphJSON, "200 400 422 422 422 294 294"},
	} {
		server, _, _ := breakingAs(t, func(h *HTTP) { h.HTTPProfile = c.profile })
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
	for _, accept := range []string{"text/html", plainJSON + ";q=0", "application/graphql"} {
		r := document(`{__typename}`)
		r.Header.Set("Accept", accept)
		response, body := exchanged(t, server.URL, r)
		if response.StatusCode != http.StatusNotAcceptable || !strings.Contains(body, graphJSON) {
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
