//go:build unix

package typesensetest

import (
	"os/exec"
	"syscall"
)

// apart keeps a command out of reach of the signals that a terminal sends.
func apart(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func kill(process int) error   { return syscall.Kill(process, syscall.SIGKILL) }
func halt(process int) error   { return syscall.Kill(process, syscall.SIGSTOP) }
func resume(process int) error { return syscall.Kill(process, syscall.SIGCONT) }
