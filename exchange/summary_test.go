package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"vodgraph/exchange"
)

// summed are files of one library, one after the other, with the summary of each.
var summed = []struct {
	about, file string
	want        exchange.Summary
	words       string
}{
	{"lines of assets make what they name",
		`{"id":"` + vid1 + `","kind":"VIDEO","title":"One","tags":["a","b","a "],"categories":[{"path":["A","B","C"]},{"path":["A","D"]}]}
{"id":"` + vid2 + `","kind":"VIDEO","title":"Two","tags":["b","c"],"categories":[{"path":["A","B"]}]}`,
		exchange.Summary{Created: 2, Categories: 4, Tags: 3},
		"2 created, 0 changed, 0 unchanged, 0 refused. 4 categories and 3 tags made for lines that name them."},
	{"again", `{"id":"` + vid2 + `","kind":"VIDEO","title":"Two","tags":["b","c"],"categories":[{"path":["A","B"]}]}`,
		exchange.Summary{Unchanged: 1}, "0 created, 0 changed, 1 unchanged, 0 refused. Nothing changed."},
	{"what has a line of its own is counted with the lines", `{"id":"` + vid1 + `","tags":["d","e"],"categories":[{"path":["E","F"]}]}
{"tag":{"name":"d"}}
{"category":{"path":["E"]}}`,
		exchange.Summary{Created: 2, Changed: 1, Categories: 1, Tags: 1},
		"2 created, 1 changed, 0 unchanged, 0 refused. 1 category and 1 tag made for lines that name them."},
	{"a line of a category makes those above it", `{"category":{"path":["G","H","I"]}}`,
		exchange.Summary{Created: 1, Categories: 2}, "1 created, 0 changed, 0 unchanged, 0 refused. 2 categories and 0 tags made for lines that name them."},
	{"a line that is refused makes nothing", `{"id":"` + vid1 + `","size":-1,"tags":["f"],"categories":[{"path":["J"]}]}`,
		exchange.Summary{Refused: 1}, "0 created, 0 changed, 0 unchanged, 1 refused. Nothing changed."},
	{"a line that waits makes once what it names", `{"id":"` + vid1 + `","tags":["g"],"categories":[{"path":["K"]}],"cover":{"image":{"id":"` + img1 + `"}}}
{"id":"` + img1 + `","kind":"IMAGE","title":"Cover"}`,
		exchange.Summary{Created: 1, Changed: 1, Categories: 1, Tags: 1},
		"1 created, 1 changed, 0 unchanged, 0 refused. 1 category and 1 tag made for lines that name them."},
}

// TestSummaryCountsRows compares the numbers of summaries with the rows of the tables, and with
// the entries of the history.
func TestSummaryCountsRows(t *testing.T) {
	each(t, func(l *library) {
		for _, c := range summed {
			tables := "SELECT 'asset', count(*) FROM assets UNION SELECT 'category', count(*) FROM categories UNION SELECT 'tag', count(*) FROM tags"
			before := l.counts(tables)
			s, report, set := l.puts(c.file)
			if s != c.want || s.String() != c.words {
				l.Fatalf("%s: %v %q", c.about, s, report)
			}
			after := l.counts(tables)
			lines := func(member string) int { return strings.Count(c.file, `{"`+member+`":`) }
			own := map[string]int{"asset": int(s.Created) - lines("category") - lines("tag"),
				"category": lines("category") + int(s.Categories), "tag": lines("tag") + int(s.Tags)}
			for name, made := range own {
				if got := after[name] - before[name]; got != made {
					l.Errorf("%s: %d rows of %s were made, and %d are reported", c.about, got, name, made)
				}
			}
			history := l.counts(fmt.Sprintf(`SELECT 'created', count(*) FROM changes WHERE change_set_id = '%s' AND field = 'created'
				UNION SELECT 'changed', count(DISTINCT subject_id) FROM changes c WHERE change_set_id = '%[1]s' AND NOT EXISTS
					(SELECT 1 FROM changes m WHERE m.change_set_id = '%[1]s' AND m.subject_id = c.subject_id AND m.field = 'created')`, set))
			if history["created"] != int(s.Created+s.Categories+s.Tags) || history["changed"] != int(s.Changed) {
				l.Errorf("%s: the history has %v: %v", c.about, history, s)
			}
		}
	})
}
