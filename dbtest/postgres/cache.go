package postgres

import (
	"fmt"
	"os"
	"path/filepath"
)

// Environment variables by which a run of tests passes on what it has.
const (
	// URLVariable holds the URL of a server for tests; its user may make databases.
	URLVariable = "TEST_DATABASE_URL"
	// LackingVariable holds the sentence on why there is none, so that nobody
	// tries again.
	LackingVariable = "TEST_POSTGRES_LACKING"
	// SkippedVariable holds the path of a file that takes a line for what was
	// skipped.
	SkippedVariable = "TEST_SKIPPED"
)

// CacheFolder is where what was fetched for tests is kept: VODGRAPH_CACHE, or
// vodgraph in the user's folder of caches.
func CacheFolder() (string, error) {
	if folder := os.Getenv("VODGRAPH_CACHE"); folder != "" {
		return filepath.Abs(folder)
	}
	folder, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache folder: %w", err)
	}
	return filepath.Join(folder, "vodgraph"), nil
}
