package gqlhttp

import (
	"context"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/fault"
	"vodgraph/syntax"
)

// maxShownErrors is how many errors of a document are shown: a small document can have so
// many that the answer is a hundred times as large.
const maxShownErrors = 20

// preparer makes an operation of the text of a request: it reads it, finds its document,
// and checks both against the limits.
type preparer struct {
	executor *executor
	// maxQuery is in KB.
	maxQuery int
	// Persisted has the documents that are named and not sent.
	Persisted *persisted
	// limit measures requests before they are read; gqlgen has it, too.
	limit *costLimit
}

// read reads the text of a request, which takes the processor, and prepares what it asks
// for.
func (p *preparer) read(ctx context.Context, exec graphql.GraphExecutor, header http.Header, text []byte, read func(*request, []byte) *httpError) (*graphql.OperationContext, *httpError) {
	waiting, cancel := context.WithTimeoutCause(ctx, p.executor.Patience, errTimedOut)
	defer cancel()
	leave := p.executor.acquireHeavySlot(waiting, len(text) > heavyBody)
	if leave == nil {
		return nil, overloaded(waiting)
	}
	defer leave()
	var sent request
	start := graphql.Now()
	if refused := read(&sent, text); refused != nil {
		return nil, refused
	}
	return p.prepare(ctx, exec, sent, &graphql.RawParams{Headers: header, ReadTime: graphql.TraceTiming{Start: start, End: graphql.Now()}})
}

func (p *preparer) prepare(ctx context.Context, exec graphql.GraphExecutor, sent request, params *graphql.RawParams) (*graphql.OperationContext, *httpError) {
	if refused := p.findDocument(ctx, &sent); refused != nil {
		return nil, refused
	}
	if refused := p.limit.request(ctx, &sent); refused != nil {
		return nil, invalidDocument(refused)
	}
	if refused := object("variables", sent.RawVariables, &sent.Variables); refused != nil {
		return nil, refused
	}
	misfit := syntax.IntegersOf(p.limit.schema, sent.Query, sent.OperationName, sent.Variables)
	params.Query, params.OperationName = sent.Query, sent.OperationName
	params.Variables, params.Extensions = sent.Variables, sent.Extensions
	operation, errs := exec.CreateOperationContext(ctx, params)
	if misfit != nil && (errs == nil || ofVariables(errs)) {
		return nil, invalidDocument(misfit)
	}
	if errs == nil {
		p.Persisted.store(ctx, sent)
		return operation, nil
	}
	if ambiguous := chooseOperation(operation); ambiguous != nil {
		return nil, ambiguous
	}
	errs = syntax.Causes(errs)
	errs = errs[:min(len(errs), maxShownErrors)]
	return nil, &httpError{0, exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs)}
}

// findDocument finds the document of a request, and refuses one that is none or too long. A
// document of the server's own list may be of any length.
func (p *preparer) findDocument(ctx context.Context, sent *request) *httpError {
	if len(sent.Query) > p.maxQuery<<10 {
		return newHTTPError(http.StatusRequestEntityTooLarge, fault.New(fault.QueryTooLarge,
			"The document is larger than %d KB, the most that is taken. Values belong into variables, and the changes of many assets are sent to %s.",
			p.maxQuery, BulkEndpoint).At("query"))
	}
	if refused := p.Persisted.find(ctx, sent); refused != nil {
		return refused
	}
	if strings.TrimSpace(sent.Query) == "" {
		return badRequest(fault.New(fault.Required, "The request has no GraphQL document.").At("query"))
	}
	text, malformed := syntax.Text(sent.Query)
	if malformed != nil {
		refused := invalidDocument(fault.In(malformed))
		refused.response.Errors[0].Locations = malformed.Locations
		return refused
	}
	sent.Query = text
	return nil
}

func ofVariables(errs gqlerror.List) bool {
	return len(errs[0].Path) > 0 && errs[0].Path[0] == ast.PathName("variable")
}

// chooseOperation refuses a document of which it is not clear what to run, and is nil
// where something else is wrong.
func chooseOperation(operation *graphql.OperationContext) *httpError {
	if operation.Doc == nil || operation.Operation != nil {
		return nil
	}
	f := fault.New(fault.GraphQLValidationFailed, "The document has no operation of the name %q.", operation.OperationName)
	if operation.OperationName == "" {
		f = fault.New(fault.Required, "The document has several operations; name the one to run.")
	}
	return invalidDocument(f.At("operationName"))
}
