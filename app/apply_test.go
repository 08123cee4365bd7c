package app

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vodgraph/cli"
	"vodgraph/ent/asset"
	"vodgraph/ent/change"
	"vodgraph/ent/changeset"
	"vodgraph/library"
)

// written writes a file of a test.
func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "changes.jsonl")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestApply applies files straight to a library and by a server: as a dry run first, with
// refusals reported by their lines, the results kept, and again with the same key.
func TestApply(t *testing.T) {
	eachConfig(t, func(t *testing.T, c Config) {
		to := []string{"--data", c.Data}
		if c.Database != "" {
			to = append(to, "--database", c.Database)
		}
		apply := func(in string, args ...string) outcome {
			t.Helper()
			return command(t, in, append(append([]string{"apply"}, to...), args...)...)
		}
		create := written(t, videos(0, 800)+`{"kind": "VIDEO"}`+"\n")
		apply("", "--verb", "create", "--dry-run", create).wants(t, cli.StatusSomeRefused,
			"Dry run: 800 changed, 0 unchanged, 1 refused.\n", "ASSET    FIELD    BEFORE  AFTER\n", "line 1   created  -       -\n",
			"… and 780 more; --results FILE has them all.\nChanges by field: created 800.\n", "changes.jsonl:801: title: ", "(REQUIRED)\n")
		apply("", "--verb", "create", "--idempotency-key", "k", create).wants(t, cli.StatusSomeRefused,
			"800 changed, 0 unchanged, 1 refused.\n", "changeSetUndo(id: ")
		again := apply("", "--verb", "create", "--idempotency-key", "k", create)
		again.wants(t, cli.StatusSomeRefused, "800 changed, 0 unchanged, 1 refused.\n")
		apply("", "--verb", "update", "--idempotency-key", "k", create).wants(t, cli.StatusFailed, "This key was used for a file with another verb")

		shown := regexp.MustCompile(`line 1 vid_\w{26}  title +"Video 1" +"N"\n`)
		if dry := apply(`{"referenceId": "video-000001", "title": "N", "tags": {"add": ["t"]}}`, "--verb", "update", "--dry-run", "-"); !shown.MatchString(dry.out) {
			t.Errorf("a dry run shows %s", dry.out)
		}
		a := open(t, c)
		run(t, a)
		to = []string{"--url", a.URL()}
		results := filepath.Join(t.TempDir(), "results.jsonl")
		apply(`{"referenceId": "video-000001", "title": "New"}`, "--verb", "update", "--note", "n", "--results", results, "-").wants(t, cli.StatusDone,
			"1 changed, 0 unchanged, 0 refused.\n")
		kept, err := os.ReadFile(results)
		if err != nil || !strings.HasPrefix(string(kept), `{"line":1,"outcome":"CHANGED","id":"vid_`) || strings.Count(string(kept), "\n") != 2 {
			t.Errorf("the results are %s (%v)", kept, err)
		}
		apply(`{"referenceId": "video-000001"}`+"\n"+`{"referenceId": "video-000002"}`, "--verb", "trash", "-").wants(t, cli.StatusDone, "2 changed")
		apply(`{"referenceId": "video-000001"}`, "--verb", "restore", "-").wants(t, cli.StatusDone, "1 changed")
		apply(`{"referenceId": "video-000002"}`, "--verb", "delete", "--force", "-").wants(t, cli.StatusDone, "1 changed")
		if got := count(t, a.URL()); got != `{"assets":{"totalCount":799}}` {
			t.Errorf("after all: %s", got)
		}
		apply("", "--verb", "create", create, "--idempotency-key", "").wants(t, cli.StatusSomeRefused, "1 changed, 0 unchanged, 800 refused.\n")
		apply("{}", "--verb", "update", "--idempotency-key", strings.Repeat("x", 256), "-").wants(t, cli.StatusFailed, "A key has 1 to 255 characters.")
	})
}

// TestApplyRefusals reports what cannot be applied, and where it cannot be sent.
func TestApplyRefusals(t *testing.T) {
	t.Parallel()
	file := written(t, videos(0, 1))
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{file}, "--verb"},
		{[]string{"--verb", "undo", file}, "--verb"},
		{[]string{"--verb", "create", file + ".gone"}, "changes.jsonl.gone"},
		{[]string{"--verb", "create", "--url", "nowhere", file}, "--url must be such as"},
		{[]string{"--verb", "create", "--url", "http://127.0.0.1:1", "--idempotency-key", "mine", file}, "http://127.0.0.1:1 does not answer"},
		{[]string{"--verb", "create", "--url", "http://127.0.0.1:1", "--idempotency-key", "mine", file}, "--idempotency-key mine goes on where it stood"},
		{[]string{"--verb", "create", "--force", file}, "Only the verb delete takes force."},
	} {
		command(t, "", append([]string{"apply", "--data", t.TempDir()}, c.args...)...).wants(t, cli.StatusFailed, c.says)
	}
	if help := command(t, "", "apply", "--help").out; strings.Contains(help, "VODGRAPH_FORCE") || strings.Contains(help, "VODGRAPH_IDEMPOTENCY_KEY") {
		t.Errorf("the environment could say what is for one file:\n%s", help)
	}
}

// TestApplyIsKilled kills the command at some places of sending and applying, begins
// it again with the same key, and wants each line to be done once.
func TestApplyIsKilled(t *testing.T) {
	eachConfig(t, func(t *testing.T, c Config) {
		assets := of(2_500, 20_000)
		command(t, videos(0, assets), "import", "--data", c.Data, "--database", c.Database, "-").wants(t, cli.StatusDone)
		var changes strings.Builder
		for n := range assets {
			fmt.Fprintf(&changes, `{"referenceId": "video-%06d", "title": "New %d", "tags": {"add": ["new"]}}`+"\n", n, n)
		}
		file := written(t, changes.String())
		library := stored(t, c)
		within, kills := 0, []int{500, assets + 500} // each of the latter waits until what was held is free
		if soaking() {
			kills = []int{0, 500, 5_000, assets - 1, assets, assets + 500, assets + 1_000, assets + 7_500, assets + 10_000, 2*assets - 500}
		}
		for _, far := range kills {
			p := begin(t, c, "apply", "--verb", "update", "--idempotency-key", "k", file)
			over := false
			until(t, "the command is so far", func() bool {
				at, ended := appliedOf(t, library)
				over = ended
				return over || at >= far
			})
			p.kill()
			if !over {
				within++
			}
		}
		p := begin(t, c, "apply", "--verb", "update", "--idempotency-key", "k", file)
		if status := p.wait(); status != cli.StatusDone || !strings.Contains(p.out.String(), fmt.Sprintf("%d changed, 0 unchanged, 0 refused.", assets)) {
			t.Errorf("status %d, it reported %s%s", status, p.out, p.err)
		}
		t.Logf("%d kills, %d of them under way", len(kills), within)
		wantChangedOnce(t, library, assets)
	})
}

// appliedOf is how far the one operation of a library is, as the lines that it has
// received and has done together, and whether it is over.
func appliedOf(t *testing.T, l *library.Library) (lines int, over bool) {
	t.Helper()
	rows, err := l.DB.Client.BulkOperation.Query().All(t.Context())
	switch {
	case err != nil:
		t.Fatal(err)
	case len(rows) > 1:
		t.Fatalf("there are %d operations", len(rows))
	case len(rows) == 0:
		return -1, false
	}
	return int(*rows[0].Received + rows[0].Done), rows[0].FinishedAt != nil
}

// wantChangedOnce wants each asset to have its new title, and one entry of each of the
// two fields that the file has changed.
func wantChangedOnce(t *testing.T, l *library.Library, assets int) {
	t.Helper()
	for field, want := range map[string]int{"title": assets, "tags": assets} {
		query := l.DB.Client.Change.Query().Where(change.Field(field))
		entries, err := query.Count(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		about, err := query.Clone().Unique(true).Select(change.FieldSubjectID).Strings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if entries != want || len(about) != want {
			t.Errorf("the history has %d entries of %s, of %d assets; want %d", entries, field, len(about), want)
		}
	}
	renamed, err := l.DB.Client.Asset.Query().Where(asset.TitleHasPrefix("New ")).Count(t.Context())
	if err != nil || renamed != assets {
		t.Errorf("%d assets have new titles, want %d (%v)", renamed, assets, err)
	}
	sets, err := l.DB.Client.ChangeSet.Query().Where(changeset.AssetCount(int64(assets))).Count(t.Context())
	if err != nil || sets != 2 { // the file, and the import before it
		t.Errorf("%d sets are of %d assets, want 2 (%v)", sets, assets, err)
	}
}
