package resolvers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"vodgraph/dbtest"
	"vodgraph/fault"
)

// remember fills the history of a world: n sets, each of which changed the first
// videos in each field.
func remember(t *testing.T, db *dbtest.DB, n, videos int) {
	t.Helper()
	ctx := t.Context()
	for i := range n {
		set := db.Client.ChangeSet.Create().SetID(id("chs", i)).SetActor("somebody").SetAssetCount(int64(videos)).
			SetCreatedAt(epoch.Add(time.Duration(i/2) * time.Minute))
		if i%2 == 1 {
			set.SetNote(fmt.Sprint("note ", i)).SetUndoesID(id("chs", i/2))
		}
		set.ExecX(ctx)
		for v := range videos {
			for k, c := range []struct{ field, before, after string }{
				{"created", ``, ``}, {"title", `"<a>"`, `"b"`}, {"userData", ``, `{"n": 12345678901234567890}`},
				{"tags", `[]`, fmt.Sprintf(`[%q,%q]`, id("tag", 99), id("tag", i%worldTags))},
				{"categories", fmt.Sprintf(`[%q,%q]`, id("cat", 10), id("cat", 99)), ``},
			} {
				create := db.Client.Change.Create().SetID(int64(1000*(v+1) + 10*i + k)).SetChangeSetID(id("chs", i)).
					SetSubjectID(id("vid", v)).SetField(c.field).SetRevision(int64(i + 1)).SetAt(epoch)
				if c.before != "" {
					create.SetBefore(json.RawMessage(c.before))
				}
				if c.after != "" {
					create.SetAfter(json.RawMessage(c.after))
				}
				create.ExecX(ctx)
			}
		}
	}
}

func TestHistoryIsReported(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		build(t, db, 2)
		remember(t, db, 4, 2)
		db.Client.Tag.UpdateOneID(id("tag", 0)).SetName("<new>").ExecX(t.Context())
		s := serve(t, db)
		s.answers(`{ changeSets(first: 3) { nodes { id actor note createdAt assetCount undoes { id note } undoneBy { id } } totalCount pageInfo { hasNextPage } } }`,
			`{"changeSets":{"nodes":[
			  {"id":"chs_00000000000000000000000003","actor":"somebody","note":"note 3","createdAt":"2026-01-02T03:05:05.678Z","assetCount":2,"undoes":{"id":"chs_00000000000000000000000001","note":"note 1"},"undoneBy":null},
			  {"id":"chs_00000000000000000000000002","actor":"somebody","note":null,"createdAt":"2026-01-02T03:05:05.678Z","assetCount":2,"undoes":null,"undoneBy":null},
			  {"id":"chs_00000000000000000000000001","actor":"somebody","note":"note 1","createdAt":"2026-01-02T03:04:05.678Z","assetCount":2,"undoes":{"id":"chs_00000000000000000000000000","note":null},"undoneBy":{"id":"chs_00000000000000000000000003"}}],
			  "totalCount":4,"pageInfo":{"hasNextPage":true}}}`)
		s.answers(`{ changeSet(id: "chs_00000000000000000000000000") { changes(first: 2) { nodes { field subjectId subject { ... on Asset { title } } before after revision at changeSet { id } } totalCount }
			  all: changes(first: 5) { nodes { field before after } } } none: changeSet(id: "chs_9") { id } node(id: "chs_00000000000000000000000001") { id ... on ChangeSet { note undoneBy { note } } } }`,
			`{"changeSet":{"changes":{"nodes":[
			    {"field":"created","subjectId":"vid_00000000000000000000000000","subject":{"title":"VIDEO 0"},"before":null,"after":null,"revision":1,"at":"2026-01-02T03:04:05.678Z","changeSet":{"id":"chs_00000000000000000000000000"}},
			    {"field":"title","subjectId":"vid_00000000000000000000000000","subject":{"title":"VIDEO 0"},"before":"<a>","after":"b","revision":1,"at":"2026-01-02T03:04:05.678Z","changeSet":{"id":"chs_00000000000000000000000000"}}],"totalCount":10},
			  "all":{"nodes":[{"field":"created","before":null,"after":null},{"field":"title","before":"<a>","after":"b"},{"field":"userData","before":null,"after":{"n":12345678901234567890}},
			    {"field":"tags","before":[],"after":[{"id":"tag_00000000000000000000000099","name":null},{"id":"tag_00000000000000000000000000","name":"<new>"}]},
			    {"field":"categories","before":[{"id":"cat_00000000000000000000000010","path":["root 0","leaf 0"]},{"id":"cat_00000000000000000000000099","path":null}],"after":null}]}},
			  "none":null,"node":{"id":"chs_00000000000000000000000001","note":"note 1","undoneBy":{"note":"note 3"}}}`)
	})
}

// changed is the changes of which SQL says so, in its order.
func changed(t *testing.T, db *dbtest.DB, where string) (reported []string) {
	t.Helper()
	rows, err := db.SQL.QueryContext(t.Context(), "SELECT revision, field FROM changes WHERE "+where)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var revision int64
		var field string
		if err := rows.Scan(&revision, &field); err != nil {
			t.Fatal(err)
		}
		reported = append(reported, fmt.Sprint(revision, field))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return reported
}

// Pages of a history go to its end, from the newest on, and end where the asset does.
func TestHistoryIsPaged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		build(t, db, 2)
		remember(t, db, 5, 2)
		s := serve(t, db)
		for _, list := range []struct{ query, of string }{
			{`query($c: Cursor) { list: node(id: "vid_00000000000000000000000001") { ... on Asset { pages: history(first: 4, after: $c) { nodes { key: revision field } pageInfo { hasNextPage endCursor } } } } }`, "subject_id = 'vid_00000000000000000000000001' ORDER BY id DESC"},
			{`query($c: Cursor) { list: changeSet(id: "chs_00000000000000000000000003") { pages: changes(first: 4, after: $c) { nodes { key: revision field } pageInfo { hasNextPage endCursor } } } }`, "change_set_id = 'chs_00000000000000000000000003' ORDER BY subject_id, id"},
		} {
			want, got := changed(t, db, list.of), []string(nil)
			var cursor any
			for more := true; more; {
				var data struct {
					List struct {
						Pages struct {
							Nodes []struct {
								Key   int64
								Field string
							}
							PageInfo struct {
								HasNextPage bool
								EndCursor   string
							}
						}
					}
				}
				s.ask(list.query, map[string]any{"c": cursor}, &data)
				for _, n := range data.List.Pages.Nodes {
					got = append(got, fmt.Sprint(n.Key, n.Field))
				}
				cursor, more = data.List.Pages.PageInfo.EndCursor, data.List.Pages.PageInfo.HasNextPage
			}
			if !slices.Equal(got, want) || len(want) < 9 {
				t.Errorf("%s: %v, want %v", list.query, got, want)
			}
		}
		db.Client.Asset.DeleteOneID(id("vid", 1)).ExecX(t.Context())
		s.answers(`{ changeSets(first: 1) { nodes { changes(first: 6) { nodes { subjectId subject { id } } } } } }`, `{"changeSets":{"nodes":[{"changes":{"nodes":[
			{"subjectId":"vid_00000000000000000000000000","subject":{"id":"vid_00000000000000000000000000"}},{"subjectId":"vid_00000000000000000000000000","subject":{"id":"vid_00000000000000000000000000"}},
			{"subjectId":"vid_00000000000000000000000000","subject":{"id":"vid_00000000000000000000000000"}},{"subjectId":"vid_00000000000000000000000000","subject":{"id":"vid_00000000000000000000000000"}},
			{"subjectId":"vid_00000000000000000000000000","subject":{"id":"vid_00000000000000000000000000"}},{"subjectId":"vid_00000000000000000000000001","subject":null}]}}]}}`)
		s.refused(fault.CursorInvalid, "after", `{ changeSets(after: "AAAA") { totalCount } }`, nil)
		s.refused(fault.PageSizeInvalid, "first", `{ changeSets(first: 101) { totalCount } }`, nil)
		s.refused(fault.Invalid, "id", `query($id: ID!) { changeSet(id: $id) { id } }`, map[string]any{"id": "\x00"})
	})
}

func TestHistoryTakesTheSameStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		build(t, db, 12)
		remember(t, db, 40, 12)
		s := serve(t, db)
		for query, want := range map[string]int{
			// The sets, what they undo, what undid them, their changes and how many, the
			// assets, their tags, and of the links the tags and the categories.
			`query($n: Int!) { changeSets(first: $n) { nodes { id undoes { note } undoneBy { note } changes(first: $n) { nodes { field before after subject { ... on Asset { tags { name } } } } totalCount } } totalCount } }`: 10,
			// The assets, their changes, the sets, the tags and the categories.
			`query($n: Int!) { videos(first: $n) { nodes { history(first: $n) { nodes { before after changeSet { note } } } } } }`:                  5,
			`query($n: Int!) { videos(first: $n) { nodes { history(first: $n) { nodes { field revision at subjectId } } } } }`:                      2,
			`query($n: Int!) { node(id: "vid_00000000000000000000000001") { ... on Asset { history(first: $n) { nodes { field } totalCount } } } }`: 3,
		} {
			for _, n := range []int{1, 6, 100} {
				if got := s.statements(query, map[string]any{"n": n}); got != want && n > 1 {
					t.Errorf("%s for %d takes %d statements, not %d", query, n, got, want)
				}
			}
		}
	})
}
