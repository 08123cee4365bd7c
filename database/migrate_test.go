package database_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"vodgraph/database"
	"vodgraph/dbtest"
	"vodgraph/dbtest/postgres"
)

// Environment variables that make TestMigrateInAProcess one of several processes.
const (
	pathVariable = "DATABASE_TEST_PATH"
	urlVariable  = "DATABASE_TEST_URL"
)

// TestMigrateInAProcess is what each process of the test below runs.
func TestMigrateInAProcess(t *testing.T) {
	config := database.Config{Path: os.Getenv(pathVariable), URL: os.Getenv(urlVariable)}
	if config.Path == "" && config.URL == "" {
		return
	}
	if _, err := os.Stdin.Read(make([]byte, 1)); err == nil { // until all are ready
		t.Fatal("nobody writes here")
	}
	db, err := database.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func TestMigrateBySeveralProcessesAtOnce(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "library.db")
		atOnce(t, pathVariable+"="+path)
		migrated(t, database.Config{Path: path})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url, drop, err := postgres.Scratch(t.Context(), dbtest.Server(t))
		if err != nil {
			t.Fatal(err)
		}
		defer drop(t.Context())
		atOnce(t, urlVariable+"="+url)
		migrated(t, database.Config{URL: url})
	})
}

// atOnce has five processes migrate one empty database, and wants all to succeed.
func atOnce(t *testing.T, setting string) {
	t.Helper()
	start, ready, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer start.Close()
	var processes []*exec.Cmd
	for range 5 {
		process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMigrateInAProcess$")
		process.Env = append(os.Environ(), setting)
		process.Stdin = start
		process.Stdout = &bytes.Buffer{}
		process.Stderr = process.Stdout
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		processes = append(processes, process)
	}
	if err := ready.Close(); err != nil {
		t.Fatal(err)
	}
	for _, process := range processes {
		if err := process.Wait(); err != nil {
			t.Errorf("%v: %s", err, process.Stdout)
		}
	}
}

// migrated wants the one row about the library, which the first migration
// inserts, and a migration after the last to do nothing.
func migrated(t *testing.T, config database.Config) {
	t.Helper()
	db, err := database.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context()); err != nil {
		t.Error(err)
	}
	library, err := db.Client.Library.Query().Only(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if library.ID != 1 || library.Revision != 0 || library.Demo {
		t.Errorf("the library begins as %v", library)
	}
}
