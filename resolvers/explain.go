package resolvers

import (
	"context"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"

	"vodgraph/fault"
	"vodgraph/jsonwalk"
	"vodgraph/limits"
)

// Explain returns what a document would come to. It refuses with fault.Invalid variables
// that are no object.
func (q query) Explain(_ context.Context, document string, variables json.RawMessage, operationName *string) (*limits.Explanation, error) {
	asked := limits.Asked{Document: document}
	if operationName != nil {
		asked.OperationName = *operationName
	}
	if len(variables) > 0 {
		if kind := jsonwalk.Over(variables).Kind(); kind != jsontext.KindBeginObject && kind != jsontext.KindNull {
			return nil, fault.New(fault.Invalid, "The variables must be an object.").At("variables")
		}
		asked.Variables = variables
	}
	explained := q.Root.Explain(asked)
	return &explained, nil
}
