package searchtest

import (
	"github.com/google/go-cmp/cmp"

	"vodgraph/search"
)

func putReplaceRemove(w *world) {
	if err := w.Put(w.Context(), nil); err != nil {
		w.Errorf("to put nothing: %v", err)
	}
	for _, none := range [][]string{nil, ids(1)} {
		if err := w.engine.Remove(w.Context(), none); err != nil {
			w.Errorf("to remove %v from an empty engine: %v", none, err)
		}
	}
	w.titled("amber", "basalt", "cobalt")
	w.wantFound("amber", 1)
	w.put(document(1, "diamond"))
	w.wantFound("amber")
	w.wantFound("diamond", 1)
	if n := count(w, w.engine); n != 3 {
		w.Errorf("%d documents after one was replaced, want 3", n)
	}
	if err := w.engine.Remove(w.Context(), []string{id(2), id(99)}); err != nil {
		w.Fatal(err)
	}
	w.wantFound("basalt")
	w.wantFound("cobalt", 3)
	if err := w.engine.Remove(w.Context(), []string{id(2)}); err != nil {
		w.Errorf("removed twice: %v", err)
	}
	if n := count(w, w.engine); n != 2 {
		w.Errorf("%d documents after one was removed, want 2", n)
	}
	w.put(document(2, "basalt"))
	w.wantFound("basalt", 2)
	// What was in a document's other members must go with it.
	full := document(4, "emerald")
	full.Texts[search.Tags] = []string{"gem"}
	full.Terms[search.TermTag] = []string{"tag_1"}
	full.Numbers[search.NumberSize] = 7
	w.put(full)
	w.put(document(4, "emerald"))
	w.wantFound("gem")
	size := int64(7)
	for _, f := range []*search.Filter{
		{Terms: &search.Terms{Field: search.TermTag, Values: []string{"tag_1"}}},
		{Range: &search.Range{Field: search.NumberSize, Min: &size}},
	} {
		if hits := w.search(&search.Query{Filter: f}); hits.Total != 0 {
			w.Errorf("a document is found by what it had before: %v", idsOf(hits))
		}
	}
}

func nothingAndEverything(w *world) {
	if hits := w.search(&search.Query{Text: Text("amber")}); hits.Total != 0 || len(hits.Hits) != 0 || hits.More {
		w.Errorf("an empty engine finds %+v", hits)
	}
	if hits := w.search(&search.Query{}); hits.Total != 0 || len(hits.Hits) != 0 || hits.More {
		w.Errorf("an empty engine has %+v", hits)
	}
	w.titled("amber", "basalt", "cobalt")
	hits := w.search(&search.Query{Limit: 2})
	if diff := cmp.Diff(ids(3, 2), idsOf(hits)); diff != "" {
		w.Errorf("without a text, the newest first (-want +got):\n%s", diff)
	}
	if hits.Total != 3 || !hits.More || hits.Hits[0].Score != 0 {
		w.Errorf("without a text: %+v", hits)
	}
	for _, text := range []string{"?!", " ", "-"} {
		w.wantFound(text)
	}
	w.wantFound("nowhere")
	w.wantFound("amber basalt")
}

func countAndRevisions(w *world) {
	const many = 500
	want := map[string]int64{}
	var docs []*search.Document
	for n := int64(1); n <= many; n++ {
		docs = append(docs, document(n, "stone"))
		want[id(n)] = n
	}
	w.put(docs...)
	for n := int64(10); n <= many; n += 10 { // renewed, some twice
		d := document(n, "stone")
		d.Revision = 1000 + n
		w.put(d)
		want[d.ID] = d.Revision
	}
	if err := w.engine.Remove(w.Context(), ids(3, 250, many)); err != nil {
		w.Fatal(err)
	}
	for _, gone := range ids(3, 250, many) {
		delete(want, gone)
	}
	for _, limit := range []int{7, 100, 1000} {
		got := map[string]int64{}
		for after := ""; ; {
			page, err := w.engine.Revisions(w.Context(), after, limit)
			if err != nil {
				w.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			if len(page) > limit {
				w.Fatalf("%d revisions, asked for %d", len(page), limit)
			}
			for _, r := range page {
				if r.ID <= after {
					w.Fatalf("%s comes after %s", r.ID, after)
				}
				after = r.ID
				got[r.ID] = r.Revision
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			w.Errorf("by %d (-want +got):\n%s", limit, diff)
		}
	}
	if n := count(w, w.engine); n != int64(len(want)) {
		w.Errorf("%d documents, want %d", n, len(want))
	}
}
