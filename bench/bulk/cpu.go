package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"vodgraph/database"
)

// tick is what Linux counts the time of other processes in.
const tick = 10 * time.Millisecond

// spent is what this process and, on Postgres, those that serve its database on
// this machine have used of the processor so far. It moves less than time does
// where other work runs.
func spent(ctx context.Context, db *database.DB) (time.Duration, error) {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return 0, err
	}
	total := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	if !db.Postgres() {
		return total, nil
	}
	rows, err := db.SQL.QueryContext(ctx, "SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			return 0, err
		}
		used, err := backend(pid)
		if err != nil {
			return 0, err
		}
		total += used
	}
	return total, rows.Err()
}

// backend is what a process of Postgres has used, none where the server is elsewhere.
func backend(pid int) (total time.Duration, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil || !bytes.Contains(text, []byte(" (postgres) ")) {
		return 0, nil
	}
	// The 12th and 13th word after the name are the ticks outside of and in the kernel.
	words := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	for _, word := range words[11:13] {
		n, err := strconv.ParseInt(string(word), 10, 64)
		if err != nil {
			return 0, err
		}
		total += time.Duration(n) * tick
	}
	return total, nil
}
