package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"vodgraph/auth"
	"vodgraph/dbtest"
)

// everyForms find every asset of a library of videos and images made since 2026.
var everyForms = []string{`{"kinds": ["VIDEO", "IMAGE", "AUDIO", "ATTACHMENT"]}`, `{"not": {"ids": ["zzz"]}}`, `{"createdAt": {"gte": "0001-01-01T00:00:00Z"}}`,
	`{"or": [{"hasCover": true}, {"hasCover": false}]}`, `{"kinds": ["VIDEO", "IMAGE"], "tags": {"none": ["x"]}}`, `{"category": {"empty": true}}`,
	`{"and": [{"statuses": ["NORMAL"]}, {"not": {"size": {"gt": 0}}}]}`}

// A filter that finds all that there is of more than 100 assets has to say so, however it
// is written, for each caller by what they see.
func TestFiltersThatFindAllMustSaySo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		video, image := `{"kind": "VIDEO", "title": "a"}`, `{"kind": "IMAGE", "title": "b"}`
		ids := d.make(strings.Repeat(video+", ", 90) + strings.Repeat(image+", ", 9) + image)
		calls := func(trash bool) map[string]string {
			if trash {
				return map[string]string{"assetsRestoreWhere": ""}
			}
			return map[string]string{"assetsTrashWhere": "", "assetsUpdateWhere": `, "change": {"description": "x"}`}
		}
		try := func(n int, trash, refused bool) {
			t.Helper()
			for name, rest := range calls(trash) {
				for _, filter := range everyForms {
					if refused {
						p := d.refuses([]string{"ALL_REQUIRED all"}, name, `{"filter": %s%s}`, filter, rest)
						if !strings.Contains(p.UserErrors[0].Message, fmt.Sprint(n)) {
							t.Errorf("%s does not say how many: %s", filter, p.UserErrors[0].Message)
						}
					}
					dry := d.begin(name, `{"filter": %s%s, "options": {"dryRun": true}}`, filter, rest)
					if got := d.matches(dry); got != fmt.Sprint(n, " true") {
						t.Errorf("%s of %s matches %s", name, filter, got)
					}
				}
				if dry := d.begin(name, `{"filter": {"ids": [%q]}%s, "options": {"dryRun": true}}`, ids[0], rest); d.matches(dry) != "1 false" {
					t.Errorf("%s of one matches %s", name, d.matches(dry))
				}
				if dry := d.begin(name, `{"filter": {}%s, "options": {"dryRun": true}}`, rest); d.matches(dry) != fmt.Sprint(n, " true") {
					t.Errorf("a dry run of %s of all matches %s", name, d.matches(dry))
				}
			}
		}
		try(100, false, false)
		d.finish(d.begin("assetsUpdateWhere", `{"filter": %s, "change": {"description": "y"}}`, everyForms[0]))
		d.make(video)
		try(101, false, true)
		d.begin("assetsUpdateWhere", `{"filter": {"kinds": ["VIDEO"]}, "change": {"description": "z"}}`)
		d.finish(d.begin("assetsTrashWhere", `{"filter": %s, "all": true}`, everyForms[1]))
		last := d.make(video)[0] // and is not in the trash
		try(101, true, true)
		d.finish(d.begin("assetsTrashWhere", `{"filter": {"ids": [%q]}}`, last))
		d.finish(d.begin("assetsRestoreWhere", `{"filter": {"kinds": ["IMAGE"]}}`))
	})
}

// matches is how many assets an operation was to meet, and whether these were all.
func (d *mutations) matches(id string) string {
	d.Helper()
	var answer struct{ BulkOperation record }
	d.ask(`query($id: ID!) { bulkOperation(id: $id) { matched matchesAll } }`, map[string]any{"id": id}, &answer)
	return fmt.Sprint(answer.BulkOperation["matched"], " ", answer.BulkOperation["matchesAll"])
}

// For a limited caller all is what they see.
func TestFiltersThatFindAllOfALimitedCaller(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := divide(t, db)
		d.limited(auth.Admin)
		var seen struct{ Assets struct{ TotalCount int } }
		d.ask(`{ assets { totalCount } }`, nil, &seen)
		dry := d.begin("assetsTrashWhere", `{"filter": {"not": {"ids": ["zzz"]}}, "options": {"dryRun": true}}`)
		if got := d.matches(dry); got != fmt.Sprint(seen.Assets.TotalCount, " true") {
			t.Errorf("all that %d are seen of matches %s", seen.Assets.TotalCount, got)
		}
	})
}
