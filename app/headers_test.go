package app

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// TestHeadersOfEveryAnswer finds what browsers are sent in all that a server answers, and
// in what it refuses.
func TestHeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	_, _, page := get(t, a.URL()+"/")
	script := regexp.MustCompile(`src="([^"]*)"`).FindStringSubmatch(page)
	if script == nil {
		t.Fatal(page)
	}
	for _, path := range []string{"/", script[1], "/graphql?query={__typename}", "/graphql", "/bulk", "/bulk/x/results", "/healthz", "/readyz",
		"/metrics", "/schema.graphql", "/nowhere"} {
		_, header, _ := get(t, a.URL()+path)
		for name, want := range map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"X-Frame-Options":              "DENY",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := header[name]; len(got) != 1 || got[0] != want {
				t.Errorf("%s has %s %q, want %q", path, name, got, want)
			}
		}
		policy := strings.Join(header["Content-Security-Policy"], ", ")
		if !strings.Contains(policy, "default-src 'none';") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s has the policy %q", path, policy)
		}
		if own := path == "/" || path == script[1]; own != strings.Contains(policy, "script-src 'self';") {
			t.Errorf("%s has the policy %q", path, policy)
		}
		if header.Get("X-Request-Id") == "" {
			t.Errorf("%s has no id", path)
		}
	}
	answer := httptest.NewRecorder()
	a.server.Handler.ServeHTTP(answer, httptest.NewRequest("BREW", "http://localhost/graphql", nil))
	if answer.Code != http.StatusMethodNotAllowed || answer.Header().Get("X-Frame-Options") == "" {
		t.Errorf("a refusal: %d %v", answer.Code, answer.Header())
	}
}
