package app

import (
	"fmt"
	"strings"
	"testing"

	"vodgraph/cli"
	"vodgraph/ent/bulkoperation"
)

// TestPurge empties the trash, with and without a server, and asks again before that
// is much of the library.
func TestPurge(t *testing.T) {
	t.Parallel()
	for name, served := range map[string]bool{"alone": false, "beside a server": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t)
			var assets strings.Builder
			for n := range 150 {
				fmt.Fprintf(&assets, `{"kind": "VIDEO", "referenceId": "r%d", "title": "t"}`+"\n", n)
			}
			command(t, assets.String(), "import", "--data", c.Data, "-").wants(t, cli.StatusDone)
			a := open(t, c)
			stop := run(t, a)
			answer := ask(t, a.URL(), `mutation { assetsTrashWhere(filter: {}, all: true) { userErrors { code } } }`, nil)
			if len(answer.Errors) > 0 {
				t.Fatal(answer.Errors)
			}
			until(t, "all is in the trash", func() bool {
				return string(ask(t, a.URL(), `{ assets { totalCount } }`, nil).Data) == `{"assets":{"totalCount":0}}`
			})
			if !served {
				stop()
			}
			command(t, "", "purge", "--data", c.Data).wants(t, cli.StatusFailed, "would delete 150 of 150 assets for good", "vodgraph purge --all")
			command(t, "", "purge", "--data", c.Data, "--all").wants(t, cli.StatusDone, "150 assets deleted for good, 0 refused.\n")
			command(t, "", "purge", "--data", c.Data).wants(t, cli.StatusDone, "0 assets deleted for good, 0 refused.\n")
		})
	}
	t.Run("no library", func(t *testing.T) {
		t.Parallel()
		data := t.TempDir()
		command(t, "", "purge", "--data", data).wants(t, cli.StatusFailed, "There is no library in "+data)
	})
}

// TestPurgeRefuses keeps what others still use, and says where it is sent why.
func TestPurgeRefuses(t *testing.T) {
	t.Parallel()
	c := config(t)
	const image = "img_01HZZZZZZZZZZZZZZZZZZZZZZZ"
	command(t, fmt.Sprintf(`{"kind": "IMAGE", "id": %q, "title": "i"}
{"kind": "VIDEO", "title": "v", "cover": {"image": {"id": %q}}}`, image, image), "import", "--data", c.Data, "-").wants(t, cli.StatusDone)
	a := open(t, c)
	stop := run(t, a)
	answer := ask(t, a.URL(), fmt.Sprintf(`mutation { assetsTrash(assets: [{id: %q}]) { failedCount } }`, image), nil)
	if string(answer.Data) != `{"assetsTrash":{"failedCount":0}}` {
		t.Fatalf("%s %v", answer.Data, answer.Errors)
	}
	command(t, "", "purge", "--data", c.Data).wants(t, cli.StatusSomeRefused, "0 assets deleted for good, 1 refused.\n", "Why: {")
	stop()
}

// TestPurgeDoesNothingElse leaves other operations to servers, which know their limits,
// and is not reported by the environment to delete much.
func TestPurgeDoesNothingElse(t *testing.T) {
	t.Parallel()
	c := config(t)
	command(t, lines, "import", "--data", c.Data, "-").wants(t, cli.StatusDone)
	l := stored(t, c)
	other, err := l.Catalog.AssetsTrashWhere(t.Context(), nil, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	command(t, "", "purge", "--data", c.Data).wants(t, cli.StatusDone, "0 assets deleted for good, 0 refused.\n")
	row, err := l.DB.Client.BulkOperation.Get(t.Context(), other)
	if err != nil {
		t.Fatal(err)
	}
	if row.Status != bulkoperation.StatusQUEUED {
		t.Errorf("another operation is %s", row.Status)
	}
	if help := command(t, "", "purge", "--help").out; strings.Contains(help, "VODGRAPH_ALL") {
		t.Errorf("the environment could say all:\n%s", help)
	}
}
