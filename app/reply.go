package app

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/fault"
)

// What the specification of GraphQL over HTTP asks for has changed, and not all tools
// have followed: a setting says which of its editions is spoken. They differ only for
// those who want graphJSON.
const (
	// profileAudit is what the audits of graphql-http check: 400 for every refused
	// document, 200 for everything that was executed.
	profileAudit = "audit"
	// profile2026 is the newest text: 422 for a document that is GraphQL and does not
	// fit, 294 for data with errors; and graphJSON is what one gets who wants nothing.
	profile2026 = "2026"
)

// partialSuccess is the status of data with errors in the newest text, which names it
// so; no registry has it yet, and proxies take it for 200, as the class says.
const partialSuccess = 294

// refusal is why a request is not executed.
type refusal struct {
	// status is that of a request that cannot be read. It is 0 where one can be read,
	// and the document is refused: then it depends on the media type of the answer.
	status   int
	response *graphql.Response
}

// refuse refuses with a fault.
func refuse(status int, f *fault.Fault) *refusal {
	shown := &gqlerror.Error{}
	tell(shown, f)
	return &refusal{status, &graphql.Response{Errors: gqlerror.List{shown}}}
}

// bad refuses a request that cannot be read.
func bad(f *fault.Fault) *refusal { return refuse(http.StatusBadRequest, f) }

// unfit refuses a document.
func unfit(f *fault.Fault) *refusal { return refuse(0, f) }

// reply is where a request is answered, and in which form.
type reply struct {
	*transport
	http.ResponseWriter
	request *http.Request
	// mediaType is what the client wants most: plainJSON, graphJSON or eventStream.
	mediaType string
}

// offers are the media types of answers, the usual one first.
func (t *transport) offers() []string {
	if t.http.HTTPProfile == profile2026 {
		return []string{graphJSON, plainJSON, eventStream}
	}
	return []string{plainJSON, graphJSON, eventStream}
}

// refuse answers that a request is not executed. Who wants events gets the refusal of a
// document as one of them, as their protocol says, and of a request by its status.
func (r *reply) refuse(why *refusal) {
	mediaType, status := r.mediaType, why.status
	switch {
	case mediaType != eventStream:
	case status == 0:
		r.begin()
		_, _ = r.Write([]byte(next(r.sealed(r.request.Context(), why.response)) + complete)) // or the client went away
		return
	default:
		mediaType = graphJSON
	}
	if again, told := retryAfterOf(why.response); told {
		status = http.StatusTooManyRequests
		r.Header().Set("Retry-After", strconv.Itoa(again))
	}
	switch {
	case status == http.StatusServiceUnavailable:
		r.Header().Set("Retry-After", retryAfter)
	case status != 0:
	case mediaType == plainJSON:
		status = http.StatusOK
	default:
		status = r.refused(why.response)
	}
	r.send(status, mediaType, why.response)
}

// retryAfterOf is in how many seconds a caller may ask again who has asked for too much.
func retryAfterOf(response *graphql.Response) (seconds int, told bool) {
	if len(response.Errors) == 0 || response.Errors[0].Extensions["code"] != string(fault.RateLimited) {
		return 0, false
	}
	seconds, told = response.Errors[0].Extensions["retryAfter"].(int)
	return seconds, told
}

// refused is the status of a document that is refused, for those who tell it by that.
func (t *transport) refused(response *graphql.Response) int {
	var code any
	if len(response.Errors) > 0 {
		code = response.Errors[0].Extensions["code"]
	}
	switch {
	case code == string(fault.DocumentNotTrusted), code == string(fault.Forbidden):
		return http.StatusForbidden
	case code == string(fault.GraphQLParseFailed), code == string(fault.PersistedQueryNotFound), t.http.HTTPProfile != profile2026:
		return http.StatusBadRequest
	default:
		return http.StatusUnprocessableEntity
	}
}

// answer answers with what came of the execution.
func (r *reply) answer(response *graphql.Response) {
	status := http.StatusOK
	if len(response.Errors) > 0 && r.mediaType == graphJSON && r.http.HTTPProfile == profile2026 {
		status = partialSuccess
	}
	r.send(status, r.mediaType, response)
}

// sealed is a response as it may go out: an error that came past the presenter goes
// through it now, so that none leaves without a code.
func (t *transport) sealed(ctx context.Context, response *graphql.Response) *graphql.Response {
	for i, shown := range response.Errors {
		if !known(shown.Extensions["code"]) {
			response.Errors[i] = t.presenter.present(ctx, shown)
		}
	}
	return response
}

// send writes an answer.
func (r *reply) send(status int, mediaType string, response *graphql.Response) {
	r.sealed(r.request.Context(), response)
	if r.request.Method == http.MethodGet && status == http.StatusOK && len(response.Errors) == 0 {
		r.validated(mediaType, parts(response))
		return
	}
	if r.request.Method == http.MethodGet {
		r.Header().Set("Cache-Control", "private, no-store") // the next may be another
	}
	r.Header().Set("Content-Type", mediaType+charset)
	r.WriteHeader(status)
	for _, part := range parts(response) {
		if _, err := r.Write(part); err != nil {
			return // the client went away
		}
	}
}

// answer is a response as it goes out. A request that was not executed has no
// data, not even null.
type answer struct {
	Errors     gqlerror.List   `json:"errors,omitempty"`
	Data       json.RawMessage `json:"data,omitempty"`
	Extensions map[string]any  `json:"extensions,omitempty"`
}

// parts are a response as JSON, one after the other. Data is JSON already, and where
// there is nothing else it is not read and written once more. It panics where the data
// is not JSON, which the server presents as a bug.
func parts(response *graphql.Response) [][]byte {
	if len(response.Errors) == 0 && len(response.Extensions) == 0 && len(response.Data) > 0 {
		return [][]byte{[]byte(`{"data":`), response.Data, []byte("}")}
	}
	text, err := json.Marshal(answer{response.Errors, response.Data, response.Extensions})
	if err != nil {
		panic(err)
	}
	return [][]byte{text}
}

// inJSON is a response as JSON, in one piece.
func inJSON(response *graphql.Response) []byte { return bytes.Join(parts(response), nil) }
