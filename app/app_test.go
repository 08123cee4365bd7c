package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"vodgraph/fault"
	"vodgraph/gqlhttp"
	"vodgraph/library"
)

// logged is a log that a test can read while others write to it.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write takes a record.
func (l *logged) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(text)
}

// String is all that was written.
func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// logger writes everything to the log, debugging too.
func (l *logged) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// withRequests is logger, with the requests that lines belong to.
func (l *logged) withRequests() *slog.Logger {
	return slog.New(gqlhttp.NewRequestLog(l.logger().Handler()))
}

// config is that of a fresh library on a free port.
func config(t *testing.T) Config {
	t.Helper()
	return Config{
		Settings: library.Settings{Store: library.Store{Data: t.TempDir()}, Limits: "default"},
		Protocol: gqlhttp.DefaultProtocol(),
		Listen:   "127.0.0.1:0",
	}
}

// open opens the app, and closes it when the test is over.
func open(t *testing.T, config Config) *App {
	t.Helper()
	a, err := Open(t.Context(), config, (&logged{}).logger())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// run serves, and returns what ends it and waits for the end.
func run(t *testing.T, a *App) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return stop
}

// get reads an address.
func get(t *testing.T, url string) (int, http.Header, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(body)
}

// TestRoutes finds the playground, the graph and the health of a running app.
func TestRoutes(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	if status, header, body := get(t, a.URL()+"/"); status != http.StatusOK ||
		!strings.HasPrefix(header.Get("Content-Type"), "text/html") || !strings.Contains(body, `/graphql`) {
		t.Errorf("the playground: %d %s %q", status, header.Get("Content-Type"), body)
	}
	if status, _, body := get(t, a.URL()+"/graphql?query={__typename}"); status != http.StatusOK ||
		body != `{"data":{"__typename":"Query"}}` {
		t.Errorf("the graph: %d %s", status, body)
	}
	if status, _, body := get(t, a.URL()+"/healthz"); status != http.StatusOK || body != "ok\n" {
		t.Errorf("the health: %d %q", status, body)
	}
	if status, _, _ := get(t, a.URL()+"/nowhere"); status != http.StatusNotFound {
		t.Errorf("nowhere: %d", status)
	}
}

// TestHealthOfABrokenDatabase reports that the database does not answer.
func TestHealthOfABrokenDatabase(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	if err := a.library.Close(); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := get(t, a.URL()+"/healthz"); status != http.StatusServiceUnavailable {
		t.Errorf("the status is %d", status)
	}
}

// TestIntrospection answers what tools ask of a schema.
func TestIntrospection(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	_, _, body := get(t, a.URL()+"/graphql?query={__schema{queryType{name}}}")
	if want := `{"data":{"__schema":{"queryType":{"name":"Query"}}}}`; body != want {
		t.Errorf("%s, want %s", body, want)
	}
}

// TestAddressTaken refuses an address that another server has.
func TestAddressTaken(t *testing.T) {
	t.Parallel()
	second := config(t)
	second.Listen = open(t, config(t)).listener.Addr().String()
	_, err := Open(t.Context(), second, slog.Default())
	var refused *fault.Fault
	if !errors.As(err, &refused) || !strings.Contains(refused.Message, second.Listen) {
		t.Errorf("%v, want a fault that names the address", err)
	}
}

// TestRunDrains answers a request that is under way when the server ends, and
// takes no other.
func TestRunDrains(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	began, release := make(chan struct{}), make(chan struct{})
	a.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		<-release
		if r.Context().Err() != nil {
			w.WriteHeader(http.StatusGone)
		}
	})
	closed := make(chan struct{}) // the server shuts down by now
	a.server.RegisterOnShutdown(func() { close(closed) })
	stop := run(t, a)

	answered := make(chan int, 1)
	go func() {
		response, err := http.Get(a.URL())
		if err != nil {
			answered <- 0
			return
		}
		response.Body.Close()
		answered <- response.StatusCode
	}()
	<-began
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	<-closed
	if conn, err := net.Dial("tcp", a.listener.Addr().String()); err == nil {
		conn.Close()
		t.Error("another connection was taken")
	}
	close(release)
	if status := <-answered; status != http.StatusOK {
		t.Errorf("the request under way: status %d", status)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestURL names an address that a browser can open.
func TestURL(t *testing.T) {
	t.Parallel()
	every := config(t)
	every.Listen, every.InsecureOpen = ":0", true
	a := open(t, every)
	run(t, a)
	if !strings.HasPrefix(a.URL(), "http://localhost:") {
		t.Errorf("%s is not on localhost", a.URL())
	}
}

// ask posts a document with its variables and returns the answer's parts.
func ask(t *testing.T, url, document string, variables map[string]any) gqlhttp.Answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(url+gqlhttp.Endpoint, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var parts gqlhttp.Answer
	if err := json.NewDecoder(response.Body).Decode(&parts); err != nil {
		t.Fatal(err)
	}
	return parts
}

// TestVariablesKeepTheirDigits reads what a real mutation writes, through the
// whole of the app.
func TestVariablesKeepTheirDigits(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	const exact = 9007199254740993 // 2^53 + 1, which a float cannot hold
	made := ask(t, a.URL(), `mutation($items: [AssetCreateInput!]!) {
		assetsCreate(items: $items) { results { asset { size } } userErrors { code } } }`,
		map[string]any{"items": []any{map[string]any{"kind": "VIDEO", "title": "Dawn", "size": exact}}})
	want := `{"assetsCreate":{"results":[{"asset":{"size":9007199254740993}}],"userErrors":[]}}`
	if string(made.Data) != want || len(made.Errors) > 0 {
		t.Errorf("%s %v, want %s", made.Data, made.Errors, want)
	}
}

// TestSettingsReachTheCatalog has limits and automatic blocking as they are set.
func TestSettingsReachTheCatalog(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Config){
		"[] NORMAL":               func(*Config) {},
		"[TITLE_TOO_LONG] NORMAL": func(c *Config) { c.Limits = "vod" },
		"[] BLOCKED":              func(c *Config) { c.ReviewAutoBlock = true },
	} {
		changed := config(t)
		change(&changed)
		a := open(t, changed)
		run(t, a)
		const create = `mutation($title: String!) { assetsCreate(items: [{kind: VIDEO, title: $title, status: NORMAL}]) {
			results { assetId errors { code } } } }`
		var made struct {
			AssetsCreate struct {
				Results []struct {
					ID     *string `json:"assetId"`
					Errors []struct{ Code string }
				}
			}
		}
		long := ask(t, a.URL(), create, map[string]any{"title": strings.Repeat("x", 200)})
		if err := json.Unmarshal(long.Data, &made); err != nil {
			t.Fatal(err)
		}
		codes := []string{}
		for _, refused := range made.AssetsCreate.Results[0].Errors {
			codes = append(codes, refused.Code)
		}
		short := ask(t, a.URL(), create, map[string]any{"title": "Dawn"})
		if err := json.Unmarshal(short.Data, &made); err != nil {
			t.Fatal(err)
		}
		var put struct {
			AIDataPut struct {
				Results []struct{ Asset struct{ Status string } }
			}
		}
		reviewed := ask(t, a.URL(), `mutation($id: ID!) {
			aiDataPut(items: [{asset: {id: $id}, source: "reviewer", review: {suggestion: BLOCK}}]) { results { asset { status } } } }`,
			map[string]any{"id": made.AssetsCreate.Results[0].ID})
		if err := json.Unmarshal(reviewed.Data, &put); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%s %s", codes, put.AIDataPut.Results[0].Asset.Status); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
