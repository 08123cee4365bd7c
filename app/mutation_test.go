package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/gqlhttp"
	"vodgraph/graph"
	"vodgraph/library"
	"vodgraph/resolvers"
)

// several is a field so many times, with aliases.
func several(n int, field string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("a" + strconv.Itoa(i) + ": " + field + " ")
	}
	return b.String()
}

// TestTooManyMutations executes up to ten fields of Mutation, however they are written, and none
// of more.
func TestTooManyMutations(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	const one = `tagDelete(name: "x") {userErrors {code}}`
	ten := several(10, one)
	for text, refused := range map[string]bool{
		`{__typename t: __typename}`: false,
		`{` + ten + ` __typename}`:   false,
		`{` + ten + ten + `}`:        false, // which merge
		`{` + ten + ` a3: ` + one + ` ...F ...F} fragment F on Mutation {a4: ` + one + `}`:                                   false,
		`{` + ten + ` b: tagDelete(name: "x") @skip(if: true) {userErrors {code}} ... @include(if: false) {c: ` + one + `}}`: false,
		`{` + ten + ` ...F @skip(if: $on)} fragment F on Mutation {c: ` + one + `}`:                                          false,
		`{` + ten + ` ...F @include(if: $on)} fragment F on Mutation {c: ` + one + `}`:                                       true,
		`{` + ten + ` b: ` + one + `}`: true,
		`{` + ten + ` ...F} fragment F on Mutation {...G} fragment G on Mutation {b: ` + one + `}`: true,
		`{` + ten + ` ... on Mutation {... {b: ` + one + `}}}`:                                     true,
		`{` + several(90, one) + `}`:                                                               true,
	} {
		text = "mutation A($on: Boolean! = true) " + strings.Replace(text, "{", `{u: tagDelete(name: "x") @skip(if: $on) {userErrors {code}} `, 1)
		response, body := exchanged(t, a.URL(), with(document(text), "Accept", "application/graphql-response+json"))
		if strings.Contains(body, `"TOO_MANY_MUTATIONS"`) != refused || (response.StatusCode == 400) != refused || strings.Contains(body, `"data"`) == refused || refused && !strings.Contains(body, `"limit":10`) {
			t.Errorf("%.300s: %s %.300s", text, response.Status, body)
		}
		explained := ask(t, a.URL(), `query($d: String!) {explain(document: $d) {refusedBy errors}}`, map[string]any{"d": text})
		if strings.Contains(string(explained.Data), "TOO_MANY_MUTATIONS") != refused || !strings.Contains(string(explained.Data), `"errors":[]`) {
			t.Errorf("%.300s is explained as %s", text, explained.Data)
		}
		if get, _ := exchanged(t, a.URL(), byGet("query="+url.QueryEscape(text))); get.StatusCode != 405 && !refused {
			t.Errorf("%.300s by GET: %s", text, get.Status)
		}
	}
}

// failing is the real resolvers, but for a mutation that fails as its argument says.
type failing struct{ graph.ResolverRoot }

// Mutation has the failing mutation.
func (f failing) Mutation() graph.MutationResolver { return failingMutation{f.ResolverRoot.Mutation()} }

type failingMutation struct{ graph.MutationResolver }

// TagDelete fails as the name says.
func (f failingMutation) TagDelete(ctx context.Context, name string) (*graph.TagDeletePayload, error) {
	switch name {
	case "panic":
		panic("the secret is out")
	case "error":
		return nil, errors.New("the secret disk is full")
	case "slow":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return f.MutationResolver.TagDelete(ctx, name)
}

// failingServer serves failing resolvers to callers of a role.
func failingServer(t *testing.T, patience time.Duration, role auth.Role) string {
	t.Helper()
	a := open(t, config(t))
	real := &resolvers.Root{Client: a.library.DB.Client, Catalog: a.library.Catalog, Limits: a.library.Catalog.Limits()}
	spoken, err := gqlhttp.NewTransport(t.Context(), gqlhttp.NewPresenter((&logged{}).logger(), library.NewReference), gqlhttp.DefaultProtocol(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if patience > 0 {
		spoken.Executor.Patience = patience
	}
	middleware, err := access.NewMiddleware(a.authenticator, access.Auth{}, gqlhttp.IsLongLived, spoken.Refuse)
	if err != nil {
		t.Fatal(err)
	}
	spoken.AuthenticateBy(middleware)
	handler := gqlhttp.NewHandler(failing{real}, spoken, access.NewBudget(0, time.Now), nil)
	server := httptest.NewServer(middleware.Authenticate(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if role != auth.Admin {
			r = r.WithContext(auth.With(r.Context(), &auth.Caller{Role: role, Name: "x"}))
		}
		handler.ServeHTTP(w, r)
	})))
	t.Cleanup(server.Close)
	return server.URL
}

// into reads the data of an answer.
func into(t *testing.T, from gqlhttp.Answer, v any) {
	t.Helper()
	if err := json.Unmarshal(from.Data, v); err != nil {
		t.Fatalf("%v: %s %v", err, from.Data, from.Errors)
	}
}

// create is a field that makes a category.
func create(alias, name string) string {
	return fmt.Sprintf(`%s: categoryCreate(input: {name: %q}) {category {name} userErrors {code}} `, alias, name)
}

// TestMutationsFailAlone executes every field, whatever became of those before it, over each
// transport.
func TestMutationsFailAlone(t *testing.T) {
	t.Parallel()
	at := failingServer(t, 0, auth.Admin)
	for i, send := range []func(string) string{
		func(text string) string { _, body := exchanged(t, at, document(text)); return body },
		func(text string) string {
			_, body := exchanged(t, at, with(document(text), "Accept", "text/event-stream"))
			return body
		},
		func(text string) string {
			p := ready(t, at)
			p.subscribe("1", text)
			return p.next()
		},
	} {
		name := fmt.Sprint("n", i)
		body := send(`mutation {` + create("a", name) + create("b", name) + `c: tagDelete(name: "panic") {deletedId} d: tagDelete(name: "error") {deletedId} e: tagDelete(name: "none") {userErrors {code}} ` +
			`f: assetsCreate(items: [{kind: VIDEO, title: "x", createdAt: "noon"}]) {revision} ` + create("g", name+"g") + `}`)
		for _, part := range []string{`"a":{"category":{"name":"` + name + `"},"userErrors":[]}`, `"b":{"category":null,"userErrors":[{"code":"CATEGORY_NAME_TAKEN"}]}`,
			`"c":null,"d":null,"e":{"userErrors":[{"code":"NOT_FOUND"}]},"f":null,"g":{"category":{"name":"` + name + `g"},"userErrors":[]}`,
			`"path":["c"]`, `"path":["d"]`, `"path":["f"]`, `"field":["items","0","createdAt"]`} {
			if !strings.Contains(body, part) {
				t.Errorf("%d: there is no %s in %s", i, part, body)
			}
		}
		if n := strings.Count(body, `"code":"INTERNAL"`); n != 2 {
			t.Errorf("%d fields are INTERNAL: %s", n, body)
		}
	}
}

// TestMutationsThatTakeTooLong answers what is known of each field.
func TestMutationsThatTakeTooLong(t *testing.T) {
	t.Parallel()
	at := failingServer(t, 500*time.Millisecond, auth.Admin)
	for i, send := range []func(string) string{
		func(text string) string {
			response, body := exchanged(t, at, document(text))
			if response.StatusCode != 200 {
				t.Errorf("%s", response.Status)
			}
			return body
		},
		func(text string) string {
			_, body := exchanged(t, at, with(document(text), "Accept", "text/event-stream"))
			return body
		},
		func(text string) string {
			p := ready(t, at)
			p.subscribe("1", text)
			return p.next()
		},
	} {
		name := fmt.Sprint("n", i)
		body := send(`mutation {` + create("a", name) + `b: tagDelete(name: "slow") {deletedId} ` + create("c", name+"c") + create("d", name+"d") + `}`)
		for _, part := range []string{`"a":{"category":{"name":"` + name + `"},"userErrors":[]},"b":null,"c":null,"d":null`,
			`"outcome":"UNKNOWN"`, `idempotencyKey`} {
			if !strings.Contains(body, part) {
				t.Errorf("there is no %s in %s", part, body)
			}
		}
		if strings.Count(body, `"outcome":"NOT_BEGUN"`) != 2 || strings.Count(body, `"code":"TIMEOUT"`) != 3 || !strings.Contains(body, `"path":["c"]`) || !strings.Contains(body, `"path":["d"]`) {
			t.Errorf("the errors are %s", body)
		}
		var found struct{ A, C *struct{ Name string } }
		read := ask(t, at, fmt.Sprintf(`{a: category(path: [%q]) {name} c: category(path: [%q]) {name}}`, name, name+"c"), nil)
		into(t, read, &found)
		if found.A == nil || found.C != nil {
			t.Errorf("what is done is %s", read.Data)
		}
	}
}

// TestMutationsAreCheckedFirst executes nothing where one of the fields is not allowed, or all
// together cost too much.
func TestMutationsAreCheckedFirst(t *testing.T) {
	t.Parallel()
	at := failingServer(t, 0, auth.Editor)
	heavy := `x: assetsCreate(items: [` + strings.Repeat(`{kind: VIDEO, title: "x"} `, 100) + `]) {results {asset {tags {assets(first: 100) {nodes {id}}}}}} `
	for text, code := range map[string]string{
		`mutation {` + create("a", "role") + `b: trashPurge {userErrors {code}}}`:                                                       "FORBIDDEN",
		`mutation {` + create("a", "role") + `...F @skip(if: true)} fragment F on Mutation {b: keyRevoke(id: "x") {userErrors {code}}}`: "FORBIDDEN",
		`mutation {` + create("a", "cost") + heavy + `}`:                                                                                "TOO_",
	} {
		_, body := exchanged(t, at, document(text))
		if !strings.Contains(body, `"code":"`+code) || strings.Contains(body, `"data"`) {
			t.Errorf("%.200s: %s", text, body)
		}
	}
	if read := ask(t, at, `{categories {name}}`, nil); string(read.Data) != `{"categories":[]}` {
		t.Errorf("done is %s %v", read.Data, read.Errors)
	}
}

// TestMutationsHaveKeysOfTheirOwn answers the second field of a key by the rule for every call.
func TestMutationsHaveKeysOfTheirOwn(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	field := func(alias, title, key string) string {
		return fmt.Sprintf(`%s: assetsCreate(items: [{kind: VIDEO, title: %q}], options: {idempotencyKey: %q}) {results {outcome asset {id}} userErrors {code field}} `, alias, title, key)
	}
	var got map[string]struct {
		Results []struct {
			Outcome string
			Asset   *struct{ ID string }
		}
		UserErrors []struct {
			Code  string
			Field []string
		}
	}
	into(t, ask(t, a.URL(), `mutation {`+field("a", "x", "k")+field("b", "x", "k")+field("c", "y", "k")+field("d", "x", "l")+`}`, nil), &got)
	if len(got["a"].Results) != 1 || len(got["b"].Results) != 1 || *got["a"].Results[0].Asset != *got["b"].Results[0].Asset {
		t.Errorf("the same call is answered otherwise: %+v", got)
	}
	if len(got["c"].UserErrors) != 1 || got["c"].UserErrors[0].Code != "IDEMPOTENCY_KEY_REUSED" || strings.Join(got["c"].UserErrors[0].Field, ".") != "options.idempotencyKey" {
		t.Errorf("another call of the key: %+v", got["c"])
	}
	if len(got["d"].Results) != 1 || got["d"].Results[0].Asset.ID == got["a"].Results[0].Asset.ID {
		t.Errorf("another key: %+v", got["d"])
	}
}
