package app

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"vodgraph/fault"
	"vodgraph/gqlhttp"
	"vodgraph/limits"
	"vodgraph/playground"
)

// fenced is a GraphQL document in a page, and inBody one in the body of a request.
var (
	fenced = regexp.MustCompile("(?s)```graphql\n(.*?)```")
	inBody = regexp.MustCompile(`"query": *("(?:[^"\\]|\\.)*")`)
)

// documented are the documents of the pages and of the playground, by where they stand.
func documented(t *testing.T) map[string][]limits.Asked {
	t.Helper()
	all := map[string][]limits.Asked{}
	for _, e := range playground.Examples() {
		all["playground/"+e.Name] = append(all["playground/"+e.Name], limits.Asked{Document: e.Query, Variables: json.RawMessage(e.Variables)})
	}
	pages := []string{"../README.md"}
	err := filepath.WalkDir("../docs", func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			pages = append(pages, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range fenced.FindAllSubmatch(text, -1) {
			all[page] = append(all[page], limits.Asked{Document: string(found[1])})
		}
		for _, found := range inBody.FindAllSubmatch(text, -1) {
			var document string
			if err := json.Unmarshal(found[1], &document); err != nil {
				t.Fatal(err)
			}
			all[page] = append(all[page], limits.Asked{Document: document})
		}
	}
	return all
}

// filled adds variables that the page leaves to its reader.
func filled(t *testing.T, a limits.Asked) limits.Asked {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: a.Document})
	if err != nil {
		t.Fatal(err)
	}
	variables := map[string]any{}
	if len(a.Variables) > 0 {
		if err := json.Unmarshal(a.Variables, &variables); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range doc.Operations {
		for _, v := range o.VariableDefinitions {
			if _, given := variables[v.Variable]; !given && v.Type.NonNull && v.Type.Elem == nil && v.DefaultValue == nil {
				variables[v.Variable] = "x"
			}
		}
	}
	if a.Variables, err = json.Marshal(variables); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestDocumentedQueriesKeepTheLimits has every document that people are shown be valid,
// and within the limits that a server comes with.
func TestDocumentedQueriesKeepTheLimits(t *testing.T) {
	t.Parallel()
	explain, count := gqlhttp.Explainer(gqlhttp.DefaultProtocol()), 0
	for where, documents := range documented(t) {
		for _, asked := range documents {
			count++
			if x := explain(filled(t, asked)); x.RefusedBy != nil || len(x.Errors) > 0 || x.Tokens == 0 {
				t.Errorf("%s: %+v of\n%s", where, x, asked.Document)
			}
		}
	}
	if count < 25 {
		t.Errorf("there are %d documents", count)
	}
}

// TestLimitsAreSettings refuses by the limits that are set, which a client is sent.
func TestLimitsAreSettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set      func(*gqlhttp.RequestLimits)
		document string
		code     fault.Code
	}{
		"tokens":     {func(a *gqlhttp.RequestLimits) { a.MaxTokens = 8 }, `{ assets { nodes { id } } }`, fault.TooManyTokens},
		"depth":      {func(a *gqlhttp.RequestLimits) { a.MaxDepth = 2 }, `{ assets { nodes { id } } }`, fault.TooDeep},
		"aliases":    {func(a *gqlhttp.RequestLimits) { a.MaxAliases = 1 }, `{ a: categories { id } b: categories { id } }`, fault.TooManyAliases},
		"fields":     {func(a *gqlhttp.RequestLimits) { a.MaxFields = 1 }, `{ categories { id name } }`, fault.TooManyFields},
		"directives": {func(a *gqlhttp.RequestLimits) { a.MaxDirectives = 1 }, `{ categories @skip(if: false) @include(if: true) { id } }`, fault.TooManyDirectives},
		"members":    {func(a *gqlhttp.RequestLimits) { a.MaxFilterMembers = 1 }, `{ assets(filter: {kinds: [VIDEO], hasCover: true}) { totalCount } }`, fault.FilterTooLarge},
		"values":     {func(a *gqlhttp.RequestLimits) { a.MaxListValues = 1 }, `{ assets(filter: {kinds: [VIDEO, AUDIO]}) { totalCount } }`, fault.ListTooLong},
		"nodes":      {func(a *gqlhttp.RequestLimits) { a.MaxNodes = 19 }, `{ assets { nodes { id } } }`, fault.TooManyNodes},
		"cost":       {func(a *gqlhttp.RequestLimits) { a.MaxCost = 24 }, `{ assets { nodes { id } totalCount } }`, fault.TooCostly},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, config(t))
			run(t, a)
			if answer := ask(t, a.URL(), c.document, nil); len(answer.Errors) > 0 {
				t.Fatalf("by default it is refused: %v", answer.Errors)
			}
			small := config(t)
			c.set(&small.RequestLimits)
			b := open(t, small)
			run(t, b)
			answer := ask(t, b.URL(), c.document, nil)
			if len(answer.Errors) != 1 || answer.Errors[0].Extensions["code"] != string(c.code) || answer.Errors[0].Extensions["limit"] == nil {
				t.Errorf("%+v", answer.Errors)
			}
		})
	}
}

// TestIncludingTheCost adds it where the request asks, or the setting.
func TestIncludingTheCost(t *testing.T) {
	t.Parallel()
	including := config(t)
	including.IncludeCost = true
	for name, c := range map[string]struct {
		config Config
		header string
		shows  bool
	}{
		"unasked": {config(t), "", false},
		"asked":   {config(t), "1", true},
		"set":     {including, "", true},
	} {
		a := open(t, c.config)
		run(t, a)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.URL()+gqlhttp.Endpoint+"?query={assets{nodes{id}}}", nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.header != "" {
			request.Header.Set("Vodgraph-Cost", c.header)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var reply struct {
			Extensions struct {
				Cost *struct {
					Figures limits.Figures
					Limits  limits.Request
				}
			}
		}
		err = json.NewDecoder(response.Body).Decode(&reply)
		_ = response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got := reply.Extensions.Cost; (got != nil) != c.shows || got != nil && (got.Figures.Nodes != 20 || got.Limits != limits.DefaultRequest()) {
			t.Errorf("%s: reported %+v", name, got)
		}
	}
}
