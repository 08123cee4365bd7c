package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"vodgraph/bench/generated"
	"vodgraph/database"
)

// figures are those of one process.
type figures struct {
	took, processor, database time.Duration
	own, resident             int // the most memory, in KB: its own, and with what it maps of files
}

const header = `| corpus | database | command | assets/s | seconds | processor ms an asset | of the database | memory MB | resident MB |
|---|---|---|---|---|---|---|---|---|
`

// row is a line of the table.
func row(size generated.Size, postgres bool, what string, f figures) string {
	corpus, kind, n := "full", "SQLite", float64(size.Assets)
	if size.Plain {
		corpus = "plain"
	}
	backend := "in it"
	if postgres {
		kind, backend = "Postgres", fmt.Sprintf("%.2f", milliseconds(f.database)/n)
	}
	return fmt.Sprintf("| %s | %s | %s | %.0f | %.1f | %.2f | %s | %d | %d |", corpus, kind, what,
		n/f.took.Seconds(), f.took.Seconds(), milliseconds(f.processor)/n, backend, f.own>>10, f.resident>>10)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// every is how often a process is looked at.
const every = 25 * time.Millisecond

// measure runs a process to its end. spent, where given, tells how much time of
// the processor the database's processes have used so far.
func measure(ctx context.Context, prepare func(context.Context) (*exec.Cmd, error), spent func() (time.Duration, error)) (f figures, err error) {
	p, err := prepare(ctx)
	if err != nil {
		return f, err
	}
	var report bytes.Buffer
	p.Stdout, p.Stderr = &report, &report
	begin := time.Now()
	if err := p.Start(); err != nil {
		return f, err
	}
	ended := waitFor(p)
	for tick := time.NewTicker(every); ; {
		select {
		case err := <-ended:
			tick.Stop()
			if err != nil {
				return f, fmt.Errorf("%s: %w\n%s", strings.Join(p.Args[1:], " "), err, report.Bytes())
			}
			f.took = time.Since(begin)
			f.processor = p.ProcessState.UserTime() + p.ProcessState.SystemTime()
			return f, nil
		case <-tick.C:
			f.look(p.Process.Pid)
			if spent == nil {
				continue
			}
			used, err := spent()
			if err != nil {
				return f, err
			}
			f.database = max(f.database, used) // at the end its processes are gone
		}
	}
}

func waitFor(p *exec.Cmd) <-chan error {
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	return ended
}

// look notes the memory that a process has now.
func (f *figures) look(pid int) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return // it has just ended
	}
	for line := range strings.Lines(string(status)) {
		name, rest, _ := strings.Cut(line, ":")
		kilobytes, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(rest), " kB"))
		switch {
		case err != nil:
		case name == "RssAnon":
			f.own = max(f.own, kilobytes)
		case name == "VmRSS":
			f.resident = max(f.resident, kilobytes)
		}
	}
}

// tick is what Linux counts the time of processes in.
const tick = 10 * time.Millisecond

// backendTime makes a function that tells how much time the processes of a
// Postgres database of this machine have used since the command at hand began;
// the one that asks is not counted.
func backendTime(ctx context.Context, url string, postgres bool) (spent func() (time.Duration, error), done func() error, err error) {
	if !postgres {
		return nil, func() error { return nil }, nil
	}
	db, err := database.Open(ctx, database.Config{URL: url})
	if err != nil {
		return nil, nil, err
	}
	return func() (time.Duration, error) { return backends(ctx, db.SQL) }, db.Close, nil
}

// backends is how much time the processes of the database have used that serve
// others than this one.
func backends(ctx context.Context, db *sql.DB) (total time.Duration, err error) {
	const query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			return 0, err
		}
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // it has just ended, or the server is elsewhere
		}
		// The name, in parentheses, may hold anything; the 12th and 13th word after
		// it are the ticks outside of and in the kernel.
		words := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
		for _, word := range words[11:13] {
			n, err := strconv.ParseInt(string(word), 10, 64)
			if err != nil {
				return 0, err
			}
			total += time.Duration(n) * tick
		}
	}
	return total, rows.Err()
}
