package limits

import (
	"encoding/json"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"vodgraph/fault"
	"vodgraph/jsonwalk"
	"vodgraph/syntax"
)

// Asked is a request as it may be sent.
type Asked struct {
	Document string
	// Variables are sound JSON, or nothing.
	Variables     json.RawMessage
	OperationName string
}

// Explanation is what a request would come to, of which nothing is done. Figures that are
// not known, because it was refused before, are 0.
type Explanation struct {
	Cost, NodesAtWorst, Statements, Depth, Aliases, Tokens int
	// RefusedBy is the code that it would be refused with, for being over a limit; nil for
	// none.
	RefusedBy *fault.Code
	// Errors are why it is not valid, up to limits.Errors.
	Errors []string
}

// Explain measures a request as it is measured before it is executed, in the same order
// and within the same limits: what is over one of them is not looked at further.
func (l Request) Explain(schema *ast.Schema, a Asked) Explanation {
	x := &Explanation{Errors: []string{}}
	text, malformed := syntax.Text(a.Document)
	if malformed != nil {
		x.add(malformed)
		return *x
	}
	a.Document = text
	figures, refused := l.Document(a.Document)
	x.Tokens, x.Depth, x.Aliases = figures.Tokens, figures.Depth, figures.Aliases
	if refused != nil {
		x.RefusedBy = &refused.Code
		return *x
	}
	if refused := l.Variables(schema, a); refused != nil {
		x.RefusedBy = &refused.Code
		return *x
	}
	operation, variables := x.read(schema, a)
	if operation == nil {
		return *x
	}
	figures, refused = l.Operation(schema, figures, operation, variables)
	x.Cost, x.NodesAtWorst = figures.Cost, figures.Nodes
	if refused != nil {
		x.RefusedBy = &refused.Code
		return *x
	}
	x.Statements = statements(schema, operation, variables)
	return *x
}

func (x *Explanation) read(schema *ast.Schema, a Asked) (*ast.OperationDefinition, map[string]any) {
	doc, err := parser.ParseQuery(&ast.Source{Input: a.Document})
	if err != nil {
		x.add(err)
		return nil, nil
	}
	for _, wrong := range syntax.Validate(schema, doc) {
		x.add(wrong)
	}
	operation := doc.Operations.ForName(a.OperationName)
	switch {
	case len(x.Errors) > 0:
		return nil, nil
	case len(doc.Operations) == 0:
		x.add(fault.New(fault.Required, "The document has no operation."))
	case operation == nil && a.OperationName == "":
		x.add(fault.New(fault.Required, "The document has several operations; name the one to run."))
	case operation == nil:
		x.add(fault.New(fault.GraphQLValidationFailed, "The document has no operation of the name %q.", a.OperationName))
	}
	if operation == nil {
		return nil, nil
	}
	var given map[string]any
	if len(a.Variables) > 0 {
		given, _ = jsonwalk.Over(a.Variables).Value().(map[string]any) // what is no object is none
	}
	misfit := syntax.Integers(schema, operation, given)
	variables, err := validator.VariableValues(schema, operation, given)
	switch {
	case misfit != nil:
		x.add(misfit)
		return nil, nil
	case err != nil:
		x.add(err)
		return nil, nil
	}
	return operation, variables
}

func (x *Explanation) add(err error) {
	if len(x.Errors) == Errors {
		return
	}
	message := err.Error()
	switch e := err.(type) {
	case *fault.Fault:
		message = e.Message
	case *gqlerror.Error:
		message = e.Message
		if len(e.Path) > 0 {
			message = e.Path.String() + ": " + message
		}
	}
	x.Errors = append(x.Errors, fault.New(fault.Invalid, "%s", message).Message)
}
