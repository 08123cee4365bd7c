package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"

	"vodgraph/bench/vectors"
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
		code := ""
		if len(answer.Errors) > 0 {
			code = fmt.Sprint(answer.Errors[0].Extensions["code"])
		}
		whole, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		if code != string(v.Code) || len(whole) > longest {
			t.Errorf("%s: %q, want %q, in %d bytes: %.300s", name, code, v.Code, len(whole), whole)
		}
	}
}
