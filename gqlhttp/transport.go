// Package gqlhttp is GraphQL over HTTP: requests, events and WebSockets, files of changes
// at /bulk, and errors as a client sees them. It decides nothing about assets.
package gqlhttp

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/access"
	"vodgraph/fault"
	"vodgraph/limits"
)

const methods = "OPTIONS, GET, POST"

// Transport is GraphQL over HTTP: POST of a JSON object, GET for queries, OPTIONS;
// subscriptions as a stream of events, and over WebSockets. It replaces the executor's
// own transports because those write errors without code, and repeat a body that they
// could not read.
type Transport struct {
	presenter *presenter
	profile   string
	// maxBody is how large a request may be, in KB.
	maxBody int
	origins Origins
	// limits are those of a request; includeCost adds the cost to every response.
	limits      limits.Request
	includeCost bool
	Preparer    *preparer
	Executor    *executor
	Streams     *subscriptions
	sockets     *sockets
}

// NewTransport makes the transport of a server that ends when the context closing does.
// It refuses a list of documents that cannot be read. The throttle may be nil.
func NewTransport(closing context.Context, p *presenter, config Protocol, back throttle) (*Transport, error) {
	named, err := newPersisted(config, p.log)
	e := newExecutor(p, config)
	e.throttle = back
	prepare := &preparer{executor: e, maxQuery: config.MaxQuery, Persisted: named}
	subscribed := &subscriptions{presenter: p, executor: e, closing: closing, Pace: usualPace(), callers: access.NewConnectionLimiter(config.MaxSubscriptions)}
	return &Transport{
		presenter: p, profile: config.HTTPProfile, maxBody: config.MaxBody, origins: config.CORSOrigins,
		limits: config.CostLimits(), includeCost: config.IncludeCost,
		Preparer: prepare, Executor: e, Streams: subscribed,
		sockets: newSockets(subscribed, prepare, config),
	}, err
}

// AuthenticateBy sets the middleware that authenticates WebSockets by their first message.
func (t *Transport) AuthenticateBy(g *access.Middleware) { t.sockets.middleware = g }

// Wait waits for the WebSockets, which the HTTP server ends and does not wait for, until ctx
// ends.
func (t *Transport) Wait(ctx context.Context) error { return t.sockets.wait(ctx) }

// Supports accepts every request.
func (t *Transport) Supports(*http.Request) bool { return true }

// Do answers a request.
func (t *Transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	out := &responder{w, r, t.presenter, t.profile, offers(t.profile)[0]}
	ctx := withCauses(r.Context())
	defer t.presenter.recovered(ctx, func(shown *graphql.Response) { out.refuse(&httpError{http.StatusInternalServerError, shown}) })
	switch {
	case access.IsUpgrade(r):
		t.upgrade(out, exec)
	case r.Method == http.MethodOptions:
		out.Header().Set("Allow", methods)
		out.WriteHeader(http.StatusNoContent)
	default:
		operation, refused := t.prepare(ctx, out, exec)
		if refused != nil {
			out.refuse(refused)
			return
		}
		t.execute(ctx, out, exec, operation)
	}
}

// upgrade makes a WebSocket of a request. Browsers send these without asking, and with what
// they know of the user, so a page of another origin is refused as by GET.
func (t *Transport) upgrade(out *responder, exec graphql.GraphExecutor) {
	refused := refuseForeign(t.origins, out.request)
	if refused == nil {
		refused = t.sockets.upgrade(out.ResponseWriter, out.request, exec)
	}
	if refused != nil {
		out.refuse(refused)
	}
}

func refuseForeign(o Origins, r *http.Request) *httpError {
	if foreign := o.refuse(r); foreign != nil {
		return newHTTPError(http.StatusForbidden, foreign)
	}
	return nil
}

func (t *Transport) prepare(ctx context.Context, out *responder, exec graphql.GraphExecutor) (*graphql.OperationContext, *httpError) {
	arrived := t.Executor.deadline(out.ResponseWriter)
	if refused := t.negotiate(out); refused != nil {
		return nil, refused
	}
	text, refused := requestText(out.ResponseWriter, out.request, t.maxBody)
	if refused != nil {
		return nil, refused
	}
	arrived()
	read := (*request).fromBody
	if out.request.Method == http.MethodGet {
		read = (*request).fromQuery
	}
	operation, refused := t.Preparer.read(ctx, exec, out.request.Header, text, read)
	if operation != nil && out.request.Method == http.MethodGet && operation.Operation.Operation != ast.Query {
		out.Header().Set("Allow", "POST")
		refused = newHTTPError(http.StatusMethodNotAllowed,
			fault.New(fault.MethodNotAllowed, "Only queries can be sent by GET; send this by POST.").At("query"))
	}
	return operation, refused
}

// negotiate finds the media type of the answer, and refuses what no document could
// make good.
func (t *Transport) negotiate(out *responder) *httpError {
	switch out.request.Method {
	case http.MethodGet:
		out.shareable()
		if refused := refuseForeign(t.origins, out.request); refused != nil {
			return refused
		}
	case http.MethodPost:
	default:
		out.Header().Set("Allow", methods)
		return newHTTPError(http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, "The method must be POST or GET."))
	}
	mediaType := acceptable(out.request.Header.Values("Accept"), offers(t.profile))
	if mediaType == "" {
		return newHTTPError(http.StatusNotAcceptable,
			fault.New(fault.NotAcceptable, "The answer is %s, %s or %s; accept one of them.", graphJSON, plainJSON, eventStream))
	}
	out.mediaType = mediaType
	return nil
}

// Refuse answers one who is not let in, in the form that they want.
func (t *Transport) Refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	_ = t.Executor.deadline(w) // and no later: the server reads the rest of it before the next
	out := &responder{w, r, t.presenter, t.profile, plainJSON}
	_ = t.negotiate(out) // of what cannot be answered the usual form is
	shown := t.presenter.present(withCauses(r.Context()), err)
	out.refuse(&httpError{status, &graphql.Response{Errors: gqlerror.List{shown}}})
}

func (t *Transport) execute(ctx context.Context, out *responder, exec graphql.GraphExecutor, operation *graphql.OperationContext) {
	switch {
	case out.mediaType == eventStream || operation.Operation.Operation == ast.Subscription && out.acceptsEvents():
		t.Streams.stream(ctx, out, exec, operation)
	case operation.Operation.Operation == ast.Subscription:
		out.refuse(newHTTPError(http.StatusNotAcceptable,
			fault.New(fault.NotAcceptable, "A subscription is answered as a stream: send Accept: %s.", eventStream)))
	default:
		switch response, whole := t.Executor.execute(ctx, exec, operation); {
		case !whole:
			out.refuse(&httpError{http.StatusServiceUnavailable, response})
		case response != nil: // or nobody waits any more
			out.answer(response)
		}
	}
}
