package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/fault"
)

// maxBody is how large a request may be: 1,000 items with all their AI data fit.
const maxBody = 20 << 20

// The media types of answers. The second is given to those who ask for it, and
// has them tell a refused document (400) from an answer (200) by the status.
const (
	plainJSON = "application/json"
	graphJSON = "application/graphql-response+json"
)

// transport is GraphQL over HTTP: POST of a JSON object, GET for queries,
// OPTIONS; subscriptions as a stream of events. It takes the place of the executor's own transports because those
// write errors without code, and repeat a body that they could not read.
type transport struct {
	presenter *presenter
	// closing ends when the server does, and subscriptions with it.
	closing context.Context
}

// Supports has the transport see every request.
func (t transport) Supports(*http.Request) bool { return true }

// Do answers a request.
func (t transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	ctx := withCauses(r.Context())
	w.Header().Set("Content-Type", answerType(r.Header.Get("Accept")))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", "OPTIONS, GET, POST")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	params, refused := read(w, r)
	if refused != nil {
		t.refuse(w, refused)
		return
	}
	if nested(params.Query) > deepest {
		t.refuse(w, &refusal{http.StatusBadRequest, fault.New(fault.GraphQLParseFailed,
			"The document has brackets more than %d deep.", deepest).At("query")})
		return
	}
	operation, errs := exec.CreateOperationContext(ctx, params)
	if errs != nil {
		if chosen := choose(operation); chosen != nil {
			t.refuse(w, chosen)
			return
		}
		if w.Header().Get("Content-Type") == graphJSON {
			w.WriteHeader(http.StatusBadRequest)
		}
		t.write(w, r, exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs))
		return
	}
	if r.Method == http.MethodGet && operation.Operation.Operation != ast.Query {
		w.Header().Set("Allow", "POST")
		t.refuse(w, &refusal{http.StatusMethodNotAllowed,
			fault.New(fault.Invalid, "Only queries can be sent by GET; send this by POST.").At("query")})
		return
	}
	if operation.Operation.Operation == ast.Subscription {
		t.stream(ctx, w, r, subscribed{exec, operation})
		return
	}
	respond, ctx := exec.DispatchOperation(ctx, operation)
	if response := respond(ctx); response != nil { // none where nobody waits any more
		t.write(w, r, response)
	}
}

// refusal is a fault of the request itself, with its HTTP status.
type refusal struct {
	status int
	fault  *fault.Fault
}

// read finds the document and what belongs to it.
func read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	params := &graphql.RawParams{}
	params.ReadTime.Start = graphql.Now()
	var refused *refusal
	switch r.Method {
	case http.MethodGet:
		refused = readQuery(r.URL.RawQuery, params)
	case http.MethodPost:
		refused = readBody(w, r, params)
	default:
		w.Header().Set("Allow", "OPTIONS, GET, POST")
		refused = &refusal{http.StatusMethodNotAllowed, fault.New(fault.Invalid, "The method must be POST or GET.")}
	}
	if refused == nil && strings.TrimSpace(params.Query) == "" {
		refused = bad(fault.New(fault.Required, "The request has no GraphQL document.").At("query"))
	}
	params.Headers = r.Header
	params.ReadTime.End = graphql.Now()
	return params, refused
}

// bad is a request that cannot be read.
func bad(f *fault.Fault) *refusal { return &refusal{http.StatusBadRequest, f} }

// readBody reads a POST. Another media type than JSON is refused, lest a form on
// a foreign page send one without asking.
func readBody(w http.ResponseWriter, r *http.Request, params *graphql.RawParams) *refusal {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != plainJSON {
		return &refusal{http.StatusUnsupportedMediaType,
			fault.New(fault.Invalid, "The Content-Type must be application/json.")}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return &refusal{http.StatusRequestEntityTooLarge,
			fault.New(fault.Invalid, "The request is larger than %d MB.", maxBody>>20)}
	case err != nil:
		return bad(fault.New(fault.Invalid, "The request ended too early."))
	case len(bytes.TrimSpace(body)) == 0:
		return bad(fault.New(fault.Required, "The request has no body."))
	}
	if err := decode(bytes.NewReader(body), params); err != nil {
		return bad(fault.New(fault.Invalid,
			"The body must be one JSON object with query, variables and operationName: %s.", malformed(err)))
	}
	return nil
}

// readQuery reads the query string of a GET.
func readQuery(raw string, params *graphql.RawParams) *refusal {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return bad(fault.New(fault.Invalid, "The query string is malformed."))
	}
	params.Query, params.OperationName = values.Get("query"), values.Get("operationName")
	for name, into := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		if text := values.Get(name); text != "" {
			if err := decode(strings.NewReader(text), into); err != nil {
				return bad(fault.New(fault.Invalid, "The %s must be one JSON object: %s.", name, malformed(err)).At(name))
			}
		}
	}
	return nil
}

// errMore is the error of a JSON value that is followed by something.
var errMore = errors.New("more than one value")

// decode reads one JSON value and nothing after it; numbers keep their digits.
func decode(from io.Reader, into any) error {
	decoder := json.NewDecoder(from)
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errMore
	}
	return nil
}

// malformed says for people what is wrong with JSON, without Go's words for it.
func malformed(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("it is malformed at byte %d", syntax.Offset)
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Sprintf("its %s cannot be a JSON %s", kind.Field, kind.Value)
	case errors.As(err, &kind):
		return fmt.Sprintf("it is a JSON %s", kind.Value)
	case errors.Is(err, errMore):
		return "there is more after it"
	default:
		return "it ends too early"
	}
}

// choose refuses a document of which it isn't clear what to run, and is nil
// where something else is wrong.
func choose(operation *graphql.OperationContext) *refusal {
	if operation.Doc == nil || operation.Operation != nil {
		return nil
	}
	f := fault.New(fault.GraphQLValidationFailed, "The document has no operation of the name %q.", operation.OperationName)
	if operation.OperationName == "" {
		f = fault.New(fault.Required, "The document has several operations; name the one to run.")
	}
	return bad(f.At("operationName"))
}

// answerType is the media type to answer with, by the Accept header: plain JSON
// unless the other one is named first.
func answerType(accept string) string {
	for part := range strings.SplitSeq(accept, ",") {
		switch mediaType, _, _ := mime.ParseMediaType(strings.TrimSpace(part)); mediaType {
		case graphJSON:
			return graphJSON
		case plainJSON, "application/*", "*/*":
			return plainJSON
		}
	}
	return plainJSON
}

// refuse answers with a fault of the request.
func (t transport) refuse(w http.ResponseWriter, refused *refusal) {
	shown := &gqlerror.Error{}
	tell(shown, refused.fault)
	w.WriteHeader(refused.status)
	writeJSON(w, &graphql.Response{Errors: gqlerror.List{shown}})
}

// write answers. An error that came past the presenter goes through it now, so
// that none leaves without a code.
func (t transport) write(w http.ResponseWriter, r *http.Request, response *graphql.Response) {
	for i, shown := range response.Errors {
		if !known(shown.Extensions["code"]) {
			response.Errors[i] = t.presenter.present(r.Context(), shown)
		}
	}
	if len(response.Errors) > 0 || len(response.Extensions) > 0 || len(response.Data) == 0 {
		writeJSON(w, response)
		return
	}
	// The data is JSON already, and need not be read and written once more.
	for _, part := range [][]byte{[]byte(`{"data":`), response.Data, []byte("}")} {
		if _, err := w.Write(part); err != nil {
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

// writeJSON writes a response as it stands. It panics where the data is not
// JSON, which the server presents as a bug.
func writeJSON(w io.Writer, response *graphql.Response) {
	text, err := json.Marshal(answer{response.Errors, response.Data, response.Extensions})
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(text) // an error means that the client went away
}
