package app

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"vodgraph/gqlhttp"
)

// TestLongInputIsNotRepeated sends long names where they would come back in the text of
// an error.
func TestLongInputIsNotRepeated(t *testing.T) {
	t.Parallel()
	server, _, _ := breaking(t)
	long := strings.Repeat("x", 50_000)
	for name, r := range map[string]*http.Request{
		"a field":          document(`{` + long + `}`),
		"a type":           document(`{... on ` + long + ` {id}}`),
		"an argument":      document(`{node(` + long + `: 1) {id}}`),
		"a value":          document(`{assets(first: "` + long + `") {nodes {id}}}`),
		"a token":          document(`{node(id: "` + long + `) {id}}`),
		"an operation":     post(`{"query": "query A {__typename}", "operationName": "` + long + `"}`),
		"an enum value":    variables(byFilter, `{"f": {"statuses": ["`+long+`"]}}`),
		"a member":         variables(byFilter, `{"f": {"`+long+`": 1}}`),
		"a time":           variables(byFilter, `{"f": {"createdAt": {"gte": "`+long+`"}}}`),
		"a cursor":         document(`{assets(after: "` + long + `") {nodes {id}}}`),
		"a key of a body":  post(`{"query": {"` + long + `": 1}}`),
		"a body":           post(`{"` + long),
		"a user's own":     document(`mutation {categoryCreate(input: {name: "` + long + `"}) {userErrors {message}}}`),
		"a reference of a": document(`mutation {assetsTrash(assets: [{id: "` + long + `"}]) {results {errors {message}} userErrors {message}}}`),
	} {
		if _, body := send(t, server, r); strings.Contains(string(body), long[:201]) {
			t.Errorf("%s comes back: %.300s", name, body)
		}
	}
}

// TestManyErrorsAreCut reports some of what is wrong with a document, where it is much.
func TestManyErrorsAreCut(t *testing.T) {
	t.Parallel()
	server, _, _ := breaking(t)
	_, body := send(t, server, document(`{`+strings.Repeat("a ", 100)+`}`))
	var parts gqlhttp.Answer
	if err := json.Unmarshal(body, &parts); err != nil || len(parts.Errors) != 20 {
		t.Errorf("%d errors, %v", len(parts.Errors), err)
	}
}
