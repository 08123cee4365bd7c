package resolvers_test

import (
	"fmt"
	"testing"

	"vodgraph/auth"
	"vodgraph/dbtest"
)

// TestGrantsOfOneName asks as a caller who is limited to two categories of one name: each has its
// own subtree, and the path that both have is of neither.
func TestGrantsOfOneName(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.by(func() string { return "root" })
		films, songs := d.grow("Films", ""), d.grow("Songs", "")
		one, other := d.grow("Old", films), d.grow("Old", songs)
		below := d.grow("Older", other)
		file := func(title, category string) string {
			return d.make(fmt.Sprintf(`{"kind": "VIDEO", "title": %q, "categories": [{"id": %q}]}`, title, category))[0]
		}
		first, second, third := file("first", one), file("second", other), file("third", below)
		for name, engine := range map[string]bool{"database": false, "bleve": true} {
			s := seekers(t, db, nil)
			if engine {
				s = seekers(t, db, inBleve(t, db))
			}
			s.caller = func() *auth.Caller {
				return &auth.Caller{Name: "limited", Role: auth.Editor, Limited: true, Grants: []string{one, other}}
			}
			for query, want := range map[string]string{
				fmt.Sprintf(`{ assets(filter: {category: {in: [{id: %q}]}}, orderBy: {field: TITLE, direction: ASC}) { nodes { id } totalCount } }`, one): fmt.Sprintf(`{"assets":{"nodes":[{"id":%q}],"totalCount":1}}`, first),
				fmt.Sprintf(`{ assets(filter: {category: {in: [{id: %q}]}}, orderBy: {field: TITLE, direction: ASC}) { nodes { id } } }`, other):          fmt.Sprintf(`{"assets":{"nodes":[{"id":%q},{"id":%q}]}}`, second, third),
				fmt.Sprintf(`{ category(id: %q) { assetCount assets { nodes { id } } } }`, one):                                                           fmt.Sprintf(`{"category":{"assetCount":1,"assets":{"nodes":[{"id":%q}]}}}`, first),
				fmt.Sprintf(`{ category(id: %q) { assetCount children { id } path { id } } }`, other):                                                     fmt.Sprintf(`{"category":{"assetCount":2,"children":[{"id":%q}],"path":[{"id":%q}]}}`, below, other),
				fmt.Sprintf(`{ category(id: %q) { path { id } } }`, below):                                                                                fmt.Sprintf(`{"category":{"path":[{"id":%q},{"id":%q}]}}`, other, below),
				fmt.Sprintf(`{ search(text: "first second third", filter: {category: {in: [{id: %q}]}}) { totalCount } }`, one):                           `{"search":{"totalCount":0}}`,
				fmt.Sprintf(`{ search(text: "third", filter: {category: {in: [{id: %q}]}}) { totalCount } }`, one):                                        `{"search":{"totalCount":0}}`,
				`{ assets(filter: {category: {in: [{path: ["Old"]}]}}) { totalCount } }`:                                                                  `{"assets":{"totalCount":0}}`,
				`{ search(text: "third", filter: {category: {in: [{path: ["Old"]}]}}) { totalCount } }`:                                                   `{"search":{"totalCount":0}}`,
				`{ search(text: "third", facets: [{field: CATEGORY}]) { facets { buckets { label } } } }`:                                                 `{"search":{"facets":[{"buckets":[{"label":"Old"},{"label":"Old / Older"}]}]}}`,
				`{ category(path: ["Old"]) { id } }`:                                          `{"category":null}`,
				`{ categories { name level path { name } children { name path { name } } } }`: `{"categories":[{"name":"Old","level":1,"path":[{"name":"Old"}],"children":[]},{"name":"Old","level":1,"path":[{"name":"Old"}],"children":[{"name":"Older","path":[{"name":"Old"},{"name":"Older"}]}]}]}`,
			} {
				if answer := s.send(query, nil); len(answer.Errors) > 0 || string(answer.Data) != want {
					t.Errorf("%s: %s\n%v %s, want %s", name, query, answer.Errors, answer.Data, want)
				}
			}
		}
	})
}
