package gqlhttp

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/fault"
)

// What the specification of GraphQL over HTTP asks for has changed, and not all tools
// have followed: a setting says which of its editions is spoken. They differ only for
// those who want graphJSON.
const (
	// ProfileAudit is what the audits of graphql-http check: 400 for every refused
	// document, 200 for everything that was executed.
	ProfileAudit = "audit"
	// Profile2026 is the newest text: 422 for a document that is GraphQL and does not
	// fit, 294 for data with errors; and graphJSON is what one gets who wants nothing.
	Profile2026 = "2026"
)

// partialSuccess is the status of data with errors in the newest text, which names it
// so; no registry has it yet, and proxies take it for 200, as the class says.
const partialSuccess = 294

type responder struct {
	http.ResponseWriter
	request   *http.Request
	presenter *presenter
	profile   string
	mediaType string
}

func offers(profile string) []string {
	if profile == Profile2026 {
		return []string{graphJSON, plainJSON, eventStream}
	}
	return []string{plainJSON, graphJSON, eventStream}
}

// refuse answers that a request is not executed. Who wants events gets the refusal of a
// document as one of them, as their protocol says, and of a request by its status.
func (r *responder) refuse(why *httpError) {
	mediaType, status := r.mediaType, why.status
	switch {
	case mediaType != eventStream:
	case status == 0:
		r.beginEvents()
		_, _ = r.Write([]byte(nextEvent(r.presenter.seal(r.request.Context(), why.response)) + completeEvent)) // or the client went away
		return
	default:
		mediaType = graphJSON
	}
	if again, limited := retryAfterOf(why.response); limited {
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
		status = r.refusedStatus(why.response)
	}
	r.send(status, mediaType, why.response)
}

// retryAfterOf is in how many seconds a caller may ask again who has asked for too much.
func retryAfterOf(response *graphql.Response) (seconds int, limited bool) {
	if len(response.Errors) == 0 || response.Errors[0].Extensions["code"] != string(fault.RateLimited) {
		return 0, false
	}
	seconds, limited = response.Errors[0].Extensions["retryAfter"].(int)
	return seconds, limited
}

// refusedStatus is the status of a refused document, with another media type than plainJSON.
func (r *responder) refusedStatus(response *graphql.Response) int {
	var code any
	if len(response.Errors) > 0 {
		code = response.Errors[0].Extensions["code"]
	}
	switch {
	case code == string(fault.DocumentNotTrusted), code == string(fault.Forbidden):
		return http.StatusForbidden
	case code == string(fault.GraphQLParseFailed), code == string(fault.PersistedQueryNotFound), r.profile != Profile2026:
		return http.StatusBadRequest
	default:
		return http.StatusUnprocessableEntity
	}
}

func (r *responder) answer(response *graphql.Response) {
	status := http.StatusOK
	if len(response.Errors) > 0 && r.mediaType == graphJSON && r.profile == Profile2026 {
		status = partialSuccess
	}
	r.send(status, r.mediaType, response)
}

func (r *responder) send(status int, mediaType string, response *graphql.Response) {
	r.presenter.seal(r.request.Context(), response)
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

// Answer is a response as it goes out. A request that was not executed has no
// data, not even null.
type Answer struct {
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
	text, err := json.Marshal(Answer{response.Errors, response.Data, response.Extensions})
	if err != nil {
		panic(err)
	}
	return [][]byte{text}
}

func inJSON(response *graphql.Response) []byte { return bytes.Join(parts(response), nil) }

// eventStream is the media type of a stream of events. Its form is that of GraphQL
// over Server-Sent Events, in distinct connections: an event next for each result,
// and complete at the end.
// https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
const eventStream = "text/event-stream"

const completeEvent = "event: complete\ndata:\n\n"

func nextEvent(result *graphql.Response) string {
	return "event: next\ndata: " + string(inJSON(result)) + "\n\n"
}

func (r *responder) beginEvents() {
	r.Header().Set("Content-Type", eventStream+charset)
	r.Header().Set("Cache-Control", "no-store")
}

func (r *responder) acceptsEvents() bool {
	wanted := matching(mediaRanges(r.request.Header.Values("Accept")), eventStream)
	return wanted.specificity == 2 && wanted.quality > 0
}

// shareable allows caching of the answer to a GET for the same caller only, with
// revalidation each time.
func (r *responder) shareable() {
	r.Header().Set("Cache-Control", "private")
	r.Header().Add("Vary", "Authorization, Accept")
}

// validated writes an answer with its validator, or only that it is the one that the
// client has already. RFC 9110, 8.8.3 and 13.1.2.
func (r *responder) validated(mediaType string, parts [][]byte) {
	sum := sha256.New()
	for _, part := range append([][]byte{[]byte(mediaType)}, parts...) {
		sum.Write(part)
	}
	tag := `"` + hex.EncodeToString(sum.Sum(nil)[:16]) + `"`
	r.Header().Set("ETag", tag)
	if names(r.request.Header.Values("If-None-Match"), tag) {
		r.WriteHeader(http.StatusNotModified)
		return
	}
	r.Header().Set("Content-Type", mediaType+charset)
	_, _ = r.Write(bytes.Join(parts, nil)) // an error means that the client went away
}

// names reports whether a header lists a validator, or any. A weak one serves as well:
// a proxy that compresses makes it of ours.
func names(header []string, tag string) bool {
	for one := range strings.SplitSeq(strings.Join(header, ","), ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}
