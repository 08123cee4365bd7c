//go:build !unix

package postgres

import (
	"errors"
	"os/exec"
)

// owner is the user that Postgres runs as.
type owner struct{}

// findOwner says that there is none: the server is kept by a POSIX shell.
func findOwner() (*owner, error) {
	return nil, errors.New("on this system tests do not start Postgres; name a server in TEST_DATABASE_URL")
}

func (o *owner) reach(_, binaries string) (string, error) { return binaries, nil }
func (o *owner) own(string) error                         { return nil }
func (o *owner) run(command *exec.Cmd, folder string)     { command.Dir = folder }
