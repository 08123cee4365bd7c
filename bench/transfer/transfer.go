// Package transfer measures `vodgraph import` and `vodgraph export`: assets a second, time of the processor,
// and memory, for the plain and the full corpus (package generated says what they hold).
package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"vodgraph/bench/generated"
	"vodgraph/bench/measure"
	"vodgraph/bench/served"
	"vodgraph/bench/usage"
	"vodgraph/database"
)

type settings struct {
	database string
	assets   int
}

// Scenario runs each command as a process of its own, on a library that is empty at first: an import, the same
// import again, which changes nothing, and an export.
func Scenario(flags measure.Flags) measure.Run {
	s := &settings{assets: 20_000}
	flags.Database(&s.database)
	flags.Int(&s.assets, "assets", 100, 1_000_000, "how many assets each corpus has")
	return s.run
}

func (s *settings) run(ctx context.Context, out io.Writer) error {
	measure.Head(out, "corpus | database | command | assets/s | seconds | processor ms an asset | of the database | memory MB | resident MB")
	for _, plain := range []bool{true, false} {
		if err := s.measure(ctx, out, plain); err != nil {
			return err
		}
	}
	return nil
}

func (s *settings) measure(ctx context.Context, out io.Writer, plain bool) (err error) {
	lib, err := measure.NewLibrary(ctx, s.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.Remove(ctx)) }()
	corpus, err := generated.New(generated.Size{Assets: s.assets, Seed: 1, Plain: plain})
	if err != nil {
		return err
	}
	file := filepath.Join(lib.Data, "corpus.jsonl")
	if err := write(file, corpus); err != nil {
		return err
	}
	flags := served.Flags(lib.Store)
	if _, err := runCommand(ctx, none, append([]string{"migrate"}, flags...)); err != nil {
		return err
	}
	backends := none
	if s.database != "" {
		db, err := database.Open(ctx, measure.Config(lib.Store))
		if err != nil {
			return err
		}
		defer db.Close()
		backends = func() (time.Duration, error) { return usage.OtherBackends(ctx, db.SQL) }
	}
	for _, one := range []struct{ what, command, file string }{
		{"import", "import", file}, {"again", "import", file}, {"export", "export", filepath.Join(lib.Data, "export.jsonl")},
	} {
		f, err := runCommand(ctx, backends, append(append([]string{one.command}, flags...), one.file))
		if err != nil {
			return err
		}
		kind := "full"
		if plain {
			kind = "plain"
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s\n", kind, lib.Dialect(), one.what, f.row(s.assets, s.database != ""))
	}
	return nil
}

func write(name string, corpus *generated.Corpus) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(corpus.Write(file), file.Close())
}

type figures struct {
	took, processor, database time.Duration
	own, resident             int64 // the most memory, in bytes: its own, and with what it maps of files
}

func (f figures) row(assets int, postgres bool) string {
	backends, n := "in it", float64(assets)
	if postgres {
		backends = fmt.Sprintf("%.2f", measure.Milliseconds(f.database)/n)
	}
	return fmt.Sprintf("%.0f | %.1f | %.2f | %s | %d | %d |", n/f.took.Seconds(), f.took.Seconds(),
		measure.Milliseconds(f.processor)/n, backends, f.own>>20, f.resident>>20)
}

// none is the time of processes of a database that there are not.
func none() (time.Duration, error) { return 0, nil }

// watchInterval is how often a process is looked at.
const watchInterval = 25 * time.Millisecond

// runCommand runs a command of `vodgraph` to its end. backends returns how much time of the processor the
// processes of the database have used so far, which end with the command.
func runCommand(ctx context.Context, backends func() (time.Duration, error), args []string) (f figures, err error) {
	own, err := os.Executable()
	if err != nil {
		return f, err
	}
	var report bytes.Buffer
	p := exec.CommandContext(ctx, own, append([]string{served.VodgraphCommand}, args...)...)
	p.Stdout, p.Stderr = &report, &report
	begin := time.Now()
	if err := p.Start(); err != nil {
		return f, err
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				return f, fmt.Errorf("vodgraph %s: %w\n%s", args[0], err, report.Bytes())
			}
			f.took, f.processor = time.Since(begin), p.ProcessState.UserTime()+p.ProcessState.SystemTime()
			return f, nil
		case <-tick.C:
			own, resident := usage.Memory(p.Process.Pid)
			used, err := backends()
			if err != nil {
				return f, err
			}
			f.own, f.resident, f.database = max(f.own, own), max(f.resident, resident), max(f.database, used)
		}
	}
}
