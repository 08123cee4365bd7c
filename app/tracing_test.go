package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"vodgraph/gqlhttp"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// spans are what a collector was sent.
type spans struct {
	lock sync.Mutex
	list []*traces.Span
	all  strings.Builder // everything, as text
}

// collecting is a collector, which takes OTLP over HTTP as a real one does.
func collecting(t *testing.T) (*spans, string) {
	t.Helper()
	s := &spans{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var reply collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &reply)
		}
		if err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("%s %s %s: %v", r.Method, r.URL, r.Header.Get("Content-Type"), err)
		}
		s.lock.Lock()
		defer s.lock.Unlock()
		s.all.WriteString(reply.String())
		for _, resource := range reply.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				s.list = append(s.list, scope.Spans...)
			}
		}
	}))
	t.Cleanup(server.Close)
	return s, server.URL
}

// below are the spans of a name that are below another.
func (s *spans) below(parent []byte, name string) (found []*traces.Span) {
	for _, span := range s.list {
		if span.Name == name && string(span.ParentSpanId) == string(parent) {
			found = append(found, span)
		}
	}
	return found
}

// one is the one span of a name below another.
func (s *spans) one(t *testing.T, parent []byte, name string) *traces.Span {
	t.Helper()
	found := s.below(parent, name)
	if len(found) != 1 {
		t.Fatalf("there are %d spans %s below %x:\n%s", len(found), name, parent, s.names())
	}
	return found[0]
}

// names are all spans, for people.
func (s *spans) names() string {
	var text strings.Builder
	for _, span := range s.list {
		fmt.Fprintf(&text, "%x %x %s\n", span.ParentSpanId, span.SpanId, span.Name)
	}
	return text.String()
}

// about is what a span says about itself.
func about(span *traces.Span, key string) string {
	for _, one := range span.Attributes {
		if one.Key == key {
			if text := one.Value.GetStringValue(); text != "" {
				return text
			}
			return fmt.Sprint(one.Value.GetIntValue())
		}
	}
	return ""
}

// wantSQL wants statements below a span.
func (s *spans) wantSQL(t *testing.T, parent *traces.Span, system, part string) {
	t.Helper()
	for _, span := range s.list {
		if string(span.ParentSpanId) == string(parent.SpanId) && about(span, "db.system.name") == system &&
			strings.Contains(about(span, "db.query.text"), part) && span.Kind == traces.Span_SPAN_KIND_CLIENT &&
			span.EndTimeUnixNano >= span.StartTimeUnixNano && string(span.TraceId) == string(parent.TraceId) {
			return
		}
	}
	t.Errorf("no statement of %s with %s is below %s:\n%s", system, part, parent.Name, s.all.String())
}

const (
	parentTrace = "0af7651916cd43dd8448eb211c80319c"
	parentSpan  = "b7ad6b7169203331"
)

// askTraced sends a document as part of a trace.
func askTraced(t *testing.T, url, document string, variables map[string]any) gqlhttp.Answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+gqlhttp.Endpoint, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Traceparent", "00-"+parentTrace+"-"+parentSpan+"-01")
	r.Header.Set("X-Request-Id", "the-request")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var reply gqlhttp.Answer
	if err := json.NewDecoder(response.Body).Decode(&reply); err != nil || len(reply.Errors) > 0 {
		t.Fatal(err, reply.Errors)
	}
	return reply
}

// traced does what there is to be reported, and ends the app.
func traced(t *testing.T, c Config) {
	t.Helper()
	log := &logged{}
	a, err := Open(t.Context(), c, log.logger())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if t.Failed() {
			t.Log(log)
		}
	}()
	stop := run(t, a)
	ids := seed(t, a.URL(), 3)
	until(t, "the engine answers", func() bool {
		found, err := find(t.Context(), a.URL(), granite, 0)
		return err == nil && !found.Index.Degraded && found.TotalCount == 3
	})
	askTraced(t, a.URL(), `query Dawn($t: String!) { search(text: $t) { nodes { title } } assets(filter: {referenceIds: [$t]}) { nodes { id } } }`,
		map[string]any{"t": granite})
	if refused := ask(t, a.URL(), `{ nothing }`, nil); len(refused.Errors) != 1 || refused.Errors[0].Extensions["code"] != "GRAPHQL_VALIDATION_FAILED" {
		t.Errorf("a document that does not fit: %v", refused.Errors)
	}
	var begun struct {
		AssetsUpdateWhere struct{ Operation struct{ ID string } }
	}
	reply := askTraced(t, a.URL(), `mutation All($d: String!) { assetsUpdateWhere(filter: {kinds: [VIDEO]}, change: {description: $d}) { operation { id } } }`,
		map[string]any{"d": "what-only-they-know"})
	if err := json.Unmarshal(reply.Data, &begun); err != nil {
		t.Fatal(err)
	}
	next := openStream(t, a, fmt.Sprintf(`subscription Watch { bulkOperation(id: %q) { status changeSet { id } } }`, begun.AssetsUpdateWhere.Operation.ID))
	for event := ""; event != "complete"; {
		if event, _ = next(); event == "end" {
			t.Fatal("the subscription was cut off")
		}
	}
	openStream(t, a, fmt.Sprintf(`subscription Left { asset(id: %q) { title } }`, ids[0]))() // and is left when the server ends
	if err := stop(); err != nil {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// TestTraces sends a collector requests, operations, statements and questions to the
// engine, as one trace; and not what people wrote.
func TestTraces(t *testing.T) {
	t.Parallel()
	for system, config := range map[string]func(*testing.T) Config{"sqlite": config, "postgresql": onPostgres} {
		t.Run(system, func(t *testing.T) {
			t.Parallel()
			c := config(t)
			s, url := collecting(t)
			c.OTLPEndpoint = url
			traced(t, c)
			s.lock.Lock()
			defer s.lock.Unlock()

			var requests []*traces.Span
			for _, span := range s.list {
				if fmt.Sprintf("%x", span.ParentSpanId) == parentSpan {
					requests = append(requests, span)
				}
			}
			if len(requests) != 2 {
				t.Fatalf("the trace goes on with %d requests", len(requests))
			}
			slices.SortFunc(requests, func(a, b *traces.Span) int { return int(a.StartTimeUnixNano) - int(b.StartTimeUnixNano) })
			for _, r := range requests {
				if r.Name != "POST /graphql" || fmt.Sprintf("%x", r.TraceId) != parentTrace || r.Kind != traces.Span_SPAN_KIND_SERVER ||
					about(r, "http.response.status_code") != "200" || about(r, "vodgraph.request.id") != "the-request" {
					t.Errorf("a request is %v", r)
				}
			}
			query := s.one(t, requests[0].SpanId, "query Dawn")
			if about(query, "graphql.operation.name") != "Dawn" || about(query, "graphql.operation.type") != "query" {
				t.Errorf("the query is %v", query)
			}
			s.wantSQL(t, query, system, "SELECT")
			if engine := s.one(t, query.SpanId, "search query"); about(engine, "vodgraph.search.engine") != "bleve" {
				t.Errorf("the question is %v", engine)
			}
			s.wantSQL(t, s.one(t, requests[1].SpanId, "mutation All"), system, "INSERT")
			s.wantWork(t, system)
			if !strings.Contains(s.all.String(), `"vodgraph"`) {
				t.Error("the spans name no service")
			}
		})
	}
}

// wantWork wants what was done in the background reported, and not what is looked at again
// and again, nor what people wrote.
func (s *spans) wantWork(t *testing.T, system string) {
	t.Helper()
	batches := s.below(nil, "operation batch")
	if len(batches) == 0 {
		t.Fatal("no batch is reported")
	}
	s.wantSQL(t, batches[0], system, "UPDATE")
	for _, span := range s.list {
		if span.Name == "subscription Watch" {
			s.wantSQL(t, span, system, "SELECT")
		}
	}
	for _, name := range []string{"subscription Watch", "subscription Left", "search put"} {
		if !strings.Contains(s.names(), " "+name+"\n") {
			t.Errorf("there is no span %s:\n%s", name, s.names())
		}
	}
	if len(s.below(nil, "SELECT")) > 0 {
		t.Error("looks in the background are reported")
	}
	for _, word := range []string{granite, "what-only-they-know"} {
		if strings.Contains(s.all.String(), word) {
			t.Errorf("the collector was sent %s", word)
		}
	}
}

// TestTracesThatNobodyTakes goes on without a collector, and says so once.
func TestTracesThatNobodyTakes(t *testing.T) {
	t.Parallel()
	refusing := httptest.NewServer(http.NotFoundHandler())
	defer refusing.Close()
	log := &logged{}
	c := config(t)
	c.OTLPEndpoint = refusing.URL + tracesPath
	a, err := Open(t.Context(), c, log.logger())
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, a)
	for range 3 {
		if status, _, body := get(t, a.URL()+gqlhttp.Endpoint+"?query={__typename}"); status != http.StatusOK {
			t.Errorf("%d %s", status, body)
		}
		_ = a.tracing.provider.ForceFlush(t.Context())
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if strings.Count(log.String(), "traces could not be sent") != 1 {
		t.Errorf("the log is\n%s", log)
	}
}
