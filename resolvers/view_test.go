package resolvers_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/dbtest"
	"vodgraph/ent/fact"
	"vodgraph/fault"
)

// views are requests over a world of four, with their answers.
var views = map[string]struct{ query, want string }{
	"two aliases of one list with other arguments": {
		`{ videos(first: 1) { nodes { hd: playInfos(definitions: [HD]) { definition } sd: playInfos(definitions: SD) { status } none: playInfos(definitions: []) { id }
		   one: snapshots(first: 1) { nodes { index } } last: snapshots(last: 1, types: [NORMAL]) { nodes { index } pageInfo { hasNextPage hasPreviousPage } totalCount } } } }`,
		`{"videos":{"nodes":[{"hd":[{"definition":"HD"}],"sd":[{"status":"NORMAL"}],"none":[],
		  "one":{"nodes":[{"index":0}]},"last":{"nodes":[{"index":4}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":true},"totalCount":4}}]}}`,
	},
	"one field selected differently on each kind": {
		`{ nodes(ids: ["vid_00000000000000000000000001", "aud_00000000000000000000000001"]) {
		   ... on Video { playInfos { definition } } ... on Audio { playInfos { codec } } } }`,
		`{"nodes":[{"playInfos":[{"definition":"SD"},{"definition":"HD"}]},{"playInfos":[{"codec":"h264"},{"codec":"h264"}]}]}`,
	},
	"one field with other arguments on each kind": {
		`{ nodes(ids: ["vid_00000000000000000000000001", "aud_00000000000000000000000001"]) {
		   ... on Video { playInfos(definitions: HD) { definition } } ... on Audio { list: playInfos(definitions: SD) { definition } } } }`,
		`{"nodes":[{"playInfos":[{"definition":"HD"}]},{"list":[{"definition":"SD"}]}]}`,
	},
	"a single edge twice": {
		`{ node(id: "vid_00000000000000000000000001") { ... on Video { a: mezzanine { status } b: mezzanine { createdAt } } } }`,
		`{"node":{"a":{"status":"NORMAL"},"b":{"createdAt":"2026-01-02T03:04:05.678Z"}}}`,
	},
	"fragments of an interface and of a kind merge": {
		`query($no: Boolean = false) { videos(last: 1) { nodes { ...common ... on Video { tags { name } playInfos @include(if: $no) { id } duration @skip(if: true) } } } }
		 fragment common on Asset { id tags { id } ... on Audio { duration } }`,
		`{"videos":{"nodes":[{"id":"vid_00000000000000000000000000","tags":[{"id":"tag_00000000000000000000000000","name":"tag a"},{"id":"tag_00000000000000000000000001","name":"tag b"}]}]}}`,
	},
	"two selections of edges": {
		`{ assets(first: 1, filter: {kinds: [VIDEO]}) { x: edges { node { title } } y: edges { node { referenceId } } nodes { revision } } }`,
		`{"assets":{"x":[{"node":{"title":"VIDEO 3"}}],"y":[{"node":{"referenceId":"vid-3"}}],"nodes":[{"revision":1}]}}`,
	},
	"order kept, null where absent": {
		`{ nodes(ids: ["tag_00000000000000000000000001", "nothing", "img_00000000000000000000000001", "cat_00000000000000000000000010", "vid_1", "tag_00000000000000000000000001"]) { __typename
		   ... on Tag { name } ... on Category { name level } } }`,
		`{"nodes":[{"__typename":"Tag","name":"tag b"},null,{"__typename":"Image"},{"__typename":"Category","name":"leaf 0","level":2},null,{"__typename":"Tag","name":"tag b"}]}`,
	},
	"the tree": {
		`{ categories { name path { name } parent { name } assetCount direct: assetCount(includeDescendants: false)
		   children { name path { name } parent { name } assetCount } assets(first: 1, filter: {kinds: [VIDEO]}) { nodes { id } totalCount }
		   flat: assets(includeDescendants: false) { totalCount } } }`,
		`{"categories":[
		  {"name":"root 0","path":[{"name":"root 0"}],"parent":null,"assetCount":8,"direct":0,"children":[
		    {"name":"leaf 0","path":[{"name":"root 0"},{"name":"leaf 0"}],"parent":{"name":"root 0"},"assetCount":8},
		    {"name":"leaf 1","path":[{"name":"root 0"},{"name":"leaf 1"}],"parent":{"name":"root 0"},"assetCount":8}],
		   "assets":{"nodes":[{"id":"vid_00000000000000000000000003"}],"totalCount":2},"flat":{"totalCount":0}},
		  {"name":"root 1","path":[{"name":"root 1"}],"parent":null,"assetCount":4,"direct":0,"children":[
		    {"name":"leaf 0","path":[{"name":"root 1"},{"name":"leaf 0"}],"parent":{"name":"root 1"},"assetCount":4},
		    {"name":"leaf 1","path":[{"name":"root 1"},{"name":"leaf 1"}],"parent":{"name":"root 1"},"assetCount":4}],
		   "assets":{"nodes":[{"id":"vid_00000000000000000000000001"}],"totalCount":1},"flat":{"totalCount":0}},
		  {"name":"root 2","path":[{"name":"root 2"}],"parent":null,"assetCount":4,"direct":0,"children":[
		    {"name":"leaf 0","path":[{"name":"root 2"},{"name":"leaf 0"}],"parent":{"name":"root 2"},"assetCount":4},
		    {"name":"leaf 1","path":[{"name":"root 2"},{"name":"leaf 1"}],"parent":{"name":"root 2"},"assetCount":4}],
		   "assets":{"nodes":[{"id":"vid_00000000000000000000000002"}],"totalCount":1},"flat":{"totalCount":0}}]}`,
	},
	"tags by count": {
		`{ tags(orderBy: {field: ASSET_COUNT, direction: DESC}, first: 2) { nodes { name assetCount } totalCount } tags2: tags(prefix: "tag f") { nodes { name } }
		   tag(name: "tag f") { assetCount assets { totalCount nodes { id } } } none: tag(name: "x") { id } }`,
		`{"tags":{"nodes":[{"name":"tag d","assetCount":8},{"name":"tag c","assetCount":8}],"totalCount":6},"tags2":{"nodes":[{"name":"tag f"}]},
		  "tag":{"assetCount":0,"assets":{"totalCount":0,"nodes":[]}},"none":null}`,
	},
	"covers": {
		`{ nodes(ids: ["vid_00000000000000000000000002", "vid_00000000000000000000000003", "aud_00000000000000000000000003"]) {
		   ... on Video { cover { __typename ... on Image { location imageType } ... on Snapshot { type location } } } ... on Audio { cover { __typename } } }
		   image: node(id: "img_00000000000000000000000002") { ... on Image { coverOf { nodes { id } } } } }`,
		`{"nodes":[{"cover":{"__typename":"Image","location":null,"imageType":"COVER"}},{"cover":{"__typename":"Snapshot","type":"COVER","location":"vid_00000000000000000000000003/0"}},{"cover":null}],
		  "image":{"coverOf":{"nodes":[{"id":"vid_00000000000000000000000002"}]}}}`,
	},
	"attachments both ways": {
		`{ node(id: "vid_00000000000000000000000001") { ... on Video { attachments { language label attachment { id usedBy { nodes { id } totalCount } } } none: attachments(attachmentTypes: [MATERIAL]) { label } } } }`,
		`{"node":{"attachments":[{"language":"en","label":null,"attachment":{"id":"att_00000000000000000000000001","usedBy":{"nodes":[{"id":"vid_00000000000000000000000001"},{"id":"aud_00000000000000000000000001"}],"totalCount":2}}}],"none":[]}}`,
	},
	"analysis": {
		`{ node(id: "img_00000000000000000000000000") { ... on Image { aiData { sources
		   labels(source: "one") { nodes { name confidence asset { id } } } sure: labels(minConfidence: 0.3, categories: OBJECT, first: 1) { totalCount nodes { source } pageInfo { hasNextPage } }
		   speech(source: "two") { nodes { start text } } review { source labels suggestion createdAt findings { nodes { start label } totalCount } }
		   coverCandidates { score } } } } }`,
		`{"node":{"aiData":{"sources":["one","two"],
		  "labels":{"nodes":[{"name":"label 2","confidence":0.5,"asset":{"id":"img_00000000000000000000000000"}},{"name":"label 1","confidence":0.25,"asset":{"id":"img_00000000000000000000000000"}},{"name":"label 0","confidence":null,"asset":{"id":"img_00000000000000000000000000"}}]},
		  "sure":{"totalCount":2,"nodes":[{"source":"one"}],"pageInfo":{"hasNextPage":true}},
		  "speech":{"nodes":[{"start":0,"text":"two"},{"start":0.001,"text":"two"},{"start":0.002,"text":"two"}]},
		  "review":{"source":"two","labels":["two"],"suggestion":"PASS","createdAt":"2026-01-02T04:04:05.678Z","findings":{"nodes":[{"start":null,"label":"0"},{"start":0.007,"label":"2"},{"start":0.008,"label":"1"}],"totalCount":3}},
		  "coverCandidates":[{"score":1},{"score":0},{"score":null}]}}}`,
	},
	"duplicates from both ends, an own row before another's": {
		`{ nodes(ids: ["vid_00000000000000000000000001", "vid_00000000000000000000000002"]) { ... on Video { aiData { duplicates { totalCount nodes { asset { id } similarity source segments { start otherStart } } } } } } }`,
		`{"nodes":[
		  {"aiData":{"duplicates":{"totalCount":2,"nodes":[
		    {"asset":{"id":"vid_00000000000000000000000002"},"similarity":0.55,"source":"one","segments":[{"start":0.001,"otherStart":0.003}]},
		    {"asset":{"id":"vid_00000000000000000000000000"},"similarity":0.5,"source":"one","segments":[{"start":0.003,"otherStart":0.001}]}]}}},
		  {"aiData":{"duplicates":{"totalCount":2,"nodes":[
		    {"asset":{"id":"vid_00000000000000000000000003"},"similarity":0.6,"source":"one","segments":[{"start":0.001,"otherStart":0.003}]},
		    {"asset":{"id":"vid_00000000000000000000000001"},"similarity":0.25,"source":"one","segments":[]}]}}}]}`,
	},
	"one asset": {
		`{ asset(referenceId: "vid-1") { id userData } other: asset(id: "vid_00000000000000000000000001") { kind } none: asset(id: "x") { id }
		   category(path: ["root 1", "leaf 0"]) { id } byId: category(id: "cat_00000000000000000000000010") { name } no: category(path: []) { id } }`,
		`{"asset":{"id":"vid_00000000000000000000000001","userData":{"n":12345678901234567890}},"other":{"kind":"VIDEO"},"none":null,
		  "category":{"id":"cat_00000000000000000000000012"},"byId":{"name":"leaf 0"},"no":null}`,
	},
}

func TestViews(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s := serve(t, db)
		build(t, db, 4)
		// The second video has said itself what the first has said of it.
		if err := db.Client.Duplicate.Create().SetID(1_000_000).SetAssetID(id("vid", 2)).SetOtherID(id("vid", 1)).
			SetSource("one").SetSimilarity(0.25).SetSegments([]fact.DuplicateSegment{}).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, view := range views {
			var got, want any
			s.ask(view.query, nil, &got)
			if err := json.Unmarshal([]byte(view.want), &want); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}

// A number is reported to the digit, which decoding into a float would hide.
func TestUserDataIsReportedToTheLetter(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	s := serve(t, db)
	build(t, db, 1)
	got := string(s.send(`{ asset(referenceId: "vid-0") { userData } }`, nil).Data)
	if want := `{"asset":{"userData":{"n":12345678901234567890}}}`; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	s := serve(t, db)
	build(t, db, 3)
	many := make([]string, 251)
	for i := range many {
		many[i] = id("vid", i)
	}
	var page struct {
		Videos struct{ PageInfo struct{ EndCursor string } }
	}
	s.ask(`{ videos(first: 1) { pageInfo { endCursor } } }`, nil, &page)
	cursor := map[string]any{"c": page.Videos.PageInfo.EndCursor}
	for _, c := range []struct {
		code            fault.Code
		argument, query string
		variables       map[string]any
	}{
		{fault.Invalid, "id", `{ asset { id } }`, nil},
		{fault.Invalid, "id", `{ asset(id: "a", referenceId: "b") { id } }`, nil},
		{fault.Invalid, "id", `{ category { id } }`, nil},
		{fault.ListTooLong, "ids", `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, map[string]any{"ids": many}},
		{fault.PageSizeInvalid, "first", `{ assets(first: 101) { totalCount } }`, nil},
		{fault.PageSizeInvalid, "last", `{ videos { nodes { snapshots(last: 0) { totalCount } } } }`, nil},
		{fault.PageSizeInvalid, "last", `{ tags(first: 1, last: 1) { totalCount } }`, nil},
		{fault.CursorInvalid, "after", `{ assets(after: "x") { totalCount } }`, nil},
		{fault.CursorInvalid, "after", `query($c: Cursor) { assets(after: $c) { totalCount } }`, cursor},
		{fault.CursorInvalid, "before", `query($c: Cursor) { videos(before: $c, filter: {statuses: [NORMAL]}) { totalCount } }`, cursor},
		{fault.CursorInvalid, "after", `query($c: Cursor) { videos(after: $c, orderBy: {field: CREATED_AT}) { totalCount } }`, cursor},
		{fault.CursorInvalid, "after", `query($c: Cursor) { videos { nodes { snapshots(after: $c) { totalCount } } } }`, cursor},
		{fault.Invalid, "orderBy", `{ assets(orderBy: [{field: SIZE}, {field: TITLE}, {field: SIZE, direction: DESC}]) { totalCount } }`, nil},
		{fault.Invalid, "orderBy", `{ assets(orderBy: [{field: SIZE}, {field: TITLE}, {field: DURATION}, {field: CREATED_AT}]) { totalCount } }`, nil},
		{fault.Invalid, "", `query($k: [AssetKind!]) { assets(filter: {kinds: $k}) { totalCount } }`, map[string]any{"k": []string{"video"}}},
		{fault.Invalid, "", `{ assets(filter: {size: {gte: "5"}}) { totalCount } }`, nil},
		{fault.Invalid, "", `{ assets(filter: {size: {gte: 1.5}}) { totalCount } }`, nil},
		{fault.Invalid, "", `{ assets(filter: {createdAt: {gte: "yesterday"}}) { totalCount } }`, nil},
		{fault.Invalid, "", `query($f: AssetFilter) { assets(filter: $f) { totalCount } }`, map[string]any{"f": map[string]any{"width": map[string]any{"gt": 3_000_000_000}}}},
		{fault.Invalid, "", `query($f: AssetFilter) { assets(filter: $f) { totalCount } }`, map[string]any{"f": map[string]any{"storageLocations": []any{5}}}},
	} {
		s.refused(c.code, c.argument, c.query, c.variables)
	}
}

// A nested list goes on below its one parent, reached by node, and only there.
func TestNestedListsGoOn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s := serve(t, db)
		build(t, db, 3)
		var first struct {
			Videos struct {
				Nodes []struct {
					ID        string
					Snapshots struct{ PageInfo struct{ EndCursor string } }
				}
			}
		}
		s.ask(`{ videos { nodes { id snapshots(first: 2) { pageInfo { endCursor } } } } }`, nil, &first)
		for i, v := range first.Videos.Nodes {
			query := `query($id: ID!, $c: Cursor) { node(id: $id) { ... on Video { snapshots(first: 2, after: $c) { nodes { index } pageInfo { hasNextPage hasPreviousPage } } } } }`
			var got any
			s.ask(query, map[string]any{"id": v.ID, "c": v.Snapshots.PageInfo.EndCursor}, &got)
			var want any
			_ = json.Unmarshal([]byte(`{"node":{"snapshots":{"nodes":[{"index":2},{"index":3}],"pageInfo":{"hasNextPage":true,"hasPreviousPage":true}}}}`), &want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			other := first.Videos.Nodes[(i+1)%3]
			s.refused(fault.CursorInvalid, "after", query, map[string]any{"id": other.ID, "c": v.Snapshots.PageInfo.EndCursor})
		}
	})
}
