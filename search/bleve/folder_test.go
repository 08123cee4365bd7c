package bleve_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"vodgraph/search"
	"vodgraph/search/bleve"
	"vodgraph/search/searchtest"
)

func document(n int64, title string) *search.Document {
	return &search.Document{
		ID: fmt.Sprintf("vid_%026d", n), Revision: n, Seq: n,
		Texts:   map[search.TextField][]string{search.Title: {title}},
		Numbers: map[search.NumberField]int64{search.NumberCreated: n},
	}
}

// wantCount wants so many documents of a word.
func wantCount(t *testing.T, engine search.Engine, word string, want int64) {
	t.Helper()
	hits, err := engine.Search(t.Context(), &search.Query{Text: searchtest.Text(word), Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if hits.Total != want {
		t.Errorf("%d documents of %q, want %d", hits.Total, word, want)
	}
}

func TestFolderHasOneOwner(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	first, err := bleve.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bleve.Open(path); !errors.Is(err, bleve.ErrOwned) {
		t.Errorf("opened twice: %v, want %v", err, bleve.ErrOwned)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

func TestDocumentsOutliveTheEngine(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	engine, err := bleve.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Put(t.Context(), []*search.Document{document(1, "amber"), document(2, "basalt")}); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Rebuild(t.Context()); err != nil { // and never finish it
		t.Fatal(err)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Search(t.Context(), &search.Query{Text: searchtest.Text("amber"), Limit: 1}); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("a closed engine answers %v", err)
	}
	again := open(t, path)
	wantCount(t, again, "amber", 1)
	if copies, _ := filepath.Glob(filepath.Join(path, "*.[0-9]")); len(copies) != 1 {
		t.Errorf("what an unfinished rebuild left is still there: %v", copies)
	}
}

func TestFolderOfAnotherShapeWaitsForARebuild(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	if err := os.MkdirAll(filepath.Join(path, "old.3"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, "CURRENT"), []byte("old.3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	engine := open(t, path)
	if shape, err := engine.Shape(t.Context()); shape != "old" || err != nil {
		t.Errorf("the shape is %q, %v", shape, err)
	}
	if _, err := engine.Search(t.Context(), &search.Query{Limit: 1}); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("documents of another shape are searched: %v", err)
	}
	if err := engine.Put(t.Context(), []*search.Document{document(1, "amber")}); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("documents are put to those of another shape: %v", err)
	}
	rebuild, err := engine.Rebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := rebuild.Put(t.Context(), []*search.Document{document(1, "amber")}); err != nil {
		t.Fatal(err)
	}
	if err := rebuild.Switch(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantCount(t, engine, "amber", 1)
	if shape, err := engine.Shape(t.Context()); shape != search.Shape || err != nil {
		t.Errorf("the shape is %q, %v after the rebuild", shape, err)
	}
	if err := rebuild.Discard(t.Context()); err != nil {
		t.Errorf("discarded after the switch: %v", err)
	}
	wantCount(t, engine, "amber", 1)
	if err := rebuild.Put(t.Context(), nil); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("a rebuild is used after the switch: %v", err)
	}
}

// folderToFill names the folder that this test's program fills until it is killed.
const folderToFill = "SEARCH_FOLDER_TO_FILL"

func TestKilledWhileItWrites(t *testing.T) {
	if path := os.Getenv(folderToFill); path != "" {
		fill(t, path)
		return
	}
	t.Parallel()
	path := t.TempDir()
	for kill := 1; kill <= 3; kill++ {
		written := fillAndKill(t, path, 5*kill)
		func() {
			engine, err := bleve.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer engine.Close()
			found, err := engine.Revisions(t.Context(), "", 100_000)
			if err != nil {
				t.Fatal(err)
			}
			revisions := map[string]int64{}
			for _, r := range found {
				revisions[r.ID] = r.Revision
			}
			// What it said was written is there. The batch after it may be.
			for n := int64(1); n <= written*10; n++ {
				if id := document(n, "").ID; revisions[id] != n {
					t.Errorf("killed after %d documents, %s has revision %d", written*10, id, revisions[id])
				}
			}
			hits, err := engine.Search(t.Context(), &search.Query{Text: searchtest.Text("amber"), Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			if hits.Total != int64(len(found)) || hits.Total < written*10 {
				t.Errorf("%d documents are found, and %d are there", hits.Total, len(found))
			}
		}()
	}
}

// fill writes batches, and says so after each, and rebuilds now and then.
func fill(t *testing.T, path string) {
	engine, err := bleve.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for batch := int64(0); ; batch++ {
		var docs []*search.Document
		for n := batch*10 + 1; n <= batch*10+10; n++ {
			docs = append(docs, document(n, "amber"))
		}
		if err := engine.Put(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
		if batch%4 == 3 {
			if _, err := engine.Rebuild(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Printf("\nwritten %d\n", batch+1)
	}
}

// fillAndKill runs fill in a process of its own, kills it after some batches, and
// reports how many it printed as written.
func fillAndKill(t *testing.T, path string, batches int) (written int64) {
	t.Helper()
	program := exec.Command(os.Args[0], "-test.run=^TestKilledWhileItWrites$")
	program.Env = append(os.Environ(), folderToFill+"="+path)
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, err := fmt.Sscanf(lines.Text(), "written %d", &written); err == nil && written >= int64(batches) {
			break
		}
	}
	if err := program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		_, _ = fmt.Sscanf(lines.Text(), "written %d", &written)
	}
	// It was killed, so it failed.
	_ = program.Wait()
	if written < int64(batches) {
		t.Fatalf("it stopped after %d batches by itself", written)
	}
	return written
}
