package searchtest

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"vodgraph/search"
)

func (w *world) rebuilt() search.Rebuild {
	w.Helper()
	rebuild, err := w.engine.(search.Rebuilder).Rebuild(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return rebuild
}

func (w *world) within(engine search.Engine) *world { return ofEngine(w.T, engine) }

func rebuild(w *world) {
	w.titled("amber", "basalt")
	shape, err := w.engine.(search.Rebuilder).Shape(w.Context())
	if err != nil || shape != search.Shape {
		w.Errorf("the shape is %q, %v; want %q", shape, err, search.Shape)
	}
	r := w.rebuilt()
	beside := w.within(r)
	beside.wantFound("amber")
	beside.put(document(1, "cobalt"), document(2, "diamond"), document(3, "emerald"))
	beside.wantFound("cobalt", 1)
	w.wantFound("cobalt")
	w.wantFound("amber", 1)
	w.put(document(4, "flint")) // what comes meanwhile, to both
	beside.put(document(4, "flint"))
	w.wantFound("flint", 4)
	if old, new := count(w, w.engine), count(w, r); old != 3 || new != 4 {
		w.Errorf("%d and %d documents, want 3 and 4", old, new)
	}
	if err := r.Switch(w.Context()); err != nil {
		w.Fatal(err)
	}
	w.wantFound("amber")
	w.wantFound("cobalt", 1)
	w.wantFound("flint", 4)
	if n := count(w, w.engine); n != 4 {
		w.Errorf("%d documents after the switch, want 4", n)
	}
	w.put(document(5, "granite"))
	w.wantFound("granite", 5)
	if err := w.engine.Remove(w.Context(), ids(1)); err != nil {
		w.Fatal(err)
	}
	w.wantFound("cobalt")
	again := w.rebuilt()
	w.within(again).put(document(9, "hematite"))
	if err := again.Switch(w.Context()); err != nil {
		w.Fatal(err)
	}
	w.wantFound("hematite", 9)
	w.wantFound("granite")
}

func rebuildIsDiscarded(w *world) {
	w.titled("amber")
	r := w.rebuilt()
	w.within(r).put(document(1, "basalt"), document(2, "cobalt"))
	if err := r.Discard(w.Context()); err != nil {
		w.Fatal(err)
	}
	w.wantFound("amber", 1)
	w.wantFound("basalt")
	left := w.rebuilt() // and never finished
	w.within(left).put(document(1, "basalt"))
	next := w.rebuilt()
	if n := count(w, next); n != 0 {
		w.Errorf("a rebuild begins with %d documents", n)
	}
	w.wantFound("amber", 1)
	if err := next.Switch(w.Context()); err != nil {
		w.Fatal(err)
	}
	if n := count(w, w.engine); n != 0 {
		w.Errorf("%d documents after a switch to none", n)
	}
}

func rebuildWhileInUse(w *world) {
	put := func(engine search.Engine, title string, many int64) error {
		for n := int64(1); n <= many; n += 50 {
			var docs []*search.Document
			for i := n; i < n+50; i++ {
				docs = append(docs, document(i, title))
			}
			if err := engine.Put(w.Context(), docs); err != nil {
				return err
			}
		}
		return nil
	}
	if err := put(w.engine, "amber", 200); err != nil {
		w.Fatal(err)
	}
	ctx, stop := context.WithCancel(w.Context())
	defer stop()
	asking, _ := errgroup.WithContext(ctx)
	for range 3 {
		asking.Go(func() error {
			for ctx.Err() == nil {
				hits, err := w.engine.Search(w.Context(), &search.Query{Text: Text("amber"), Limit: 10, Facets: []search.Facet{{Field: search.TermKind, First: 3}}})
				if err != nil {
					return err
				}
				if hits.Total != 200 && hits.Total != 300 {
					return fmt.Errorf("%d documents, want 200 or 300", hits.Total)
				}
			}
			return nil
		})
	}
	asking.Go(func() error {
		for n := int64(1000); ctx.Err() == nil; n++ {
			if err := w.engine.Put(w.Context(), []*search.Document{document(n, "basalt")}); err != nil {
				return err
			}
		}
		return nil
	})
	for range 2 {
		r := w.rebuilt()
		if err := put(r, "amber", 300); err != nil {
			w.Error(err)
		}
		if err := r.Switch(w.Context()); err != nil {
			w.Error(err)
		}
	}
	stop()
	if err := asking.Wait(); err != nil {
		w.Error(err)
	}
	if hits := w.search(&search.Query{Text: Text("amber"), Limit: 1}); hits.Total != 300 {
		w.Errorf("%d documents at the end, want 300", hits.Total)
	}
}

func manyAtOnce(w *world) {
	var all errgroup.Group
	var lock sync.Mutex
	want := map[string]int64{}
	for worker := int64(1); worker <= 4; worker++ {
		all.Go(func() error {
			for step := range int64(10) {
				var docs []*search.Document
				for i := range int64(20) {
					d := document(worker*1000+(step*7+i)%60, "amber")
					d.Revision = worker*1000 + step
					docs = append(docs, d)
				}
				if err := w.engine.Put(w.Context(), docs); err != nil {
					return err
				}
				hits, err := w.engine.Search(w.Context(), &search.Query{Filter: &search.Filter{IDs: []string{docs[0].ID, docs[19].ID}}, Limit: 5})
				if err != nil {
					return err
				}
				if hits.Total != 2 {
					return fmt.Errorf("%d of 2 documents are found after Put", hits.Total)
				}
				if err := w.engine.Remove(w.Context(), []string{docs[0].ID}); err != nil {
					return err
				}
				lock.Lock()
				for _, d := range docs {
					want[d.ID] = d.Revision
				}
				delete(want, docs[0].ID)
				lock.Unlock()
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		w.Fatal(err)
	}
	got, err := w.engine.Revisions(w.Context(), "", 1000)
	if err != nil {
		w.Fatal(err)
	}
	for _, r := range got {
		if want[r.ID] != r.Revision {
			w.Errorf("%s has revision %d, want %d", r.ID, r.Revision, want[r.ID])
		}
	}
	if n := count(w, w.engine); n != int64(len(want)) || len(got) != len(want) {
		w.Errorf("%d documents, %d revisions, want %d", n, len(got), len(want))
	}
}
