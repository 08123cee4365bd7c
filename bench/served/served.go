// Package served runs the real server on a library, in this process or in one of its own, for
// tests and figures that ask it through GraphQL.
package served

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"vodgraph/app"
	"vodgraph/cli"
	"vodgraph/gqlhttp"
	"vodgraph/library"
)

// Import imports lines into a library, as `vodgraph import` does. A line that is refused is an
// error.
func Import(ctx context.Context, store library.Store, lines io.Reader) error {
	var output bytes.Buffer
	args := append(append([]string{"import"}, Flags(store)...), "-")
	if app.Main(ctx, args, cli.Streams{In: lines, Out: &output, Err: &output}) != 0 {
		return fmt.Errorf("import: %s", bytes.TrimSpace(output.Bytes()))
	}
	return nil
}

// Flags name a library on the command line of `vodgraph`.
func Flags(store library.Store) []string {
	flags := []string{"--data", store.Data}
	if store.Database != "" {
		flags = append(flags, "--database", store.Database)
	}
	return flags
}

// Server serves a library until it is stopped.
type Server struct {
	// URL is where it answers, without a path.
	URL  string
	end  context.CancelFunc
	done chan error
}

// Start opens a library and serves it on a free port, with the search engine that an address
// names, or with the built-in one for "".
func Start(ctx context.Context, store library.Store, engine string, log io.Writer) (*Server, error) {
	config := app.Config{Settings: library.Settings{Store: store, Limits: "default"}, Engine: library.Engine{Search: engine},
		Protocol: gqlhttp.DefaultProtocol(), Listen: "127.0.0.1:0"}
	opened, err := app.Open(ctx, config, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		return nil, err
	}
	running, end := context.WithCancel(ctx)
	s := &Server{URL: opened.URL(), end: end, done: make(chan error, 1)}
	go func() { s.done <- errors.Join(opened.Run(running), opened.Close()) }()
	return s, nil
}

// Stop ends the server.
func (s *Server) Stop() error {
	s.end()
	return <-s.done
}

// Found is what a search found.
type Found struct {
	Nodes      []struct{ ID string }
	TotalCount int
	Index      struct {
		Degraded bool
		Engine   string
	}
}

// IDs are those of the page.
func (f *Found) IDs() []string {
	ids := make([]string, len(f.Nodes))
	for i, node := range f.Nodes {
		ids[i] = node.ID
	}
	return ids
}

// Search asks for the first assets of a text.
func (s *Server) Search(ctx context.Context, text string, first int) (*Found, error) {
	var answer struct{ Search Found }
	err := s.Ask(ctx, `query ($text: String!, $first: Int!) { search(text: $text, first: $first) {
		nodes { id } totalCount index { degraded engine } } }`, map[string]any{"text": text, "first": first}, &answer)
	return &answer.Search, err
}

// Rename gives an asset another title. It is an error where nothing changes.
func (s *Server) Rename(ctx context.Context, id, title string) error {
	var answer struct{ AssetsUpdate struct{ ChangedCount int } }
	err := s.Ask(ctx, "mutation ($items: [AssetUpdateInput!]!) { assetsUpdate(items: $items) { changedCount } }",
		map[string]any{"items": []any{map[string]any{"id": id, "title": title}}}, &answer)
	if err == nil && answer.AssetsUpdate.ChangedCount != 1 {
		err = fmt.Errorf("%s was not changed", id)
	}
	return err
}

// Ask decodes the answer to a document into a value. An answer with an error is an error.
func (s *Server) Ask(ctx context.Context, document string, variables map[string]any, into any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}
	_, text, err := Post(ctx, http.DefaultClient, s.URL, body)
	if err != nil {
		return err
	}
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("the graph answers: %s", answer.Errors[0].Message)
	}
	return json.Unmarshal(answer.Data, into)
}

// Post sends the body of a GraphQL request to a server, and returns the HTTP status and the body of
// the answer.
func Post(ctx context.Context, client *http.Client, url string, body []byte) (status string, text []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+gqlhttp.Endpoint, bytes.NewReader(body))
	if err != nil {
		return "", nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	text, err = io.ReadAll(response.Body)
	return response.Status, text, err
}

// Level waits until the engine has all documents, and answers in place of the database. It
// reads the metrics, for each question would cost the database time.
func (s *Server) Level(ctx context.Context) error {
	return Poll(ctx, 20*time.Millisecond, func() (bool, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/metrics", nil)
		if err != nil {
			return false, err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return false, err
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		return bytes.Contains(text, []byte("\nvodgraph_search_in_sync 1\n")) && bytes.Contains(text, []byte("\nvodgraph_search_pending 0\n")), err
	})
}

// Poll asks again and again, at an interval, until done returns true or an error, or ctx ends.
func Poll(ctx context.Context, interval time.Duration, done func() (bool, error)) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
