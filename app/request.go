package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"vodgraph/fault"
)

// asked is a request as it was sent.
type asked struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
}

// read finds the document and what belongs to it.
func (t transport) read(w http.ResponseWriter, r *http.Request) (asked, *refusal) {
	var a asked
	var refused *refusal
	if r.Method == http.MethodGet {
		refused = a.fromQuery(r.URL.RawQuery)
	} else {
		refused = a.fromBody(w, r)
	}
	if refused == nil && strings.TrimSpace(a.Query) == "" {
		refused = bad(fault.New(fault.Required, "The request has no GraphQL document.").At("query"))
	}
	return a, refused
}

// fromBody reads a POST. Another media type than JSON is refused, lest a form on a
// foreign page send one without asking.
func (a *asked) fromBody(w http.ResponseWriter, r *http.Request) *refusal {
	mediaType, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != plainJSON || !utf8Named(parameters) {
		return refuse(http.StatusUnsupportedMediaType,
			fault.New(fault.Invalid, "The Content-Type must be application/json, in UTF-8."))
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return refuse(http.StatusUnsupportedMediaType, fault.New(fault.Invalid, "The body must not be compressed."))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return refuse(http.StatusRequestEntityTooLarge,
			fault.New(fault.Invalid, "The request is larger than %d MB.", maxBody>>20))
	case err != nil:
		return bad(fault.New(fault.Invalid, "The request ended too early."))
	case len(bytes.TrimSpace(body)) == 0:
		return bad(fault.New(fault.Required, "The request has no body."))
	}
	return a.fromJSON(body)
}

// fromJSON reads the one JSON object that a request is.
func (a *asked) fromJSON(body []byte) *refusal {
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '[' {
		return bad(fault.New(fault.BatchRefused, "The body is an array of requests; send each by itself."))
	}
	if err := decode(bytes.NewReader(body), a); err != nil {
		return bad(fault.New(fault.Invalid,
			"The body must be one JSON object with query, variables and operationName: %s.", malformed(err)))
	}
	return nil
}

// fromQuery reads the query string of a GET.
func (a *asked) fromQuery(raw string) *refusal {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return bad(fault.New(fault.Invalid, "The query string is malformed."))
	}
	a.Query, a.OperationName = values.Get("query"), values.Get("operationName")
	for name, into := range map[string]*map[string]any{"variables": &a.Variables, "extensions": &a.Extensions} {
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
