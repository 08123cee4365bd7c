package served

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"vodgraph/library"
)

// ServeCommand is the first argument of a command that is to be the server which another
// run of it measures.
const ServeCommand = "serve"

// State is what a server takes at a moment.
type State struct {
	// Heap is the memory of objects and Stacks that of goroutines, in bytes.
	Heap, Stacks int64
	// Goroutines is how many there are.
	Goroutines int
	// Processor is the time that the process has used of it, in all.
	Processor time.Duration
}

// collect is the line that has garbage collected before the state is told.
const collect = "collect"

// Serve serves the library that arguments name, and tells its state when it is asked.
func Serve(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	return ServeAnd(ctx, args, in, out, func(line string) (any, error) {
		if line == collect {
			runtime.GC() // which frees what was pooled
			runtime.GC()
		}
		return look()
	})
}

// ServeAnd serves the library that arguments name. It writes its address once its index is
// level, and then what answer has for each line of its input, as JSON. It ends with its
// input.
func ServeAnd(ctx context.Context, args []string, in io.Reader, out io.Writer, answer func(line string) (any, error)) (err error) {
	var store library.Store
	flags := flag.NewFlagSet(ServeCommand, flag.ContinueOnError)
	flags.StringVar(&store.Data, "data", "", "the folder of the library")
	flags.StringVar(&store.Database, "database", "", "a Postgres database")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := Start(ctx, store, "", os.Stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	if err := s.Level(ctx); err != nil {
		return err
	}
	told := json.NewEncoder(out)
	if err := told.Encode(s.URL); err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		said, err := answer(lines.Text())
		if err != nil {
			return err
		}
		if err := told.Encode(said); err != nil {
			return err
		}
	}
	return lines.Err()
}

// look is the state of this process.
func look() (State, error) {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return State{}, err
	}
	return State{int64(memory.HeapAlloc), int64(memory.StackInuse), runtime.NumGoroutine(),
		time.Duration(used.Utime.Nano() + used.Stime.Nano())}, nil
}

// Process is a server in a process of its own, so that what it takes is the server's
// alone.
type Process struct {
	Server
	command *exec.Cmd
	input   io.WriteCloser
	told    *json.Decoder
}

// StartProcess runs this command once more, to serve a library. Its memory is set as
// `vodgraph` sets its own.
func StartProcess(ctx context.Context, store library.Store) (*Process, error) {
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{ServeCommand, "-data", store.Data}
	if store.Database != "" {
		args = append(args, "-database", store.Database)
	}
	p := &Process{command: exec.CommandContext(ctx, own, args...)}
	p.command.Env = append(os.Environ(), "GOGC=400")
	p.command.Stderr = os.Stderr
	if p.input, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	p.told = json.NewDecoder(output)
	if err := p.told.Decode(&p.URL); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", own, err), p.Stop())
	}
	return p, nil
}

// Look asks for the state of the server.
func (p *Process) Look() (state State, err error) {
	err = p.Say("look", &state)
	return state, err
}

// Collected asks for the state of the server without its garbage.
func (p *Process) Collected() (state State, err error) {
	err = p.Say(collect, &state)
	return state, err
}

// Say sends a line to the process, and reads what it answers.
func (p *Process) Say(line string, answer any) error {
	if _, err := io.WriteString(p.input, line+"\n"); err != nil {
		return err
	}
	return p.told.Decode(answer)
}

// Stop ends the process.
func (p *Process) Stop() error { return errors.Join(p.input.Close(), p.command.Wait()) }
