//go:build !unix

package typesensetest

import (
	"errors"
	"os/exec"
)

// errSignal is what signals give where there are none.
var errSignal = errors.New("this system has no such signal")

func apart(*exec.Cmd)  {}
func kill(int) error   { return errSignal }
func halt(int) error   { return errSignal }
func resume(int) error { return errSignal }
