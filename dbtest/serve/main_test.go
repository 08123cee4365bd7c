package main

import (
	"context"
	"errors"
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
	skipped, err := run(t.Context(), []provider{database()}, [][]string{
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
	if skipped, err := run(t.Context(), []provider{database()}, [][]string{{"true"}}); err != nil || len(skipped) != 0 {
		t.Errorf("a command that went well gave %q, %v", skipped, err)
	}
	if _, err := run(t.Context(), []provider{database()}, [][]string{{filepath.Join(t.TempDir(), "missing")}}); err == nil {
		t.Error("a command that is not there is no failure")
	}
}

func TestServersAndTheirLackAreReported(t *testing.T) {
	t.Parallel()
	mark := filepath.Join(t.TempDir(), "mark")
	stopped := 0
	there := func(context.Context) provided {
		return provided{settings: []string{"SERVE_TEST_URL=there"}, stop: func() { stopped++ }}
	}
	missing := func(context.Context) provided {
		return lacks("Something", "SERVE_TEST_LACKING", errors.New("there is none"))
	}
	skipped, err := run(t.Context(), []provider{there, missing}, [][]string{
		{"sh", "-c", `echo "$SERVE_TEST_URL, $SERVE_TEST_LACKING" > "$0"`, mark}})
	if err != nil || !slices.Equal(skipped, []string{"Something: there is none"}) {
		t.Errorf("skipped %q, %v", skipped, err)
	}
	if got, err := os.ReadFile(mark); err != nil || string(got) != "there, there is none\n" {
		t.Errorf("the command got %q, %v", got, err)
	}
	if stopped != 1 {
		t.Errorf("the server was stopped %d times", stopped)
	}
}
