package subscribers

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

// way is how one subscribes. open subscribes to an asset over a connection of its own; the first event
// comes at once.
type way struct {
	name string
	open func(ctx context.Context, url, asset string) (subscriber, error)
}

var ways = []way{{"WebSockets", overSocket}, {"streams of events", overStream}}

const document = "subscription ($id: ID!) { asset(id: $id) { title } }"

// title is that of the asset of an event.
func title(payload []byte) (string, error) {
	var event struct {
		Data   struct{ Asset struct{ Title string } }
		Errors []struct{ Message string }
	}
	err := json.Unmarshal(payload, &event)
	if err == nil && len(event.Errors) > 0 {
		err = fmt.Errorf("the graph answers: %s", event.Errors[0].Message)
	}
	return event.Data.Asset.Title, err
}

func request(asset string) map[string]any {
	return map[string]any{"query": document, "variables": map[string]any{"id": asset}}
}

// overSocket subscribes by graphql-transport-ws.
func overSocket(ctx context.Context, url, asset string) (s subscriber, err error) {
	conn, response, err := websocket.Dial(ctx, url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return s, fmt.Errorf("%w %v", err, response)
	}
	s.leave = func() { _ = conn.CloseNow() }
	send := func(message any) error {
		text, err := json.Marshal(message)
		if err != nil {
			return err
		}
		return conn.Write(ctx, websocket.MessageText, text)
	}
	s.next = func() (string, error) {
		for {
			_, text, err := conn.Read(ctx)
			if err != nil {
				return "", err
			}
			var message struct {
				Type    string
				Payload json.RawMessage
			}
			if err := json.Unmarshal(text, &message); err != nil {
				return "", err
			}
			switch message.Type {
			case "connection_ack":
			case "ping":
				if err := send(map[string]any{"type": "pong"}); err != nil {
					return "", err
				}
			case "next":
				return title(message.Payload)
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
			s.leave()
			return s, err
		}
	}
	return s, nil
}

// apart has a connection for each stream.
var apart = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// overStream subscribes by server-sent events.
func overStream(ctx context.Context, url, asset string) (s subscriber, err error) {
	body, err := json.Marshal(request(asset))
	if err != nil {
		return s, err
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return s, err
	}
	ask.Header.Set("Content-Type", "application/json")
	ask.Header.Set("Accept", "text/event-stream")
	response, err := apart.Do(ask)
	if err != nil {
		return s, err
	}
	s.leave = func() { response.Body.Close() }
	if response.StatusCode != http.StatusOK {
		s.leave()
		return s, fmt.Errorf("the server answers %s", response.Status)
	}
	lines := bufio.NewReader(response.Body)
	s.next = func() (string, error) {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return "", err
			}
			if data, found := strings.CutPrefix(line, "data: "); found {
				return title([]byte(data))
			}
		}
	}
	return s, nil
}
