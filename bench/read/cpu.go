package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"time"
)

// spent is time of the processor, of a server and of its database's processes.
type spent struct{ server, database time.Duration }

// tick is what Linux counts the time of processes in.
const tick = 10 * time.Millisecond

// processorTime is what a process has used, as Linux tells; zero where there is
// no such process, or another system.
func processorTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	// The name, in parentheses, may hold anything; the 12th and 13th word after
	// it are the ticks outside of and in the kernel.
	words := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(words) < 13 {
		return 0, fmt.Errorf("the statistics of process %d are %q", pid, text)
	}
	var total time.Duration
	for _, word := range words[11:13] {
		n, err := strconv.ParseInt(string(word), 10, 64)
		if err != nil {
			return 0, err
		}
		total += time.Duration(n) * tick
	}
	return total, nil
}

// backends are the processes of this machine that serve a Postgres database.
func backends(ctx context.Context, db *sql.DB) ([]int, error) {
	named, err := texts(ctx, db, "SELECT CAST(pid AS text) FROM pg_stat_activity WHERE datname = current_database()")
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, text := range named {
		name, err := os.ReadFile("/proc/" + text + "/comm")
		if err != nil || !bytes.HasPrefix(name, []byte("postgres")) {
			continue // the server is elsewhere, and another process has the number
		}
		pid, err := strconv.Atoi(text)
		if err != nil {
			return nil, err
		}
		pids = append(pids, pid)
	}
	return pids, nil
}

// spentBy is what a server and the backends of its database have used so far.
func spentBy(ctx context.Context, s *server, lib *library) (spent, error) {
	var total spent
	var err error
	if total.server, err = processorTime(s.command.Process.Pid); err != nil || !lib.db.Postgres() {
		return total, err
	}
	pids, err := backends(ctx, lib.db.SQL)
	if err != nil {
		return total, err
	}
	for _, pid := range pids {
		one, err := processorTime(pid)
		if err != nil {
			return total, err
		}
		total.database += one
	}
	return total, nil
}
