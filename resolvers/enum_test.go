package resolvers_test

import (
	"testing"

	"vodgraph/dbtest"
)

// A variable names a value of an enum as the schema does, or is refused: in another
// case it would be none, and be taken for a default.
func TestEnumsInVariables(t *testing.T) {
	t.Parallel()
	s := serve(t, dbtest.SQLite(t))
	for variable, query := range map[string]string{
		"AssetOrder":  `query($v: AssetOrder!) { assets(orderBy: [$v]) { totalCount } }`,
		"TagOrder":    `query($v: TagOrder!) { tags(orderBy: $v) { totalCount } }`,
		"SearchOrder": `query($v: SearchOrder!) { search(orderBy: [$v]) { totalCount } }`,
	} {
		field := map[string]string{"AssetOrder": "SIZE", "TagOrder": "NAME", "SearchOrder": "SIZE"}[variable]
		var data any
		s.ask(query, map[string]any{"v": map[string]any{"field": field, "direction": "DESC"}}, &data)
		for _, v := range []map[string]any{
			{"field": field, "direction": "desc"}, {"field": "size", "direction": "DESC"},
		} {
			if a := s.send(query, map[string]any{"v": v}); len(a.Errors) == 0 {
				t.Errorf("%s takes %v", query, v)
			}
		}
	}
}
