package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/fault"
	"vodgraph/model"
	"vodgraph/search/typesense"
	"vodgraph/search/typesensetest"
)

// oddTitles are titles that an engine may sort in an order of its own: all have the word
// amber. Some have one key, so that the id decides.
var oddTitles = []string{
	"Amber", "amber", "AMBER", "ämber amber", "Amber  Rose", "amber rose", "Amber, rose", "amber-rose", "amberrose amber", "É amber", "e amber", "Éa amber",
	"猫 amber", "日本 amber", "日本語 amber", "あ amber", "ア amber", "ｱ amber", "😀 amber", "😀😀 amber", "Ｚ amber", "z amber", "~ amber", "! amber", "10 amber", "9 amber", "-1 amber",
	"ß amber", "ss amber", "я amber", "Я amber", "ﬁ amber", "fi amber", "`) || title:=1 amber", strings.Repeat("\U0001F600", 110) + " amber", strings.Repeat("\U0001F600", 111) + " amber",
}

// odd fills a library with the odd titles, of all kinds, and with numbers that are equal,
// differ and are absent.
func odd(d *mutations) {
	var items []string
	kinds := []string{`"VIDEO"`, `"AUDIO"`, `"IMAGE"`, `"ATTACHMENT", "attachmentType": "MATERIAL"`}
	for i, title := range append(oddTitles, oddTitles[:12]...) {
		size := ""
		if i%3 > 0 {
			size = fmt.Sprintf(`, "size": %d`, i%2)
		}
		items = append(items, fmt.Sprintf(`{"kind": %s, "title": %q%s}`, kinds[(i*7)%4], title, size))
	}
	d.make(items...)
}

// searchOrders are orders of a search by all that assets are ordered by, too.
func searchOrders(d *mutations) (all []string) {
	key := func(field, direction string) string { return "{field: " + field + direction + "}" }
	directions := []string{"", ", direction: DESC"}
	for _, field := range d.schema.Types["SearchOrderField"].EnumValues {
		for _, direction := range directions {
			if field.Name == "RELEVANCE" {
				continue
			}
			all = append(all, "["+key(field.Name, direction)+"]")
			for _, other := range directions {
				if field.Name != "TITLE" {
					all = append(all, "["+key("TITLE", other)+", "+key(field.Name, direction)+"]", "["+key(field.Name, direction)+", "+key("TITLE", other)+"]")
				}
			}
		}
	}
	return all
}

// The engines, the database in their place, and lists sort alike in every order, to the
// last tie.
func TestSearchOrdersAgree(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		odd(d)
		orders := searchOrders(d)
		if len(orders) != 2+2*4+2*2*2*4 {
			t.Errorf("there are %d orders", len(orders))
		}
		lists := make(map[string][]string, len(orders))
		for _, order := range orders {
			var list struct{ Assets assetPage }
			d.ask(`{ assets(first: 100, orderBy: `+order+`) { nodes { id } } }`, nil, &list)
			for _, n := range list.Assets.Nodes {
				lists[order] = append(lists[order], n.ID)
			}
		}
		for name, finder := range map[string]func(t *testing.T) model.Index{
			"database": func(*testing.T) model.Index { return &finder{answer: down} },
			"bleve":    func(t *testing.T) model.Index { return inBleve(t, db) },
			"typesense": func(t *testing.T) model.Index {
				engine, err := typesense.Open(typesensetest.Shared(t))
				if err != nil {
					t.Fatal(err)
				}
				return holding(t, db, engine)
			},
		} {
			t.Run(name, func(t *testing.T) {
				s := seekers(t, db, finder(t))
				for _, order := range orders {
					for _, args := range []string{`text: "amber", orderBy: `, `orderBy: `} {
						if got := s.ordered(args+order, 17); !slices.Equal(got, lists[order]) {
							t.Errorf("%s%s\nis   %v\nwant %v", args, order, s.titles(got), s.titles(lists[order]))
						}
					}
				}
				cursor := *s.seek(`text: "amber", first: 3, orderBy: {field: TITLE}`).Search.PageInfo.EndCursor
				for _, other := range []string{`{field: TITLE, direction: DESC}`, `{field: CREATED_AT}`, `[{field: TITLE}, {field: SIZE}]`, `[]`} {
					s.refused(fault.CursorInvalid, "after", `query($c: Cursor) { search(text: "amber", after: $c, orderBy: `+other+`) { nodes { id } } }`, map[string]any{"c": cursor})
				}
			})
		}
	})
}

// ordered are the assets of a search in its order, in pages of a size.
func (s *server) ordered(arguments string, size int) (ids []string) {
	s.Helper()
	after := ""
	for {
		f := s.seek(fmt.Sprintf("%s, first: %d%s", arguments, size, after))
		ids = append(ids, f.ids()...)
		if !f.Search.PageInfo.HasNextPage {
			return ids
		}
		after = fmt.Sprintf(", after: %q", *f.Search.PageInfo.EndCursor)
	}
}

// titles are assets by their titles and ids.
func (s *server) titles(ids []string) (all []string) {
	for _, id := range ids {
		row := s.db.Client.Asset.GetX(s.Context(), id)
		all = append(all, fmt.Sprintf("%.20s/%v/%s", row.Title, row.SizeAsc, id[:3]+id[26:]))
	}
	return all
}
