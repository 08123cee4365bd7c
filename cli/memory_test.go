package cli

import (
	"math"
	"runtime/debug"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// TestTuneMemory limits the heap to half of the machine's memory or less.
func TestTuneMemory(t *testing.T) {
	before := debug.SetMemoryLimit(math.MaxInt64)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	tuneMemory()
	machine, err := memlimit.FromSystem()
	if got := debug.SetMemoryLimit(-1); err != nil || got <= 0 || uint64(got) > machine/2 {
		t.Errorf("the limit is %d bytes of %d, %v", got, machine, err)
	}
}
