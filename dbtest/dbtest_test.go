package dbtest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/dbtest/postgres"
)

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	for range 3 {
		dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
			if err := db.Client.Library.UpdateOneID(1).AddRevision(1).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := db.Client.Library.GetX(t.Context(), 1).Revision; got != 1 {
				t.Errorf("the revision is %d: another test was here", got)
			}
		})
	}
}

func TestPostgresSortsAsPeopleDo(t *testing.T) {
	t.Parallel()
	db := dbtest.Postgres(t)
	const query = `SELECT 'a' < 'B', 'a' < 'B' COLLATE "C"`
	var people, codePoints bool
	if err := db.SQL.QueryRowContext(t.Context(), query).Scan(&people, &codePoints); err != nil {
		t.Fatal(err)
	}
	if codePoints {
		t.Error("the collation C does not sort by code point")
	}
	if !people {
		t.Log("this server sorts by code point, so tests cannot see what lacks the collation")
	}
}

func TestDatabasesAreGoneAtTheEnd(t *testing.T) {
	t.Parallel()
	server := dbtest.Server(t)
	var name string
	t.Run("test", func(t *testing.T) {
		db := dbtest.Postgres(t)
		if err := db.SQL.QueryRowContext(t.Context(), "SELECT current_database()").Scan(&name); err != nil {
			t.Fatal(err)
		}
	})
	url, drop, err := postgres.Scratch(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	defer drop(t.Context())
	there := func(name string) (there bool) {
		db := dbtest.Postgres(t)
		row := db.SQL.QueryRowContext(t.Context(), "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name)
		if err := row.Scan(&there); err != nil {
			t.Fatal(err)
		}
		return there
	}
	if there(name) {
		t.Errorf("%s is still there", name)
	}
	if kept := url[strings.LastIndex(url, "/")+1 : strings.Index(url, "?")]; !there(kept) {
		t.Errorf("%s is not there: this test cannot fail", kept)
	}
}

func TestStatementsAreThoseOfTheFunction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		read := func() { db.Client.Library.GetX(t.Context(), 1) }
		read()
		if got := db.Statements(read); len(got) != 1 || !strings.HasPrefix(got[0], "SELECT") {
			t.Errorf("one read is %q", got)
		}
		if got := db.Statements(func() { read(); read() }); len(got) != 2 {
			t.Errorf("two reads are %q", got)
		}
		if got := db.Statements(func() {}); len(got) != 0 {
			t.Errorf("nothing is %q", got)
		}
	})
}

// TestWithoutPostgres is what the processes of the test below run.
func TestWithoutPostgres(t *testing.T) {
	if os.Getenv(postgres.LackingVariable) == "" {
		return
	}
	dbtest.Postgres(t)
	t.Error("there is a database")
}

func TestWhatIsLackingIsSkippedAndNoted(t *testing.T) {
	t.Parallel()
	notes := filepath.Join(t.TempDir(), "notes")
	run := func(ci string) (string, error) {
		process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWithoutPostgres$", "-test.v")
		process.Env = append(os.Environ(), "CI="+ci, postgres.URLVariable+"=",
			postgres.LackingVariable+"=there is none today", postgres.SkippedVariable+"="+notes)
		output, err := process.CombinedOutput()
		return string(output), err
	}
	if output, err := run(""); err != nil || !strings.Contains(output, "--- SKIP") {
		t.Errorf("the test was not skipped: %v\n%s", err, output)
	}
	if noted, err := os.ReadFile(notes); err != nil || string(noted) != "Postgres: there is none today\n" {
		t.Errorf("noted %q, %v", noted, err)
	}
	if output, err := run("true"); err == nil || !strings.Contains(output, "Postgres: there is none today") {
		t.Errorf("with CI=true the test did not fail: %s", output)
	}
}
