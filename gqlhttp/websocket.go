package gqlhttp

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"vodgraph/access"
	"vodgraph/fault"
)

// socketProtocol is what is spoken over WebSockets.
// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
const socketProtocol = "graphql-transport-ws"

// Pace is how long a connection waits.
type Pace struct {
	// Init is for the first message.
	Init time.Duration
	// Ping is how often a client is asked whether it is there. One that is silent from one
	// question to the next is not.
	Ping time.Duration
	// write is for a client to take a message.
	write time.Duration
}

func usualPace() Pace {
	return Pace{Init: 10 * time.Second, Ping: 25 * time.Second, write: 10 * time.Second}
}

type sockets struct {
	*subscriptions
	preparer *preparer
	// middleware authenticates by the first message, where the request had no key.
	middleware *access.Middleware
	// addresses limits the sockets of each address.
	addresses *access.ConnectionLimiter
	// maxMessage is how large a message may be, in KB.
	maxMessage int
	open       sync.WaitGroup
}

func newSockets(s *subscriptions, p *preparer, config Protocol) *sockets {
	return &sockets{subscriptions: s, preparer: p, addresses: access.NewConnectionLimiter(config.MaxSubscriptions), maxMessage: config.MaxBody}
}

func (s *sockets) wait(ctx context.Context) error {
	over := make(chan struct{})
	go func() {
		s.open.Wait()
		close(over)
	}()
	select {
	case <-over:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *sockets) upgrade(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) *httpError {
	leave, refused := s.addresses.Acquire(s.middleware.Address(r))
	if refused != nil {
		return newHTTPError(http.StatusTooManyRequests, refused)
	}
	shake := &handshake{ResponseWriter: w}
	conn, err := websocket.Accept(shake, r, &websocket.AcceptOptions{
		Subprotocols:       []string{socketProtocol},
		InsecureSkipVerify: true, // the transport has verified it, with the origins that are allowed
	})
	if err != nil {
		leave()
		return newHTTPError(shake.status, fault.New(fault.Invalid, "The WebSocket's handshake is malformed."))
	}
	ctx := context.WithoutCancel(r.Context()) // the request is over, and the connection the socket's own
	opened := &socket{server: s, exec: exec, request: r.WithContext(ctx), conn: conn, running: map[string]*context.CancelFunc{}}
	s.open.Go(func() {
		defer leave()
		opened.serve(ctx)
	})
	return nil
}

// handshake keeps the library's own refusals back, which repeat what was sent.
type handshake struct {
	http.ResponseWriter
	status int
}

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

func (h *handshake) Unwrap() http.ResponseWriter { return h.ResponseWriter }
