package resolvers

import (
	"bytes"
	"context"
	"encoding/json"

	"vodgraph/cost"
	"vodgraph/fault"
)

// Explain tells what a document would come to. It refuses with fault.Invalid variables
// that are no object.
func (q query) Explain(_ context.Context, document string, variables json.RawMessage, operationName *string) (*cost.Explanation, error) {
	asked := cost.Asked{Document: document}
	if operationName != nil {
		asked.OperationName = *operationName
	}
	if len(variables) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(variables))
		decoder.UseNumber() // as those of a request are read
		if err := decoder.Decode(&asked.Variables); err != nil {
			return nil, fault.New(fault.Invalid, "The variables must be an object.").At("variables")
		}
	}
	explained := q.Root.Explain(asked)
	return &explained, nil
}
