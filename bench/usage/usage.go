// Package usage reads what processes take of a machine with Linux: time of the processor, and memory.
package usage

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Own is the time of the processor that this process has used.
func Own() (time.Duration, error) {
	var used syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), err
}

// tick is the unit in which Linux counts the time of other processes.
const tick = 10 * time.Millisecond

// Of is the time of the processor that a process has used; 0 where there is no such process.
func Of(pid int) (time.Duration, error) {
	_, used, err := stat(pid)
	return used, err
}

// stat is the name of a process, and the time of the processor that it has used.
func stat(pid int) (name string, used time.Duration, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			err = nil
		}
		return "", 0, err
	}
	// The name is in parentheses, and may hold anything. The 12th and 13th word after it are the
	// ticks outside of and in the kernel.
	begin, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	words := bytes.Fields(text[end+1:])
	if len(words) < 13 {
		return "", 0, fmt.Errorf("the statistics of process %d are %q", pid, text)
	}
	for _, word := range words[11:13] {
		n, err := strconv.ParseInt(string(word), 10, 64)
		if err != nil {
			return "", 0, err
		}
		used += time.Duration(n) * tick
	}
	return string(text[begin+1 : end]), used, nil
}

// Backends is the time of the processor that the processes of a Postgres database have used, as far
// as they run on this machine. It is 0 for SQLite, which works in the process that asks.
func Backends(ctx context.Context, db *sql.DB, postgres bool) (time.Duration, error) {
	if !postgres {
		return 0, nil
	}
	return sum(ctx, db, "SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
}

// OtherBackends is the time of the processor that the processes of a Postgres database have used
// which serve others than the one who asks.
func OtherBackends(ctx context.Context, db *sql.DB) (time.Duration, error) {
	return sum(ctx, db, `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
		AND backend_type = 'client backend' AND pid <> pg_backend_pid()`)
}

func sum(ctx context.Context, db *sql.DB, query string) (total time.Duration, err error) {
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
		name, used, err := stat(pid)
		if err != nil {
			return 0, err
		}
		if name == "postgres" { // else the server is elsewhere, and another process has the number
			total += used
		}
	}
	return total, rows.Err()
}

// Memory is that of a process, in bytes: its own, and with what it maps of files. Both are 0 where there
// is no such process.
func Memory(pid int) (own, resident int64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(status)) {
		name, rest, _ := strings.Cut(line, ":")
		kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
		switch {
		case err != nil:
		case name == "RssAnon":
			own = kilobytes << 10
		case name == "VmRSS":
			resident = kilobytes << 10
		}
	}
	return own, resident
}
