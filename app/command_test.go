package app

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vodgraph/cli"
	"vodgraph/database"
	"vodgraph/dbtest"
	"vodgraph/dbtest/postgres"
)

// outcome is what a command did.
type outcome struct {
	status   int
	out, err string
}

// command runs a command to its end.
func command(t *testing.T, in string, args ...string) outcome {
	t.Helper()
	var out, report strings.Builder
	status := Main(t.Context(), args, cli.Streams{In: strings.NewReader(in), Out: &out, Err: &report})
	return outcome{status, out.String(), report.String()}
}

// wants holds a command's outcome against a status and parts of its output.
func (o outcome) wants(t *testing.T, status int, parts ...string) {
	t.Helper()
	if o.status != status {
		t.Errorf("the status is %d, want %d", o.status, status)
	}
	for _, part := range parts {
		if !strings.Contains(o.out+o.err, part) {
			t.Errorf("it does not say %q", part)
		}
	}
	if t.Failed() {
		t.Fatalf("out:\n%s\nerr:\n%s", o.out, o.err)
	}
}

// TestHelp reports every flag with its default and its environment variable.
func TestHelp(t *testing.T) {
	t.Parallel()
	all := command(t, "", "--help")
	all.wants(t, cli.StatusDone, "serve", "import", "export", "migrate", "version",
		"--data", "$VODGRAPH_DATA", "./data-demo", "--database", "$VODGRAPH_DATABASE", "--limits", "$VODGRAPH_LIMITS",
		"--listen", "$VODGRAPH_LISTEN", "127.0.0.1:8080", "--review-auto-block", "$VODGRAPH_REVIEW_AUTO_BLOCK",
		"--demo", "$VODGRAPH_DEMO")
	if flags, defaults := strings.Count(all.out, "$VODGRAPH_"), strings.Count(all.out, "(default"); flags != defaults {
		t.Errorf("%d flags and %d defaults:\n%s", flags, defaults, all.out)
	}
	command(t, "", "import", "--help").wants(t, cli.StatusDone, "--data", "--database", "--limits")
	command(t, "", "export", "--help").wants(t, cli.StatusDone, "--data", "--database")
	command(t, "", "migrate", "--help").wants(t, cli.StatusDone, "--data", "--database")
}

// TestRefusedCommands refuses what cannot run, with a sentence and without
// leaving anything behind.
func TestRefusedCommands(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "none")
	folder := t.TempDir()
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"nonsense"}, "nonsense"},
		{[]string{"--nonsense"}, "--nonsense"},
		{[]string{"import", "--data", data}, "file"},
		{[]string{"import", "--data", data, filepath.Join(folder, "gone.jsonl")}, "gone.jsonl"},
		{[]string{"import", "--data", data, folder}, "is a folder"},
		{[]string{"import", "--data", data, "--limits", "none", "-"}, "--limits"},
		{[]string{"export", "--data", data}, "There is no library in " + data},
		{[]string{"serve", "--data", data, "--listen", "here"}, "--listen"},
		{[]string{"serve", "--data", data, "--listen", "192.0.2.1:80"}, "192.0.2.1:80"},
		{[]string{"--data", data, "--database", "sqlite:secret"}, "--database"},
	} {
		o := command(t, "", c.args...)
		o.wants(t, cli.StatusFailed, c.says)
		if strings.Contains(o.err, "secret") {
			t.Errorf("%v reports a secret: %s", c.args, o.err)
		}
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("a refused command made the library")
	}
}

// TestUnreachableDatabase does not report the password of a database that it
// cannot reach.
func TestUnreachableDatabase(t *testing.T) {
	t.Parallel()
	o := command(t, "", "migrate", "--data", t.TempDir(), "--database", "postgres://me:secret@127.0.0.1:1/none?sslmode=disable")
	o.wants(t, cli.StatusFailed, "127.0.0.1:1")
	if strings.Contains(o.err, "secret") {
		t.Errorf("it reports the password: %s", o.err)
	}
}

// lines are a library of a category, a tag and two assets, as export writes it.
const lines = `{"kind": "VIDEO", "referenceId": "dawn", "title": "Dawn", "tags": ["sky"], "categories": [{"path": ["Films"]}]}
{"kind": "IMAGE", "referenceId": "noon", "title": "Noon"}
`

// TestImportAndExport moves a library through files and the standard streams,
// and reports by the status whether lines were refused.
func TestImportAndExport(t *testing.T) {
	t.Parallel()
	first, second, files := t.TempDir(), t.TempDir(), t.TempDir()
	source, written := filepath.Join(files, "lines.jsonl"), filepath.Join(files, "written.jsonl")
	if err := os.WriteFile(source, []byte(lines+`{"kind": "SONG", "title": "Dusk"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "", "import", "--data", first, source).wants(t, cli.StatusSomeRefused, "lines.jsonl:3", "kind", "2 created", "1 refused")
	command(t, lines, "import", "--data", first, "-").wants(t, cli.StatusDone, "0 created", "2 unchanged", "Nothing changed")

	exported := command(t, "", "export", "--data", first)
	exported.wants(t, cli.StatusDone, `"Dawn"`, `"Noon"`, `"Films"`, `"sky"`)
	command(t, exported.out, "import", "--data", second, "-").wants(t, cli.StatusDone, "0 refused")
	command(t, "", "export", "--data", second, written).wants(t, cli.StatusDone)
	again, err := os.ReadFile(written)
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != exported.out {
		t.Errorf("it went in as\n%s\nand came out as\n%s", exported.out, again)
	}
	if left, err := filepath.Glob(filepath.Join(files, "*.part")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestImportIntoPostgres does the same with a Postgres database that is empty,
// without tables.
func TestImportIntoPostgres(t *testing.T) {
	t.Parallel()
	url, drop, err := postgres.Scratch(t.Context(), dbtest.Server(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	data := filepath.Join(t.TempDir(), "none")
	command(t, "", "migrate", "--data", data, "--database", url).wants(t, cli.StatusDone, "is up to date")
	command(t, lines, "import", "--data", data, "--database", url, "-").wants(t, cli.StatusDone, "0 refused")
	command(t, "", "export", "--data", data, "--database", url).wants(t, cli.StatusDone, `"Dawn"`, `"Noon"`)
	if _, err := os.Stat(data); err == nil {
		t.Error("a library in Postgres has a folder")
	}
	db, err := database.Open(t.Context(), database.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	var known float64
	if err := db.SQL.QueryRowContext(t.Context(), "SELECT reltuples FROM pg_class WHERE relname = 'assets'").Scan(&known); err != nil || known != 2 {
		t.Errorf("Postgres knows of %v assets: %v", known, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// TestServe prints first where everything is, serves there, and ends well when
// it is asked to.
func TestServe(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, in := io.Pipe()
	log := &logged{}
	ended := make(chan int, 1)
	go func() {
		ended <- Main(ctx, []string{"--data", data, "--listen", "127.0.0.1:0"}, cli.Streams{Out: in, Err: log})
		in.Close()
	}()
	printed := bufio.NewScanner(out)
	found := map[string]string{}
	for len(found) < 3 && printed.Scan() {
		name, where, _ := strings.Cut(printed.Text(), " ")
		found[name] = strings.TrimSpace(where)
	}
	for _, name := range []string{"Playground", "GraphQL"} {
		address := found[name]
		if name == "GraphQL" {
			address += "?query={__typename}"
		}
		if status, _, body := get(t, address); status != http.StatusOK {
			t.Errorf("%s is at %s, which answers %d %s", name, address, status, body)
		}
	}
	if want := "file://" + filepath.ToSlash(filepath.Join(data, "vodgraph.db")); found["Data"] != want {
		t.Errorf("the data is at %s, want %s", found["Data"], want)
	}
	cancel()
	go func() { _, _ = io.Copy(io.Discard, out) }()
	if status := <-ended; status != cli.StatusDone || log.String() != "" {
		t.Errorf("it ended with %d and reported %s", status, log)
	}
}
