package app

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"

	"vodgraph/fault"
	"vodgraph/gqlhttp"
)

// TestMetricsElsewhere serves the metrics on their own address alone, until the server
// has ended.
func TestMetricsElsewhere(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.MetricsListen = "127.0.0.1:0"
	a := open(t, c)
	stop := run(t, a)
	metrics := "http://" + a.metrics.listener.Addr().String()
	status, header, body := get(t, metrics+"/metrics")
	if status != http.StatusOK || !strings.Contains(body, "vodgraph_search_in_sync") || header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v %.100s", status, header, body)
	}
	for _, path := range []string{"/", "/graphql?query={__typename}", "/healthz"} {
		if status, _, _ := get(t, metrics+path); status != http.StatusNotFound {
			t.Errorf("%s is served there: %d", path, status)
		}
	}
	if status, _, _ := get(t, a.URL()+"/metrics"); status != http.StatusNotFound {
		t.Errorf("the metrics are on the other address too: %d", status)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(metrics + "/metrics"); err == nil {
		t.Error("it goes on when the server has ended")
	}
}

// TestMetricsAddressTaken refuses an address that another has, and names the flag.
func TestMetricsAddressTaken(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.MetricsListen = open(t, config(t)).listener.Addr().String()
	_, err := Open(t.Context(), c, (&logged{}).logger())
	var refused *fault.Fault
	if !errors.As(err, &refused) || !strings.Contains(refused.Message, "--metrics-listen") || !strings.Contains(refused.Message, c.MetricsListen) {
		t.Errorf("%v", err)
	}
}

// TestSchemaFile hands the schema out as it was written.
func TestSchemaFile(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("../schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	a := open(t, config(t))
	run(t, a)
	status, header, body := get(t, a.URL()+"/schema.graphql")
	if status != http.StatusOK || body != string(want) || header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("%d %s, %d bytes of %d", status, header.Get("Content-Type"), len(body), len(want))
	}
	for tag, want := range map[string]int{header.Get("ETag"): http.StatusNotModified, `"another"`: http.StatusOK, "": http.StatusOK} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.URL()+gqlhttp.SchemaPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("If-None-Match", tag)
		answered, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answered.Body.Close()
		if answered.StatusCode != want {
			t.Errorf("with %q: %s", tag, answered.Status)
		}
	}
}
