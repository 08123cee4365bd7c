package app

import (
	"net/http"
	"testing"
)

// TestValidators has an answer to a GET kept by the one who asked, and reported anew only
// when it is another.
func TestValidators(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	asked := func(headers ...string) (*http.Response, string) {
		return exchanged(t, a.URL(), with(byGet("query={categories{name}}"), headers...))
	}
	first, body := asked()
	tag := first.Header.Get("ETag")
	if tag == "" || first.Header.Get("Cache-Control") != "private" || first.Header.Get("Vary") != "Authorization, Accept" {
		t.Errorf("%v", first.Header)
	}
	for _, known := range []string{tag, "W/" + tag, `"a", ` + tag, "*"} {
		again, text := asked("If-None-Match", known)
		if again.StatusCode != http.StatusNotModified || text != "" || again.Header.Get("ETag") != tag ||
			again.Header.Get("Cache-Control") != "private" || again.Header.Get("Vary") == "" {
			t.Errorf("%s: %s %q", known, again.Status, text)
		}
	}
	if other, _ := asked("Accept", "application/graphql-response+json", "If-None-Match", tag); other.StatusCode != 200 || other.Header.Get("ETag") == tag {
		t.Errorf("another media type has the same validator")
	}
	ask(t, a.URL(), `mutation {categoryCreate(input: {name: "x"}) {userErrors {code}}}`, nil)
	if changed, text := asked("If-None-Match", tag); changed.StatusCode != 200 || text == body {
		t.Errorf("after a change: %s %s", changed.Status, text)
	}
	if refused, _ := exchanged(t, a.URL(), byGet("query={")); refused.Header.Get("ETag") != "" || refused.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("a refusal: %v", refused.Header)
	}
}
