package exchange_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"vodgraph/bench/generated"
	"vodgraph/bench/works"
	"vodgraph/demo"
)

// soaking reports whether tests run at full size.
func soaking() bool { return os.Getenv("SOAK") != "" }

// file writes a file of a test.
func file(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "lines.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(write(out), out.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Name()
}

// corpusFile is a generated file, of few assets or, when soaking, of many.
func corpusFile(t *testing.T, few, many int) (name string, assets int) {
	t.Helper()
	if assets = few; soaking() {
		assets = many
	}
	c, err := generated.New(generated.Size{Assets: assets, Seed: 11})
	if err != nil {
		t.Fatal(err)
	}
	return file(t, c.Write), assets
}

// TestCorpusMoves moves 300 generated assets, or 100,000, from a file to SQLite
// and on to Postgres.
func TestCorpusMoves(t *testing.T) {
	t.Parallel()
	name, assets := corpusFile(t, 300, 100_000)
	moves(t, name, assets)
}

// TestWorksMove moves the demo's real works, or all 8,483 of bangumi-data.
func TestWorksMove(t *testing.T) {
	t.Parallel()
	if soaking() {
		moves(t, bangumi(t), works.Count)
		return
	}
	d, err := demo.New()
	if err != nil {
		t.Fatal(err)
	}
	lines, err := io.ReadAll(d.Reader())
	if err != nil {
		t.Fatal(err)
	}
	moves(t, ordered(t, lines), d.Count())
}

// moves imports a file into SQLite, exports it, and moves that on to Postgres.
// Each library has what its file has, the graph counts in it what SQL counts,
// the exports are the same to the byte, and nothing changes when a file comes
// again.
func moves(t *testing.T, name string, assets int) {
	t.Helper()
	all := stores(t)
	first, second := all["sqlite"], all["postgres"]
	first.imports(t, name, assets)
	exported := first.exports(t)
	sameFiles(t, exported, name, func(a, b []byte) bool { return reflect.DeepEqual(value(t, a), value(t, b)) })
	second.imports(t, exported, assets)
	sameFiles(t, second.exports(t), exported, bytes.Equal)
	for _, s := range all {
		s.open(t).agrees()
		if again := s.imports(t, name, assets); !strings.Contains(again.out, "0 created, 0 changed") {
			t.Errorf("%s: the same file again: %s", s.name, again.out)
		}
	}
}

// sameFiles holds two files against each other, line by line.
func sameFiles(t *testing.T, got, want string, same func(a, b []byte) bool) {
	t.Helper()
	g, w := reading(t, got), reading(t, want)
	for number := 1; ; number++ {
		a, doneA := next(t, g)
		b, doneB := next(t, w)
		if doneA != doneB || !bytes.Equal(a, b) && !same(a, b) {
			t.Fatalf("line %d is\n%.2000s\nwant\n%.2000s", number, a, b)
		}
		if doneA {
			return
		}
	}
}

func reading(t *testing.T, name string) *bufio.Reader {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return bufio.NewReader(f)
}

func next(t *testing.T, from *bufio.Reader) (text []byte, done bool) {
	t.Helper()
	text, err := from.ReadBytes('\n')
	if err != nil && err != io.EOF {
		t.Fatal(err)
	}
	if string(text) == formatLine {
		return next(t, from)
	}
	return bytes.TrimSuffix(text, []byte("\n")), err == io.EOF && len(text) == 0
}

// TestKilledImport kills imports wherever they are, and has another end what
// they began.
func TestKilledImport(t *testing.T) {
	t.Parallel()
	name, assets := corpusFile(t, 1200, 20_000)
	whole := stores(t)["sqlite"]
	took := whole.imports(t, name, assets).took
	want := whole.exports(t)
	chance := rand.New(rand.NewPCG(1, 2))
	for key, s := range stores(t) {
		t.Run(key, func(t *testing.T) {
			killed := 0
			for range 3 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(chance.Int64N(int64(took))))
				if s.process(ctx, t, "import", name).Run() != nil {
					killed++
				}
				cancel()
			}
			t.Logf("%d imports were killed", killed)
			s.imports(t, name, assets)
			sameFiles(t, s.exports(t), want, bytes.Equal)
			if again := s.imports(t, name, assets); !strings.Contains(again.out, "0 created, 0 changed") {
				t.Errorf("the same file again: %s", again.out)
			}
		})
	}
}

// TestMemoryIsFlat imports files of 10,000, 50,000 and 100,000 assets, for which
// a process may not take more memory of its own. What it maps of the database's
// file is the system's, and comes and goes.
func TestMemoryIsFlat(t *testing.T) {
	t.Parallel()
	if !soaking() {
		t.Skip("only with SOAK=1")
	}
	var first int
	for _, assets := range []int{10_000, 50_000, 100_000} {
		c, err := generated.New(generated.Size{Assets: assets, Seed: 11, Plain: true})
		if err != nil {
			t.Fatal(err)
		}
		most := peak(t, stores(t)["sqlite"].process(t.Context(), t, "import", file(t, c.Write)))
		t.Logf("%d assets: %d MB of its own", assets, most>>10)
		if first == 0 {
			first = most
		}
		if most > first*3/2 {
			t.Errorf("%d assets took %d MB, and 10,000 %d MB", assets, most>>10, first>>10)
		}
	}
}

// peak runs a process, and returns the most memory of its own that it was seen
// to have, in KB.
func peak(t *testing.T, p *exec.Cmd) (most int) {
	t.Helper()
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case err := <-ended:
			tick.Stop()
			if err != nil || most == 0 {
				t.Fatal(err, most)
			}
			return most
		case <-tick.C:
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
			if err != nil {
				continue // it has just ended, or the system has no such file
			}
			var now int
			if _, after, found := strings.Cut(string(status), "RssAnon:"); found {
				_, _ = fmt.Sscan(after, &now)
			}
			most = max(most, now)
		}
	}
}

// bangumi is a file of all works of bangumi-data.
func bangumi(t *testing.T) string {
	t.Helper()
	list, err := works.Read(works.ForTest(t))
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	if err := works.Write(list, &lines); err != nil {
		t.Fatal(err)
	}
	return ordered(t, lines.Bytes())
}

// ordered is a file of lines, in the order of an export.
func ordered(t *testing.T, lines []byte) string {
	t.Helper()
	return file(t, func(w io.Writer) error { _, err := w.Write(bytes.Join(inOrder(lines), []byte("\n"))); return err })
}
