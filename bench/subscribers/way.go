package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/coder/websocket"
)

// way is how one subscribes. open subscribes to an asset over a connection of its own, and
// returns what gives the title in each event, the first one at once, and what leaves.
type way struct {
	name string
	open func(ctx context.Context, url, asset string) (next func() (string, error), leave func(), err error)
}

var ways = []way{{"WebSockets", overSocket}, {"streams of events", overStream}}

// document is what is subscribed to.
const document = "subscription ($id: ID!) { asset(id: $id) { title } }"

// event is what is told of an asset.
type event struct {
	Data   struct{ Asset struct{ Title string } }
	Errors []struct{ Message string }
}

// title is that of the asset.
func (e event) title() (string, error) {
	if len(e.Errors) > 0 {
		return "", fmt.Errorf("the graph answers: %s", e.Errors[0].Message)
	}
	return e.Data.Asset.Title, nil
}

// request is one that subscribes to an asset.
func request(asset string) map[string]any {
	return map[string]any{"query": document, "variables": map[string]any{"id": asset}}
}

// overSocket subscribes by graphql-transport-ws.
func overSocket(ctx context.Context, url, asset string) (next func() (string, error), leave func(), err error) {
	conn, response, err := websocket.Dial(ctx, url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return nil, nil, fmt.Errorf("%w %v", err, response)
	}
	leave = func() { _ = conn.CloseNow() }
	send := func(message any) error {
		text, err := json.Marshal(message)
		if err != nil {
			return err
		}
		return conn.Write(ctx, websocket.MessageText, text)
	}
	next = func() (string, error) {
		for {
			_, text, err := conn.Read(ctx)
			if err != nil {
				return "", err
			}
			var told struct {
				Type    string
				Payload json.RawMessage
			}
			if err := json.Unmarshal(text, &told); err != nil {
				return "", err
			}
			switch told.Type {
			case "connection_ack":
			case "ping":
				if err := send(map[string]any{"type": "pong"}); err != nil {
					return "", err
				}
			case "next":
				var e event
				if err := json.Unmarshal(told.Payload, &e); err != nil {
					return "", err
				}
				return e.title()
			default:
				return "", fmt.Errorf("the server says %s", text)
			}
		}
	}
	for _, message := range []any{
		map[string]any{"type": "connection_init"},
		map[string]any{"type": "subscribe", "id": "1", "payload": request(asset)},
	} {
		if err := send(message); err != nil {
			leave()
			return nil, nil, err
		}
	}
	return next, leave, nil
}

// apart has a connection for each stream.
var apart = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// overStream subscribes by server-sent events.
func overStream(ctx context.Context, url, asset string) (next func() (string, error), leave func(), err error) {
	body, err := json.Marshal(request(asset))
	if err != nil {
		return nil, nil, err
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	ask.Header.Set("Content-Type", "application/json")
	ask.Header.Set("Accept", "text/event-stream")
	response, err := apart.Do(ask)
	if err != nil {
		return nil, nil, err
	}
	leave = func() { response.Body.Close() }
	if response.StatusCode != http.StatusOK {
		leave()
		return nil, nil, fmt.Errorf("the server answers %s", response.Status)
	}
	lines := bufio.NewReader(response.Body)
	next = func() (string, error) {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return "", err
			}
			if data, found := strings.CutPrefix(line, "data: "); found {
				var e event
				if err := json.Unmarshal([]byte(data), &e); err != nil {
					return "", err
				}
				return e.title()
			}
		}
	}
	return next, leave, nil
}
