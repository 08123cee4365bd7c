package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vodgraph/cli"
	"vodgraph/demo"
	"vodgraph/ent/asset"
)

// fill opens a demo in a folder and loads it, and returns the open app with what
// it reported.
func fill(t *testing.T, data string) (*App, string) {
	t.Helper()
	c := config(t)
	c.Data, c.Demo = data, true
	a, err := Open(t.Context(), c, (&logged{}).logger())
	if err != nil {
		t.Fatal(err)
	}
	var reply strings.Builder
	if err := a.FillDemo(t.Context(), &reply); err != nil {
		t.Fatal(err)
	}
	return a, reply.String()
}

// TestDemo makes the demo, uses it again as people left it, and continues one
// whose making was interrupted.
func TestDemo(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	works, err := demo.Works()
	if err != nil {
		t.Fatal(err)
	}

	a, reply := fill(t, data)
	rows := a.library.DB.Client.Asset
	all, err := rows.Query().Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if all < len(works) || len(works) < 600 || !strings.Contains(reply, "Loaded the demo") {
		t.Errorf("there are %d assets of %d works, and it reported %s", all, len(works), reply)
	}
	// What a person changes stays; what is missing is the interrupted part.
	const ours = "A title of our own"
	some := rows.Query().Where(asset.KindEQ(asset.KindVIDEO)).FirstX(t.Context())
	rows.UpdateOne(some).SetTitle(ours).ExecX(t.Context())
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}

	a, reply = fill(t, data)
	if title := a.library.DB.Client.Asset.GetX(t.Context(), some.ID).Title; title != ours || reply != "" {
		t.Errorf("the title is %q, and it reported %q", title, reply)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}

	if err := os.Remove(filepath.Join(data, cli.FilledFile)); err != nil {
		t.Fatal(err)
	}
	a, reply = fill(t, data)
	if title := a.library.DB.Client.Asset.GetX(t.Context(), some.ID).Title; title != some.Title || !strings.Contains(reply, "Loaded") {
		t.Errorf("the title is %q, and it reported %q", title, reply)
	}
	if count := a.library.DB.Client.Asset.Query().CountX(t.Context()); count != all {
		t.Errorf("there are %d assets now, and were %d", count, all)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestDemoRefusesALibrary leaves a library alone that the demo did not make.
func TestDemoRefusesALibrary(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	command(t, lines, "import", "--data", data, "-").wants(t, cli.StatusDone)
	command(t, "", "--demo", "--data", data, "--listen", "127.0.0.1:0").
		wants(t, cli.StatusFailed, "is not empty", data, "--data")
	if exported := command(t, "", "export", "--data", data); strings.Count(exported.out, "\n") != 5 { // with the format
		t.Errorf("the library is now\n%s", exported.out)
	}
}

// TestDemoTakesAnEmptyLibrary makes the demo where there was no asset yet, and
// opens it without being asked for a demo later.
func TestDemoTakesAnEmptyLibrary(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	command(t, "", "migrate", "--data", data).wants(t, cli.StatusDone)
	c := config(t)
	c.Data, c.Demo = data, true
	if err := open(t, c).Close(); err != nil {
		t.Fatal(err)
	}
	c.Demo = false
	open(t, c)
}
