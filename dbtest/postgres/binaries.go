package postgres

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"

	embedded "github.com/fergusstrange/embedded-postgres"
)

// places are where packages put Postgres without putting it into the PATH.
var places = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql*/bin",
	"/usr/local/opt/postgresql*/bin",
}

// installed finds the folder of the newest Postgres that this machine has.
func installed() (string, error) {
	if found, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(found); err == nil && whole(filepath.Dir(real)) {
			return filepath.Dir(real), nil
		}
	}
	for _, place := range places {
		folders, err := filepath.Glob(place)
		if err != nil {
			return "", fmt.Errorf("look for Postgres in %s: %w", place, err)
		}
		sort.Sort(sort.Reverse(sort.StringSlice(folders)))
		for _, folder := range folders {
			if whole(folder) {
				return folder, nil
			}
		}
	}
	return "", errors.New("this machine has no Postgres")
}

// whole reports whether a folder has what is needed to start a server.
func whole(folder string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.IsDir() {
			return false
		}
	}
	return true
}

// fetched is the folder of the binaries in the cache, which are fetched from
// Maven Central where they are missing, 15 MB.
//
// The library that fetches them starts them as well, which Postgres refuses to
// root: so what counts is not whether it succeeds, but what is there then.
func fetched(cache string) (string, error) {
	version := embedded.V16
	kept := filepath.Join(cache, "postgres-"+string(version))
	if whole(filepath.Join(kept, "bin")) {
		return filepath.Join(kept, "bin"), nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("make the cache folder: %w", err)
	}
	folder, err := os.MkdirTemp(cache, "postgres-") // others may fetch at the same time
	if err != nil {
		return "", fmt.Errorf("make a folder in the cache: %w", err)
	}
	defer os.RemoveAll(folder)
	port, err := freePort()
	if err != nil {
		return "", err
	}
	unpacked := filepath.Join(folder, "unpacked")
	server := embedded.NewDatabase(embedded.DefaultConfig().
		Version(version).
		Port(uint32(port)).
		Logger(&bytes.Buffer{}).
		CachePath(filepath.Join(folder, "download")).
		BinariesPath(unpacked).
		RuntimePath(filepath.Join(folder, "run")).
		DataPath(filepath.Join(folder, "data")))
	started := server.Start()
	if started == nil {
		if err := server.Stop(); err != nil {
			return "", fmt.Errorf("stop the Postgres that was fetched: %w", err)
		}
	}
	if !whole(filepath.Join(unpacked, "bin")) {
		return "", fmt.Errorf("this machine has no Postgres, and none could be fetched: %w", started)
	}
	if err := os.Rename(unpacked, kept); err != nil && !whole(filepath.Join(kept, "bin")) {
		return "", fmt.Errorf("keep the Postgres that was fetched: %w", err)
	}
	return filepath.Join(kept, "bin"), nil
}
