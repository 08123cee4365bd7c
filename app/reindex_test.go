package app

import (
	"fmt"
	"strings"
	"testing"

	"vodgraph/cli"
	"vodgraph/library"
	"vodgraph/outbox"
	"vodgraph/search"
	"vodgraph/search/typesensetest"
)

// rebuilt is a library whose index is built anew.
type rebuilt struct {
	t       *testing.T
	config  Config
	library *library.Library
	assets  int
}

// imported is a library of many assets, without an index.
func imported(t *testing.T, c Config, assets int) *rebuilt {
	t.Helper()
	var lines strings.Builder
	for n := range assets {
		fmt.Fprintf(&lines, `{"kind": "VIDEO", "referenceId": "v%d", "title": "%s %d"}`+"\n", n, granite, n)
	}
	args := []string{"import", "--data", c.Data}
	if c.Database != "" {
		args = append(args, "--database", c.Database)
	}
	command(t, lines.String(), append(args, "-")...).wants(t, cli.StatusDone)
	return &rebuilt{t: t, config: c, library: stored(t, c), assets: assets}
}

// rebuilds are those for the engine of a config.
func rebuilds(t *testing.T, c Config, l *library.Library) *outbox.RebuildRequests {
	t.Helper()
	identity, err := library.IndexIdentity(c.Engine, c.Store)
	if err != nil {
		t.Fatal(err)
	}
	return l.Outbox.Rebuilds(identity)
}

// wantDone wants a command to end well, with an index of all assets.
func (r *rebuilt) wantDone(p *process) {
	r.t.Helper()
	want := fmt.Sprintf("The new search index answers; it has %d documents.\n", r.assets)
	if status := p.wait(); status != cli.StatusDone || p.out.String() != want {
		r.t.Fatalf("reindex ended with %d:\n%s%s", status, p.out, p.err)
	}
}

// halfway begins to build the index, and returns when a part of it is built.
func (r *rebuilt) halfway() *process {
	r.t.Helper()
	var p *process
	until(r.t, "an index is built in part", func() bool {
		if p == nil {
			p = begin(r.t, r.config, "reindex")
		}
		half, err := r.half()
		if err != nil {
			r.t.Fatal(err)
		}
		if strings.Contains(p.out.String(), "answers") { // it was too fast to be seen
			r.wantDone(p)
			p = nil
		}
		return half
	})
	return p
}

// half reports whether an index is built in part now.
func (r *rebuilt) half() (bool, error) {
	request, err := rebuilds(r.t, r.config, r.library).Latest(r.t.Context())
	if err != nil || request == 0 {
		return false, err
	}
	state, err := rebuilds(r.t, r.config, r.library).Status(r.t.Context(), request)
	return state.Done > 0 && state.Done < state.Total && !state.Finished, err
}

// finished waits until no index is wanted any more.
func (r *rebuilt) finished(look func()) {
	r.t.Helper()
	until(r.t, "the index is built", func() bool {
		look()
		request, err := rebuilds(r.t, r.config, r.library).Latest(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		return request == 0
	})
}

// answers wants a server to find all assets, by its engine unless changes wait. It reports
// whether that was so.
func (r *rebuilt) answers(url string) (byEngine bool) {
	r.t.Helper()
	byEngine = !r.finds(url).Index.Degraded
	if !byEngine {
		wantSlow(r.t, url)
	}
	return byEngine
}

// wantSlow wants a server to have had the database answer for no other reason than that
// its engine was not counted of changes in time, which is so where a machine has too much
// to do.
func wantSlow(t *testing.T, url string) {
	t.Helper()
	counted := metrics(t, url)
	for _, reason := range []search.Reason{search.Lagging, search.Timeout} {
		delete(counted, fmt.Sprintf("degraded_total{reason=%q}", reason))
	}
	if degraded(counted) > 0 {
		t.Errorf("the engine did not answer, and not as changes waited: %v", counted)
	}
}

// finds wants a server to find all assets.
func (r *rebuilt) finds(url string) finding {
	r.t.Helper()
	found, err := find(r.t.Context(), url, granite, 0)
	if err != nil || found.TotalCount != r.assets {
		r.t.Errorf("%d of %d assets were found, degraded: %v; %v", found.TotalCount, r.assets, found.Index.Degraded, err)
	}
	return found
}

// wantOne wants one copy of the index to be there, which has all that the library
// has. No server has it open.
func (r *rebuilt) wantOne() (name string) {
	r.t.Helper()
	if r.config.Search == "" {
		wantNoDrift(r.t, r.config)
	} else if d, err := drifted(r.t.Context(), r.library.Outbox, servers(r.t, r.config)); err != nil || !d.none() {
		r.t.Errorf("the engine differs: %v, %v", d, err)
	}
	there := copies(r.t, r.config)
	if len(there) != 1 {
		r.t.Fatalf("there are the copies %v", there)
	}
	return there[0]
}

// TestReindex builds the index anew: without a server, by a server in place of a
// command that was killed half-way, beside a server that is written to, and by the
// command in place of a server that was killed half-way. Who dies with a lease on
// servers has the others wait for 10 seconds, which is done at full size only.
func TestReindex(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]func(*testing.T) Config{
		"sqlite and bleve":       config,
		"postgres and typesense": func(t *testing.T) Config { return searching(onPostgres(t), typesensetest.Shared(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := imported(t, c(t), of(3000, 50_000))
			r.wantDone(begin(t, r.config, "reindex"))
			first := r.wantOne()

			if half := r.halfway(); r.config.Search == "" || soaking() {
				half.kill()
				if there := copies(t, r.config); len(there) != 2 {
					t.Errorf("half-way there are the copies %v", there)
				}
			} else if half.end() != cli.StatusFailed || !strings.Contains(half.err.String(), "interrupted; a server") {
				t.Errorf("interrupted, it reports %s", half.err) // and so gives its lease back
			}
			server := begin(t, r.config, "serve")
			r.answers(server.url) // by the old one
			r.finished(func() { r.answers(server.url) })

			command := begin(t, r.config, "reindex")
			r.beside(server, command)
			server.kill()
			if last := r.wantOne(); last == first {
				t.Errorf("the copy is still %s", last)
			}
			if r.config.Search != "" && !soaking() {
				return
			}
			server = begin(t, r.config, "serve")
			command = r.halfway()
			server.kill()
			r.wantDone(command)
			r.wantOne()
		})
	}
}

// beside has a command build the index while the server is written to. Each change
// is found as soon as it is done, and all assets all the while; the engine finds them
// unless it was not counted in time, and does so at the latest when the index is built.
func (r *rebuilt) beside(server, command *process) {
	r.t.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.command.Wait() // its status is asked for below
	}()
	changes, byEngine := 0, 0
	for over := false; !over; changes++ {
		select {
		case <-ended:
			over = true // one more
		default:
		}
		title := fmt.Sprintf("%s changed %d", granite, changes)
		revision := do(r.t, server.url, update, items(map[string]any{"referenceId": fmt.Sprint("v", changes%r.assets), "title": title})).Revision
		found, err := find(r.t.Context(), server.url, fmt.Sprintf("changed %d", changes), revision)
		if err != nil || found.TotalCount == 0 {
			r.t.Errorf("a change while the index is built: %+v, %v", found, err)
		}
		if found.Index.Degraded {
			wantSlow(r.t, server.url)
		}
		if r.answers(server.url) {
			byEngine++
		}
	}
	r.wantDone(command)
	r.t.Logf("%d changes while the index was built; the engine found all %d times", changes, byEngine)
	if byEngine == 0 {
		r.t.Error("the engine never answered while the index was built")
	}
	last := fmt.Sprintf("%s changed %d", granite, changes)
	revision := do(r.t, server.url, update, items(map[string]any{"referenceId": "v0", "title": last})).Revision
	until(r.t, "the new engine finds a change", func() bool {
		found, err := find(r.t.Context(), server.url, last, revision)
		if err != nil || found.TotalCount == 0 {
			r.t.Fatalf("a change after the index was built: %+v, %v", found, err)
		}
		return !found.Index.Degraded
	})
}

// TestReindexShowsProgress shows how far a server is that builds the index, and ends with
// the status of what became of it.
func TestReindexShowsProgress(t *testing.T) {
	t.Parallel()
	for failure, want := range map[string]outcome{
		"": {status: cli.StatusDone, out: "The new search index answers; it has 4 documents.\n"},
		"The new index could not be filled: the disk is full.": {status: cli.StatusFailed, err: "vodgraph: The new index could not be filled: the disk is full.\n"},
	} {
		t.Run(want.out+want.err, func(t *testing.T) {
			t.Parallel()
			c := config(t)
			command(t, lines, "import", "--data", c.Data, "-").wants(t, cli.StatusDone)
			c.Search = "typesense://none@127.0.0.1:1" // which the test is the server of
			l := stored(t, c)
			identity, err := library.IndexIdentity(c.Engine, c.Store)
			if err != nil {
				t.Fatal(err)
			}
			lease, builds := l.Outbox.Lease(library.IndexLease, identity, "the test", search.LeaseDuration), rebuilds(t, c, l)
			if taken, _, err := lease.Claim(t.Context()); err != nil || !taken {
				t.Fatal(taken, err)
			}
			p := begin(t, c, "reindex")
			request := int64(0)
			until(t, "an index is wanted, and it is counted how far it is", func() (counted bool) {
				var err error
				if request, err = builds.Latest(t.Context()); err == nil && request != 0 {
					err = builds.Progress(t.Context(), request, 1, 4)
				}
				if taken, _, lost := lease.Claim(t.Context()); err != nil || lost != nil || !taken {
					t.Fatal(err, lost, taken)
				}
				return strings.Contains(p.err.String(), "Building the search index, 1 done, 25 %.\n")
			})
			if err := builds.Progress(t.Context(), request, 4, 4); err != nil {
				t.Fatal(err)
			}
			if err := builds.Finish(t.Context(), request, failure); err != nil {
				t.Fatal(err)
			}
			if status := p.wait(); status != want.status || p.out.String() != want.out || !strings.HasSuffix(p.err.String(), want.err) {
				t.Errorf("it ended with %d:\n%s%s", status, p.out, p.err)
			}
		})
	}
	t.Run("no library", func(t *testing.T) {
		t.Parallel()
		data := t.TempDir()
		command(t, "", "reindex", "--data", data).wants(t, cli.StatusFailed, "There is no library in "+data)
	})
}

// TestReindexOfAnotherIndex refuses to build an index that no server of the library
// keeps, and leaves the one alone that is kept.
func TestReindexOfAnotherIndex(t *testing.T) {
	t.Parallel()
	c := config(t)
	a := open(t, c)
	run(t, a)
	seed(t, a.URL(), 3)
	settled(t, a.library)
	command(t, "", "reindex", "--data", c.Data, "--search", "typesense://none@127.0.0.1:1").
		wants(t, cli.StatusFailed, "keeps another search index")
	until(t, "the index is in sync", func() bool { return a.index.Stats().Reason == search.InSync })
}
