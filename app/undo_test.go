package app

import (
	"regexp"
	"strings"
	"testing"
	"vodgraph/cli"
)

// undoing is the command that is printed to undo something.
var undoing = regexp.MustCompile(`vodgraph undo (chs_[0-9A-Z]+)`)

// TestUndoCommand undoes an import by the command that it prints, as a dry run first, and
// undoes the undo; what cannot come back is printed.
func TestUndoCommand(t *testing.T) {
	t.Parallel()
	c := config(t)
	command(t, `{"kind": "VIDEO", "referenceId": "a", "title": "Before", "tags": ["x"], "createdAt": "2020-01-01T00:00:00Z", "updatedAt": "2020-01-01T00:00:00Z"}`,
		"import", "--data", c.Data, "-").wants(t, cli.StatusDone, "1 created")
	before := exportOf(t, c.Data)
	imported := command(t, `{"referenceId": "a", "title": "After", "tags": ["y"], "updatedAt": "2020-01-01T00:00:00Z"}
{"kind": "VIDEO", "referenceId": "b", "title": "New"}`, "import", "--data", c.Data, "--note", "second", "-")
	imported.wants(t, cli.StatusDone, "1 created, 1 changed")
	found := undoing.FindStringSubmatch(imported.out)
	if found == nil {
		t.Fatalf("no command to undo it:\n%s", imported.out)
	}
	after := exportOf(t, c.Data)
	command(t, "", "undo", "--data", c.Data, "--dry-run", found[1]).wants(t, cli.StatusDone, "Dry run: 2 changed, 0 unchanged, 0 not undone")
	if exportOf(t, c.Data) != after {
		t.Error("the dry run changed something")
	}
	undone := command(t, "", "undo", "--data", c.Data, "--note", "a mistake", found[1])
	undone.wants(t, cli.StatusDone, "2 changed, 0 unchanged, 0 not undone")
	now := exportOf(t, c.Data)
	for _, want := range []string{`"title":"Before"`, `"tags":["x"]`} {
		if !strings.Contains(now, want) || !strings.Contains(before, want) {
			t.Errorf("no %s in\n%s", want, now)
		}
	}
	if strings.Count(now, `"trashedAt"`) != 1 {
		t.Errorf("what was made is not in the trash:\n%s", now)
	}
	again := undoing.FindStringSubmatch(undone.out)
	if again == nil {
		t.Fatalf("no command to undo the undo:\n%s", undone.out)
	}
	command(t, "", "undo", "--data", c.Data, again[1]).wants(t, cli.StatusDone, "2 changed")
	if got := exportOf(t, c.Data); !strings.Contains(got, `"title":"After"`) || strings.Contains(got, `"trashedAt"`) {
		t.Errorf("after the undo of the undo it is\n%s", got)
	}
	command(t, `{"referenceId": "a", "title": "Later"}`, "import", "--data", c.Data, "-").wants(t, cli.StatusDone)
	command(t, "", "undo", "--data", c.Data, found[1]).wants(t, cli.StatusSomeRefused, "title: The field was changed since. (CHANGED_SINCE)")
	command(t, "", "undo", "--data", c.Data, "chs_none").wants(t, cli.StatusFailed, "There is no such change set")
	command(t, "", "undo", "--data", t.TempDir(), found[1]).wants(t, cli.StatusFailed, "There is no library in ")
}

// exportOf is the export of a library.
func exportOf(t *testing.T, data string) string {
	t.Helper()
	out := command(t, "", "export", "--data", data)
	out.wants(t, cli.StatusDone)
	return out.out
}
