package app

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"vodgraph/cli"
	"vodgraph/dbtest"
	"vodgraph/dbtest/postgres"
)

// commandVariable has the test binary be vodgraph itself, so that a test can
// start it as a process, and kill it.
const commandVariable = "VODGRAPH_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(commandVariable) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := context.WithCancel(context.Background())
	ctx, _ = cli.Interruptible(ctx, os.Exit)
	go func() { // it ends well when its input does, and so with whoever started it
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	os.Exit(Main(ctx, os.Args[1:], cli.Streams{In: strings.NewReader(""), Out: os.Stdout, Err: os.Stderr}))
}

// soaking reports whether tests run at full size.
func soaking() bool { return os.Getenv("SOAK") != "" }

// of is a size, or another one when tests run at full size.
func of(small, full int) int {
	if soaking() {
		return full
	}
	return small
}

// until repeats a look until it is content. A test that ends here would have
// waited for ever; it has a little time left to say so.
func until(t *testing.T, what string, look func() bool) {
	t.Helper()
	ctx := t.Context()
	if deadline, ok := t.Deadline(); ok {
		limited, cancel := context.WithDeadline(ctx, deadline.Add(-5*time.Second))
		defer cancel()
		ctx = limited
	}
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !look() {
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("it never came to be: %s", what)
		}
	}
}

// onPostgres is the config of a library in a fresh database. Its folder is for the
// index alone.
func onPostgres(t *testing.T) Config {
	t.Helper()
	url, drop, err := postgres.Scratch(t.Context(), dbtest.Server(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	c := config(t)
	c.Database = url
	return c
}

// searching is a config with the servers of an address.
func searching(c Config, address string) Config {
	c.Search = address
	return c
}

// process is a command that runs in a process of its own.
type process struct {
	t        *testing.T
	command  *exec.Cmd
	in       io.Closer
	out, err *logged
	url      string // where a server answers
}

// begin begins a command on a library, with more arguments.
func begin(t *testing.T, c Config, command string, more ...string) *process {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{command, "--data", c.Data}
	for flag, value := range map[string]string{"--database": c.Database, "--search": c.Search} {
		if value != "" {
			args = append(args, flag, value)
		}
	}
	if command == "serve" {
		args = append(args, "--listen", c.Listen)
	}
	args = append(args, more...)
	p := &process{t: t, command: exec.CommandContext(t.Context(), binary, args...), out: &logged{}, err: &logged{}}
	p.command.Env = append(os.Environ(), commandVariable+"=1")
	p.command.Stdout, p.command.Stderr = p.out, p.err
	if p.in, err = p.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if command == "serve" {
		p.serve()
	} else if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%s reported\n%s%s", command, p.out, p.err)
		}
	})
	return p
}

// serve starts the process and waits until it says where it answers.
func (p *process) serve() {
	p.t.Helper()
	reply, out := io.Pipe()
	p.command.Stdout = out
	if err := p.command.Start(); err != nil {
		p.t.Fatal(err)
	}
	line, err := bufio.NewReader(reply).ReadString('\n')
	go func() { _, _ = io.Copy(io.Discard, reply) }()
	_, p.url, _ = strings.Cut(strings.TrimSuffix(strings.TrimSpace(line), "/"), " ")
	if p.url = strings.TrimSpace(p.url); err != nil || p.url == "" {
		p.kill()
		p.t.Fatalf("it does not serve: %v\n%s%s", err, line, p.err)
	}
}

// kill ends it at once, as a crash does. It may have ended.
func (p *process) kill() {
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
}

// end ends it in good order, and returns its status.
func (p *process) end() int {
	p.t.Helper()
	if err := p.in.Close(); err != nil {
		p.t.Fatal(err)
	}
	return p.wait()
}

// wait waits for its end, and returns its status.
func (p *process) wait() int {
	_ = p.command.Wait() // the status reports
	return p.command.ProcessState.ExitCode()
}
