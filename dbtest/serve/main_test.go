package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vodgraph/dbtest/postgres"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	got := split([]string{"go", "test", "./...", "--", "--", "clients/run.sh", "--", "true"})
	want := [][]string{{"go", "test", "./..."}, {"clients/run.sh"}, {"true"}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %q", got)
	}
	if got := split(nil); got != nil {
		t.Errorf("nothing is %q", got)
	}
}

// TestRun runs real commands beside a server that need not be there for them.
func TestRun(t *testing.T) {
	t.Setenv(postgres.URLVariable, "postgres://127.0.0.1/of-nobody")
	mark := filepath.Join(t.TempDir(), "mark")
	skipped, err := run(t.Context(), [][]string{
		{"sh", "-c", "echo SKIP: b; echo 'not SKIP: x'; exit 3"},
		{"sh", "-c", "echo a >> $TEST_SKIPPED; echo b >> $TEST_SKIPPED; printf 'SKIP: c'"},
		{"sh", "-c", `echo "$TEST_DATABASE_URL" > "$0"`, mark},
	})
	if want := []string{"a", "b", "c"}; !slices.Equal(skipped, want) {
		t.Errorf("skipped %q", skipped)
	}
	if err == nil {
		t.Error("a command that failed is no failure")
	}
	if got, err := os.ReadFile(mark); err != nil || string(got) != "postgres://127.0.0.1/of-nobody\n" {
		t.Errorf("the command after the one that failed got %q, %v", got, err)
	}
	if skipped, err := run(t.Context(), [][]string{{"true"}}); err != nil || len(skipped) != 0 {
		t.Errorf("a command that went well gave %q, %v", skipped, err)
	}
	if _, err := run(t.Context(), [][]string{{filepath.Join(t.TempDir(), "missing")}}); err == nil {
		t.Error("a command that is not there is no failure")
	}
}
