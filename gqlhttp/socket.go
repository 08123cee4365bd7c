package gqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/fault"
)

// The close codes of the protocol.
const (
	closeBadRequest     websocket.StatusCode = 4400
	closeUnauthorized   websocket.StatusCode = 4401
	closeForbidden      websocket.StatusCode = 4403
	closeNotAcceptable  websocket.StatusCode = 4406
	closeInitTimeout    websocket.StatusCode = 4408
	closeSubscriberIsOn websocket.StatusCode = 4409
	closeTooManyInits   websocket.StatusCode = 4429
)

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

const maxSocketOperations = 100

type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

type socket struct {
	server  *sockets
	exec    graphql.GraphExecutor
	request *http.Request
	conn    *websocket.Conn

	heard   atomic.Bool // something, since the client was asked
	asking  *time.Timer // asks the client whether it is there
	mu      sync.Mutex
	running map[string]*context.CancelFunc
	group   sync.WaitGroup
}

func (s *socket) serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(withCauses(ctx))
	defer s.server.presenter.recovered(ctx, func(*graphql.Response) { s.end(websocket.StatusInternalError, "Internal error") })
	defer s.group.Wait()
	defer cancel()
	defer func() { _ = s.conn.CloseNow() }() // it may be closed already
	defer context.AfterFunc(s.server.closing, func() { s.end(websocket.StatusGoingAway, "The server ends") })()
	if s.conn.Subprotocol() != socketProtocol {
		s.end(closeNotAcceptable, "Subprotocol not acceptable")
		return
	}
	s.conn.SetReadLimit(int64(s.server.maxMessage) << 10)
	late := time.AfterFunc(s.server.Pace.Init, func() { s.end(closeInitTimeout, "Connection initialisation timeout") })
	defer late.Stop()
	s.heard.Store(true)
	s.asking = time.AfterFunc(math.MaxInt64, func() { s.ask(ctx) })
	s.asking.Reset(s.server.Pace.Ping) // now that the one who asks knows of it
	defer s.asking.Stop()
	caller := ctx // operations end with the caller, and the reading when the close code was sent
	for ready := false; ; s.heard.Store(true) {
		m, ok := s.next(ctx)
		switch {
		case !ok:
			return
		case m.Type == messageInit && ready:
			s.end(closeTooManyInits, "Too many initialisation requests")
			return
		case m.Type == messageInit:
			known, end := s.authenticate(ctx, m.Payload)
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

// endsWith closes the connection when the caller's key is revoked or ctx ends.
func (s *socket) endsWith(ctx context.Context, cancel func()) (stop func() bool) {
	return context.AfterFunc(ctx, func() {
		if errors.Is(context.Cause(ctx), access.ErrRevoked) {
			s.end(closeForbidden, "Forbidden") // which ends the reading, after the close code was sent
			return
		}
		cancel()
	})
}

// authenticate is a context with the caller: by the key that came with the request, or that
// comes now, as Authorization. It is nil for nobody.
func (s *socket) authenticate(ctx context.Context, payload json.RawMessage) (known context.Context, end func()) {
	caller := auth.From(ctx)
	if caller == access.Anonymous {
		header := http.Header{}
		var shown map[string]any
		_ = json.Unmarshal(payload, &shown) // what is no object shows nothing
		for name, value := range shown {
			if text, ok := value.(string); ok {
				header.Add(name, text)
			}
		}
		secret, ok := access.Bearer(header)
		if !ok || secret == "" {
			return nil, nil
		}
		var err error
		if caller, err = s.server.middleware.CallerOf(s.request, secret); err != nil {
			return nil, nil
		}
	}
	return s.server.middleware.Track(ctx, caller)
}

// next reads a message. It is false where the connection is over, or ended because of
// what was sent.
func (s *socket) next(ctx context.Context) (m message, ok bool) {
	kind, text, err := s.conn.Read(ctx)
	if err != nil {
		return m, false // the library has sent the close code, where the client is still there
	}
	if kind != websocket.MessageText || !utf8.Valid(text) || json.Unmarshal(text, &m) != nil {
		s.end(closeBadRequest, "Invalid message")
		return m, false
	}
	return m, true
}

// take is false where the message ends the connection.
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

// subscribe is false where that ends the connection.
func (s *socket) subscribe(ctx context.Context, m message) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[m.ID] != nil {
		s.end(closeSubscriberIsOn, "Subscriber already exists")
		return false
	}
	if len(s.running) >= maxSocketOperations {
		s.refuse(ctx, m.ID, fault.New(fault.TooManySubscriptions,
			"The connection has %d operations under way, and may have no more.", maxSocketOperations))
		return true
	}
	leave, refused := s.server.callers.Acquire(auth.From(ctx).Actor())
	if refused != nil {
		s.refuse(ctx, m.ID, refused)
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
			if errors.Is(context.Cause(ctx), access.ErrRevoked) {
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
	presenter := s.server.presenter
	defer presenter.recovered(ctx, func(shown *graphql.Response) { last = errorMessage(m.ID, shown) })
	operation, refused := s.server.preparer.read(ctx, s.exec, s.request.Header, m.Payload, (*request).fromJSON)
	if refused != nil {
		return errorMessage(m.ID, presenter.seal(ctx, refused.response))
	}
	last = message{ID: m.ID, Type: messageComplete}
	s.server.follow(ctx, s.exec, operation, func(result *graphql.Response) bool {
		if len(result.Data) == 0 { // it was not executed
			last = errorMessage(m.ID, result)
			return false
		}
		s.write(ctx, message{m.ID, messageNext, inJSON(result)})
		return true
	})
	return last
}

func (s *socket) refuse(ctx context.Context, id string, f *fault.Fault) {
	s.write(ctx, errorMessage(id, invalidDocument(f).response))
}

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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.server.Pace.write)
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
		_ = s.conn.CloseNow() // no client is there to receive a close code
		return
	}
	s.write(ctx, message{Type: messagePing})
	s.asking.Reset(s.server.Pace.Ping)
}

func (s *socket) end(code websocket.StatusCode, why string) {
	_ = s.conn.Close(code, why) // an error means that the client closed it first
}
