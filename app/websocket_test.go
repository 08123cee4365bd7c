package app

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"vodgraph/gqlhttp"

	"github.com/coder/websocket"
)

// peer is the other side of a WebSocket.
type peer struct {
	*testing.T
	conn *websocket.Conn
}

// dial opens a WebSocket, with further headers.
func dial(t *testing.T, url string, headers ...string) peer {
	t.Helper()
	conn, response, err := websocket.Dial(t.Context(), url+gqlhttp.Endpoint, &websocket.DialOptions{
		Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: with(byGet(""), headers...).Header,
	})
	if err != nil {
		t.Fatalf("%v %v", err, response)
	}
	t.Cleanup(func() { _ = conn.CloseNow() }) // it may be closed already
	return peer{t, conn}
}

// ready opens a WebSocket that may be used.
func ready(t *testing.T, url string) peer {
	t.Helper()
	p := dial(t, url)
	p.send(`{"type": "connection_init", "payload": {"any": 1}}`)
	p.want(`{"type":"connection_ack"}`)
	return p
}

// send sends a message.
func (p peer) send(text string) {
	p.Helper()
	if err := p.conn.Write(p.Context(), websocket.MessageText, []byte(text)); err != nil {
		p.Fatal(err)
	}
}

// openStream sends a document under an id.
func (p peer) subscribe(id, document string) {
	p.Helper()
	p.send(fmt.Sprintf(`{"id": %q, "type": "subscribe", "payload": {"query": %q}}`, id, document))
}

// next is the next message.
func (p peer) next() string {
	p.Helper()
	_, text, err := p.conn.Read(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	return string(text)
}

// want wants this message next.
func (p peer) want(text string) {
	p.Helper()
	if got := p.next(); got != text {
		p.Errorf("%s, want %s", got, text)
	}
}

// closes wants the connection closed with this code, and nothing before.
func (p peer) closes(code websocket.StatusCode) {
	p.Helper()
	_, text, err := p.conn.Read(p.Context())
	if got := websocket.CloseStatus(err); got != code {
		p.Errorf("closed with %d (%v, %s), want %d", got, err, text, code)
	}
}

// video makes one and returns its id.
func video(t *testing.T, url string) string {
	t.Helper()
	answer := ask(t, url, `mutation { assetsCreate(items: [{kind: VIDEO, title: "a"}]) { results { assetId } } }`, nil)
	var made struct {
		AssetsCreate struct {
			Results []struct {
				ID string `json:"assetId"`
			}
		}
	}
	if err := json.Unmarshal(answer.Data, &made); err != nil {
		t.Fatal(err)
	}
	return made.AssetsCreate.Results[0].ID
}

// TestSocket subscribes, queries and changes over one connection, all at once.
func TestSocket(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	id := video(t, a.URL())
	p := ready(t, a.URL())
	p.send(`{"type": "ping"}`)
	p.want(`{"type":"pong"}`)
	p.send(`{"type": "pong", "payload": {}}`)
	p.subscribe("1", fmt.Sprintf(`subscription { asset(id: %q) { title } }`, id))
	p.want(`{"id":"1","type":"next","payload":{"data":{"asset":{"title":"a"}}}}`)
	p.subscribe("2", `{__typename}`)
	p.want(`{"id":"2","type":"next","payload":{"data":{"__typename":"Query"}}}`)
	p.want(`{"id":"2","type":"complete"}`)
	p.subscribe("2", fmt.Sprintf(`mutation { assetsUpdate(items: [{id: %q, title: "b"}]) { failedCount } }`, id))
	got := []string{p.next(), p.next(), p.next()}
	for _, want := range []string{
		`{"id":"1","type":"next","payload":{"data":{"asset":{"title":"b"}}}}`,
		`{"id":"2","type":"next","payload":{"data":{"assetsUpdate":{"failedCount":0}}}}`,
		`{"id":"2","type":"complete"}`,
	} {
		if !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("%s is not among %q", want, got)
		}
	}
	p.send(`{"id": "1", "type": "complete"}`)
	p.send(`{"id": "unknown", "type": "complete"}`)
	p.subscribe("1", `{again: __typename}`) // the id is free at once
	p.want(`{"id":"1","type":"next","payload":{"data":{"again":"Query"}}}`)
	p.want(`{"id":"1","type":"complete"}`)
}

// TestSocketRefusals reports what is wrong with an operation, and goes on.
func TestSocketRefusals(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	p := ready(t, a.URL())
	const once = `categoryCreate(input: {name: "x"}) {userErrors {code}}`
	for payload, code := range map[string]string{
		`{"query": "{"}`:              "GRAPHQL_PARSE_FAILED",
		`{"query": "{nowhere}"}`:      "GRAPHQL_VALIDATION_FAILED",
		`{}`:                          "REQUIRED",
		`[{"query": "{__typename}"}]`: "BATCH_REFUSED",
		`1`:                           "INVALID",
		`{"documentId": "x"}`:         "PERSISTED_QUERY_NOT_FOUND",
		`{"query": "subscription {asset(id: \"vid_01HZZZZZZZZZZZZZZZZZZZZZZZ\") {id}}"}`:                                   "NOT_FOUND",
		fmt.Sprintf(`{"query": %q}`, `mutation {`+several(11, once)+`}`):                                                   "TOO_MANY_MUTATIONS",
		fmt.Sprintf(`{"query": %q}`, `{a: __typename #`+strings.Repeat("x", gqlhttp.DefaultProtocol().MaxQuery<<10)+"\n}"): "QUERY_TOO_LARGE",
	} {
		p.send(`{"id": "x", "type": "subscribe", "payload": ` + payload + `}`)
		var reply struct {
			ID, Type string
			Payload  []struct{ Extensions struct{ Code string } }
		}
		text := p.next()
		if err := json.Unmarshal([]byte(text), &reply); err != nil || reply.ID != "x" || reply.Type != "error" ||
			len(reply.Payload) == 0 || reply.Payload[0].Extensions.Code != code {
			t.Errorf("%.100s: %v %s, want %s", payload, err, text, code)
		}
	}
}

// TestSocketRules ends a connection that breaks the protocol, with the code for it.
func TestSocketRules(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	for text, code := range map[string]websocket.StatusCode{
		`{"type": "connection_init"}`: 4429,
		`{"type": "start"}`:           4400,
		`{"type": "subscribe", "payload": {"query": "{__typename}"}}`: 4400, // no id
		`{}`:  4400,
		`{`:   4400,
		`[1]`: 4400,
		strings.Repeat(" ", gqlhttp.DefaultProtocol().MaxBody<<10) + `{"type": "ping"}`: websocket.StatusMessageTooBig,
	} {
		p := ready(t, a.URL())
		p.send(text)
		p.closes(code)
	}
	p := dial(t, a.URL())
	p.subscribe("1", `{__typename}`)
	p.closes(4401)
	p = ready(t, a.URL())
	if err := p.conn.Write(t.Context(), websocket.MessageBinary, []byte(`{"type": "ping"}`)); err != nil {
		t.Fatal(err)
	}
	p.closes(4400)
	id := video(t, a.URL())
	p = ready(t, a.URL())
	for range 2 {
		p.subscribe("1", fmt.Sprintf(`subscription { asset(id: %q) { id } }`, id))
	}
	for {
		_, text, err := p.conn.Read(t.Context())
		if err == nil && strings.Contains(string(text), `"next"`) {
			continue // of the first
		}
		if websocket.CloseStatus(err) != 4409 {
			t.Errorf("%s %v", text, err)
		}
		break
	}
	conn, _, err := websocket.Dial(t.Context(), a.URL()+gqlhttp.Endpoint, &websocket.DialOptions{Subprotocols: []string{"graphql-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	peer{t, conn}.closes(4406)
}

// TestSocketIsBound refuses one operation too many, and takes another when one is over.
func TestSocketIsBound(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	subscription := fmt.Sprintf(`subscription { asset(id: %q) { title } }`, video(t, a.URL()))
	p := ready(t, a.URL())
	for i := range 100 {
		p.subscribe(fmt.Sprint(i), subscription)
	}
	for range 100 {
		if got := p.next(); !strings.Contains(got, `"next"`) {
			t.Fatal(got)
		}
	}
	p.subscribe("more", subscription)
	if got := p.next(); !strings.Contains(got, `"TOO_MANY_SUBSCRIPTIONS"`) || !strings.Contains(got, `"more"`) {
		t.Errorf("%s", got)
	}
	p.send(`{"id": "7", "type": "complete"}`)
	p.subscribe("more", subscription)
	p.want(`{"id":"more","type":"next","payload":{"data":{"asset":{"title":"a"}}}}`)
}

// TestSocketOfForeignPages refuses what GET refuses, and what is no handshake.
func TestSocketOfForeignPages(t *testing.T) {
	t.Parallel()
	a := crossing(t)
	dial(t, a.URL(), "Origin", "https://good.example")
	dial(t, a.URL(), "Origin", a.URL())
	for want, headers := range map[string][]string{
		"403 ORIGIN_REFUSED": {"Origin", "https://evil.example", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="},
		"400 INVALID":        {"Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", strings.Repeat("x", 1000)},
	} {
		r := with(byGet("query={__typename}"), append(headers, "Connection", "Upgrade", "Upgrade", "websocket")...)
		if got := reply(t, a.URL(), r); got != want {
			t.Errorf("%q: %s, want %s", headers, got, want)
		}
	}
}

// hurrying serves the graph at another pace.
func hurrying(t *testing.T, change func(*gqlhttp.Pace)) string {
	t.Helper()
	server, _, _ := breakingWith(t, gqlhttp.DefaultProtocol(), func(spoken *gqlhttp.Transport) { change(&spoken.Streams.Pace) })
	return server.URL
}

// TestSilentSockets ends a connection that does not begin in time, and one of which
// nothing is heard any more.
func TestSilentSockets(t *testing.T) {
	t.Parallel()
	dial(t, hurrying(t, func(p *gqlhttp.Pace) { p.Init = time.Millisecond })).closes(4408)

	p := ready(t, hurrying(t, func(p *gqlhttp.Pace) { p.Ping = 10 * time.Millisecond }))
	p.want(`{"type":"ping"}`)
	p.send(`{"type": "pong"}`)
	for { // and then nothing is answered
		_, text, err := p.conn.Read(t.Context())
		if err != nil {
			break
		}
		if string(text) != `{"type":"ping"}` {
			t.Errorf("%s", text)
		}
	}
}

// TestSocketsEndWithTheServer reports a client that the server ends, and does not keep it.
func TestSocketsEndWithTheServer(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	stop := run(t, a)
	p := ready(t, a.URL())
	p.subscribe("1", fmt.Sprintf(`subscription { asset(id: %q) { title } }`, video(t, a.URL())))
	p.want(`{"id":"1","type":"next","payload":{"data":{"asset":{"title":"a"}}}}`)
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	p.closes(websocket.StatusGoingAway)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestSocketThatLeaves ends the operations of a client that has gone.
func TestSocketThatLeaves(t *testing.T) {
	t.Parallel()
	var spoken *gqlhttp.Transport
	server, _, waiting := breakingWith(t, gqlhttp.DefaultProtocol(), func(made *gqlhttp.Transport) { spoken = made })
	p := ready(t, server.URL)
	p.subscribe("1", `{node(id: "wait") {id}}`)
	<-waiting
	_ = p.conn.CloseNow()
	if err := spoken.Wait(t.Context()); err != nil { // which is never over, if the query still waits
		t.Error(err)
	}
}
