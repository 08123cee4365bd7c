package gqlhttp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/fault"
	"vodgraph/syntax"
)

// presenter turns what went wrong into what a client sees. Every error it
// returns has a code of fault.Codes in extensions.code:
//
//   - a fault has its own code and sentence, and in extensions.field its place
//     in what was sent;
//   - what the executor finds wrong with a document, its variables or its
//     arguments has GRAPHQL_PARSE_FAILED or GRAPHQL_VALIDATION_FAILED;
//   - what fails because the request took too long has TIMEOUT;
//   - all else is INTERNAL with a reference in extensions.reference, and the
//     cause is in the log only, under that reference.
type presenter struct {
	log *slog.Logger
	// reference makes a short word that the log can be searched for.
	reference func() string
}

// NewPresenter makes a presenter that logs causes under the references that it makes.
func NewPresenter(log *slog.Logger, reference func() string) *presenter {
	return &presenter{log: log, reference: reference}
}

type panicError struct {
	value any
	stack []byte
}

func (b *panicError) Error() string { return fmt.Sprintf("panic: %v", b.value) }

func (p *presenter) catch(_ context.Context, value any) error {
	return newPanicError(value)
}

// recovered, deferred, hands on the response that a panic makes.
func (p *presenter) recovered(ctx context.Context, send func(*graphql.Response)) {
	if value := recover(); value != nil {
		send(&graphql.Response{Errors: gqlerror.List{p.present(ctx, newPanicError(value))}})
	}
}

// seal is a response as it may go out: an error that came past the presenter goes
// through it now, so that none leaves without a code.
func (p *presenter) seal(ctx context.Context, response *graphql.Response) *graphql.Response {
	for i, shown := range response.Errors {
		if !known(shown.Extensions["code"]) {
			response.Errors[i] = p.present(ctx, shown)
		}
	}
	return response
}

func newPanicError(value any) error { return &panicError{value: value, stack: debug.Stack()} }

// present is the executor's error presenter. The path of the result must stay
// that of the field: the executor looks errors up by it.
func (p *presenter) present(ctx context.Context, err error) *gqlerror.Error {
	shown := &gqlerror.Error{}
	var engine *gqlerror.Error // the executor's own, or its wrapping of ours
	if errors.As(err, &engine) {
		shown.Locations = engine.Locations
	}
	field := graphql.GetFieldContext(ctx)
	if field != nil {
		shown.Path = field.Path()
	}

	refusal := fault.In(err)
	var panicked *panicError
	switch {
	case errors.As(err, &panicked):
		p.hide(ctx, err, shown)
	case refusal != nil:
		place := refusal.Field
		if len(place) == 0 && misread(field) && engine != nil {
			place = argument(engine.Path, shown.Path)
		}
		writeFault(shown, refusal.At(place...))
		if refusal.Code == fault.Timeout && field != nil && inMutation(ctx) {
			shown.Extensions["outcome"] = outcomeNotBegun
		}
	case engine != nil && misread(field):
		unfit := fault.New(fault.GraphQLValidationFailed, "This value does not fit its type: %s.", engine.Message)
		writeFault(shown, unfit.At(argument(engine.Path, shown.Path)...))
	case engine != nil && field == nil && known(engine.Extensions["code"]):
		writeFault(shown, documentFault(ctx, engine))
	case timedOut(ctx):
		p.writeTimeout(ctx, shown)
		p.log.DebugContext(ctx, "a request timed out", "path", shown.Path.String(), "error", cause(err))
	default:
		p.hide(ctx, err, shown)
	}
	return shown
}

// writeTimeout writes that the time of the request ended, and of a mutation what is known of its field:
// below the field it is done, as its payload was there.
func (p *presenter) writeTimeout(ctx context.Context, shown *gqlerror.Error) {
	if !inMutation(ctx) || len(shown.Path) == 0 {
		writeFault(shown, timeoutFault())
		return
	}
	outcome := outcomeUnknown
	if len(shown.Path) > 1 {
		outcome = outcomeDone
	}
	writeFault(shown, interrupted(outcome))
	shown.Extensions["outcome"] = outcome
}

func writeFault(shown *gqlerror.Error, refusal *fault.Fault) {
	shown.Message = refusal.Message
	shown.Extensions = map[string]any{"code": string(refusal.Code)}
	if len(refusal.Field) > 0 {
		shown.Extensions["field"] = refusal.Field
	}
	if m := refusal.Measured; m != nil {
		shown.Extensions["measured"], shown.Extensions["limit"] = m.Figure, m.Limit
	}
	if refusal.RetryAfter > 0 {
		shown.Extensions["retryAfter"] = refusal.RetryAfter
	}
}

func (p *presenter) hide(ctx context.Context, err error, shown *gqlerror.Error) {
	reference, first := causesOf(ctx).note(cause(err), p.reference)
	shown.Message = "internal error"
	shown.Extensions = map[string]any{"code": string(fault.Internal), "reference": reference}
	if !first {
		return
	}
	about := []any{"reference", reference, "path", shown.Path.String(), "error", cause(err)}
	level := slog.LevelError
	var panicked *panicError
	switch {
	case errors.As(err, &panicked):
		about = append(about, "stack", string(panicked.stack))
	case ctx.Err() != nil:
		level = slog.LevelDebug // nobody waits for the answer any more
	}
	p.log.Log(ctx, level, "a request failed", about...)
}

// cause is the error below what the executor wrapped around it.
func cause(err error) error {
	var engine *gqlerror.Error
	for errors.As(err, &engine) && engine.Err != nil {
		err = engine.Err
	}
	return err
}

// misread reports whether the executor failed to read the arguments of a field:
// it has some, and they were not set.
func misread(field *graphql.FieldContext) bool {
	if field == nil || field.Args != nil || field.Field.Field == nil || field.Field.Definition == nil {
		return false
	}
	return len(field.Field.Definition.Arguments) > 0
}

func argument(whole, field ast.Path) []string {
	if len(whole) < len(field) {
		return nil
	}
	return words(whole[len(field):])
}

// documentFault is what the executor found wrong with a document or its
// variables, as a fault. A value of a variable has its place from the argument down.
func documentFault(ctx context.Context, found *gqlerror.Error) *fault.Fault {
	code := fault.GraphQLValidationFailed
	if found.Extensions["code"] == string(fault.GraphQLParseFailed) {
		code = fault.GraphQLParseFailed
	}
	place := words(found.Path)
	if len(place) < 2 || place[0] != "variable" {
		return fault.New(code, "%s", found.Message).At(place...)
	}
	place[0] = "variables" // as a request names them
	refused := fault.New(code, "The variable $%s does not fit its type: %s.", strings.Join(place[1:], "."), found.Message)
	if graphql.HasOperationContext(ctx) {
		asked := graphql.GetOperationContext(ctx)
		place = syntax.Place(asked.Doc, asked.Operation, place)
	}
	return refused.At(place...)
}

func words(path ast.Path) []string {
	var place []string
	for _, element := range path {
		switch e := element.(type) {
		case ast.PathName:
			place = append(place, string(e))
		case ast.PathIndex:
			place = append(place, strconv.Itoa(int(e)))
		}
	}
	return place
}

func known(code any) bool {
	text, ok := code.(string)
	return ok && slices.Contains(fault.Codes(), fault.Code(text))
}

// causes are the causes that a request has met, with their references. One that
// fails a list fails each of its rows with the same error, and is logged once.
type causes struct {
	mu         sync.Mutex
	references map[error]string
}

type causesKey struct{}

func withCauses(ctx context.Context) context.Context {
	return context.WithValue(ctx, causesKey{}, &causes{references: map[error]string{}})
}

func causesOf(ctx context.Context) *causes {
	if c, ok := ctx.Value(causesKey{}).(*causes); ok {
		return c
	}
	return &causes{references: map[error]string{}}
}

// note returns the reference of a cause, and whether it is new.
func (c *causes) note(err error, reference func() string) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	comparable := reflect.TypeOf(err).Comparable()
	if comparable && c.references[err] != "" {
		return c.references[err], false
	}
	made := reference()
	if comparable {
		c.references[err] = made
	}
	return made, true
}
