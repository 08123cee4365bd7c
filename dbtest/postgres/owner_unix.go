//go:build unix

package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	osuser "os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// owner is the user that Postgres runs as: the one who asks, or another where
// that is root, whom Postgres refuses.
type owner struct {
	credential *syscall.Credential // nil for the one who asks
}

// findOwner finds a user for Postgres.
func findOwner() (*owner, error) {
	if os.Geteuid() != 0 {
		return &owner{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := osuser.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(found.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(found.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return nil, fmt.Errorf("read the number of the user %s: %w", name, err)
		}
		return &owner{credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return nil, errors.New("Postgres does not run as root, and there is no user postgres or nobody")
}

// reach is the folder of the binaries where the owner can read them: folder gets
// a copy where that is another user, as the cache of root is root's alone.
func (o *owner) reach(folder, binaries string) (string, error) {
	if o.credential == nil || readable(binaries) {
		return binaries, nil
	}
	copied := filepath.Join(folder, "postgres")
	if err := os.CopyFS(copied, os.DirFS(filepath.Dir(binaries))); err != nil {
		return "", fmt.Errorf("copy Postgres: %w", err)
	}
	return filepath.Join(copied, filepath.Base(binaries)), nil
}

// readable reports whether everybody may enter a folder and those above it.
func readable(folder string) bool {
	for ; ; folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		if err != nil || info.Mode().Perm()&0o005 != 0o005 {
			return false
		}
		if folder == filepath.Dir(folder) {
			return true
		}
	}
}

// own gives a folder and all in it to the owner.
func (o *owner) own(folder string) error {
	if o.credential == nil {
		return nil
	}
	return filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(o.credential.Uid), int(o.credential.Gid))
	})
}

// run has a command run in a folder as the owner, and out of reach of the
// signals that a terminal sends to its parent.
func (o *owner) run(command *exec.Cmd, folder string) {
	command.Dir = folder
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: o.credential}
}
