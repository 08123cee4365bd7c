package cost_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/cost"
	"vodgraph/fault"
)

func code(c fault.Code) *fault.Code { return &c }

// TestExplain explains documents that are right, over a limit, and wrong.
func TestExplain(t *testing.T) {
	t.Parallel()
	s := schema(t)
	two := "query A { tag(name: \"x\") { id } } query B { categories { id } }"
	for name, c := range map[string]struct {
		asked cost.Asked
		want  cost.Explanation
	}{
		"right": {cost.Asked{Document: "query($n: Int) { all: assets(first: $n) { nodes { id } } }", Variables: json.RawMessage(`{"n": 7}`)},
			cost.Explanation{Cost: 7, NodesAtWorst: 7, Statements: 1, Depth: 3, Aliases: 1, Tokens: 24}},
		"a name":            {cost.Asked{Document: two, OperationName: "B"}, cost.Explanation{Cost: 50, NodesAtWorst: 50, Statements: 1, Depth: 2, Tokens: 21}},
		"itself":            {cost.Asked{Document: "{ explain(document: \"{ explain }\") { cost } }"}, cost.Explanation{Cost: 101, NodesAtWorst: 1, Depth: 2, Tokens: 11}},
		"too many tokens":   {cost.Asked{Document: strings.Repeat("x ", 6000)}, cost.Explanation{Tokens: 5001, RefusedBy: code(fault.TooManyTokens)}},
		"too many nodes":    {cost.Asked{Document: "{ assets(first: 100) { nodes { categories { assets(first: 100) { nodes { tags { id } } } } } } }"}, cost.Explanation{Cost: 3520300, NodesAtWorst: 220300, Depth: 7, Tokens: 31, RefusedBy: code(fault.TooManyNodes)}},
		"several mutations": {cost.Asked{Document: "mutation { tagDelete(name: \"x\") { revision } b: tagDelete(name: \"y\") { revision } }"}, cost.Explanation{Cost: 2, NodesAtWorst: 2, Depth: 2, Aliases: 1, Tokens: 23}},
		"many mutations":    {cost.Asked{Document: "mutation { " + many(11, "a#: tagDelete(name: \"x\") { revision }") + "}"}, cost.Explanation{Cost: 11, NodesAtWorst: 11, Depth: 2, Aliases: 11, Tokens: 124, RefusedBy: code(fault.TooManyMutations)}},
		"no operation":      {cost.Asked{Document: "fragment F on Query { categories { id } }"}, cost.Explanation{Tokens: 10, Errors: []string{`Fragment "F" is never used.`}}},
		"no name":           {cost.Asked{Document: two}, cost.Explanation{Depth: 2, Tokens: 21, Errors: []string{"The document has several operations; name the one to run."}}},
		"another name":      {cost.Asked{Document: two, OperationName: "C"}, cost.Explanation{Depth: 2, Tokens: 21, Errors: []string{`The document has no operation of the name "C".`}}},
		"an unknown field":  {cost.Asked{Document: "{ nothing }"}, cost.Explanation{Depth: 1, Tokens: 3, Errors: []string{`Cannot query field "nothing" on type "Query".`}}},
		"no document":       {cost.Asked{Document: ""}, cost.Explanation{Errors: []string{"The document has no operation."}}},
		"broken off":        {cost.Asked{Document: "{ a"}, cost.Explanation{Tokens: 2, Errors: []string{"Expected Name, found <EOF>"}}},
		"brackets":          {cost.Asked{Document: strings.Repeat("{ a ", 201)}, cost.Explanation{Errors: []string{"The document has brackets more than 200 deep."}}},
		"a bad variable":    {cost.Asked{Document: "query($n: Int!) { assets(first: $n) { nodes { id } } }"}, cost.Explanation{Depth: 3, Tokens: 23, Errors: []string{"variable.n: must be defined"}}},
	} {
		got := cost.Default().Explain(s, c.asked)
		if c.want.Errors == nil {
			c.want.Errors = []string{}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: wanted (-), is (+)\n%s", name, diff)
		}
	}
}

// TestErrorsAreFewAndShort tells of what is wrong in short, however much it is.
func TestErrorsAreFewAndShort(t *testing.T) {
	t.Parallel()
	x := cost.Default().Explain(schema(t), cost.Asked{Document: "{ " + many(90, strings.Repeat("x", 500)+"#") + "}"})
	if len(x.Errors) != 20 {
		t.Errorf("there are %d errors", len(x.Errors))
	}
	for _, told := range x.Errors {
		if len([]rune(told)) > 210 {
			t.Errorf("it says %s", told)
		}
	}
}
