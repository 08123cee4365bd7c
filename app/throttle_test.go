package app

import (
	"net/http"
	"testing"
	"vodgraph/gqlhttp"
)

// TestRequestsAreGivenWayTo has a server note each request, and nothing else that it does.
func TestRequestsAreGivenWayTo(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	for n := range 5 {
		if a.throttle.Busy() {
			t.Errorf("it is busy before request %d", n)
		}
		if status, _, body := get(t, a.URL()+gqlhttp.Endpoint+"?query=%7B__typename%7D"); status != http.StatusOK {
			t.Fatal(status, body)
		}
	}
	if !a.throttle.Busy() {
		t.Error("the requests are not noted")
	}
}
