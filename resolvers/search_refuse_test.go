package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/fault"
	"vodgraph/search"
)

func TestSearchRefuses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		index := &finder{answer: func(*search.Query) (*search.Hits, error) { return &search.Hits{}, nil }}
		servers := []*server{seekers(t, db, nil), seekers(t, db, index)}
		deep := strings.Repeat("{not: ", 6) + "{}" + strings.Repeat("}", 6)
		facets := func(n int) string { return "[" + strings.Repeat("{field: KIND}", n) + "]" }
		for _, c := range []struct {
			code             fault.Code
			place, arguments string
		}{
			{fault.TextTooLong, "text", `text: "` + strings.Repeat("a", 501) + `"`},
			{fault.TextTooLong, "text", `text: "` + strings.Repeat("a b ", 11) + `"`},
			{fault.TextTooLong, "text", `text: "` + strings.Repeat("猫", 61) + `"`},
			{fault.Invalid, "text", `text: "a\u0000"`},
			{fault.Invalid, "orderBy", `text: "a", orderBy: [{field: SIZE, direction: DESC}, {field: DURATION, direction: DESC}, {field: RELEVANCE, direction: DESC}]`},
			{fault.Invalid, "orderBy", `orderBy: [{field: SIZE, direction: DESC}, {field: DURATION, direction: DESC}, {field: RELEVANCE, direction: DESC}, {field: CREATED_AT, direction: DESC}]`},
			{fault.Invalid, "orderBy.1.field", `orderBy: [{field: SIZE, direction: DESC}, {field: SIZE, direction: ASC}]`},
			{fault.ListTooLong, "facets", `facets: ` + facets(6)},
			{fault.PageSizeInvalid, "facets.1.first", `facets: [{field: TAG, first: 200}, {field: TAG, first: 201}]`},
			{fault.PageSizeInvalid, "facets.0.first", `facets: {field: KIND, first: 0}`},
			{fault.PageSizeInvalid, "first", `first: 0`},
			{fault.PageSizeInvalid, "first", `text: "a", first: 101`},
			{fault.CursorInvalid, "after", `after: ""`},
			{fault.CursorInvalid, "after", `after: "x.AAAA.AAAA"`},
			{fault.CursorInvalid, "after", `text: "a", after: "d.AAAAAAAAAAAA"`},
			{fault.CursorInvalid, "after", `text: "a", after: "e.AAAAAAAA.AAAA"`},
			{fault.FilterTooDeep, "filter.not.not.not.not.not.not", `filter: ` + deep},
			{fault.Invalid, "filter.ids.0", `text: "a", filter: {ids: "\u0000"}`},
			{fault.ListTooLong, "filter.ids", `text: "a", filter: {ids: [` + strings.Repeat(`"x" `, 10_001) + `]}`},
		} {
			for _, s := range servers {
				s.refusedAt(c.code, c.place, "{ search("+c.arguments+") { totalCount } }", nil)
			}
		}
		if n := len(index.asked); n > 0 {
			t.Errorf("the engine was asked %d times", n)
		}
	})
}

// The parser of variables takes enums in any case; they are read to the letter.
func TestSearchReadsEnumsToTheLetter(t *testing.T) {
	t.Parallel()
	s := seekers(t, dbtest.SQLite(t), nil)
	s.refused(fault.Invalid, "", `query($f: FacetField!) { search(facets: {field: $f}) { totalCount } }`, map[string]any{"f": "kind"})
	s.refused(fault.Invalid, "", `query($f: SearchOrderField!) { search(orderBy: {field: $f}) { totalCount } }`, map[string]any{"f": "size"})
	s.refused(fault.Invalid, "", `query($d: OrderDirection!) { search(orderBy: {field: SIZE, direction: $d}) { totalCount } }`, map[string]any{"d": "asc"})
}

// A sentence names the limit that a text is past.
func TestSearchNamesTheLimit(t *testing.T) {
	t.Parallel()
	s := seekers(t, dbtest.SQLite(t), nil)
	a := s.send(`query($text: String) { search(text: $text) { totalCount } }`, map[string]any{"text": strings.Repeat("猫", 61)})
	if len(a.Errors) != 1 || !strings.Contains(a.Errors[0].Message, fmt.Sprint(search.MaxCJK)+" Chinese") {
		t.Errorf("%+v", a.Errors)
	}
}

// What the engine's filter cannot hold is refused, also while the engine is down:
// whether a filter is taken does not depend on the weather.
func TestSearchRefusesWhatNoEngineTakes(t *testing.T) {
	t.Parallel()
	index := &finder{answer: down}
	s := seekers(t, dbtest.SQLite(t), index)
	codecs := make([]string, 300)
	for i := range codecs {
		codecs[i] = fmt.Sprint("codec ", i)
	}
	query := `query($codecs: [String!]) { search(text: "a", filter: {playInfo: {codecs: $codecs,
		definitions: [FD LD SD HD UHD_2K UHD_4K OD SQ HQ AUTO], formats: [MP4 M3U8 MPD FLV WEBM MP3 M4A OGG]}}) { totalCount } }`
	s.refusedAt(fault.FilterTooLarge, "filter", query, map[string]any{"codecs": codecs})
}

// A cursor is of one text, one filter and one order; facets, the page and the
// mutation that is waited for are no part of that.
func TestSearchCursorsAreBound(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	build(t, db, 3)
	index(t, db)
	hits := &search.Hits{Hits: []search.Hit{{ID: id("vid", 1), Place: "p"}}, More: true, Facets: [][]search.Bucket{{}}}
	for name, s := range map[string]*server{
		"database": seekers(t, db, nil),
		"engine":   seekers(t, db, &finder{answer: func(*search.Query) (*search.Hits, error) { return hits, nil }}),
	} {
		cursor := *s.seek(`text: "other", filter: {kinds: [VIDEO, AUDIO]}, facets: {field: KIND}, first: 1`).Search.PageInfo.EndCursor
		for _, other := range []string{
			`filter: {kinds: [VIDEO, AUDIO]}`,
			`text: "others", filter: {kinds: [VIDEO, AUDIO]}`,
			`text: "other", filter: {kinds: [VIDEO]}`,
			`text: "other", filter: {kinds: [VIDEO, AUDIO]}, orderBy: {field: SIZE, direction: DESC}`,
		} {
			s.refusedAt(fault.CursorInvalid, "after", fmt.Sprintf("{ search(%s, after: %q) { totalCount } }", other, cursor), nil)
		}
		same := s.seek(fmt.Sprintf(`text: "other", filter: {kinds: [AUDIO, VIDEO]}, orderBy: {field: RELEVANCE, direction: DESC}, atLeastRevision: 7,
			facets: {field: TAG}, first: 3, after: %q`, cursor))
		if !same.Search.PageInfo.HasPreviousPage {
			t.Errorf("%s: nothing is before what comes after a cursor", name)
		}
	}
}
