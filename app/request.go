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
	"unicode/utf8"

	"vodgraph/cost"
	"vodgraph/fault"
)

// asked is a request as it was sent.
type asked struct {
	Query         string         `json:"query"`
	DocumentID    string         `json:"documentId"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"-"`
	Extensions    map[string]any `json:"-"`

	// RawVariables are the variables as they came, until it is known what they are for.
	RawVariables  json.RawMessage `json:"variables"`
	RawExtensions json.RawMessage `json:"extensions"`

	// trusted says that the document is one of the server's list.
	trusted bool
}

// read reads a request.
func (t *transport) read(w http.ResponseWriter, r *http.Request) (a asked, refused *refusal) {
	if r.Method == http.MethodGet {
		refused = a.fromQuery(r.URL.RawQuery)
	} else {
		refused = a.fromBody(w, r, t.http.MaxBody)
	}
	return a, refused
}

// identify finds the document of a request, and refuses one that is none or too long. A
// document of the server's own list may be of any length.
func (t *transport) identify(ctx context.Context, a *asked) *refusal {
	if len(a.Query) > t.http.MaxQuery<<10 {
		return refuse(http.StatusRequestEntityTooLarge, fault.New(fault.QueryTooLarge,
			"The document is larger than %d KB, the most that is taken. Values belong into variables, and the changes of many assets are sent to %s.",
			t.http.MaxQuery, bulkEndpoint).At("query"))
	}
	if refused := t.persisted.find(ctx, a); refused != nil {
		return refused
	}
	switch {
	case strings.TrimSpace(a.Query) == "":
		return bad(fault.New(fault.Required, "The request has no GraphQL document.").At("query"))
	case cost.Nested(a.Query) > cost.Deepest:
		return unfit(fault.New(fault.GraphQLParseFailed, "The document has brackets more than %d deep.", cost.Deepest).At("query"))
	}
	most := mostValues
	if strings.Contains(a.Query, "mutation") {
		most = mostWritten
	}
	return object("variables", a.RawVariables, &a.Variables, most)
}

// How many values there may be in the variables of a document that reads, of one that may
// write, and in extensions. To read a value of a few bytes takes a hundred times the time
// of a byte, so the size of a request alone does not bound it.
const (
	mostValues    = 20_000
	mostWritten   = 800_000 // more than 100,000 cues with all of their members
	mostExtending = 100
)

// object reads a JSON object of so many values, which is sound JSON. Where there is none,
// or null, nothing is read.
func object(name string, raw json.RawMessage, into *map[string]any, most int) *refusal {
	if len(raw) == 0 {
		return nil
	}
	if n := values(raw); n > most {
		code := fault.ListTooLong
		if most == mostWritten {
			code = fault.TooManyItems
		}
		return bad(fault.New(code, "There are %d values in "+name+", and at most %d are taken.", n, most).
			Over(int64(n), int64(most)).At(name))
	}
	if err := decode(bytes.NewReader(raw), into); err != nil {
		return bad(fault.New(fault.Invalid, "The "+name+" must be one JSON object: %s.", malformed(err)).At(name))
	}
	return nil
}

// values is how many values there are in JSON, members of objects among them.
func values(raw []byte) (n int) {
	quoted := false
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++ // only stands in quotes
		case '"':
			quoted = !quoted
		case ',', '[', '{':
			if !quoted {
				n++
			}
		}
	}
	return n
}

// fromBody reads a POST. Another media type than JSON is refused, lest a form on a
// foreign page send one without asking.
func (a *asked) fromBody(w http.ResponseWriter, r *http.Request, most int) *refusal {
	mediaType, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != plainJSON || !utf8Named(parameters) {
		return refuse(http.StatusUnsupportedMediaType,
			fault.New(fault.UnsupportedMediaType, "The Content-Type must be application/json, in UTF-8."))
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return refuse(http.StatusUnsupportedMediaType, fault.New(fault.UnsupportedMediaType, "The body must not be compressed."))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(most)<<10))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return refuse(http.StatusRequestEntityTooLarge,
			fault.New(fault.QueryTooLarge, "The request is larger than %d KB, the most that is taken; changes of many assets are sent to %s.", most, bulkEndpoint))
	case err != nil:
		return brokenOff(err)
	case !utf8.Valid(body): // or what is wrong in a text would be replaced, and nobody told
		return bad(fault.New(fault.Invalid, "The body is not UTF-8."))
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
			"The body must be one JSON object with query or documentId, variables and operationName: %s.", malformed(err)))
	}
	return object("extensions", a.RawExtensions, &a.Extensions, mostExtending)
}

// fromQuery reads the query string of a GET.
func (a *asked) fromQuery(raw string) *refusal {
	sent, err := url.ParseQuery(raw)
	if err != nil {
		return bad(fault.New(fault.Invalid, "The query string is malformed."))
	}
	for _, name := range []string{"query", "documentId", "operationName", "variables", "extensions"} {
		if !utf8.ValidString(sent.Get(name)) {
			return bad(fault.New(fault.Invalid, "The %s is not UTF-8.", name).At(name))
		}
	}
	a.Query, a.DocumentID, a.OperationName = sent.Get("query"), sent.Get("documentId"), sent.Get("operationName")
	for name, into := range map[string]*json.RawMessage{"variables": &a.RawVariables, "extensions": &a.RawExtensions} {
		text := strings.TrimSpace(sent.Get(name))
		if text == "" {
			continue
		}
		if err := decode(strings.NewReader(text), into); err != nil {
			return bad(fault.New(fault.Invalid, "The %s must be one JSON object: %s.", name, malformed(err)).At(name))
		}
	}
	return object("extensions", a.RawExtensions, &a.Extensions, mostExtending)
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
