package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"vodgraph/bench/vectors"
	"vodgraph/fault"
	"vodgraph/gqlhttp"
)

// TestHostileRequests refuses requests that ask for much, each with its code and in
// short, or answers them in short.
func TestHostileRequests(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	const longest = 64 << 10
	all := vectors.Documents()
	maps.Copy(all, vectors.Values())
	for name, v := range all {
		answer := ask(t, a.URL(), v.Document, v.Variables)
		code := refusedWith(answer)
		whole, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		if code != string(v.Code) || len(whole) > longest {
			t.Errorf("%s: %q, want %q, in %d bytes: %.300s", name, code, v.Code, len(whole), whole)
		}
	}
}

// refusedWith is the code of the first error of an answer; empty where there is none.
func refusedWith(a gqlhttp.Answer) string {
	if len(a.Errors) == 0 {
		return ""
	}
	return fmt.Sprint(a.Errors[0].Extensions["code"])
}

// TestExplainedRequests explains the same requests, and is sent what a server answers who
// sends them.
func TestExplainedRequests(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	all := vectors.Documents()
	maps.Copy(all, vectors.Values())
	// These are found out when it is done, and not before.
	later := []fault.Code{fault.TextTooLong, fault.CursorInvalid, fault.PageSizeInvalid}
	invalid := []fault.Code{fault.GraphQLParseFailed, fault.GraphQLValidationFailed, fault.Required}
	for name, v := range all {
		answer := ask(t, a.URL(), "query($d: String!, $v: JSON) { explain(document: $d, variables: $v) { refusedBy errors cost tokens } }",
			map[string]any{"d": v.Document, "v": v.Variables})
		var reply struct {
			Explain struct {
				RefusedBy    fault.Code
				Errors       []string
				Cost, Tokens int
			}
		}
		// To explain it is to send it, in a document that reads.
		if code := refusedWith(answer); code == string(v.Code) && code != "" || code == string(fault.ListTooLong) {
			continue
		}
		if err := json.Unmarshal(answer.Data, &reply); err != nil || len(answer.Errors) > 0 {
			t.Fatalf("%s: %v %v", name, err, answer.Errors)
		}
		x, want := reply.Explain, v.Code
		if slices.Contains(later, want) || slices.Contains(invalid, want) {
			want = ""
		}
		if x.RefusedBy != want || slices.Contains(invalid, v.Code) != (len(x.Errors) > 0) || len(answer.Data) > 64<<10 {
			t.Errorf("%s is answered with %q, and explained as %+v", name, v.Code, x)
		}
	}
}
