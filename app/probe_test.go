package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"vodgraph/gqlhttp"
)

// TestReady reports when the server cannot serve, and why.
func TestReady(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]func(*testing.T) Config{"sqlite": config, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, config(t))
			run(t, a)
			want := func(path string, status int, text string) {
				t.Helper()
				if got, _, body := get(t, a.URL()+path); got != status || body != text {
					t.Errorf("%s: %d %q, want %d %q", path, got, body, status, text)
				}
			}
			version := func(add string) {
				t.Helper()
				if _, err := a.library.DB.SQL.ExecContext(t.Context(), "UPDATE goose_db_version SET version_id = version_id "+add); err != nil {
					t.Fatal(err)
				}
			}
			want("/readyz", http.StatusOK, "ok\n")
			version("- 1") // as an old copy has it that was put back
			want("/readyz", http.StatusServiceUnavailable, "the database is not up to date\n")
			want("/healthz", http.StatusOK, "ok\n")
			version("+ 2") // as a newer program leaves it that is taking over
			want("/readyz", http.StatusOK, "ok\n")
			if err := a.library.Close(); err != nil {
				t.Fatal(err)
			}
			want("/readyz", http.StatusServiceUnavailable, "the database does not answer\n")
			if name == "postgres" { // a restart of this server would not help another
				want("/healthz", http.StatusOK, "ok\n")
			}
		})
	}
}

// TestReadyNoMore says at once that the server ends, while it still takes requests.
func TestReadyNoMore(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.StopGrace = 1
	a := open(t, c)
	closing := make(chan struct{})
	a.server.RegisterOnShutdown(func() { close(closing) })
	stop := run(t, a)
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	status := 0
	until(t, "it says that it ends", func() bool {
		status, _, _ = get(t, a.URL()+"/readyz")
		return status != http.StatusOK
	})
	if status != http.StatusServiceUnavailable {
		t.Errorf("the status is %d", status)
	}
	if status, _, _ := get(t, a.URL()+gqlhttp.Endpoint+"?query={__typename}"); status != http.StatusOK {
		t.Errorf("a request of the last moment: %d", status)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	<-closing
	answer := httptest.NewRecorder() // to one whose connection is still open
	a.server.Handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	if answer.Code != http.StatusServiceUnavailable {
		t.Errorf("at the end the status is %d", answer.Code)
	}
}
