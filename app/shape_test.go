package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vodgraph/search/typesensetest"
)

// copies are the names of all copies of a library's index.
func copies(t *testing.T, c Config) (names []string) {
	t.Helper()
	if c.Search == "" {
		found, err := filepath.Glob(filepath.Join(c.Index(), "*.*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			names = append(names, filepath.Base(path))
		}
		return names
	}
	var all []struct{ Name string }
	if err := json.Unmarshal(typesenses(t, c, http.MethodGet, "/collections", ""), &all); err != nil {
		t.Fatal(err)
	}
	for _, collection := range all {
		if strings.HasPrefix(collection.Name, alias(t, c)+"-") {
			names = append(names, collection.Name)
		}
	}
	return names
}

// alias is the name of a library's index on its servers.
func alias(t *testing.T, c Config) string {
	t.Helper()
	address, err := url.Parse(c.Search)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(address.Path, "/")
}

// typesenses asks the server of a library something, and returns what it answers.
func typesenses(t *testing.T, c Config, method, path, body string) []byte {
	t.Helper()
	address, err := url.Parse(c.Search)
	if err != nil {
		t.Fatal(err)
	}
	scheme := map[string]string{"typesense": "http", "typesenses": "https"}[address.Scheme]
	request, err := http.NewRequestWithContext(t.Context(), method, scheme+"://"+address.Host+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-TYPESENSE-API-KEY", address.User.Username())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: %s %s %v", method, path, response.Status, content, err)
	}
	return content
}

// ageFolder has the index in a folder be of another shape.
func ageFolder(t *testing.T, c Config) {
	t.Helper()
	current := filepath.Join(c.Index(), "CURRENT")
	name, err := os.ReadFile(current)
	if err != nil {
		t.Fatal(err)
	}
	const old = "0.7"
	if err := os.Rename(filepath.Join(c.Index(), strings.TrimSpace(string(name))), filepath.Join(c.Index(), old)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(current, []byte(old+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ageCollection has the index on a server be of another shape.
func ageCollection(t *testing.T, c Config) {
	t.Helper()
	const other = "60" // "0" as it stands in names
	name := alias(t, c)
	typesenses(t, c, http.MethodPost, "/collections", fmt.Sprintf(`{"name": "%s-%s-7", "fields": [{"name": "x", "type": "string"}]}`, name, other))
	typesenses(t, c, http.MethodPut, "/aliases/"+name, fmt.Sprintf(`{"collection_name": "%s-%s-7"}`, name, other))
}

// TestDocumentsOfAnotherShape starts on an index that another version made, which
// is built anew without being asked. The database answers meanwhile.
func TestDocumentsOfAnotherShape(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config func(*testing.T) Config
		age    func(*testing.T, Config)
	}{
		"bleve":     {config, ageFolder},
		"typesense": {func(t *testing.T) Config { return searching(config(t), typesensetest.Shared(t)) }, ageCollection},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := imported(t, c.config(t), of(1000, 20_000))
			r.wantDone(begin(t, r.config, "reindex"))
			first := r.wantOne()
			c.age(t, r.config)
			a := open(t, r.config)
			server := httptest.NewServer(a.server.Handler) // before anything is built
			if !r.finds(server.URL).Index.Degraded {
				t.Error("documents of another shape answer")
			}
			server.Close()
			stop := run(t, a)
			until(t, "the engine answers", func() bool { return !r.finds(a.URL()).Index.Degraded })
			var counted map[string]float64
			until(t, "the metrics show that it is in sync", func() bool {
				counted = metrics(t, a.URL())
				return counted["in_sync"] == 1
			})
			if counted[`degraded_total{reason="incompatible"}`] == 0 {
				t.Errorf("the metrics are %v", counted)
			}
			if err := stop(); err != nil {
				t.Fatal(err)
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			// Of the shape that the first had, which names have before their number.
			if last := r.wantOne(); last == first || strings.TrimRight(last, "0123456789") != strings.TrimRight(first, "0123456789") {
				t.Errorf("the copy is %s, and was %s", last, first)
			}
		})
	}
}
