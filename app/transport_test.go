package app

import (
	"strings"
	"testing"
	"vodgraph/gqlhttp"
)

// TestMethods refuses other methods, and says which there are.
func TestMethods(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	for _, method := range []string{"PUT", "DELETE", "PATCH", "HEAD"} {
		response, _ := exchanged(t, a.URL(), newRequest(method, "query={__typename}", "application/json", ""))
		if response.StatusCode != 405 || response.Header.Get("Allow") != "OPTIONS, GET, POST" {
			t.Errorf("%s: %s, allowed is %q", method, response.Status, response.Header.Get("Allow"))
		}
	}
}

// TestPanics reports a panic outside of the resolvers as of any bug, however the
// operation was sent, and goes on.
func TestPanics(t *testing.T) {
	t.Parallel()
	server, log, _ := breakingWith(t, gqlhttp.DefaultProtocol(), func(spoken *gqlhttp.Transport) { spoken.Preparer.Persisted = nil })
	response, body := exchanged(t, server.URL, document(`{__typename}`))
	if response.StatusCode != 500 || !strings.Contains(body, "INTERNAL") {
		t.Errorf("%s %s", response.Status, body)
	}
	p := ready(t, server.URL)
	for range 2 {
		p.subscribe("1", `{__typename}`)
		if got := p.next(); !strings.Contains(got, `"error"`) || !strings.Contains(got, "INTERNAL") {
			t.Errorf("%s", got)
		}
	}
	if n := strings.Count(log.String(), "nil pointer"); n < 3 {
		t.Errorf("the log reports %d:\n%s", n, log)
	}
}
