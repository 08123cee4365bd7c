package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vodgraph/ent"
	"vodgraph/gqlhttp"
	"vodgraph/library"
)

// trap panics in what is asked of a database, or written to it.
type trap struct {
	set atomic.Pointer[func(what string) bool]
}

// trapped sets a trap before a database, which is not armed yet.
func trapped(client *ent.Client) *trap {
	s := &trap{}
	client.Intercept(ent.InterceptFunc(func(next ent.Querier) ent.Querier {
		return ent.QuerierFunc(func(ctx context.Context, q ent.Query) (ent.Value, error) {
			s.spring(strings.TrimPrefix(fmt.Sprintf("%T", q), "*ent."))
			return next.Query(ctx, q)
		})
	}))
	client.Use(func(next ent.Mutator) ent.Mutator {
		return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
			s.spring(m.Type() + "Mutation")
			return next.Mutate(ctx, m)
		})
	})
	return s
}

func (s *trap) spring(what string) {
	if armed := s.set.Load(); armed != nil && (*armed)(what) {
		panic("trapped, a secret")
	}
}

// arm has it panic in some of what is done.
func (s *trap) arm(which func(what string) bool) { s.set.Store(&which) }

// disarm has it let everything through.
func (s *trap) disarm() { s.set.Store(nil) }

// workersPanic is a server with a trap, which does not rest for long.
func workersPanic(t *testing.T) (*App, *trap, *logged) {
	t.Helper()
	log := &logged{}
	a, err := Open(t.Context(), config(t), log.logger())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	a.panics.Pause, a.tidyDelay = 20*time.Millisecond, time.Millisecond
	s, now := trapped(a.library.DB.Client), a.library.Catalog.Options.Now
	a.library.Catalog.Options.Now = func() time.Time { // which statements written by hand ask, such as those of leases
		s.spring("Now")
		return now()
	}
	run(t, a)
	return a, s, log
}

// loggedPanics is how often the log reports a panic of a worker, with a stack and a reference.
func loggedPanics(log *logged, worker string) (times int) {
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "a worker panicked") && strings.Contains(line, fmt.Sprintf("worker=%s ", worker)) &&
			strings.Contains(line, "reference=") && strings.Contains(line, "panics_test.go") {
			times++
		}
	}
	return times
}

// TestNoPanicEndsTheServer panics in everything that asks the database or writes to it:
// requests, subscriptions of both kinds, files and workers. Each is reported once, and
// when it is over all of it goes on.
func TestNoPanicEndsTheServer(t *testing.T) {
	t.Parallel()
	a, trap, log := workersPanic(t)
	ids := seed(t, a.URL(), 2)
	events := openStream(t, a, fmt.Sprintf(`subscription { asset(id: %q) { title } }`, ids[0]))
	events()
	socket := ready(t, a.URL())
	socket.subscribe("before", fmt.Sprintf(`subscription { asset(id: %q) { title } }`, ids[1]))
	socket.next()

	trap.arm(func(string) bool { return true })
	tidying, stop := context.WithCancel(t.Context())
	tidied := make(chan error, 1)
	go func() { tidied <- a.panics.Supervise(tidying, "tidy", a.tidy) }()

	hidden := func(what, text string) {
		t.Helper()
		if !strings.Contains(text, `"code":"INTERNAL"`) || !strings.Contains(text, `"reference":"`) || strings.Contains(text, "secret") {
			t.Errorf("%s is sent %s", what, text)
		}
	}
	_, body := exchanged(t, a.URL(), document(`{assets(first: 1) {nodes {id}}}`))
	hidden("a query", body)
	_, body = exchanged(t, a.URL(), document(`mutation {assetsCreate(items: [{kind: VIDEO, title: "a"}]) {revision}}`))
	hidden("a mutation", body)
	status, text := sendFile(t, a.URL(), `{"referenceId": "a", "title": "b"}`)
	if hidden("a file", text); status != http.StatusInternalServerError {
		t.Errorf("a file: %d", status)
	}
	_, data := openStream(t, a, fmt.Sprintf(`subscription { asset(id: %q) { title } }`, ids[0]))()
	hidden("who subscribes to events", data)
	socket.subscribe("meanwhile", fmt.Sprintf(`subscription { asset(id: %q) { title } }`, ids[1]))
	hidden("who subscribes over a socket", socket.next())

	workers := []string{"operations", "tidy", "subscriptions", `"the search index"`, `"the lease of the search index"`}
	for _, worker := range workers {
		until(t, worker+" panics", func() bool { return loggedPanics(log, worker) > 0 })
	}
	trap.disarm()
	stop()
	if err := <-tidied; err != nil {
		t.Error(err)
	}
	for _, worker := range workers {
		if n := loggedPanics(log, worker); n != 1 {
			t.Errorf("the panic of %s is logged %d times", worker, n)
		}
	}
	wantAllWorks(t, a, ids)
	if _, data := events(); data != `{"data":{"asset":{"title":"marble 0"}}}` {
		t.Errorf("who had subscribed to events is sent %s", data)
	}
	socket.want(`{"id":"before","type":"next","payload":{"data":{"asset":{"title":"marble 1"}}}}`)
}

// sendFile sends a file of changes.
func sendFile(t *testing.T, url, lines string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, gqlhttp.BulkEndpoint+"?verb=update", strings.NewReader(lines))
	response, body := exchanged(t, url, with(r, "Content-Type", gqlhttp.LinesMediaType))
	return response.StatusCode, body
}

// wantAllWorks wants changes made, operations done, and what was changed found.
func wantAllWorks(t *testing.T, a *App, ids []string) {
	t.Helper()
	for n, id := range ids {
		do(t, a.URL(), update, items(map[string]any{"id": id, "title": fmt.Sprint("marble ", n)}))
	}
	var begun struct {
		AssetsUpdateWhere struct{ Operation struct{ ID string } }
	}
	if err := pose(t.Context(), a.URL(), `mutation { assetsUpdateWhere(filter: {kinds: [VIDEO]}, change: {description: "d"}) { operation { id } } }`, nil, &begun); err != nil {
		t.Fatal(err)
	}
	until(t, "an operation is done", func() bool {
		row, err := a.library.DB.Client.BulkOperation.Get(t.Context(), begun.AssetsUpdateWhere.Operation.ID)
		return err == nil && row.Status == "DONE" && row.Changed == int64(len(ids))
	})
	until(t, "the engine answers", func() bool {
		found, err := find(t.Context(), a.URL(), "marble", 0)
		return err == nil && !found.Index.Degraded && found.TotalCount == len(ids)
	})
}

// TestPanicOfAnOperation gives up an operation that panics, with where that is in the
// log, and does the next one.
func TestPanicOfAnOperation(t *testing.T) {
	t.Parallel()
	a, trap, log := workersPanic(t)
	ids := seed(t, a.URL(), 2)
	trap.arm(func(what string) bool { return what == "ChangeSetMutation" })
	var begun struct {
		AssetsUpdateWhere struct{ Operation struct{ ID string } }
	}
	if err := pose(t.Context(), a.URL(), `mutation { assetsUpdateWhere(filter: {kinds: [VIDEO]}, change: {description: "c"}) { operation { id } } }`, nil, &begun); err != nil {
		t.Fatal(err)
	}
	why := ""
	until(t, "the operation is over", func() bool {
		row, err := a.library.DB.Client.BulkOperation.Get(t.Context(), begun.AssetsUpdateWhere.Operation.ID)
		if err != nil || row.Status != "FAILED" {
			return false
		}
		why = *row.Failure
		return true
	})
	_, reference, _ := strings.Cut(why, "its reference in the log is ")
	if reference == "" || loggedPanics(log, "operation") != 1 || !strings.Contains(log.String(), "reference="+reference) {
		t.Errorf("it failed because %q, and the log is\n%s", why, log)
	}
	trap.disarm()
	wantAllWorks(t, a, ids)
}

// TestKeptWorkersRest reports a panic that comes again and again now and then, and of
// another one at once, and rests between them.
func TestKeptWorkersRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &logged{}
		p, began, times := library.NewPanics(log.logger()), time.Now(), 0
		done := errors.New("done")
		err := p.Supervise(t.Context(), "tidy", func(context.Context) error {
			switch times++; {
			case times == 3:
				panic("another")
			case times < 200:
				panic("the same")
			}
			return done
		})
		if !errors.Is(err, done) || time.Since(began) != 199*5*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if n := strings.Count(log.String(), `error="the same"`); n != 3 { // after ten minutes, and once more behind the other
			t.Errorf("the same is logged %d times", n)
		}
		if n := strings.Count(log.String(), "error=another"); n != 1 {
			t.Errorf("another is logged %d times", n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if err := p.Supervise(ctx, "tidy", func(context.Context) error { cancel(); panic("at the end") }); err != nil {
			t.Error(err)
		}
	})
}
