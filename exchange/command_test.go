package exchange_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"vodgraph/app"
	"vodgraph/cli"
	"vodgraph/database"
	"vodgraph/dbtest"
	"vodgraph/dbtest/postgres"
)

// commandVariable has the test binary be vodgraph itself, so that a test can
// start it as a process, and kill it.
const commandVariable = "VODGRAPH_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(commandVariable) != "" {
		os.Exit(app.Main(context.Background(), os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
	}
	os.Exit(m.Run())
}

// store is where the library of a process lies.
type store struct {
	name   string
	flags  []string
	config database.Config
}

// stores are an empty SQLite and an empty Postgres store.
func stores(t *testing.T) map[string]store {
	t.Helper()
	url, drop, err := postgres.Scratch(t.Context(), dbtest.Server(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	data := t.TempDir()
	return map[string]store{
		"sqlite": {"SQLite", []string{"--data", data}, database.Config{Path: filepath.Join(data, "vodgraph.db")}},
		"postgres": {"Postgres", []string{"--data", filepath.Join(data, "none"), "--database", url},
			database.Config{URL: url}},
	}
}

// open opens the library in the test's own process.
func (s store) open(t *testing.T) *library {
	t.Helper()
	db, err := database.Open(t.Context(), s.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return libraryOn(t, &dbtest.DB{DB: db})
}

// process prepares a command on a store.
func (s store) process(ctx context.Context, t *testing.T, command string, args ...string) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := exec.CommandContext(ctx, binary, append(append([]string{command}, s.flags...), args...)...)
	p.Env = append(os.Environ(), commandVariable+"=1", "TMPDIR="+t.TempDir())
	return p
}

// ran is what became of a process.
type ran struct {
	status   int
	out, err string
	took     time.Duration
	state    *os.ProcessState
}

// run runs a command to its end.
func (s store) run(t *testing.T, in io.Reader, command string, args ...string) ran {
	t.Helper()
	var out, report bytes.Buffer
	p := s.process(t.Context(), t, command, args...)
	p.Stdin, p.Stdout, p.Stderr = in, &out, &report
	begin := time.Now()
	err := p.Run()
	if p.ProcessState == nil {
		t.Fatal(err)
	}
	return ran{p.ProcessState.ExitCode(), out.String(), report.String(), time.Since(begin), p.ProcessState}
}

// imports imports a file, of which nothing may be refused, and reports how long
// that took for so many assets.
func (s store) imports(t *testing.T, file string, assets int) ran {
	t.Helper()
	r := s.run(t, nil, "import", file)
	if r.status != 0 {
		t.Fatalf("import ended with %d: %s%s", r.status, r.out, r.err)
	}
	spent := r.state.UserTime() + r.state.SystemTime()
	t.Logf("%s: %d assets in %.1f s, %.0f assets/s; %.1f s of processor; %s", s.name, assets, r.took.Seconds(),
		float64(assets)/r.took.Seconds(), spent.Seconds(), bytes.TrimSpace([]byte(r.out)))
	return r
}

// exports exports into a new file.
func (s store) exports(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "export.jsonl")
	if r := s.run(t, nil, "export", file); r.status != 0 {
		t.Fatalf("export ended with %d: %s%s", r.status, r.out, r.err)
	}
	return file
}
