package typesense_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vodgraph/search"
	"vodgraph/search/searchtest"
	"vodgraph/search/typesense"
	"vodgraph/search/typesensetest"
)

// patience is the time after which a wait has failed; it is far longer than any
// takes.
const patience = 20 * time.Second

// document is one with a title.
func document(id string, seq int64, title string) *search.Document {
	return &search.Document{
		ID: id, Revision: seq, Seq: seq,
		Texts:   map[search.TextField][]string{search.Title: {title}},
		Numbers: map[search.NumberField]int64{search.NumberCreated: seq},
	}
}

// within repeats a look until it is content.
func within(t *testing.T, what string, look func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		err := look()
		if err == nil {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("%s: %v", what, err)
		}
	}
}

// finds looks for the documents of a text.
func finds(engine search.Engine, text string, want int64) error {
	hits, err := engine.Search(context.Background(), &search.Query{Text: searchtest.Text(text), Limit: 10})
	if err == nil && hits.Total != want {
		err = fmt.Errorf("%q finds %d documents, and should find %d", text, hits.Total, want)
	}
	return err
}

// wantUnavailable wants every question to say that the engine cannot be asked,
// and none to hang.
func wantUnavailable(t *testing.T, engine *typesense.Engine) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for name, ask := range map[string]func() error{
		"Search": func() error {
			_, err := engine.Search(ctx, &search.Query{Text: searchtest.Text("amber"), Limit: 10})
			return err
		},
		"Count":     func() error { _, err := engine.Count(ctx); return err },
		"Revisions": func() error { _, err := engine.Revisions(ctx, "", 10); return err },
		"Put":       func() error { return engine.Put(ctx, []*search.Document{document("vid_2", 2, "basalt")}) },
		"Remove":    func() error { return engine.Remove(ctx, []string{"vid_3"}) },
		"Shape":     func() error { _, err := engine.Shape(ctx); return err },
		"Rebuild":   func() error { _, err := engine.Rebuild(ctx); return err },
	} {
		if err := ask(); !errors.Is(err, search.ErrUnavailable) {
			t.Errorf("%s: %v, want %v", name, err, search.ErrUnavailable)
		}
	}
}

func TestServerThatIsKilledOrFrozenIsUnavailable(t *testing.T) {
	t.Parallel()
	server := typesensetest.Own(t)
	engine := open(t, server.Address("amber"))
	if err := engine.Put(t.Context(), []*search.Document{document("vid_1", 1, "amber")}); err != nil {
		t.Fatal(err)
	}
	if err := finds(engine, "amber", 1); err != nil {
		t.Fatal(err)
	}
	if err := server.Freeze(); err != nil {
		t.Fatal(err)
	}
	wantUnavailable(t, engine)
	if err := server.Thaw(); err != nil {
		t.Fatal(err)
	}
	within(t, "search after a thaw", func() error { return finds(engine, "amber", 1) })
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	wantUnavailable(t, engine)
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	within(t, "search after a restart", func() error { return finds(engine, "amber", 1) })
	within(t, "write after a restart", func() error {
		return engine.Put(t.Context(), []*search.Document{document("vid_3", 3, "amber wall")})
	})
	within(t, "find what was written", func() error { return finds(engine, "amber", 2) })
}

// between is a proxy before the shared server, which answers 503 while it is
// asked to, and the setting that leads through it.
func between(t *testing.T) (setting string, busy *atomic.Bool) {
	t.Helper()
	direct := typesensetest.Shared(t)
	key, rest, _ := strings.Cut(strings.TrimPrefix(direct, "typesense://"), "@")
	host, name, _ := strings.Cut(rest, "/")
	busy = &atomic.Bool{}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: host})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if busy.Load() {
			http.Error(w, `{"message": "Not Ready or Lagging"}`, http.StatusServiceUnavailable)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return "typesense://" + key + "@" + strings.TrimPrefix(front.URL, "http://") + "/" + name, busy
}

func TestServerThatIsBusyIsUnavailable(t *testing.T) {
	t.Parallel()
	setting, busy := between(t)
	engine := open(t, setting)
	busy.Store(true)
	wantUnavailable(t, engine)
	busy.Store(false)
	if err := engine.Put(t.Context(), []*search.Document{document("vid_1", 1, "amber")}); err != nil {
		t.Fatal(err)
	}
	if err := finds(engine, "amber", 1); err != nil {
		t.Error(err)
	}
}

func TestWritesWaitForABusyServer(t *testing.T) {
	t.Parallel()
	setting, busy := between(t)
	engine := open(t, setting)
	busy.Store(true)
	written := make(chan error)
	go func() { written <- engine.Put(t.Context(), []*search.Document{document("vid_1", 1, "amber")}) }()
	select {
	case err := <-written:
		t.Fatalf("the write did not wait: %v", err)
	case <-time.After(150 * time.Millisecond): // it is asked for the first time at once
	}
	busy.Store(false)
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if err := finds(engine, "amber", 1); err != nil {
		t.Error(err)
	}
}

func TestKeyThatIsRefused(t *testing.T) {
	t.Parallel()
	setting := typesensetest.Shared(t)
	_, rest, _ := strings.Cut(setting, "@")
	const key = "of-another-door"
	engine := open(t, "typesense://"+key+"@"+rest)
	wantUnavailable(t, engine)
	if err := finds(engine, "amber", 0); err == nil || strings.Contains(err.Error(), key) {
		t.Errorf("the error is %v", err)
	}
}

func TestCallerWhoHasGoneIsNoFailureOfTheServer(t *testing.T) {
	t.Parallel()
	engine := open(t, typesensetest.Shared(t))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 {
		if _, err := engine.Search(gone, &search.Query{Text: searchtest.Text("amber"), Limit: 1}); !errors.Is(err, context.Canceled) || errors.Is(err, search.ErrUnavailable) {
			t.Fatalf("got %v", err)
		}
	}
	if err := finds(engine, "amber", 0); err != nil {
		t.Error(err)
	}
}

func TestClusterLosesAServer(t *testing.T) {
	t.Parallel()
	servers := typesensetest.Cluster(t, 3)
	engine := open(t, typesensetest.Address(servers, "amber"))
	put := func(id string, seq int64) error {
		return engine.Put(t.Context(), []*search.Document{document(id, seq, "amber")})
	}
	within(t, "write to the cluster", func() error { return put("vid_1", 1) })
	for _, server := range servers {
		each := open(t, server.Address("amber"))
		within(t, "find it on "+server.Host, func() error { return finds(each, "amber", 1) })
	}
	if err := servers[0].Kill(); err != nil { // the one that is asked
		t.Fatal(err)
	}
	if err := finds(engine, "amber", 1); err != nil {
		t.Errorf("search with two of three servers: %v", err)
	}
	within(t, "write with two of three servers", func() error { return put("vid_2", 2) })
	for _, server := range servers[1:] {
		each := open(t, server.Address("amber"))
		within(t, "find it on "+server.Host, func() error { return finds(each, "amber", 2) })
	}
	if err := servers[1].Freeze(); err != nil {
		t.Fatal(err)
	}
	// Without a leader the last one may answer, or ask for patience.
	if err := finds(engine, "amber", 2); err != nil && !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("search with one of three servers: %v", err)
	}
	if err := servers[1].Thaw(); err != nil {
		t.Fatal(err)
	}
	if err := servers[0].Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	back := open(t, servers[0].Address("amber"))
	within(t, "find all on the server that is back", func() error { return finds(back, "amber", 2) })
}
