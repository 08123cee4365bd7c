package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vodgraph/access"
	"vodgraph/gqlhttp"
	"vodgraph/graph"
	"vodgraph/library"
	"vodgraph/model"
	"vodgraph/resolvers"
)

// impatient has a request time out soon, but not one that waits for nothing, on a machine
// that has much to do either.
func impatient(spoken *gqlhttp.Transport) { spoken.Executor.Patience = 250 * time.Millisecond }

// TestTimeouts ends what takes too long: with 503 where nothing was answered, and with an
// error of its own code where something was.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	server, log, waiting := breakingWith(t, gqlhttp.DefaultProtocol(), impatient)
	go func() {
		for {
			select {
			case <-waiting:
			case <-t.Context().Done():
				return
			}
		}
	}()
	for _, c := range []struct {
		text, accept string
		status       int
		want         string
	}{
		{`{node(id: "wait") {id}}`, "application/json", 503, `{"errors":[{"message":"The request took too long, and was ended.","extensions":{"code":"TIMEOUT"}}]}`},
		{`{node(id: "wait") {id}}`, "application/graphql-response+json", 503, `{"errors":[{"message":"The request took too long, and was ended.","extensions":{"code":"TIMEOUT"}}]}`},
		{`{__typename node(id: "wait") {id}}`, "application/json", 200, `{"errors":[{"message":"The request took too long, and was ended.","path":["node"],"locations":[{"line":1,"column":13}],` +
			`"extensions":{"code":"TIMEOUT"}}],"data":{"__typename":"Query","node":null}}`},
		{`{__typename}`, "application/json", 200, `{"data":{"__typename":"Query"}}`},
	} {
		response, body := exchanged(t, server.URL, with(document(c.text), "Accept", c.accept))
		if response.StatusCode != c.status || body != c.want || (response.Header.Get("Retry-After") != "") != (c.status == 503) {
			t.Errorf("%s: %s %v %s, want %d %s", c.text, response.Status, response.Header, body, c.status, c.want)
		}
	}
	if strings.Contains(log.String(), "level=ERROR") || strings.Count(log.String(), "a request took too long") != 3 {
		t.Errorf("the log is\n%s", log)
	}

	p := ready(t, server.URL)
	p.subscribe("1", `{node(id: "wait") {id}}`)
	p.want(`{"id":"1","type":"error","payload":[{"message":"The request took too long, and was ended.","extensions":{"code":"TIMEOUT"}}]}`)
	response, body := exchanged(t, server.URL, with(document(`{node(id: "wait") {id}}`), "Accept", "text/event-stream"))
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "TIMEOUT") || !strings.HasSuffix(body, "event: complete\ndata:\n\n") {
		t.Errorf("as events: %s %s", response.Status, body)
	}
}

// TestSlowBody does not wait for a body without end.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	server, _, _ := breakingWith(t, gqlhttp.DefaultProtocol(), impatient)
	in, out := io.Pipe()
	defer out.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+gqlhttp.Endpoint, in)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); !response.Close || response.StatusCode != http.StatusRequestTimeout || !strings.Contains(string(body), "TIMEOUT") {
		t.Errorf("%s %s", response.Status, body)
	}
}

// TestSlowBodyOfARefusal lets go of a connection whose request is refused before the rest
// of it has come.
func TestSlowBodyOfARefusal(t *testing.T) {
	t.Parallel()
	server, _, _ := breakingWith(t, gqlhttp.DefaultProtocol(), impatient)
	for host, status := range map[string]string{"localhost": " 415 ", "example.com": " 421 "} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n", gqlhttp.Endpoint, host)
		if text, err := io.ReadAll(conn); err != nil || !strings.Contains(string(text), status) {
			t.Errorf("%s: %v %s", host, err, text)
		}
	}
}

// slowRoot is the real resolvers, but for a query that the database takes long for, and
// a mutation.
type slowRoot struct {
	graph.ResolverRoot
	statement func(context.Context) error
}

// Query has the slow query.
func (s *slowRoot) Query() graph.QueryResolver {
	return &slowQuery{s.ResolverRoot.Query(), s.statement}
}

// Mutation has the slow mutation.
func (s *slowRoot) Mutation() graph.MutationResolver {
	return &slowMutation{s.ResolverRoot.Mutation(), s.statement}
}

type slowQuery struct {
	graph.QueryResolver
	statement func(context.Context) error
}

// Node waits for the database.
func (s *slowQuery) Node(ctx context.Context, _ string) (model.Node, error) {
	return nil, s.statement(ctx)
}

type slowMutation struct {
	graph.MutationResolver
	statement func(context.Context) error
}

// TagDelete waits for the database.
func (s *slowMutation) TagDelete(ctx context.Context, _ string) (*graph.TagDeletePayload, error) {
	return nil, s.statement(ctx)
}

// TestTimeoutsCancelStatements ends the statement with the request, on both databases.
func TestTimeoutsCancelStatements(t *testing.T) {
	eachConfig(t, func(t *testing.T, c Config) {
		a := open(t, c)
		statement, running := `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n`, ""
		if a.library.DB.Postgres() {
			statement = `SELECT pg_sleep(50)`
			running = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(50)%' AND pid <> pg_backend_pid()`
		}
		ended := make(chan error, 1)
		slow := &slowRoot{&resolvers.Root{Client: a.library.DB.Client, Catalog: a.library.Catalog, Limits: a.library.Catalog.Limits()},
			func(ctx context.Context) error {
				_, err := a.library.DB.SQL.ExecContext(ctx, statement)
				ended <- err
				return fmt.Errorf("sleep: %w", err)
			}}
		spoken, err := gqlhttp.NewTransport(t.Context(), gqlhttp.NewPresenter((&logged{}).logger(), library.NewReference), gqlhttp.DefaultProtocol(), nil)
		if err != nil {
			t.Fatal(err)
		}
		// Long enough for the statement to have begun: Postgres forgets a cancellation that
		// comes before, and then the connection's statement_timeout is what ends it.
		spoken.Executor.Patience = time.Second
		middleware, err := access.NewMiddleware(a.authenticator, access.Auth{}, gqlhttp.IsLongLived, spoken.Refuse)
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(middleware.Authenticate(gqlhttp.NewHandler(slow, spoken, access.NewBudget(0, time.Now), nil)))
		t.Cleanup(server.Close)
		for text, hint := range map[string]string{
			`{node(id: "x") {id}}`:                        "",
			`mutation {tagDelete(name: "x") {deletedId}}`: "idempotencyKey",
		} {
			status := http.StatusServiceUnavailable
			if hint != "" {
				status = http.StatusOK // with what is known of each field
			}
			response, body := exchanged(t, server.URL, document(text))
			if response.StatusCode != status || !strings.Contains(body, `"TIMEOUT"`) || !strings.Contains(body, hint) {
				t.Errorf("%s: %s %s", text, response.Status, body)
			}
			if err := <-ended; err == nil {
				t.Errorf("%s: the statement came to its end", text)
			}
		}
		if running == "" {
			return
		}
		until(t, "the statements are gone", func() bool {
			var left int
			if err := a.library.DB.SQL.QueryRowContext(t.Context(), running).Scan(&left); err != nil {
				t.Fatal(err)
			}
			return left == 0
		})
	})
}
