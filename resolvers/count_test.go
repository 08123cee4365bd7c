package resolvers_test

import (
	"strings"
	"testing"

	"vodgraph/dbtest"
)

// fullView is all that there is to say of an asset.
const fullView = `
  __typename id kind referenceId title alternativeTitles description status statusReason size storageLocation
  storageClass mediaSource userData revision createdAt updatedAt trashedAt
  history(first: 2) { nodes { field before revision } totalCount }
  categories { id name level createdAt path { name } }
  tags { id name }
  ... on Video { duration downloadEnabled
    cover { ... on Image { id location width } ... on Snapshot { id type index location sprite { columns } } }
    mezzanine { id status fileName videoStreams { index codecName hdrType } audioStreams { index language } createdAt }
    playInfos(includeSuperseded: true) { id jobId definition status hdrType watermark { id title } }
    snapshots(first: 3) { nodes { id type index at } pageInfo { hasNextPage } totalCount }
    attachments { attachment { id title attachmentType } language label }
    aiData { ...analysed } }
  ... on Audio { duration downloadEnabled mezzanine { id } playInfos { id definition } attachments { language } aiData { ...analysed } }
  ... on Image { imageType fileName location width height coverOf { nodes { id } totalCount } aiData { ...analysed } }
  ... on Attachment { attachmentType fileName usedBy(first: 2) { edges { cursor node { id } } totalCount } }`

const analysed = ` fragment analysed on AIData {
  sources
  labels(first: 2) { nodes { name category confidence spans { start end } source asset { id } } totalCount }
  speech(first: 2) { nodes { start end text source } totalCount }
  screenText { nodes { text } totalCount }
  review { suggestion labels source createdAt findings(first: 2) { nodes { module scene start } totalCount } }
  duplicates { nodes { asset { id title } similarity segments { start otherStart } source } totalCount }
  coverCandidates { id score } }`

// The number of statements of a full view of one asset: its row, what hangs below
// it, and what hangs below that.
const fullViewStatements = 28

func TestFullViewTakesAConstantNumberOfStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s := serve(t, db)
		build(t, db, 8)
		query := "query($id: ID!) { node(id: $id) { ... on Asset {" + fullView + "} } }" + analysed
		for _, name := range []string{id("vid", 2), id("vid", 3)} {
			if n := s.statements(query, map[string]any{"id": name}); n != fullViewStatements {
				t.Errorf("a full view of %s takes %d statements, not %d", name, n, fullViewStatements)
			}
		}
	})
}

// nested are requests for lists with something below; $n is the length.
var nested = map[string]string{
	"assets":     `query($n: Int!) { assets(first: $n) { nodes {` + fullView + `} pageInfo { endCursor } totalCount } }` + analysed,
	"videos":     `query($n: Int!) { videos(first: $n) { edges { node { id snapshots(first: 1) { nodes { asset { id tags { name } } } } } } } }`,
	"back":       `query($n: Int!) { videos(first: $n) { nodes { playInfos { asset { ... on Video { mezzanine { asset { title } } } } } } } }`,
	"images":     `query($n: Int!) { images(last: $n) { nodes { coverOf { nodes { tags { name assetCount assets(first: 1) { totalCount nodes { id } } } } } } } }`,
	"tags":       `query($n: Int!) { tags(first: $n) { nodes { name assetCount assets(first: 2, filter: {kinds: [VIDEO]}) { nodes { categories { assetCount } } totalCount } } } }`,
	"categories": `query($n: Int!) { videos(first: $n) { nodes { categories { path { name assetCount } parent { name children { name assetCount(includeDescendants: false) } } assets(first: 3) { nodes { id } totalCount } } } } }`,
	"uses":       `query($n: Int!) { attachments(first: $n) { nodes { watermarkOf(first: 2) { nodes { asset { title } } totalCount } } } videos(first: $n) { nodes { snapshots(first: 1) { nodes { coverOf { nodes { title } totalCount } } } } } }`,
	"pictures":   `query($n: Int!) { assets(first: $n) { nodes { title duration width height cover { location width height } } } }`,
	"duplicates": `query($n: Int!) { videos(first: $n) { nodes { aiData { duplicates(first: 1) { nodes { asset { title ... on Video { aiData { labels { totalCount } } } } } } } } } }`,
}

func TestListsOfAnyLengthTakeTheSameStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s := serve(t, db)
		build(t, db, 100)
		for name, query := range nested {
			few, many := s.statements(query, map[string]any{"n": 10}), s.statements(query, map[string]any{"n": 100})
			if few != many {
				t.Errorf("%s: %d statements for 10, %d for 100", name, few, many)
			}
			t.Logf("%s: %d statements", name, many)
		}
	})
}

func TestNothingIsCountedUnasked(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	s := serve(t, db)
	build(t, db, 5)
	for query, want := range map[string]int{
		`{ assets { nodes { id } } }`:              1,
		`{ assets { totalCount } }`:                1,
		`{ assets { nodes { id } totalCount } }`:   2,
		`{ assets { pageInfo { hasNextPage } } }`:  1,
		`{ categories { assets { totalCount } } }`: 2,
		`{ nodes(ids: ["vid_00000000000000000000000001", "img_00000000000000000000000001", "tag_00000000000000000000000001", "nothing"]) { id } }`: 2,
	} {
		var data any
		statements := db.Statements(func() { s.ask(query, nil, &data) })
		counting := 0
		for _, text := range statements {
			if strings.Contains(text, "COUNT(") {
				counting++
			}
		}
		if len(statements) != want || counting > 0 != strings.Contains(query, "totalCount") {
			t.Errorf("%s takes %q, not %d statements", query, statements, want)
		}
	}
}
