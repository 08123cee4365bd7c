package playground

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ask sends one request to a fresh handler for the endpoint /graph<ql, whose "<" must not break the page.
func ask(method, path string, header http.Header) *http.Response {
	request := httptest.NewRequest(method, path, nil)
	request.Header = header
	recorder := httptest.NewRecorder()
	Handler("/graph<ql").ServeHTTP(recorder, request)
	return recorder.Result()
}

// text reads an answer's body.
func text(t *testing.T, answer *http.Response) string {
	t.Helper()
	var body bytes.Buffer
	if _, err := body.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	return body.String()
}

// TestPageNeedsNothingElse follows every address in the page: all are served here, to be kept for ever.
func TestPageNeedsNothingElse(t *testing.T) {
	t.Parallel()
	page := ask(http.MethodGet, "/", nil)
	if page.StatusCode != http.StatusOK || page.Header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("/ answers %s with Cache-Control %q", page.Status, page.Header.Get("Cache-Control"))
	}
	addresses := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(text(t, page), -1)
	if want := 1 + len(served) + len(licences); len(addresses) != want {
		t.Errorf("the page names %d addresses, want %d", len(addresses), want)
	}
	for _, match := range addresses {
		if match[1] == "data:," {
			continue // the empty icon
		}
		answer := ask(http.MethodGet, match[1], nil)
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s", match[1], answer.Status)
		}
		if cache := answer.Header.Get("Cache-Control"); !strings.Contains(cache, "immutable") {
			t.Errorf("%s has Cache-Control %q", match[1], cache)
		}
		if kind := answer.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/") {
			t.Errorf("%s has Content-Type %q", match[1], kind)
		}
	}
}

// TestPageObeysItsPolicy wants no inline script, and a policy that forbids them and other servers.
func TestPageObeysItsPolicy(t *testing.T) {
	t.Parallel()
	page := ask(http.MethodGet, "/", nil)
	for _, rule := range []string{"default-src 'none'", "script-src 'self'", "connect-src 'self'", "style-src 'self'"} {
		if !strings.Contains(page.Header.Get("Content-Security-Policy")+";", rule+";") {
			t.Errorf("the policy lacks %q", rule)
		}
	}
	body := text(t, page)
	for _, script := range regexp.MustCompile(`<script[^>]*>`).FindAllString(body, -1) {
		if !strings.Contains(script, " src=") && !strings.Contains(script, `type="application/json"`) {
			t.Errorf("%s is a script in the page", script)
		}
	}
	if strings.Contains(body, "://") {
		t.Error("the page names another server")
	}
}

// TestPageCarriesSettings reads the settings back as the page's script does.
func TestPageCarriesSettings(t *testing.T) {
	t.Parallel()
	body := text(t, ask(http.MethodGet, "/", nil))
	match := regexp.MustCompile(`(?s)id="settings">(.*?)</script>`).FindStringSubmatch(body)
	if match == nil {
		t.Fatal("the page has no settings")
	}
	var got settings
	if err := json.Unmarshal([]byte(match[1]), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(settings{Endpoint: "/graph<ql", Examples: Examples()}, got); diff != "" {
		t.Error(diff)
	}
}

// TestHandlerRefuses reports what is not there, what is not read, and what the browser has already.
func TestHandlerRefuses(t *testing.T) {
	t.Parallel()
	tag := ask(http.MethodHead, "/", nil).Header.Get("ETag")
	cases := []struct {
		method, path string
		header       http.Header
		want         int
	}{
		{http.MethodGet, "/", http.Header{"If-None-Match": {tag}}, http.StatusNotModified},
		{http.MethodGet, "/", http.Header{"If-None-Match": {`"other"`}}, http.StatusOK},
		{http.MethodHead, "/", nil, http.StatusOK},
		{http.MethodPost, "/", nil, http.StatusMethodNotAllowed},
		{http.MethodGet, "/index.html", nil, http.StatusNotFound},
		{http.MethodGet, "/playground/", nil, http.StatusNotFound},
		{http.MethodGet, "/playground/0123456789abcdef/boot.js", nil, http.StatusNotFound},
	}
	for _, c := range cases {
		if got := ask(c.method, c.path, c.header).StatusCode; got != c.want {
			t.Errorf("%s %s %v answers %d, want %d", c.method, c.path, c.header, got, c.want)
		}
	}
}

// TestAssetsAreTheirs holds the embedded third-party files to the sums that fetch.sh checks against npm.
func TestAssetsAreTheirs(t *testing.T) {
	t.Parallel()
	sums := string(embedded(files, "assets/SHA256SUMS"))
	named := map[string]bool{"SHA256SUMS": true, "LICENSES-bundled.txt": true}
	for line := range strings.Lines(sums) {
		want, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			t.Fatalf("%q is not a sum and a name", line)
		}
		got := sha256.Sum256(embedded(files, "assets/"+name))
		if hex.EncodeToString(got[:]) != want {
			t.Errorf("%s is not the file that SHA256SUMS names", name)
		}
		named[name] = true
	}
	entries, err := files.ReadDir("assets")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !named[entry.Name()] {
			t.Errorf("%s has no sum", entry.Name())
		}
	}
}
