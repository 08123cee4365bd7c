package gqlhttp

import (
	"context"
	"errors"
	"net/http"
	"os"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/fault"
)

type httpError struct {
	// status is that of a request that cannot be read. It is 0 where one can be read,
	// and the document is refused: then it depends on the media type of the answer.
	status   int
	response *graphql.Response
}

func newHTTPError(status int, f *fault.Fault) *httpError {
	shown := &gqlerror.Error{}
	writeFault(shown, f)
	return &httpError{status, &graphql.Response{Errors: gqlerror.List{shown}}}
}

func badRequest(f *fault.Fault) *httpError { return newHTTPError(http.StatusBadRequest, f) }

// invalidDocument is for a request that can be read, and whose document is refused.
func invalidDocument(f *fault.Fault) *httpError { return newHTTPError(0, f) }

// overloaded is for a request that got no slot, or none in time.
func overloaded(ctx context.Context) *httpError {
	if timedOut(ctx) {
		return newHTTPError(http.StatusServiceUnavailable, timeoutFault())
	}
	return newHTTPError(http.StatusServiceUnavailable, fault.New(fault.Overloaded, "The server has too much to do; try again."))
}

// truncated is for a request of which the rest does not come.
func truncated(err error) *httpError {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return newHTTPError(http.StatusRequestTimeout, fault.New(fault.Timeout, "The request did not arrive in time."))
	}
	return badRequest(fault.New(fault.Invalid, "The request ended too early."))
}
