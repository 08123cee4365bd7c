package resolvers_test

import (
	"fmt"
	"slices"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
)

// ofTitles makes videos of these titles, the latest the newest.
func ofTitles(t *testing.T, db *dbtest.DB, titles ...string) {
	t.Helper()
	var creates []*ent.AssetCreate
	for i, title := range titles {
		creates = append(creates, bare(db.Client, asset.KindVIDEO, 3*i).SetTitle(title).SetAlternativeTitles([]string{}))
	}
	db.Client.Asset.CreateBulk(creates...).ExecX(t.Context())
}

// Where no engine answers, the database finds what has all of a text as typed, and
// says so.
func TestSearchIsDegraded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx := t.Context()
		ofTitles(t, db, "Amber dawn", "The Ambergris", "Dâwn of ＡＭＢＥＲ", "猫の恩返し", "100% _wild_", "猫")
		db.Client.Asset.UpdateOneID(id("vid", 3)).SetDescription("at dawn").SetAlternativeTitles([]string{"Whale gold"}).ExecX(ctx)
		for i, name := range []string{"gold rush", "恩"} {
			db.Client.Tag.Create().SetID(id("tag", i)).SetName(name).ExecX(ctx)
			db.Client.AssetTag.Create().SetAssetID(id("vid", 3*i)).SetTagID(id("tag", i)).ExecX(ctx)
		}
		index(t, db)
		engine := &finder{answer: down}
		for name, s := range map[string]*server{"database": seekers(t, db, nil), "fake": seekers(t, db, engine)} {
			for text, want := range map[string][]int{
				"amber":            {2, 1, 0},
				"AMBER däwn":       {2, 1, 0}, // of the second one in its description
				"amber dwan":       nil,
				"gold":             {1, 0},
				"gold amber":       {1, 0}, // one has it in a tag
				"whale gold rush":  nil,
				"猫":                {5, 3},
				"恩返":               {3},
				"恩":                {3, 1},
				"猫 恩返し":            {3},
				"100 wild":         {4},
				"%":                nil,
				"_ild":             {4},
				"amber, amber's ?": nil,
			} {
				var ids []string
				for _, n := range want {
					ids = append(ids, id("vid", 3*n))
				}
				f := s.seek(fmt.Sprintf("text: %q, orderBy: {field: RELEVANCE, direction: DESC}", text))
				f.wantIDs(t, text, ids...)
				if found := f.Search; found.TotalCount != len(want) || !found.Index.Degraded || found.Index.Engine != name || len(found.Corrections) > 0 {
					t.Errorf("%q: %+v", text, found)
				}
				for _, e := range f.Search.Edges {
					// The middle of a word is found, but shows nowhere.
					if e.Score != nil || len(e.Highlights) == 0 && text != "_ild" {
						t.Errorf("%q: %+v", text, e)
					}
				}
			}
			s.seek(`text: "amber", orderBy: [{field: CREATED_AT, direction: ASC}, {field: RELEVANCE, direction: DESC}]`).
				wantIDs(t, "the oldest", id("vid", 0), id("vid", 3), id("vid", 6))
			s.seek(fmt.Sprintf(`text: "amber", filter: {not: {ids: %q}}`, id("vid", 3))).
				wantIDs(t, "a filter", id("vid", 6), id("vid", 0))
			first := s.seek(`text: "amber", first: 2`)
			s.seek(fmt.Sprintf(`text: "amber", first: 2, after: %q`, *first.Search.PageInfo.EndCursor)).
				wantIDs(t, "the second page", id("vid", 0))
		}
		if len(engine.asked) == 0 {
			t.Error("the engine was not asked")
		}
	})
}

// An asset without an entry of the index, or whose words are not made yet, is not
// found by a text, but for its tags.
func TestSearchOfWhatHasNoWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx := t.Context()
		ofTitles(t, db, "Amber", "Amber", "Amber")
		db.Client.Tag.Create().SetID(id("tag", 0)).SetName("gold").SetWords("gold").ExecX(ctx)
		for i := range 2 {
			db.Client.IndexEntry.Create().SetID(int64(i)).SetAssetID(id("vid", 3*i)).SetRevision(1).ExecX(ctx)
			db.Client.AssetTag.Create().SetAssetID(id("vid", 3*i)).SetTagID(id("tag", 0)).ExecX(ctx)
		}
		db.Client.IndexEntry.Update().Where().SetWords("amber").ExecX(ctx)
		db.Client.IndexEntry.UpdateOneID(0).ClearWords().ExecX(ctx)
		s := seekers(t, db, nil)
		s.seek(`text: "amber"`).wantIDs(t, "words", id("vid", 3))
		s.seek(`text: "gold"`).wantIDs(t, "tags", id("vid", 3), id("vid", 0))
	})
}

// It is the same whether few or many tags have a text within them.
func TestSearchFindsByManyTags(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx := t.Context()
		ofTitles(t, db, "amber", "umber", "other", "another", "last")
		const n = 130
		for i := range n {
			name := fmt.Sprintf("gold %d", i)
			if i >= 100 {
				name = fmt.Sprintf("silver gold %d", i)
			}
			db.Client.Tag.Create().SetID(id("tag", i)).SetName(name).ExecX(ctx)
		}
		for video, tags := range [][]int{{0, 1, 129}, {99, 100}, {7}, nil, {101}} {
			for _, i := range tags {
				db.Client.AssetTag.Create().SetAssetID(id("vid", 3*video)).SetTagID(id("tag", i)).ExecX(ctx)
			}
		}
		index(t, db)
		s := seekers(t, db, nil)
		for text, want := range map[string][]int{
			"gold": {4, 2, 1, 0}, "silver": {4, 1, 0}, "gold silver": {4, 1, 0}, "gold umber": {1}, "silver ther": nil,
			"gold 129": {0}, "gold ther": {2}, "ther": {3, 2},
		} {
			var ids []string
			for _, n := range want {
				ids = append(ids, id("vid", 3*n))
			}
			f := s.seek(fmt.Sprintf("text: %q, facets: [{field: TAG}, {field: KIND}]", text))
			f.wantIDs(t, text, ids...)
			kinds := f.Search.Facets[1].Buckets
			if len(want) != f.Search.TotalCount || len(want) > 0 && kinds[0].Count != len(want) || len(want) == 0 && len(kinds) > 0 {
				t.Errorf("%q: %d found, and counted %v", text, f.Search.TotalCount, kinds)
			}
			var rows found // without a list of all that is found
			s.ask(fmt.Sprintf("{ search(text: %q) { edges { node { id } } } }", text), nil, &rows)
			rows.wantIDs(t, text, ids...)
		}
	})
}

// Whoever walks by one source cannot go on by another: a wrong page would come of
// it.
func TestSearchCursorsExpire(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		build(t, db, 3)
		index(t, db)
		engine := &finder{answer: down}
		s := seekers(t, db, engine)
		const text = `text: "other", first: 1`
		after := func(cursor string) string {
			return fmt.Sprintf("{ search(%s, after: %q) { nodes { id } } }", text, cursor)
		}
		database := *s.seek(text).Search.PageInfo.EndCursor
		engine.answer = one(id("vid", 1), "place/1")
		s.refusedAt(fault.CursorExpired, "after", after(database), nil)
		if last := engine.asked[len(engine.asked)-1]; last.After != "" {
			t.Errorf("the engine was asked for what is after %q", last.After)
		}

		ranked := *s.seek(text).Search.PageInfo.EndCursor
		s.ask(after(ranked), nil, &found{})
		if last := engine.asked[len(engine.asked)-1]; last.After != "place/1" {
			t.Errorf("the engine was asked for what is after %q", last.After)
		}
		engine.answer = down
		s.refusedAt(fault.CursorExpired, "after", after(ranked), nil)
		s.ask(after(database), nil, &found{})
		without := seekers(t, db, nil)
		without.refusedAt(fault.CursorExpired, "after", after(ranked), nil)
		if !slices.Equal(s.seek(text).ids(), without.seek(text).ids()) {
			t.Error("the database answers differently")
		}
		engine.answer = newIndex
		s.refusedAt(fault.CursorExpired, "after", after(ranked), nil)
	})
}
