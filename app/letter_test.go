package app

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"vodgraph/fault"
)

// TestDocumentsByTheLetter sends documents that GraphQL allows or forbids, by every transport, and
// has them explained: all say the same.
func TestDocumentsByTheLetter(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	const create = `mutation($v: [AssetCreateInput!]!) {assetsCreate(items: $v) {results {asset {title description size userData}} userErrors {code field}}}`
	for _, c := range []struct {
		text, variables string
		code            fault.Code
		want            string // in the answer; the place where it is refused
	}{
		{`mutation {assetsCreate(items: [{kind: VIDEO, title: "\uD83D\uDE00 \u{1F600}"}]) {results {asset {title}}}}`, "", "", `"title":"😀 😀"`},
		{`mutation {assetsCreate(items: [{kind: VIDEO, title: "\uD83D"}]) {revision}}`, "", fault.GraphQLParseFailed, "query"},
		{`{a: tag(name: "\uDE00x") {id}}`, "", fault.GraphQLParseFailed, "query"},
		{`{assets(filter: {kinds: [AUDIO]}) {totalCount} assets(filter: {kinds: [IMAGE]}) {totalCount}}`, "", fault.GraphQLValidationFailed, ""},
		{`mutation {tagsMerge(from: ["a"], into: "c") {revision} tagsMerge(from: ["b"], into: "c") {revision}}`, "", fault.GraphQLValidationFailed, ""},
		{`mutation {assetsCreate(items: [{kind: VIDEO, title: "x", userData: {i: 12345678901234567890123}}]) {revision}}`, "", fault.GraphQLValidationFailed, ""},
		{`query($n: Int) {assets(first: $n) {totalCount}}`, `{"n": 2.0}`, "", "totalCount"},
		{`query($n: Int) {assets(first: $n) {totalCount}}`, `{"n": 1e1}`, "", "totalCount"},
		{`query($n: Int) {assets(first: $n) {totalCount}}`, `{"n": 2.5}`, fault.GraphQLValidationFailed, "first"},
		{`query($n: Int) {assets(first: $n) {totalCount}}`, `{"n": 1e400}`, fault.GraphQLValidationFailed, "first"},
		{`{assets(first: 2.0) {totalCount}}`, "", fault.GraphQLValidationFailed, ""},
		{create, `{"v": [{"kind": "VIDEO", "title": "f", "size": 9.007199254740993e15, "userData": {"a": 2.0, "b": 1e400}}]}`, "", `"size":9007199254740993,"userData":{"a":2.0,"b":1e400}`},
		{create, `{"v": [{"kind": "VIDEO", "title": "f", "size": 2}, {"kind": "VIDEO", "title": "f", "size": 2.25}]}`, fault.GraphQLValidationFailed, "items.1.size"},
		{create, `{"v": [{"kind": "VIDEO", "title": null}]}`, fault.GraphQLValidationFailed, "items.0.title"},
		{`subscription($i: ID!) {a: asset(id: $i) {title} b: asset(id: $i) {title}}`, `{"i": "x"}`, fault.GraphQLValidationFailed, ""},
		{`subscription($i: ID!) {asset(id: $i) @skip(if: true) {title}}`, `{"i": "x"}`, fault.GraphQLValidationFailed, ""},
		{`subscription($i: ID!, $b: Boolean!) {...F @include(if: $b)} fragment F on Subscription {asset(id: $i) {title}}`, `{"i": "x", "b": false}`, fault.GraphQLValidationFailed, ""},
	} {
		if c.variables == "" {
			c.variables = "{}"
		}
		body := fmt.Sprintf(`{"query": %s, "variables": %s}`, quoted(t, c.text), c.variables)
		_, plain := exchanged(t, a.URL(), post(body))
		_, events := exchanged(t, a.URL(), with(post(body), "Accept", "text/event-stream"))
		p := ready(t, a.URL())
		p.send(`{"id": "1", "type": "subscribe", "payload": ` + body + `}`)
		for name, got := range map[string]string{"HTTP": plain, "events": events, "a WebSocket": p.next()} {
			if c.code == "" && !strings.Contains(got, c.want) || (c.code != "") != strings.Contains(got, `"code":"`+string(c.code)+`"`) || c.code == "" && strings.Contains(got, `"errors"`) {
				t.Errorf("%s %s by %s: %s, want %s", c.text, c.variables, name, got, c.code)
			}
		}
		if c.code != "" {
			if shown := read1(t, []byte(plain)); place(shown) != c.want || len(shown.Path) > 0 {
				t.Errorf("%s %s is refused at %q: %s", c.text, c.variables, place(shown), plain)
			}
		}
		explained := ask(t, a.URL(), `query($d: String!, $v: JSON) {explain(document: $d, variables: $v) {errors}}`,
			map[string]any{"d": c.text, "v": json.RawMessage(c.variables)})
		if refused := !strings.Contains(string(explained.Data), `"errors":[]`); len(explained.Errors) > 0 || refused != (c.code != "") {
			t.Errorf("%s %s is explained as %s %v", c.text, c.variables, explained.Data, explained.Errors)
		}
	}
}
