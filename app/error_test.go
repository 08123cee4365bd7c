package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/access"
	"vodgraph/fault"
	"vodgraph/gqlhttp"
	"vodgraph/graph"
	"vodgraph/library"
	"vodgraph/model"
	"vodgraph/resolvers"
)

// brokenRoot is the real resolvers, but for a query that goes wrong.
type brokenRoot struct {
	graph.ResolverRoot
	waiting chan struct{}
}

// Query has the broken query.
func (b *brokenRoot) Query() graph.QueryResolver {
	return &brokenQuery{QueryResolver: b.ResolverRoot.Query(), waiting: b.waiting}
}

type brokenQuery struct {
	graph.QueryResolver
	waiting chan struct{}
}

// errShared is met by every row of a list.
var errShared = errors.New("the secret disk is full")

// Node goes wrong as its id says.
func (b *brokenQuery) Node(ctx context.Context, id string) (model.Node, error) {
	switch id {
	case "panic":
		panic("the secret is out")
	case "error":
		return nil, fmt.Errorf("load: %w", errors.New("the secret disk is full"))
	case "shared":
		return nil, errShared
	case "faults":
		return nil, fault.List{fault.New(fault.Required, "It is nothing.").At("id"), fault.New(fault.Invalid, "Nor good.")}
	case "fault":
		return nil, fmt.Errorf("load: %w", fault.New(fault.NotFound, "It is gone.").At("id"))
	case "foreign":
		return nil, &gqlerror.Error{Message: "the secret engine", Extensions: map[string]any{"code": "OTHER"}}
	case "posing":
		return nil, &gqlerror.Error{Message: "the secret engine", Extensions: map[string]any{"code": "GRAPHQL_PARSE_FAILED"}}
	case "wait":
		b.waiting <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	default:
		return nil, nil
	}
}

// Categories has a null that the schema does not allow.
func (b *brokenQuery) Categories(context.Context) ([]*model.Category, error) {
	return []*model.Category{nil}, nil
}

// breaking serves the real graph with the broken query.
func breaking(t *testing.T) (*httptest.Server, *logged, chan struct{}) {
	t.Helper()
	return breakingAs(t, func(*gqlhttp.Protocol) {})
}

// breakingAs is breaking, with other settings.
func breakingAs(t *testing.T, change func(*gqlhttp.Protocol)) (*httptest.Server, *logged, chan struct{}) {
	t.Helper()
	config := gqlhttp.DefaultProtocol()
	change(&config)
	return breakingWith(t, config, func(*gqlhttp.Transport) {})
}

// breakingWith is breaking, with another transport.
func breakingWith(t *testing.T, settings gqlhttp.Protocol, change func(*gqlhttp.Transport)) (*httptest.Server, *logged, chan struct{}) {
	t.Helper()
	a := open(t, config(t))
	log, waiting := &logged{}, make(chan struct{})
	real := &resolvers.Root{Client: a.library.DB.Client, Catalog: a.library.Catalog, Limits: a.library.Catalog.Limits()}
	spoken, err := gqlhttp.NewTransport(t.Context(), gqlhttp.NewPresenter(log.withRequests(), library.NewReference), settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	change(spoken)
	middleware, err := access.NewMiddleware(a.authenticator, access.Auth{}, gqlhttp.IsLongLived, spoken.Refuse)
	if err != nil {
		t.Fatal(err)
	}
	spoken.AuthenticateBy(middleware)
	handler := gqlhttp.NewHandler(&brokenRoot{real, waiting}, spoken, access.NewBudget(0, time.Now), nil)
	server := httptest.NewServer(handlers{probes: a.probes, middleware: middleware, graph: handler, metrics: http.NotFoundHandler(), files: gqlhttp.NewFiles(t.Context(), nil, nil, nil, access.NewBudget(0, time.Now))}.routes())
	t.Cleanup(server.Close)
	return server, log, waiting
}

// failure is a request that fails, and how.
type failure struct {
	name   string
	send   *http.Request
	status int
	code   fault.Code
	field  string // joined by dots
}

// badRequests cannot be read as requests.
func badRequests() []failure {
	return []failure{
		{"an empty body", post(``), 400, fault.Required, ""},
		{"not JSON", post(`{"query"`), 400, fault.Invalid, ""},
		{"not UTF-8", post("\xff"), 400, fault.Invalid, ""},
		{"a text that is not UTF-8", post("{\"query\": \"{__typename #\xff}\"}"), 400, fault.Invalid, ""},
		{"a batch", post(` [{"query": "{__typename}"}]`), 400, fault.BatchRefused, ""},
		{"null", post(`null`), 400, fault.Required, "query"},
		{"a query of a wrong type", post(`{"query": 1}`), 400, fault.Invalid, ""},
		{"variables of a wrong type", post(`{"query": "{__typename}", "variables": []}`), 400, fault.Invalid, "variables"},
		{"two bodies", post(`{"query": "{__typename}"}{}`), 400, fault.Invalid, ""},
		{"a member given twice", post(`{"query": "{__typename}", "query": "{a}"}`), 400, fault.Invalid, "query"},
		{"half a character", post(`{"query": "{__typename}", "extensions": {"a": "\ud800"}}`), 400, fault.Invalid, "extensions.a"},
		{"too large a body", post(`{"query": "` + strings.Repeat(" ", gqlhttp.DefaultProtocol().MaxBody<<10) + `"}`), 413, fault.QueryTooLarge, ""},
		{"too large a document", post(`{"query": "` + strings.Repeat(" ", gqlhttp.DefaultProtocol().MaxQuery<<10) + `{__typename}"}`), 413, fault.QueryTooLarge, "query"},
		{"a form", newRequest("POST", "", "application/x-www-form-urlencoded", "query={__typename}"), 415, fault.UnsupportedMediaType, ""},
		{"no media type", newRequest("POST", "", "", `{"query": "{__typename}"}`), 415, fault.UnsupportedMediaType, ""},
		{"another method", newRequest("PUT", "", "application/json", `{"query": "{__typename}"}`), 405, fault.MethodNotAllowed, ""},
		{"nothing by GET", byGet(""), 400, fault.Required, "query"},
		{"a bad query string", byGet("query=%zz"), 400, fault.Invalid, ""},
		{"bad variables by GET", byGet("query={__typename}&variables={"), 400, fault.Invalid, "variables"},
		{"bad extensions by GET", byGet("query={__typename}&extensions=1"), 400, fault.Invalid, "extensions"},
		{"a mutation by GET", byGet("query=" + url.QueryEscape(`mutation {tagDelete(name: "x") {deletedId}}`)), 405, fault.MethodNotAllowed, "query"},
	}
}

// badDocuments have no document that could be run.
func badDocuments() []failure {
	return []failure{
		{"not GraphQL", document(`{`), 200, fault.GraphQLParseFailed, ""},
		{"a character of no token", document(`{ node(id: "a") ; }`), 200, fault.GraphQLParseFailed, ""},
		{"no operation", document(`fragment A on Query {__typename}`), 200, fault.GraphQLValidationFailed, ""},
		{"no such field", document(`{nowhere}`), 200, fault.GraphQLValidationFailed, ""},
		{"no selection", document(`{assets}`), 200, fault.GraphQLValidationFailed, ""},
		{"a subscription", document(`subscription {__typename}`), 200, fault.GraphQLValidationFailed, ""},
		{"two operations", document(`query A {__typename} query B {__typename}`), 200, fault.Required, "operationName"},
		{"no such operation", post(`{"query": "query A {__typename}", "operationName": "B"}`), 200, fault.GraphQLValidationFailed, "operationName"},
		{"deep introspection", document(`{__schema{types{fields{type{fields{type{fields{name}}}}}}}}`), 200, fault.IntrospectionTooDeep, "query"},
	}
}

// badValues have values that do not fit.
func badValues() []failure {
	return []failure{
		{"an argument missing", document(`{node {id}}`), 200, fault.GraphQLValidationFailed, ""},
		{"no such enum value", document(`{assets(filter: {statuses: [LOST]}) {nodes {id}}}`), 200, fault.GraphQLValidationFailed, ""},
		{"a scalar of another type", document(`{assets(first: "ten") {nodes {id}}}`), 200, fault.GraphQLValidationFailed, ""},
		{"a number too large", document(`{assets(first: 99999999999) {nodes {id}}}`), 200, fault.GraphQLValidationFailed, ""},
		{"a fraction for a whole number of 64 bits", document(`{assets(filter: {size: {gte: 2.0}}) {nodes {id}}}`), 200, fault.GraphQLValidationFailed, ""},
		{"a number for a time", document(`{assets(filter: {createdAt: {gte: 2026}}) {nodes {id}}}`), 200, fault.GraphQLValidationFailed, ""},
		{"a time that is none", document(`{assets(filter: {createdAt: {gte: "noon"}}) {nodes {id}}}`), 200, fault.Invalid, "filter.createdAt.gte"},
		{"a variable missing", variables(`query($id: ID!) {node(id: $id) {id}}`, `{}`), 200, fault.GraphQLValidationFailed, "id"},
		{"a variable null", variables(`query($id: ID!) {node(id: $id) {id}}`, `{"id": null}`), 200, fault.GraphQLValidationFailed, "id"},
		{"a variable of another type", variables(`query($id: ID!) {node(id: $id) {id}}`, `{"id": [1]}`), 200, fault.GraphQLValidationFailed, "id"},
		{"a variable of no input type", variables(`query($a: Video) {__typename}`, `{}`), 200, fault.GraphQLValidationFailed, ""},
		{"no such enum value in a variable", variables(byFilter, `{"f": {"statuses": ["LOST"]}}`), 200, fault.GraphQLValidationFailed, "filter.statuses.0"},
		{"an enum value in small letters", variables(byFilter, `{"f": {"statuses": ["normal"]}}`), 200, fault.Invalid, "filter.statuses.0"},
		{"no such member in a variable", variables(byFilter, `{"f": {"nowhere": 1}}`), 200, fault.GraphQLValidationFailed, "filter.nowhere"},
		{"a time that is none in a variable", variables(byFilter, `{"f": {"createdAt": {"gte": 5}}}`), 200, fault.Invalid, "filter.createdAt.gte"},
	}
}

// badRuns go wrong when they are run.
func badRuns() []failure {
	return []failure{
		{"a cursor of nothing", document(`{assets(after: "x") {nodes {id}}}`), 200, fault.CursorInvalid, "after"},
		{"a page size of nothing", document(`{assets(first: 0) {nodes {id}}}`), 200, fault.PageSizeInvalid, "first"},
		{"a fault", node("fault"), 200, fault.NotFound, "id"},
		{"several faults", node("faults"), 200, fault.Required, "id"},
		{"an error", node("error"), 200, fault.Internal, ""},
		{"a panic", node("panic"), 200, fault.Internal, ""},
		{"an engine's error with another code", node("foreign"), 200, fault.Internal, ""},
		{"an engine's error with a code", node("posing"), 200, fault.Internal, ""},
		{"a null that may not be", document(`{categories {id}}`), 200, fault.Internal, ""},
	}
}

// TestOnlyKnownCodes drives every way in which a request can fail, through HTTP,
// and wants nothing in the answer but codes of the closed list.
func TestOnlyKnownCodes(t *testing.T) {
	t.Parallel()
	server, _, _ := breaking(t)
	for _, c := range slices.Concat(badRequests(), badDocuments(), badValues(), badRuns()) {
		status, body := send(t, server, c.send)
		if status != c.status {
			t.Errorf("%s: the status is %d, want %d", c.name, status, c.status)
		}
		shown := read1(t, body)
		if shown.Extensions["code"] != string(c.code) || place(shown) != c.field {
			t.Errorf("%s: want %s at %q: %s", c.name, c.code, c.field, body)
		}
		if _, reply := shown.Extensions["reference"]; reply != (c.code == fault.Internal) {
			t.Errorf("%s: a reference is sent: %v: %s", c.name, reply, body)
		}
	}
}

// byFilter has its filter in a variable.
const byFilter = `query($f: AssetFilter) {assets(filter: $f) {nodes {id}}}`

// newRequest is one to the graph; its host comes when it is sent.
func newRequest(method, query, mediaType, body string) *http.Request {
	r := httptest.NewRequest(method, gqlhttp.Endpoint, strings.NewReader(body))
	r.URL.RawQuery = query
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	return r
}

func post(body string) *http.Request { return newRequest("POST", "", "application/json", body) }

func byGet(query string) *http.Request { return newRequest("GET", query, "", "") }

func document(text string) *http.Request { return variables(text, `{}`) }

func node(id string) *http.Request { return document(fmt.Sprintf(`{node(id: %q) {id}}`, id)) }

func variables(text, values string) *http.Request {
	return post(fmt.Sprintf(`{"query": %q, "variables": %s}`, text, values))
}

// send sends a request and returns the answer, which may hold none of our
// secrets.
func send(t *testing.T, server *httptest.Server, r *http.Request) (int, []byte) {
	t.Helper()
	to, err := http.NewRequestWithContext(t.Context(), r.Method, server.URL+r.URL.String(), r.Body)
	if err != nil {
		t.Fatal(err)
	}
	to.Header, to.ContentLength = r.Header, r.ContentLength
	response, err := http.DefaultClient.Do(to)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(body), "secret") {
		t.Errorf("a secret is out: %s", body)
	}
	return response.StatusCode, body
}

// read1 returns the first error of an answer. All must have a known code and a
// message.
func read1(t *testing.T, body []byte) *gqlerror.Error {
	t.Helper()
	var parts gqlhttp.Answer
	if err := json.Unmarshal(body, &parts); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if len(parts.Errors) == 0 {
		t.Fatalf("there is no error: %s", body)
	}
	for _, shown := range parts.Errors {
		if !slices.Contains(fault.Codes(), fault.Code(fmt.Sprint(shown.Extensions["code"]))) || shown.Message == "" {
			t.Errorf("an error without a known code or message: %s", body)
		}
		for name := range shown.Extensions {
			if !slices.Contains([]string{"code", "field", "reference", "measured", "limit"}, name) {
				t.Errorf("an extension %s: %s", name, body)
			}
		}
	}
	return parts.Errors[0]
}

// place is the field of an error, joined by dots.
func place(shown *gqlerror.Error) string {
	var words []string
	list, _ := shown.Extensions["field"].([]any)
	for _, word := range list {
		words = append(words, fmt.Sprint(word))
	}
	return strings.Join(words, ".")
}

// TestCausesAreLogged logs what is hidden once, with the reference that the
// client was sent.
func TestCausesAreLogged(t *testing.T) {
	t.Parallel()
	server, log, _ := breaking(t)
	for id, cause := range map[string]string{"error": "load: the secret disk is full", "panic": "panic: the secret is out"} {
		_, body := send(t, server, node(id))
		reference, _ := read1(t, body).Extensions["reference"].(string)
		if reference == "" || strings.Count(log.String(), "reference="+reference) != 1 ||
			strings.Count(log.String(), fmt.Sprintf("error=%q", cause)) != 1 {
			t.Errorf("%s: the client got %s, and the log is\n%s", id, body, log)
		}
	}
	if _, body := send(t, server, node("fault")); strings.Contains(log.String(), "gone") {
		t.Errorf("a refusal was logged: %s\n%s", body, log)
	}
}

// TestSharedCauseIsLoggedOnce reports one reference where many rows fail of one
// cause.
func TestSharedCauseIsLoggedOnce(t *testing.T) {
	t.Parallel()
	server, log, _ := breaking(t)
	_, body := send(t, server, document(`{a: node(id: "shared") {id} b: node(id: "shared") {id}}`))
	var parts gqlhttp.Answer
	if err := json.Unmarshal(body, &parts); err != nil || len(parts.Errors) != 2 ||
		parts.Errors[0].Extensions["reference"] != parts.Errors[1].Extensions["reference"] {
		t.Errorf("%v: %s", err, body)
	}
	if strings.Count(log.String(), errShared.Error()) != 1 {
		t.Errorf("the cause is not logged once:\n%s", log)
	}
}

// TestCancelledIsNoError does not alarm about a client that went away.
func TestCancelledIsNoError(t *testing.T) {
	t.Parallel()
	server, log, waiting := breaking(t)
	ctx, cancel := context.WithCancel(t.Context())
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		r := node("wait")
		to, err := http.NewRequestWithContext(ctx, r.Method, server.URL+gqlhttp.Endpoint, r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		to.Header = r.Header
		if response, err := http.DefaultClient.Do(to); err == nil {
			response.Body.Close()
			t.Error("there was an answer")
		}
	}()
	<-waiting
	cancel()
	<-sent
	server.Close() // waits for the request
	if text := log.String(); strings.Contains(text, "level=ERROR") || !strings.Contains(text, "context canceled") {
		t.Errorf("the log is\n%s", text)
	}
}
