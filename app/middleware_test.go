package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/auth"
	"vodgraph/bulk"
	"vodgraph/catalog"
	"vodgraph/cli"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/gqlhttp"
	"vodgraph/graph"
	"vodgraph/keys"
)

// requests sends a request for a route, with a body where there is one, and headers, name and value.
func requests(t *testing.T, method, url, body string, headers ...string) (status int, header http.Header, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if request.Header.Add(headers[i], headers[i+1]); headers[i] == "Host" {
			request.Host = headers[i+1]
		}
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(all)
}

// posted is the answer to a document of who shows a secret, or nothing.
func posted(t *testing.T, url, secret, document string) (status int, text string) {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"query": document}) // cannot fail: strings
	headers := []string{"Content-Type", "application/json", "Accept", "application/graphql-response+json"}
	if secret != "" {
		headers = append(headers, "Authorization", "Bearer "+secret)
	}
	status, _, text = requests(t, http.MethodPost, url+gqlhttp.Endpoint, string(body), headers...)
	return status, text
}

// key makes a key straight in the library of an app.
func key(t *testing.T, a *App, in keys.KeyCreateInput) (id, secret string) {
	t.Helper()
	id, secret, err := a.library.Catalog.Keys.Create(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "a key is asked for", func() bool {
		status, _ := posted(t, a.URL(), "", "{ __typename }")
		return status == http.StatusUnauthorized
	})
	return id, secret
}

// TestWithoutKeys lets in who is on this machine and asks under its name, and nobody else.
func TestWithoutKeys(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	port := a.URL()[strings.LastIndex(a.URL(), ":"):]
	wide := config(t)
	wide.InsecureOpen = true
	b := open(t, wide)
	run(t, b)
	for _, c := range []struct {
		headers []string
		status  int
	}{
		{nil, http.StatusOK},
		{[]string{"Host", "localhost" + port}, http.StatusOK}, {[]string{"Host", "LOCALHOST"}, http.StatusOK}, {[]string{"Host", "[::1]" + port}, http.StatusOK},
		{[]string{"Host", "127.0.0.1"}, http.StatusOK},
		{[]string{"Host", "example.com"}, http.StatusMisdirectedRequest}, {[]string{"Host", "localhost.example.com" + port}, http.StatusMisdirectedRequest},
		{[]string{"Host", "127.0.0.1.nip.io"}, http.StatusMisdirectedRequest}, {[]string{"Host", "0.0.0.0" + port}, http.StatusMisdirectedRequest},
		{[]string{"Forwarded", "for=1.2.3.4"}, http.StatusMisdirectedRequest}, {[]string{"X-Forwarded-For", "1.2.3.4"}, http.StatusMisdirectedRequest},
		{[]string{"X-Forwarded-Anything", "1"}, http.StatusMisdirectedRequest},
	} {
		for _, path := range []string{gqlhttp.Endpoint + "?query={__typename}", "/metrics", "/nowhere"} {
			want := c.status
			if path == "/nowhere" && want == http.StatusOK {
				want = http.StatusNotFound
			}
			if status, _, text := requests(t, http.MethodGet, a.URL()+path, "", c.headers...); status != want ||
				want == http.StatusMisdirectedRequest && !strings.Contains(text, string(fault.HostRefused)) {
				t.Errorf("%s with %q: %d %s", path, c.headers, status, text)
			}
		}
		for _, path := range []string{gqlhttp.Endpoint + "?query={__typename}", "/healthz", "/"} {
			if status, _, text := requests(t, http.MethodGet, b.URL()+path, "", c.headers...); status != http.StatusOK {
				t.Errorf("open to all, %s with %q: %d %s", path, c.headers, status, text)
			}
		}
	}
	if _, text := posted(t, a.URL(), "", "{ viewer { name role limited grants { id } limits { maxCost costPerMinute costLeft } } }"); text !=
		`{"data":{"viewer":{"name":"local","role":"ADMIN","limited":false,"grants":[],"limits":{"maxCost":200000,"costPerMinute":null,"costLeft":null}}}}` {
		t.Error(text)
	}
}

// TestPublicAddressNeedsKeys refuses an address that others reach, until a key was made.
func TestPublicAddressNeedsKeys(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.Listen = "0.0.0.0:0"
	opened, err := Open(t.Context(), c, (&logged{}).logger())
	if refused := fault.In(err); opened != nil || refused == nil || !strings.Contains(refused.Message, "keys create") || !strings.Contains(refused.Message, "--insecure-open") {
		t.Fatalf("it is open, or refused with %v", err)
	}
	made := command(t, "", "keys", "create", "--data", c.Data, "--name", "first", "--role", "admin")
	made.wants(t, cli.StatusDone, keys.Mark)
	id := made.err[strings.Index(made.err, "key_"):]
	command(t, "", "keys", "revoke", "--data", c.Data, id[:len("key_")+26]).wants(t, cli.StatusDone, "is revoked")
	command(t, "", "keys", "list", "--data", c.Data).wants(t, cli.StatusDone, "first", "admin", made.out[:keyShown], "everything")
	a := open(t, c) // revoked ones count
	run(t, a)
	if status, text := posted(t, a.URL(), strings.TrimSpace(made.out), "{ __typename }"); status != http.StatusUnauthorized || !strings.Contains(text, "revoked") {
		t.Errorf("%d %s", status, text)
	}
	if status, _, _ := requests(t, http.MethodGet, a.URL()+gqlhttp.Endpoint+"?query={__typename}", "", "Host", "localhost"); status != http.StatusUnauthorized {
		t.Errorf("nobody on this machine: %d", status)
	}
}

// keyShown is how much of a secret is shown in lists.
const keyShown = len(keys.Mark) + 8

// TestKeysAreAskedFor has every route but a page and the health want a key, from the first
// one made on, while the server runs.
func TestKeysAreAskedFor(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	if status, _ := posted(t, a.URL(), "", "{ __typename }"); status != http.StatusOK {
		t.Fatal(status)
	}
	var made struct {
		Data struct{ KeyCreate struct{ Secret string } }
	}
	_, text := posted(t, a.URL(), "", `mutation { keyCreate(input: {name: "ann", role: ADMIN}) { secret key { name prefix role limited lastUsedAt } userErrors { code } } }`)
	if err := json.Unmarshal([]byte(text), &made); err != nil || !strings.HasPrefix(made.Data.KeyCreate.Secret, keys.Mark) ||
		!strings.Contains(text, `"name":"ann","prefix":"`+made.Data.KeyCreate.Secret[:keyShown]+`","role":"ADMIN","limited":false,"lastUsedAt":null`) {
		t.Fatal(err, text)
	}
	secret := made.Data.KeyCreate.Secret
	until(t, "a key is asked for", func() bool {
		status, _ := posted(t, a.URL(), "", "{ __typename }")
		return status == http.StatusUnauthorized
	})
	for _, route := range []struct{ method, path string }{
		{"GET", gqlhttp.Endpoint + "?query={__typename}"}, {"POST", gqlhttp.Endpoint}, {"PUT", gqlhttp.Endpoint}, {"POST", gqlhttp.BulkEndpoint + "?verb=create"}, {"GET", "/bulk/x/results"},
		{"GET", "/metrics"}, {"GET", "/nowhere"}, {"GET", gqlhttp.Endpoint + "?query={__schema{queryType{name}}}"},
	} {
		for _, shown := range [][]string{nil, {"Authorization", "Bearer " + keys.Mark + strings.Repeat("x", 43)}, {"Authorization", "Basic " + secret},
			{"Authorization", "Bearer"}, {"Authorization", "Bearer " + secret + "x"}} {
			status, header, text := requests(t, route.method, a.URL()+route.path, "", shown...)
			if status != http.StatusUnauthorized || header.Get("WWW-Authenticate") != `Bearer realm="vodgraph"` ||
				!strings.Contains(text, string(fault.Unauthenticated)) || strings.Contains(text, secret) {
				t.Errorf("%s %s with %q: %d %q %s", route.method, route.path, shown, status, header.Get("WWW-Authenticate"), text)
			}
		}
		if status, _, _ := requests(t, route.method, a.URL()+route.path, "", "Authorization", "bearer "+secret); status == http.StatusUnauthorized {
			t.Errorf("%s %s with a key: %d", route.method, route.path, status)
		}
	}
	for _, path := range []string{"/", "/healthz"} {
		if status, _, _ := get(t, a.URL()+path); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
	until(t, "it is noted that the key is used", func() bool {
		_, text := posted(t, a.URL(), secret, "{ keys { nodes { lastUsedAt } } }")
		return strings.Contains(text, `"lastUsedAt":"`)
	})
	// Another host, and a proxy, are no matter to who has a key.
	if status, _, text := requests(t, http.MethodGet, a.URL()+gqlhttp.Endpoint+"?query={__typename}", "", "Host", "example.com", "X-Forwarded-For", "1.2.3.4",
		"Authorization", "Bearer "+secret); status != http.StatusOK {
		t.Errorf("%d %s", status, text)
	}
}

// sample is a value that fits a type.
func sample(schema *ast.Schema, of *ast.Type) any {
	if of.Elem != nil {
		return []any{sample(schema, of.Elem)}
	}
	switch definition := schema.Types[of.NamedType]; {
	case definition.Kind == ast.Enum:
		return definition.EnumValues[0].Name
	case definition.Kind == ast.InputObject:
		value := map[string]any{}
		for _, member := range definition.Fields {
			if member.Type.NonNull {
				value[member.Name] = sample(schema, member.Type)
			}
		}
		return value
	case of.NamedType == "Int" || of.NamedType == "Int64" || of.NamedType == "Float":
		return 1
	case of.NamedType == "Boolean":
		return true
	default:
		return "x"
	}
}

// calling is a document that calls a field of a root type, within a fragment and under
// another name, and the body of a request for it with variables that fit.
func calling(schema *ast.Schema, root string, field *ast.FieldDefinition) (document, body string) {
	var taken, given []string
	variables := map[string]any{}
	for _, argument := range field.Arguments {
		if argument.Type.NonNull {
			taken, given = append(taken, fmt.Sprintf("$%s: %s", argument.Name, argument.Type)), append(given, argument.Name+": $"+argument.Name)
			variables[argument.Name] = sample(schema, argument.Type)
		}
	}
	document, call := strings.ToLower(root), field.Name
	if len(taken) > 0 {
		document, call = document+"("+strings.Join(taken, ", ")+")", call+"("+strings.Join(given, ", ")+")"
	}
	document += " { ...f } fragment f on " + root + " { it: " + call + " { __typename } }"
	text, _ := json.Marshal(map[string]any{"query": document, "variables": variables}) // cannot fail: samples
	return document, string(text)
}

// TestRolesOfFields calls every field of every root type as every role, and as nobody.
func TestRolesOfFields(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	secrets := map[auth.Role]string{}
	for _, role := range []auth.Role{auth.Viewer, auth.Editor, auth.Admin} {
		_, secrets[role] = key(t, a, keys.KeyCreateInput{Name: string(role), Role: role})
	}
	_, limited := key(t, a, keys.KeyCreateInput{Name: "limited", Role: auth.Admin, CategoryIds: []string{}})
	admins := map[string]bool{"assetsDelete": true, "trashPurge": true, "keyCreate": true, "keyRevoke": true, "keys": true}
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	for _, root := range []string{"Query", "Mutation", "Subscription"} {
		for _, field := range schema.Types[root].Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			document, body := calling(schema, root, field)
			ask := func(secret string) (int, string) {
				status, _, text := requests(t, http.MethodPost, a.URL()+gqlhttp.Endpoint, body, "Content-Type", "application/json", "Accept", "application/graphql-response+json", "Authorization", "Bearer "+secret)
				return status, text
			}
			for role, secret := range secrets {
				allowed := role == auth.Admin || !admins[field.Name] && (root != "Mutation" || role == auth.Editor)
				status, text := ask(secret)
				if forbidden := strings.Contains(text, string(fault.Forbidden)); forbidden == allowed || forbidden != (status == http.StatusForbidden) ||
					strings.Contains(text, string(fault.GraphQLValidationFailed)) {
					t.Errorf("%s as %s: %d %s", document, role, status, text)
				}
			}
			if status, _ := posted(t, a.URL(), "", document); status != http.StatusUnauthorized {
				t.Errorf("%s as nobody: %d", document, status)
			}
			if status, text := ask(limited); strings.HasPrefix(field.Name, "key") != (status == http.StatusForbidden) {
				t.Errorf("%s, limited: %d %s", document, status, text)
			}
		}
	}
	for verb, roles := range map[string][]auth.Role{"create": {auth.Editor, auth.Admin}, "delete": {auth.Admin}} {
		for role, secret := range secrets {
			status, _, text := requests(t, http.MethodPost, a.URL()+gqlhttp.BulkEndpoint+"?verb="+verb, "{}\n", "Content-Type", gqlhttp.LinesMediaType, "Authorization", "Bearer "+secret)
			if slices.Contains(roles, role) != (status == http.StatusAccepted) || status != http.StatusAccepted && (status != http.StatusForbidden || !strings.Contains(text, string(fault.Forbidden))) {
				t.Errorf("a file to %s as %s: %d %s", verb, role, status, text)
			}
		}
	}
	for role, secret := range secrets {
		if status, _, text := requests(t, http.MethodGet, a.URL()+"/metrics", "", "Authorization", "Bearer "+secret); (role == auth.Admin) != (status == http.StatusOK) {
			t.Errorf("metrics as %s: %d %s", role, status, text)
		}
	}
}

// TestViewerCan compares viewerCan… with what then happens.
func TestViewerCan(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	root := a.library.Catalog
	for _, role := range []auth.Role{auth.Viewer, auth.Editor, auth.Admin} {
		id := seedOne(t, root)
		_, secret := key(t, a, keys.KeyCreateInput{Name: string(role), Role: role})
		_, text := posted(t, a.URL(), secret, fmt.Sprintf("{ asset(id: %q) { viewerCanUpdate viewerCanTrash viewerCanDelete } }", id))
		for field, document := range map[string]string{
			"viewerCanUpdate": `mutation { assetsUpdate(items: [{id: %q, title: "new"}]) { changedCount } }`,
			"viewerCanTrash":  `mutation { assetsTrash(assets: [{id: %q}]) { changedCount } }`,
		} {
			_, done := posted(t, a.URL(), secret, fmt.Sprintf(document, id))
			if reply, did := strings.Contains(text, `"`+field+`":true`), strings.Contains(done, `"changedCount":1`); reply != did {
				t.Errorf("%s as %s is shown as %v, and then: %s", field, role, reply, done)
			}
		}
		_, done := posted(t, a.URL(), secret, fmt.Sprintf(`mutation { assetsDelete(assets: [{id: %q}]) { changedCount } }`, id))
		if reply, did := strings.Contains(text, `"viewerCanDelete":true`), strings.Contains(done, `"changedCount":1`); reply != did {
			t.Errorf("viewerCanDelete as %s is shown as %v, and then: %s", role, reply, done)
		}
	}
}

// seedOne makes an asset straight in a library.
func seedOne(t *testing.T, c *bulk.Catalog) string {
	t.Helper()
	out, err := c.AssetsCreate(context.Background(), []*catalog.AssetCreateInput{{Kind: asset.KindVIDEO, Title: "one"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out.Items[0].ID
}

// TestCallersAreLogged says at the start who is let in.
func TestCallersAreLogged(t *testing.T) {
	t.Parallel()
	near, wide, keyed := config(t), config(t), config(t)
	wide.InsecureOpen = true
	command(t, "", "keys", "create", "--data", keyed.Data, "--name", "first", "--role", "admin").wants(t, cli.StatusDone, keys.Mark)
	for reply, c := range map[string]Config{"this machine alone": near, "whoever reaches the server": wide, "who shows a key": keyed} {
		if a := open(t, c); !strings.HasPrefix(a.callers(t.Context()), reply) {
			t.Errorf("%q, not %q", a.callers(t.Context()), reply)
		}
	}
}
