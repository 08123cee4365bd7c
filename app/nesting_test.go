package app

import (
	"strings"
	"testing"
)

// A document that would end the process is refused, and the next is answered.
func TestDeepDocument(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	deep := strings.Repeat("[", 50_000) // and no larger than a document may be
	refused := ask(t, a.URL(), "{ tag(name: "+deep+strings.ReplaceAll(deep, "[", "]")+") { id } }", nil)
	if len(refused.Errors) != 1 || refused.Errors[0].Extensions["code"] != "GRAPHQL_PARSE_FAILED" {
		t.Errorf("%+v", refused.Errors)
	}
	if again := ask(t, a.URL(), "{ categories { id } }", nil); len(again.Errors) > 0 {
		t.Errorf("%+v", again.Errors)
	}
}
