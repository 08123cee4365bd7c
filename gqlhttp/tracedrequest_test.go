package gqlhttp

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestTracesCostNothingWhenOff allocates nothing without a tracer.
func TestTracesCostNothingWhenOff(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, Endpoint, nil)
	if n := testing.AllocsPerRun(100, func() {
		same, end := traceRequest(nil, r)
		end(http.StatusOK)
		if same != r {
			t.Error("the request is another")
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
