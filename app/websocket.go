package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"vodgraph/auth"
	"vodgraph/fault"
)

// socketProtocol is what is spoken over WebSockets.
// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
const socketProtocol = "graphql-transport-ws"

// The codes with which the protocol has a connection closed.
const (
	closeBadRequest     websocket.StatusCode = 4400
	closeUnauthorized   websocket.StatusCode = 4401
	closeForbidden      websocket.StatusCode = 4403
	closeNotAcceptable  websocket.StatusCode = 4406
	closeInitTimeout    websocket.StatusCode = 4408
	closeSubscriberIsOn websocket.StatusCode = 4409
	closeTooManyInits   websocket.StatusCode = 4429
)

// The messages of the protocol.
const (
	messageInit      = "connection_init"
	messageAck       = "connection_ack"
	messagePing      = "ping"
	messagePong      = "pong"
	messageSubscribe = "subscribe"
	messageNext      = "next"
	messageError     = "error"
	messageComplete  = "complete"
)

// operationsOfSocket is how many operations a connection may have under way.
const operationsOfSocket = 100

// pace is how long a connection waits.
type pace struct {
	// init is for the first message.
	init time.Duration
	// ping is how often a client is asked whether it is there. One that is silent from one
	// question to the next is not.
	ping time.Duration
	// write is for a client to take a message.
	write time.Duration
}

// usualPace is that of a server.
func usualPace() pace {
	return pace{init: 10 * time.Second, ping: 25 * time.Second, write: 10 * time.Second}
}

// message is one of the protocol.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// socket is a connection.
type socket struct {
	*transport
	exec    graphql.GraphExecutor
	request *http.Request
	conn    *websocket.Conn

	heard   atomic.Bool // something, since the client was asked
	asking  *time.Timer // asks the client whether it is there
	mu      sync.Mutex
	running map[string]*context.CancelFunc
	group   sync.WaitGroup
}

// upgrades reports whether a request wants to become a WebSocket.
func upgrades(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// upgrade makes a WebSocket of a request, which is served from then on. Browsers send these
// without asking, and with what they know of the user, so a page of another origin is
// refused as by GET.
func (r *reply) upgrade(exec graphql.GraphExecutor) {
	if foreign := origins(r.http.CORSOrigins).refuse(r.request); foreign != nil {
		r.refuse(refuse(http.StatusForbidden, foreign))
		return
	}
	leave, refused := r.addresses.take(r.guard.address(r.request))
	if refused != nil {
		r.refuse(refused)
		return
	}
	shake := &handshake{ResponseWriter: r.ResponseWriter}
	conn, err := websocket.Accept(shake, r.request, &websocket.AcceptOptions{
		Subprotocols:       []string{socketProtocol},
		InsecureSkipVerify: true, // it is verified above, with the origins that are allowed
	})
	if err != nil {
		leave()
		r.refuse(refuse(shake.status, fault.New(fault.Invalid, "The WebSocket's handshake is malformed.")))
		return
	}
	ctx := context.WithoutCancel(r.request.Context()) // the request is over, and the connection the socket's own
	s := &socket{transport: r.transport, exec: exec, request: r.request.WithContext(ctx), conn: conn, running: map[string]*context.CancelFunc{}}
	r.sockets.Go(func() {
		defer leave()
		s.serve(ctx)
	})
}

// handshake keeps the library's own refusals back, which repeat what was sent.
type handshake struct {
	http.ResponseWriter
	status int
}

// WriteHeader lets the acceptance through.
func (h *handshake) WriteHeader(status int) {
	if h.status = status; status < http.StatusBadRequest {
		h.ResponseWriter.WriteHeader(status)
	}
}

// Hijack gives the connection with small buffers: most who subscribe wait, and messages
// are written whole.
func (h *handshake) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	read := buffers.Reader
	if read.Buffered() == 0 { // and the client has waited for the answer, as it should
		read = bufio.NewReaderSize(conn, socketBuffer)
	}
	return conn, bufio.NewReadWriter(read, bufio.NewWriterSize(conn, socketBuffer)), nil
}

// socketBuffer is how large the buffers of a WebSocket are, in bytes.
const socketBuffer = 512

// Write drops the text of a refusal, which is all that is written before the connection
// is no longer HTTP.
func (h *handshake) Write(text []byte) (int, error) { return len(text), nil }

// Unwrap has the connection behind found.
func (h *handshake) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// serve speaks the protocol until one of both sides ends.
func (s *socket) serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(withCauses(ctx))
	defer s.recovered(ctx, func(*graphql.Response) { s.end(websocket.StatusInternalError, "Internal error") })
	defer s.group.Wait()
	defer cancel()
	defer func() { _ = s.conn.CloseNow() }() // it may be closed already
	defer context.AfterFunc(s.closing, func() { s.end(websocket.StatusGoingAway, "The server ends") })()
	if s.conn.Subprotocol() != socketProtocol {
		s.end(closeNotAcceptable, "Subprotocol not acceptable")
		return
	}
	s.conn.SetReadLimit(int64(s.http.MaxBody) << 10)
	late := time.AfterFunc(s.pace.init, func() { s.end(closeInitTimeout, "Connection initialisation timeout") })
	defer late.Stop()
	s.heard.Store(true)
	s.asking = time.AfterFunc(math.MaxInt64, func() { s.ask(ctx) })
	s.asking.Reset(s.pace.ping) // now that the one who asks knows of it
	defer s.asking.Stop()
	caller := ctx // what is asked ends with the caller, and the reading when they are told
	for ready := false; ; s.heard.Store(true) {
		m, ok := s.next(ctx)
		switch {
		case !ok:
			return
		case m.Type == messageInit && ready:
			s.end(closeTooManyInits, "Too many initialisation requests")
			return
		case m.Type == messageInit:
			known, end := s.introduce(ctx, m.Payload)
			if known == nil {
				s.end(closeForbidden, "Forbidden")
				return
			}
			defer end()
			defer s.endsWith(known, cancel)()
			caller, ready = known, late.Stop() // or it is being closed
			s.write(ctx, message{Type: messageAck})
		case m.Type == messageSubscribe && !ready:
			s.end(closeUnauthorized, "Unauthorized")
			return
		case !s.take(caller, m):
			return
		}
	}
}

// endsWith has the connection end when the caller is good no more, or ctx ends otherwise.
func (s *socket) endsWith(ctx context.Context, cancel func()) (stop func() bool) {
	return context.AfterFunc(ctx, func() {
		if errors.Is(context.Cause(ctx), errGone) {
			s.end(closeForbidden, "Forbidden") // which ends the reading, and not before it is told
			return
		}
		cancel()
	})
}

// introduce is a context in which the one who speaks asks: who showed a key when they
// connected, or shows it now, as Authorization. It is nil for nobody.
func (s *socket) introduce(ctx context.Context, payload json.RawMessage) (known context.Context, end func()) {
	caller := auth.From(ctx)
	if caller == &nobody {
		header := http.Header{}
		var shown map[string]any
		_ = json.Unmarshal(payload, &shown) // what is no object shows nothing
		for name, value := range shown {
			if text, ok := value.(string); ok {
				header.Add(name, text)
			}
		}
		secret, ok := bearer(header)
		if !ok || secret == "" {
			return nil, nil
		}
		var err error
		if caller, err = s.guard.try(s.request, secret); err != nil {
			return nil, nil
		}
	}
	return s.guard.last(ctx, caller)
}

// next reads a message. It is false where the connection is over, or ended because of
// what was sent.
func (s *socket) next(ctx context.Context) (m message, ok bool) {
	kind, text, err := s.conn.Read(ctx)
	if err != nil {
		return m, false // the library has told the other side why, where there is one
	}
	if kind != websocket.MessageText || !utf8.Valid(text) || json.Unmarshal(text, &m) != nil {
		s.end(closeBadRequest, "Invalid message")
		return m, false
	}
	return m, true
}

// take does what a message says, and is false where it ends the connection.
func (s *socket) take(ctx context.Context, m message) bool {
	switch {
	case m.Type == messagePing:
		s.write(ctx, message{Type: messagePong})
	case m.Type == messagePong:
	case m.Type == messageComplete:
		s.mu.Lock()
		defer s.mu.Unlock()
		if cancel := s.running[m.ID]; cancel != nil {
			delete(s.running, m.ID)
			(*cancel)()
		}
	case m.Type == messageSubscribe && m.ID != "":
		return s.subscribe(ctx, m)
	default:
		s.end(closeBadRequest, "Invalid message")
		return false
	}
	return true
}

// subscribe begins an operation, and is false where that ends the connection.
func (s *socket) subscribe(ctx context.Context, m message) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[m.ID] != nil {
		s.end(closeSubscriberIsOn, "Subscriber already exists")
		return false
	}
	if len(s.running) >= operationsOfSocket {
		s.refuse(ctx, m.ID, refuse(0, fault.New(fault.TooManySubscriptions,
			"The connection has %d operations under way, and may have no more.", operationsOfSocket)).response)
		return true
	}
	leave, refused := s.callers.take(auth.From(ctx).Actor())
	if refused != nil {
		s.refuse(ctx, m.ID, refused.response)
		return true
	}
	running, cancel := context.WithCancel(ctx)
	s.running[m.ID] = &cancel
	s.group.Go(func() {
		defer leave()
		defer cancel()
		last := s.run(running, m)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.running[m.ID] == &cancel { // and the client has not ended it
			delete(s.running, m.ID)
			if errors.Is(context.Cause(ctx), errGone) {
				return // it is not complete
			}
			s.write(ctx, last)
		}
	})
	return true
}

// run executes an operation, sends its results but the last message, and returns that.
func (s *socket) run(ctx context.Context, m message) (last message) {
	ctx = withCauses(ctx)
	defer s.recovered(ctx, func(told *graphql.Response) { last = errorMessage(m.ID, told) })
	operation, refused := s.found(ctx, s.exec, s.request.Header, m.Payload, (*asked).fromJSON)
	if refused != nil {
		return errorMessage(m.ID, s.sealed(ctx, refused.response))
	}
	last = message{ID: m.ID, Type: messageComplete}
	told := &following{transport: s.transport, ctx: ctx, exec: s.exec, operation: operation, tell: func(result *graphql.Response) bool {
		if result == nil {
			return false
		}
		if len(result.Data) == 0 { // it was not executed
			last = errorMessage(m.ID, result)
			return false
		}
		s.write(ctx, message{m.ID, messageNext, inJSON(result)})
		return true
	}}
	told.begin()
	told.run()
	return last
}

// refuse tells that an operation is not executed.
func (s *socket) refuse(ctx context.Context, id string, response *graphql.Response) {
	s.write(ctx, errorMessage(id, response))
}

// errorMessage is the one that ends an operation that is not executed.
func errorMessage(id string, response *graphql.Response) message {
	payload, err := json.Marshal(response.Errors)
	if err != nil {
		panic(err)
	}
	return message{id, messageError, payload}
}

// write sends a message. A client that does not take it in time is cut off.
func (s *socket) write(ctx context.Context, m message) {
	text, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	// An operation that is cancelled meanwhile must not take the connection with it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.pace.write)
	defer cancel()
	_ = s.conn.Write(ctx, websocket.MessageText, text) // an error ends the next read too
}

// ask asks the client whether it is there, if it has been heard since it was asked last,
// and ends the connection otherwise.
func (s *socket) ask(ctx context.Context) {
	switch {
	case ctx.Err() != nil:
		return
	case !s.heard.Swap(false):
		_ = s.conn.CloseNow() // nobody is there to be told why
		return
	}
	s.write(ctx, message{Type: messagePing})
	s.asking.Reset(s.pace.ping)
}

// end closes the connection, and tells why.
func (s *socket) end(code websocket.StatusCode, why string) {
	_ = s.conn.Close(code, why) // an error means that the client closed it first
}
