package app

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/fault"
	"vodgraph/syntax"
)

// mostErrors is how many errors of a document are told: a small document can have so many
// that the answer is a hundred times as large.
const mostErrors = 20

// methods are those of the graph.
const methods = "OPTIONS, GET, POST"

// transport is GraphQL over HTTP: POST of a JSON object, GET for queries, OPTIONS;
// subscriptions as a stream of events, and over WebSockets. It takes the place of the
// executor's own transports because those write errors without code, and repeat a body
// that they could not read.
type transport struct {
	presenter *presenter
	// closing ends when the server does, and subscriptions with it.
	closing context.Context
	http    HTTP
	// persisted has the documents that are named and not sent.
	persisted *persisted
	// patience is the time that a request has to arrive, and again to be answered. It is
	// not for subscriptions.
	patience time.Duration
	// pace is that of WebSockets, and sockets counts them, as the HTTP server forgets them.
	pace    pace
	sockets *sync.WaitGroup
	// queue lets only so many operations run at once, and heavy fewer of those that are.
	queue, heavy *queue
	// callers are the places of those who subscribe, by what history calls them, and
	// addresses those of the sockets that come from one.
	callers, addresses *places
	// limit measures requests before they are read; the executor has it, too.
	limit *costLimit
	// courtesy is told of each query and mutation; nil where nothing is to give way.
	courtesy *courtesy
	// guard finds out who speaks over a WebSocket, where that is told by its first message.
	guard *guard
	// tracing tells of operations, if anybody is to be told.
	tracing tracing
}

// newTransport makes the transport of a server that ends when the context closing does.
// It refuses a list of documents that cannot be read.
func newTransport(closing context.Context, p *presenter, config HTTP) (*transport, error) {
	named, err := newPersisted(config, p.log)
	return &transport{presenter: p, closing: closing, http: config, persisted: named,
		patience: time.Duration(config.RequestTimeout) * time.Second, pace: usualPace(), sockets: &sync.WaitGroup{}, queue: usualQueue(), heavy: heavyQueue(),
		callers: newPlaces(config.MaxSubscriptions), addresses: newPlaces(config.MaxSubscriptions)}, err
}

// Supports has the transport see every request.
func (t *transport) Supports(*http.Request) bool { return true }

// Do answers a request.
//
// What a stream of events does not need is in functions that are not inlined: Do and execute
// stay on its stack for as long as it lasts.
func (t *transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	out := &reply{t, w, r, t.offers()[0]}
	ctx := withCauses(r.Context())
	defer out.caught(ctx)
	switch {
	case upgrades(r):
		out.upgrade(exec)
	case r.Method == http.MethodOptions:
		out.tellMethods()
	default:
		if operation := out.understood(ctx, exec); operation != nil {
			out.execute(ctx, exec, operation)
		}
	}
}

// tellMethods answers how the graph can be asked.
//
//go:noinline
func (r *reply) tellMethods() {
	r.Header().Set("Allow", methods)
	r.WriteHeader(http.StatusNoContent)
}

// understood is what a request asks for; nil where it is refused, which is answered.
//
//go:noinline
func (r *reply) understood(ctx context.Context, exec graphql.GraphExecutor) *graphql.OperationContext {
	operation, refused := r.understand(ctx, exec)
	if refused != nil {
		r.refuse(refused)
		return nil
	}
	return operation
}

// caught, deferred, answers that there was a panic.
func (r *reply) caught(ctx context.Context) {
	if value := recover(); value != nil {
		shown := r.presenter.present(ctx, caught(value))
		r.refuse(&refusal{http.StatusInternalServerError, &graphql.Response{Errors: gqlerror.List{shown}}})
	}
}

// understand finds out what a request asks for, and in which form.
func (r *reply) understand(ctx context.Context, exec graphql.GraphExecutor) (*graphql.OperationContext, *refusal) {
	arrived := r.arrives(r.ResponseWriter)
	if refused := r.negotiate(); refused != nil {
		return nil, refused
	}
	text, refused := r.receive(r.ResponseWriter, r.request)
	if refused != nil {
		return nil, refused
	}
	arrived()
	read := (*asked).fromBody
	if r.request.Method == http.MethodGet {
		read = (*asked).fromQuery
	}
	operation, refused := r.found(ctx, exec, r.request.Header, text, read)
	if operation != nil && r.request.Method == http.MethodGet && operation.Operation.Operation != ast.Query {
		r.Header().Set("Allow", "POST")
		refused = refuse(http.StatusMethodNotAllowed,
			fault.New(fault.MethodNotAllowed, "Only queries can be sent by GET; send this by POST.").At("query"))
	}
	return operation, refused
}

// found reads the text of a request, which takes the processor, and finds out what it asks
// for.
func (t *transport) found(ctx context.Context, exec graphql.GraphExecutor, header http.Header, text []byte, read func(*asked, []byte) *refusal) (*graphql.OperationContext, *refusal) {
	waiting, cancel := context.WithTimeoutCause(ctx, t.patience, errTimedOut)
	defer cancel()
	leave := t.alone(waiting, len(text) > heavyBody)
	if leave == nil {
		return nil, crowded(waiting)
	}
	defer leave()
	var sent asked
	start := graphql.Now()
	if refused := read(&sent, text); refused != nil {
		return nil, refused
	}
	return t.prepare(ctx, exec, sent, &graphql.RawParams{Headers: header, ReadTime: graphql.TraceTiming{Start: start, End: graphql.Now()}})
}

// turnAway answers one who is not let in, in the form that they want.
func (t *transport) turnAway(w http.ResponseWriter, r *http.Request, status int, err error) {
	_ = t.arrives(w) // and no later: the server reads the rest of it before the next
	out := &reply{t, w, r, plainJSON}
	_ = out.negotiate() // of what cannot be answered the usual form is
	shown := t.presenter.present(withCauses(r.Context()), err)
	out.refuse(&refusal{status, &graphql.Response{Errors: gqlerror.List{shown}}})
}

// recovered, deferred, hands on what is told of a panic.
func (t *transport) recovered(ctx context.Context, tell func(*graphql.Response)) {
	if value := recover(); value != nil {
		tell(&graphql.Response{Errors: gqlerror.List{t.presenter.present(ctx, caught(value))}})
	}
}

// negotiate finds the media type of the answer, and refuses what no document could
// make good.
func (r *reply) negotiate() *refusal {
	switch r.request.Method {
	case http.MethodGet:
		r.shareable()
		if foreign := origins(r.http.CORSOrigins).refuse(r.request); foreign != nil {
			return refuse(http.StatusForbidden, foreign)
		}
	case http.MethodPost:
	default:
		r.Header().Set("Allow", methods)
		return refuse(http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, "The method must be POST or GET."))
	}
	mediaType := acceptable(r.request.Header.Values("Accept"), r.offers())
	if mediaType == "" {
		return refuse(http.StatusNotAcceptable,
			fault.New(fault.NotAcceptable, "The answer is %s, %s or %s; accept one of them.", graphJSON, plainJSON, eventStream))
	}
	r.mediaType = mediaType
	return nil
}

// prepare finds, parses and checks the document that was sent.
func (t *transport) prepare(ctx context.Context, exec graphql.GraphExecutor, sent asked, params *graphql.RawParams) (*graphql.OperationContext, *refusal) {
	if refused := t.identify(ctx, &sent); refused != nil {
		return nil, refused
	}
	if refused := t.limit.request(ctx, &sent); refused != nil {
		return nil, unfit(refused)
	}
	if refused := object("variables", sent.RawVariables, &sent.Variables); refused != nil {
		return nil, refused
	}
	misfit := syntax.IntegersOf(t.limit.schema, sent.Query, sent.OperationName, sent.Variables)
	params.Query, params.OperationName = sent.Query, sent.OperationName
	params.Variables, params.Extensions = sent.Variables, sent.Extensions
	operation, errs := exec.CreateOperationContext(ctx, params)
	if misfit != nil && (errs == nil || ofVariables(errs)) {
		return nil, unfit(misfit)
	}
	if errs == nil {
		t.persisted.keep(ctx, sent)
		return operation, nil
	}
	if undetermined := choose(operation); undetermined != nil {
		return nil, undetermined
	}
	errs = syntax.Causes(errs)
	errs = errs[:min(len(errs), mostErrors)]
	return nil, &refusal{0, exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs)}
}

// ofVariables reports whether variables are what is wrong with a request.
func ofVariables(errs gqlerror.List) bool {
	return len(errs[0].Path) > 0 && errs[0].Path[0] == ast.PathName("variable")
}

// choose refuses a document of which it isn't clear what to run, and is nil
// where something else is wrong.
func choose(operation *graphql.OperationContext) *refusal {
	if operation.Doc == nil || operation.Operation != nil {
		return nil
	}
	f := fault.New(fault.GraphQLValidationFailed, "The document has no operation of the name %q.", operation.OperationName)
	if operation.OperationName == "" {
		f = fault.New(fault.Required, "The document has several operations; name the one to run.")
	}
	return unfit(f.At("operationName"))
}

// execute runs an operation, and answers with what comes of it.
func (r *reply) execute(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext) {
	switch {
	case r.mediaType == eventStream:
		r.stream(ctx, exec, operation)
	case operation.Operation.Operation == ast.Subscription:
		r.subscribe(ctx, exec, operation)
	default:
		r.once(ctx, exec, operation)
	}
}

// once answers with the one result of an operation.
//
//go:noinline
func (r *reply) once(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext) {
	switch response, whole := r.within(ctx, exec, operation); {
	case !whole:
		r.refuse(&refusal{http.StatusServiceUnavailable, response})
	case response != nil: // or nobody waits any more
		r.answer(response)
	}
}
