package read

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/bench/measure"
	"vodgraph/dbtest"
	"vodgraph/ent/asset"
)

// TestAnchors holds that the anchors answer all questions as the graph does, of every video of a small
// library.
func TestAnchors(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		compareAll(t, "")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		compareAll(t, dbtest.Server(t))
	})
}

// compareAll compares all answers over a library on a server.
func compareAll(t *testing.T, server string) {
	t.Helper()
	o, err := open(t.Context(), measure.ForTest(t, server, 200))
	if err != nil {
		t.Fatal(err)
	}
	defer o.db.Close()
	videos, err := o.db.Client.Asset.Query().Where(asset.KindEQ(asset.KindVIDEO)).IDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, err := questions(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	all[0].draws = nil
	for _, id := range videos {
		all[0].draws = append(all[0].draws, draw{map[string]any{"id": id}, []string{id}})
	}
	anchors, err := newAnchor(t.Context(), o.db)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range all {
		for _, d := range q.draws {
			same(t, o.graph, anchors, q, d)
		}
	}
}

// same holds that one draw of a question is answered the same.
func same(t *testing.T, graph *measure.Graph, anchors *anchor, q question, d draw) {
	t.Helper()
	data, err := graph.Ask(t.Context(), q.document, d.variables)
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
