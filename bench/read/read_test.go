package main

import (
	"encoding/json"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/bench/generated"
	"vodgraph/dbtest"
)

// TestAnchors holds that the anchors answer all questions as the graph does, of
// every video of a small library.
func TestAnchors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		lib := &library{db: db.DB, catalog: verbs(db.DB)}
		corpus, err := generated.New(generated.Size{Assets: 200, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		if err := lib.fill(t.Context(), corpus.Write); err != nil {
			t.Fatal(err)
		}
		videos, err := texts(t.Context(), db.SQL, "SELECT id FROM assets WHERE kind = 'VIDEO' ORDER BY id")
		if err != nil {
			t.Fatal(err)
		}
		asked := inquire(db.DB, lib.catalog, &atomic.Int64{})
		all, err := questions(t.Context(), asked, videos)
		if err != nil {
			t.Fatal(err)
		}
		all[0].draws = nil
		for _, id := range videos {
			all[0].draws = append(all[0].draws, draw{map[string]any{"id": id}, []string{id}})
		}
		anchors, err := newAnchor(t.Context(), db.DB)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range all {
			for _, d := range q.draws {
				same(t, asked, anchors, q, d)
			}
		}
	})
}

// same holds that one draw of a question is answered the same.
func same(t *testing.T, asked *inquirer, anchors *anchor, q question, d draw) {
	t.Helper()
	data, _, err := asked.ask(t.Context(), q.document, d.variables)
	if err != nil {
		t.Fatalf("%s: %v", q.name, err)
	}
	var want, got any
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	var bad error
	err = anchors.answer(t.Context(), q.name, d.args, func(text []byte) { bad = json.Unmarshal(text, &got) })
	if err != nil || bad != nil {
		t.Fatalf("%s: %v %v", q.name, err, bad)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s with %v: the anchor (+) does not answer as the graph (-) does:\n%s", q.name, d.args, diff)
	}
}
