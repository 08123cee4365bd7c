package app

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"vodgraph/search/typesensetest"
)

// TestChangesAreFound finds changes without asking for them to be waited for, and
// logs how long that takes: at most 2 seconds, on a machine that has nothing else
// to do.
func TestChangesAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]func(*testing.T) Config{
		"sqlite and bleve":       config,
		"postgres and typesense": func(t *testing.T) Config { return searching(onPostgres(t), typesensetest.Shared(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, c(t))
			run(t, a)
			ids := seed(t, a.URL(), of(100, 2000))
			settled(t, a.library)
			var lags []time.Duration
			for n := range of(20, 200) {
				title := granite + " " + rand.Text()
				do(t, a.URL(), update, items(map[string]any{"id": ids[n%len(ids)], "title": title}))
				began := time.Now()
				for found := (finding{}); found.TotalCount == 0 || found.Index.Degraded; {
					var err error
					if found, err = find(t.Context(), a.URL(), title, 0); err != nil {
						t.Fatal(err)
					}
				}
				lags = append(lags, time.Since(began))
			}
			slices.Sort(lags)
			t.Logf("found after %v, at most %v", lags[len(lags)/2], lags[len(lags)-1])
		})
	}
}
