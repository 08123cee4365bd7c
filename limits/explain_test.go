package limits_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/fault"
	"vodgraph/limits"
)

func code(c fault.Code) *fault.Code { return &c }

// TestExplain explains documents that are right, over a limit, and wrong.
func TestExplain(t *testing.T) {
	t.Parallel()
	s := schema(t)
	two := "query A { tag(name: \"x\") { id } } query B { categories { id } }"
	for name, c := range map[string]struct {
		asked limits.Asked
		want  limits.Explanation
	}{
		"right": {limits.Asked{Document: "query($n: Int) { all: assets(first: $n) { nodes { id } } }", Variables: json.RawMessage(`{"n": 7}`)},
			limits.Explanation{Cost: 7, NodesAtWorst: 7, Statements: 1, Depth: 3, Aliases: 1, Tokens: 24}},
		"a name":            {limits.Asked{Document: two, OperationName: "B"}, limits.Explanation{Cost: 50, NodesAtWorst: 50, Statements: 1, Depth: 2, Tokens: 21}},
		"itself":            {limits.Asked{Document: "{ explain(document: \"{ explain }\") { cost } }"}, limits.Explanation{Cost: 101, NodesAtWorst: 1, Depth: 2, Tokens: 11}},
		"too many tokens":   {limits.Asked{Document: strings.Repeat("x ", 6000)}, limits.Explanation{Tokens: 5001, RefusedBy: code(fault.TooManyTokens)}},
		"too many nodes":    {limits.Asked{Document: "{ assets(first: 100) { nodes { categories { assets(first: 100) { nodes { tags { id } } } } } } }"}, limits.Explanation{Cost: 3520300, NodesAtWorst: 220300, Depth: 7, Tokens: 31, RefusedBy: code(fault.TooManyNodes)}},
		"several mutations": {limits.Asked{Document: "mutation { tagDelete(name: \"x\") { revision } b: tagDelete(name: \"y\") { revision } }"}, limits.Explanation{Cost: 2, NodesAtWorst: 2, Depth: 2, Aliases: 1, Tokens: 23}},
		"many mutations":    {limits.Asked{Document: "mutation { " + many(11, "a#: tagDelete(name: \"x\") { revision }") + "}"}, limits.Explanation{Cost: 11, NodesAtWorst: 11, Depth: 2, Aliases: 11, Tokens: 124, RefusedBy: code(fault.TooManyMutations)}},
		"no operation":      {limits.Asked{Document: "fragment F on Query { categories { id } }"}, limits.Explanation{Tokens: 10, Errors: []string{`Fragment "F" is never used.`}}},
		"no name":           {limits.Asked{Document: two}, limits.Explanation{Depth: 2, Tokens: 21, Errors: []string{"The document has several operations; name the one to run."}}},
		"another name":      {limits.Asked{Document: two, OperationName: "C"}, limits.Explanation{Depth: 2, Tokens: 21, Errors: []string{`The document has no operation of the name "C".`}}},
		"an unknown field":  {limits.Asked{Document: "{ nothing }"}, limits.Explanation{Depth: 1, Tokens: 3, Errors: []string{`Cannot query field "nothing" on type "Query".`}}},
		"no document":       {limits.Asked{Document: ""}, limits.Explanation{Errors: []string{"The document has no operation."}}},
		"broken off":        {limits.Asked{Document: "{ a"}, limits.Explanation{Tokens: 2, Errors: []string{"Expected Name, found <EOF>"}}},
		"brackets":          {limits.Asked{Document: strings.Repeat("{ a ", 201)}, limits.Explanation{Errors: []string{"The document has brackets more than 200 deep."}}},
		"a bad variable":    {limits.Asked{Document: "query($n: Int!) { assets(first: $n) { nodes { id } } }"}, limits.Explanation{Depth: 3, Tokens: 23, Errors: []string{"variable.n: must be defined"}}},
	} {
		got := limits.DefaultRequest().Explain(s, c.asked)
		if c.want.Errors == nil {
			c.want.Errors = []string{}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: wanted (-), is (+)\n%s", name, diff)
		}
	}
}

// TestErrorsAreFewAndShort wants what is wrong in short, however much it is.
func TestErrorsAreFewAndShort(t *testing.T) {
	t.Parallel()
	x := limits.DefaultRequest().Explain(schema(t), limits.Asked{Document: "{ " + many(90, strings.Repeat("x", 500)+"#") + "}"})
	if len(x.Errors) != 20 {
		t.Errorf("there are %d errors", len(x.Errors))
	}
	for _, reported := range x.Errors {
		if len([]rune(reported)) > 210 {
			t.Errorf("it says %s", reported)
		}
	}
}
