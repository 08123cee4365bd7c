package gqlhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"vodgraph/fault"
	"vodgraph/jsonwalk"
)

type request struct {
	Query         string
	DocumentID    string
	OperationName string
	Variables     map[string]any
	Extensions    map[string]any

	// RawVariables are the variables as they came, until it is known what they are for: sound
	// JSON, or nothing.
	RawVariables, RawExtensions json.RawMessage

	// trusted says that the document is one of the server's list.
	trusted bool
}

// requestText is the text of a request: the query string of a GET, or the body, of at most
// so many KB.
func requestText(w http.ResponseWriter, r *http.Request, most int) (text []byte, refused *httpError) {
	if r.Method == http.MethodGet {
		return []byte(r.URL.RawQuery), nil
	}
	return body(w, r, most)
}

// maxExtensionValues is how many values there may be in the extensions of a request. How many
// there may be in its variables is known to what measures them.
const maxExtensionValues = 100

// object reads a JSON object, which is sound JSON. Where there is none, or null, nothing is
// read.
func object(name string, raw json.RawMessage, into *map[string]any) *httpError {
	if len(raw) == 0 {
		return nil
	}
	switch w := jsonwalk.Over(raw); w.Kind() {
	case jsontext.KindNull:
	case jsontext.KindBeginObject:
		*into, _ = w.Value().(map[string]any)
	default:
		return badRequest(fault.New(fault.Invalid, "The "+name+" must be one JSON object: it is a JSON %s.", jsonwalk.Words(w.Kind())).At(name))
	}
	return nil
}

func (a *request) readExtensions() *httpError {
	if n := jsonwalk.Count(a.RawExtensions); n > maxExtensionValues {
		return badRequest(fault.New(fault.ListTooLong, "There are %d values in extensions, and at most %d are taken.", n, maxExtensionValues).
			Over(int64(n), maxExtensionValues).At("extensions"))
	}
	return object("extensions", a.RawExtensions, &a.Extensions)
}

// body is the body of a POST. Another media type than JSON is refused: a form on a
// foreign page can send those without asking.
func body(w http.ResponseWriter, r *http.Request, most int) ([]byte, *httpError) {
	mediaType, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != plainJSON || !utf8Named(parameters) {
		return nil, newHTTPError(http.StatusUnsupportedMediaType,
			fault.New(fault.UnsupportedMediaType, "The Content-Type must be application/json, in UTF-8."))
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, newHTTPError(http.StatusUnsupportedMediaType, fault.New(fault.UnsupportedMediaType, "The body must not be compressed."))
	}
	var read bytes.Buffer // which doubles as the body comes, whatever its length is said to be
	_, err = read.ReadFrom(http.MaxBytesReader(w, r.Body, int64(most)<<10))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, newHTTPError(http.StatusRequestEntityTooLarge,
			fault.New(fault.QueryTooLarge, "The request is larger than %d KB, the most that is taken; changes of many assets are sent to %s.", most, BulkEndpoint))
	case err != nil:
		return nil, truncated(err)
	}
	return read.Bytes(), nil
}

func (a *request) fromBody(body []byte) *httpError {
	if len(bytes.TrimSpace(body)) == 0 {
		return badRequest(fault.New(fault.Required, "The request has no body."))
	}
	return a.fromJSON(body)
}

func (a *request) fromJSON(body []byte) *httpError {
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '[' {
		return badRequest(fault.New(fault.BatchRefused, "The body is an array of requests; send each by itself."))
	}
	if refused := jsonwalk.Check(body, "The body"); refused != nil {
		return badRequest(refused)
	}
	wrong := ""
	switch w := jsonwalk.Over(body); w.Kind() {
	case jsontext.KindNull:
		return nil // it says nothing
	case jsontext.KindBeginObject:
		w.Object(func(name []byte) bool {
			wrong = a.member(string(name), w)
			return wrong == ""
		})
	default:
		wrong = "it is a JSON " + jsonwalk.Words(w.Kind())
	}
	if wrong != "" {
		return badRequest(fault.New(fault.Invalid,
			"The body must be one JSON object with query or documentId, variables and operationName: %s.", wrong))
	}
	return a.readExtensions()
}

// member reads a member of a request, and says what is wrong with it. What has another
// name is left out.
func (a *request) member(name string, w *jsonwalk.Walk) (wrong string) {
	var text *string
	switch name {
	case "query":
		text = &a.Query
	case "documentId":
		text = &a.DocumentID
	case "operationName":
		text = &a.OperationName
	case "variables":
		a.RawVariables = w.Raw()
		return ""
	case "extensions":
		a.RawExtensions = w.Raw()
		return ""
	default:
		return ""
	}
	switch w.Kind() {
	case jsontext.KindNull:
	case jsontext.KindString:
		*text = w.Text()
	default:
		return "its " + name + " cannot be a JSON " + jsonwalk.Words(w.Kind())
	}
	return ""
}

func (a *request) fromQuery(raw []byte) *httpError {
	sent, err := url.ParseQuery(string(raw))
	if err != nil {
		return badRequest(fault.New(fault.Invalid, "The query string is malformed."))
	}
	for _, name := range []string{"query", "documentId", "operationName", "variables", "extensions"} {
		if !utf8.ValidString(sent.Get(name)) {
			return badRequest(fault.New(fault.Invalid, "The %s is not UTF-8.", name).At(name))
		}
	}
	a.Query, a.DocumentID, a.OperationName = sent.Get("query"), sent.Get("documentId"), sent.Get("operationName")
	for name, into := range map[string]*json.RawMessage{"variables": &a.RawVariables, "extensions": &a.RawExtensions} {
		text := strings.TrimSpace(sent.Get(name))
		if text == "" {
			continue
		}
		*into = json.RawMessage(text)
		if refused := jsonwalk.Check(*into, "The "+name); refused != nil {
			return badRequest(refused.Under(name))
		}
	}
	return a.readExtensions()
}
