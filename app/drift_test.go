package app

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"vodgraph/library"
	"vodgraph/outbox"
	"vodgraph/search"
	"vodgraph/search/bleve"
	"vodgraph/search/typesense"
)

// lister lists documents, or what they should be.
type lister interface {
	Revisions(ctx context.Context, after string, limit int) ([]search.Revision, error)
}

// all are all that one lists, by id.
func all(ctx context.Context, from lister) (map[string]int64, error) {
	found, after := map[string]int64{}, ""
	for {
		page, err := from.Revisions(ctx, after, 250)
		if err != nil || len(page) == 0 {
			return found, err
		}
		for _, r := range page {
			if _, twice := found[r.ID]; twice {
				return nil, fmt.Errorf("%s is listed twice", r.ID)
			}
			found[r.ID] = r.Revision
		}
		after = page[len(page)-1].ID
	}
}

// drift is how an engine differs from the library.
type drift struct{ documents, missing, other, stray int }

// none is whether it does not differ.
func (d drift) none() bool { return d.missing+d.other+d.stray == 0 }

// String is it for people.
func (d drift) String() string {
	return fmt.Sprintf("%d documents, %d missing, %d of another revision, %d stray", d.documents, d.missing, d.other, d.stray)
}

// drifted holds the documents of an engine against the library, both ways.
func drifted(ctx context.Context, c *outbox.Outbox, engine lister) (d drift, err error) {
	theirs, err := all(ctx, engine)
	if err != nil {
		return d, err
	}
	ours, err := all(ctx, c)
	if err != nil {
		return d, err
	}
	d.documents = len(theirs)
	for id, revision := range ours {
		switch got, ok := theirs[id]; {
		case !ok:
			d.missing++
		case got != revision:
			d.other++
		}
	}
	maps.DeleteFunc(theirs, func(id string, _ int64) bool { _, ok := ours[id]; return ok })
	d.stray = len(theirs)
	return d, nil
}

// stored is a library, opened beside its server.
func stored(t *testing.T, c Config) *library.Library {
	t.Helper()
	l, err := library.Open(t.Context(), c.Settings, library.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// servers is an engine over the servers of a config, beside that of the server.
func servers(t *testing.T, c Config) *typesense.Engine {
	t.Helper()
	engine, err := typesense.Open(c.Search)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return engine
}

// settled waits until nothing of a library waits for its engine.
func settled(t *testing.T, l *library.Library) {
	t.Helper()
	until(t, "the engine has all", func() bool {
		state, err := l.Outbox.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return state.Pending == 0
	})
}

// wantNoDrift wants the index in a folder, which nobody has open, to have what its
// library has.
func wantNoDrift(t *testing.T, c Config) {
	t.Helper()
	engine, err := bleve.Open(c.Index())
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	if d, err := drifted(t.Context(), stored(t, c).Outbox, engine); err != nil || !d.none() {
		t.Errorf("the index differs: %v, %v", d, err)
	} else {
		t.Log(d)
	}
}

// metrics are those of the search of a server, by their names without what all
// names begin with.
func metrics(t *testing.T, url string) map[string]float64 {
	t.Helper()
	_, _, text := get(t, url+"/metrics")
	found := map[string]float64{}
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "vodgraph_search_"); ok {
			name, value, _ := strings.Cut(strings.TrimSpace(rest), " ")
			var number float64
			if _, err := fmt.Sscan(value, &number); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			found[name] = number
		}
	}
	return found
}

// degraded are the searches that a server could not have the engine answer.
func degraded(metrics map[string]float64) (count float64) {
	for name, value := range metrics {
		if strings.HasPrefix(name, "degraded_total{") {
			count += value
		}
	}
	return count
}
