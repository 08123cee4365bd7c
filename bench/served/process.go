package served

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"vodgraph/gqlhttp"
	"vodgraph/library"
)

// Process is a server in a process of its own, so that what it takes is the server's alone.
type Process struct {
	Server
	// Anchors is where the anchors answer, if they do.
	Anchors string
	command *exec.Cmd
	input   io.WriteCloser
	states  *json.Decoder // nil for another build
	err     error         // the first of states
}

// StartProcess runs this program once more, to serve a library with a level index; flags are more of
// those of Serve.
func StartProcess(ctx context.Context, store library.Store, flags ...string) (*Process, error) {
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p, output, err := start(ctx, own, append(append([]string{ServeCommand}, Flags(store)...), flags...))
	if err != nil {
		return nil, err
	}
	p.states = json.NewDecoder(output)
	var at addresses
	if err := p.states.Decode(&at); err != nil {
		return nil, errors.Join(fmt.Errorf("start a server: %w", err), p.Stop())
	}
	p.URL, p.Anchors = at.URL, at.Anchors
	return p, nil
}

// StartBuild runs another build of `vodgraph`, to import lines into an empty library and to serve
// that. The process has no anchors, and no state can be asked of it.
func StartBuild(ctx context.Context, program string, store library.Store, lines io.Reader) (*Process, error) {
	importing := exec.CommandContext(ctx, program, append(append([]string{"import"}, Flags(store)...), "-")...)
	importing.Stdin = lines
	if output, err := importing.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s import: %w: %s", program, err, output)
	}
	p, output, err := start(ctx, program, append([]string{"serve", "--listen", "127.0.0.1:0", "--cost-per-minute", "0"}, Flags(store)...))
	if err != nil {
		return nil, err
	}
	printed := bufio.NewReader(output)
	for p.URL == "" {
		line, err := printed.ReadString('\n')
		if err != nil {
			return nil, errors.Join(fmt.Errorf("start %s: %w", program, err), p.Stop())
		}
		if address, found := strings.CutPrefix(line, "GraphQL "); found {
			p.URL = strings.TrimSuffix(strings.TrimSpace(address), gqlhttp.Endpoint)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, printed) }()
	// Other builds may have other metrics: that the engine answers has to do in place of Level.
	err = Poll(ctx, 200*time.Millisecond, func() (bool, error) {
		found, err := p.Search(ctx, "a", 1)
		return !found.Index.Degraded, err
	})
	if err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	return p, nil
}

// start starts a process, whose memory is set as `vodgraph` sets its own.
func start(ctx context.Context, program string, args []string) (*Process, io.Reader, error) {
	command := exec.CommandContext(ctx, program, args...)
	command.Env = append(os.Environ(), "GOGC=400")
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	return &Process{command: command, input: input}, output, command.Start()
}

// PID is that of the process.
func (p *Process) PID() int { return p.command.Process.Pid }

// Look is the state of the server. Where it cannot be had, Stop returns why.
func (p *Process) Look() State { return p.state("look") }

// Collected is Look without garbage.
func (p *Process) Collected() State { return p.state(collectLine) }

func (p *Process) state(line string) (state State) {
	if p.err == nil {
		_, p.err = io.WriteString(p.input, line+"\n")
	}
	if p.err == nil {
		p.err = p.states.Decode(&state)
	}
	return state
}

// Stop ends the process.
func (p *Process) Stop() error {
	err := p.err
	if p.states == nil {
		err = p.command.Process.Signal(os.Interrupt)
	}
	return errors.Join(err, p.input.Close(), p.command.Wait())
}
