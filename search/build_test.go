package search_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vodgraph/search"
	"vodgraph/search/searchtest"
)

func TestIndexIsBuiltAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, s := newLibrary(3000), newMemory()
		x := start(t, "one", l, s)
		time.Sleep(2 * time.Second)
		request := l.request()
		for n := 0; ; n++ { // while changes flow
			if _, done := l.ended(request); done {
				break
			}
			if n > 1000 {
				t.Fatal("it never ends")
			}
			l.put(n%3000, "basalt")
			l.put(5000+n, "cobalt")
			l.remove(4000 + n)
			if hits, err := x.Search(t.Context(), &search.Query{Text: searchtest.Text("amber 2999")}); err != nil || hits.Total != 1 {
				t.Fatalf("while it is built: %+v, %v", hits, err)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if failure, _ := l.ended(request); failure != "" || l.done < 3000 {
			t.Errorf("%d documents, %s", l.done, failure)
		}
		time.Sleep(2 * time.Second)
		wantSame(t, l, s)
		wantWhy(t, x, search.InSync)
	})
}

func TestForeignShapeIsBuiltAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, s := newLibrary(1000), newMemory()
		s.shape = "0"
		s.docs["old"] = &search.Document{ID: "old"}
		x := start(t, "one", l, s)
		if err := x.unavailable(t, 0); err != nil {
			t.Error(err)
		}
		time.Sleep(3 * time.Second)
		wantSame(t, l, s)
		wantWhy(t, x, search.InSync)
		if shape, _ := (engine{s}).Shape(t.Context()); shape != search.Shape {
			t.Errorf("the shape is %q", shape)
		}
	})
}

func TestBuildThatLosesIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, s := newLibrary(1000), newMemory()
		start(t, "one", l, s)
		time.Sleep(2 * time.Second)
		s.lock.Lock()
		s.loses = 5
		s.lock.Unlock()
		request := l.request()
		time.Sleep(30 * time.Second)
		failure, done := l.ended(request)
		if !done || !strings.Contains(failure, "of 1000") {
			t.Errorf("done: %v, %q", done, failure)
		}
		s.lock.Lock()
		defer s.lock.Unlock()
		if s.rebuild != nil {
			t.Error("what was built is left")
		}
		if len(s.docs) != 1000 {
			t.Errorf("the old one has %d documents", len(s.docs))
		}
	})
}

// TestBuildThatIsKilled leaves the old index answering, and the next process begins
// again.
func TestBuildThatIsKilled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, s := newLibrary(3000), newMemory()
		first := start(t, "first", l, s)
		time.Sleep(2 * time.Second)
		s.lock.Lock()
		s.takes = 10 * time.Millisecond
		s.lock.Unlock()
		request := l.request()
		for {
			l.lock.Lock()
			begun := l.done > 0
			l.lock.Unlock()
			if begun {
				break
			}
			time.Sleep(time.Millisecond)
		}
		first.end()
		if _, done := l.ended(request); done {
			t.Fatal("it was faster")
		}
		wantSame(t, l, s)
		start(t, "second", l, s)
		time.Sleep(5 * time.Second)
		if failure, done := l.ended(request); !done || failure != "" {
			t.Errorf("done: %v, %q", done, failure)
		}
		wantSame(t, l, s)
	})
}
