package library

import "testing"

// TestSpansCostNothingWhenOff allocates nothing without a tracer.
func TestSpansCostNothingWhenOff(t *testing.T) {
	off := spanStarter{}
	if n := testing.AllocsPerRun(100, func() {
		_, end := off.begin(t.Context(), "x", 0)
		end(nil)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
