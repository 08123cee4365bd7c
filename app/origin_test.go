package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"vodgraph/gqlhttp"
)

// crossing serves a library that has one origin allowed.
func crossing(t *testing.T) *App {
	t.Helper()
	c := config(t)
	c.CORSOrigins = []string{"https://good.example"}
	a := open(t, c)
	run(t, a)
	return a
}

// with adds headers to a request, by pairs.
func with(r *http.Request, headers ...string) *http.Request {
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// TestForeignPages answers a GET to those of whom the browser says nothing, or nothing
// bad, and refuses it to pages of other origins, but for those that are allowed.
func TestForeignPages(t *testing.T) {
	t.Parallel()
	a := crossing(t)
	for _, c := range []struct {
		headers []string
		status  int
	}{
		{nil, 200},
		{[]string{"Origin", a.URL()}, 200},
		{[]string{"Sec-Fetch-Site", "same-origin"}, 200},
		{[]string{"Sec-Fetch-Site", "none"}, 200},
		{[]string{"Sec-Fetch-Site", "same-site"}, 200},
		{[]string{"Sec-Fetch-Site", "same-origin", "Origin", "https://behind.a.proxy"}, 200},
		{[]string{"Origin", "https://good.example"}, 200},
		{[]string{"Sec-Fetch-Site", "cross-site", "Origin", "https://good.example"}, 200},
		{[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Sec-Fetch-Site", "cross-site", "Origin", a.URL()}, 403},
		{[]string{"Sec-Fetch-Site", "same-site", "Origin", "https://other.example"}, 403},
		{[]string{"Origin", "https://evil.example"}, 403},
		{[]string{"Origin", "https://good.example.evil"}, 403},
		{[]string{"Origin", "http://good.example"}, 403},
		{[]string{"Origin", "null"}, 403},
	} {
		response, body := exchanged(t, a.URL(), with(byGet("query={__typename}"), c.headers...))
		if response.StatusCode != c.status || strings.Contains(body, "ORIGIN_REFUSED") != (c.status == 403) {
			t.Errorf("%q: %s %s", c.headers, response.Status, body)
		}
		r := with(byGet("after=0"), c.headers...)
		r.URL.Path = gqlhttp.ResultsPath("blk_none")
		want := map[int]int{200: 404, 403: 403}[c.status]
		if response, body = exchanged(t, a.URL(), r); response.StatusCode != want {
			t.Errorf("%q: results are answered by %s %s", c.headers, response.Status, body)
		}
	}
}

// TestPreflight answers browsers with what the pages of an allowed origin may send, and nothing
// of that about others.
func TestPreflight(t *testing.T) {
	t.Parallel()
	a := crossing(t)
	for _, path := range []string{gqlhttp.Endpoint, gqlhttp.BulkEndpoint, gqlhttp.ResultsPath("blk_x")} {
		for origin, want := range map[string]string{
			"https://good.example": "https://good.example GET, POST authorization,content-type",
			"https://evil.example": "  ",
			a.URL():                "  ", // is not asked by browsers
		} {
			r := with(newRequest(http.MethodOptions, "", "", ""), "Origin", origin,
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type")
			r.URL.Path = path
			response, _ := exchanged(t, a.URL(), r)
			h := response.Header
			got := fmt.Sprint(h.Get("Access-Control-Allow-Origin"), " ", h.Get("Access-Control-Allow-Methods"), " ", h.Get("Access-Control-Allow-Headers"))
			if response.StatusCode != http.StatusNoContent || got != want || !strings.Contains(strings.Join(h.Values("Vary"), ","), "Origin") {
				t.Errorf("%s from %s: %s %q, want %q", path, origin, response.Status, got, want)
			}
		}
	}
	response, _ := exchanged(t, a.URL(), with(document(`{__typename}`), "Origin", "https://good.example"))
	if got := response.Header.Get("Access-Control-Allow-Origin"); got != "https://good.example" || response.StatusCode != 200 {
		t.Errorf("an answer is for %q", got)
	}
	if response, _ = exchanged(t, a.URL(), newRequest(http.MethodOptions, "", "", "")); response.Header.Get("Allow") != "OPTIONS, GET, POST" {
		t.Errorf("OPTIONS allows %q", response.Header.Get("Allow"))
	}
}

// TestNothingSimpleChangesAnything sends what a browser sends without asking first, in
// each of the ways that it can, and finds nothing done.
func TestNothingSimpleChangesAnything(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	const change = `mutation {categoryCreate(input: {name: \"x\"}) {userErrors {code}}}`
	const plain = `mutation {categoryCreate(input: {name: "x"}) {userErrors {code}}}`
	body := `{"query": "` + change + `"}`
	for _, mediaType := range []string{
		"", "text/plain", "text/plain; application/json", "text/plain;charset=application/json", "text/plain, application/json",
		"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "application/graphql",
	} {
		response, text := exchanged(t, a.URL(), newRequest(http.MethodPost, "", mediaType, body))
		if response.StatusCode != http.StatusUnsupportedMediaType {
			t.Errorf("%q: %s %s", mediaType, response.Status, text)
		}
		r := newRequest(http.MethodPost, "verb=create", mediaType, `{"kind": "VIDEO", "title": "x"}`)
		r.URL.Path = gqlhttp.BulkEndpoint
		if response, text = exchanged(t, a.URL(), r); response.StatusCode != http.StatusUnsupportedMediaType {
			t.Errorf("/bulk, %q: %s %s", mediaType, response.Status, text)
		}
	}
	for _, accept := range []string{"*/*", "application/graphql-response+json", "text/event-stream"} {
		r := with(byGet("query="+strings.ReplaceAll(plain, " ", "%20")), "Accept", accept)
		if response, text := exchanged(t, a.URL(), r); response.StatusCode != 405 || response.Header.Get("Allow") != "POST" {
			t.Errorf("by GET, %s: %s %s", accept, response.Status, text)
		}
	}
	if response, text := exchanged(t, a.URL(), with(post(body), "Content-Encoding", "gzip")); response.StatusCode != 415 {
		t.Errorf("compressed: %s %s", response.Status, text)
	}
	if got := ask(t, a.URL(), `{categories {name}}`, nil); string(got.Data) != `{"categories":[]}` {
		t.Errorf("after all: %s %v", got.Data, got.Errors)
	}
}
