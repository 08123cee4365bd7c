package model

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
	"vodgraph/ent/library"
	"vodgraph/ent/predicate"
	"vodgraph/fault"
	"vodgraph/filter"
	"vodgraph/keyset"
	"vodgraph/limits"
	"vodgraph/search"
	"vodgraph/searchsql"
)

// Index is a finder over an engine that is kept in sync with the library. It waits a
// little until it is as fresh as a query asks.
type Index interface {
	search.Finder
	// Revision is the one up to which all transactions can be found.
	Revision(ctx context.Context) (int64, error)
	// Engine is the name of the engine.
	Engine() string
}

// SearchArgs are what a search is for. Its page is the one that the field being
// resolved asks for.
type SearchArgs struct {
	// Text is what people typed; nil or blank is a list of all that the filter matches.
	Text *string
	// Filter is nil for all that is not in the trash. Limits are those of filters.
	Filter  *filter.AssetFilter
	Limits  limits.Filter
	OrderBy []*SearchOrder
	Facets  []*FacetInput
	// AtLeast is a revision that must be found; 0 is none.
	AtLeast int64
	// Index is nil where there is no engine.
	Index Index
}

type searching struct {
	*SearchArgs
	client *ent.Client
	text   *search.Text // nil for a list
	where  predicate.Asset
	print  string // the fingerprint of the filter
	sort   []search.Sort
	// binding ties cursors to the text, the filter and the order.
	binding keyset.Binding
	size    int
	after   searchCursor
}

// Search answers a search: a text from the index, or from the database where that cannot
// answer; a list without a text from the database. Only what is selected is asked for.
//
// It refuses with fault.TextTooLong a text past a limit, with fault.Invalid a bad order, with
// fault.ListTooLong and fault.PageSizeInvalid bad facets, with fault.PageSizeInvalid a bad
// page, with fault.CursorInvalid a cursor of another search, and with fault.CursorExpired
// one that another finder gave out than the one that answers now; and a filter as
// AssetFilter.Predicate does.
func Search(ctx context.Context, c *ent.Client, s *SearchArgs) (*SearchConnection, error) {
	k, err := newSearching(ctx, c, s)
	if err != nil {
		return nil, err
	}
	p := &SearchConnection{text: k.text, index: IndexState{Engine: k.engineName()}}
	switch {
	case !asksFinder(ctx):
		p.index.Revision, err = k.revision(ctx)
		return p, err
	case k.text != nil && s.Index != nil:
		err = k.answer(ctx, p, ofIndex, k.findInIndex)
		if !errors.Is(err, search.ErrUnavailable) {
			return p, err
		}
	}
	p.index.Degraded = k.text != nil
	return p, k.answer(ctx, p, ofDatabase, k.findInDatabase)
}

func newSearching(ctx context.Context, c *ent.Client, s *SearchArgs) (*searching, error) {
	k := &searching{SearchArgs: s, client: c}
	var err error
	if k.text, err = parseText(s.Text); err != nil {
		return nil, err
	}
	if k.where, err = s.Filter.Predicate(s.Limits); err != nil {
		return nil, err
	}
	k.print = s.Filter.Fingerprint()
	args := argumentsOf(ctx)
	asked := args.page()
	k.sort, err = searchSort(s.OrderBy, k.text != nil)
	if err := errors.Join(args.err, err, checkFacets(s.Facets)); err != nil {
		return nil, err
	}
	order := searchsql.Order(k.sort)
	k.binding = keyset.Bind(order, listName(ctx), k.text.Typed(), k.print, fmt.Sprint(k.query().Order()))
	page, err := keyset.Args{First: asked.First, Default: asked.Default, Longest: asked.Longest}.Page(order, k.binding)
	if err != nil {
		return nil, err
	}
	k.size = page.Size
	k.after, err = readSearchCursor(k.binding, asked.After)
	return k, err
}

// parseText reads a text, and is nil for none or a blank one.
func parseText(typed *string) (*search.Text, error) {
	if typed == nil {
		return nil, nil
	}
	if err := Legal("text", *typed); err != nil || strings.TrimSpace(*typed) == "" {
		return nil, err
	}
	text, err := search.ParseText(*typed)
	if long, ok := errors.AsType[*search.TextError](err); ok {
		return nil, fault.New(fault.TextTooLong, "A text to search for has up to %d %s.", long.Limit, long.Of).At("text")
	}
	return text, err
}

func asksFinder(ctx context.Context) bool {
	degraded := collect.Columns{"engine": nil, "revision": nil, "degraded": {"degraded"}}
	return asksEntries(ctx) || collect.Asks(ctx, "totalCount", "facets", "corrections") ||
		len(degraded.Selected(ctx, nil, "index")) > 0
}

// query is what every finder is asked, but for filter, page and what is counted.
func (k *searching) query() *search.Query { return &search.Query{Text: k.text, Sort: k.sort} }

// selected is the query for what is selected: hits for corrections too if these are made.
func (k *searching) selected(ctx context.Context, corrections bool) *search.Query {
	q := k.query()
	q.WithTotal = collect.Asks(ctx, "totalCount")
	q.Freshness = search.Freshness{AtLeast: k.AtLeast, WithRevision: asksRevision(ctx)}
	if asksEntries(ctx) || corrections && collect.Asks(ctx, "corrections") {
		q.Limit = k.size
	}
	if collect.Asks(ctx, "facets") {
		q.Facets = searchFacets(k.Facets)
	}
	return q
}

// searchFunc asks a finder, and loads the assets of the hits if any of their fields are selected.
type searchFunc func(context.Context, *search.Query) (*search.Hits, []*ent.Asset, error)

// answer fills a page with what is found: the assets of hits as they are now. Those that have
// gone, or that the filter does not match any more, are left out.
func (k *searching) answer(ctx context.Context, p *SearchConnection, from string, find searchFunc) error {
	ranked := k.text != nil && !p.index.Degraded
	q := k.query() // by which a finder shows only that it can be asked
	foreign := k.after.from != "" && k.after.from != from
	if !foreign {
		q = k.selected(ctx, ranked)
		q.After = k.after.place
	}
	hits, rows, err := find(ctx, q)
	switch {
	case errors.Is(err, search.ErrCursor), err == nil && foreign:
		return fault.New(fault.CursorExpired,
			"Another source answers this search now, or its index was built anew. Begin again without a cursor.").At("after")
	case err != nil:
		return fmt.Errorf("search: %w", err)
	}
	p.index.Revision, p.total = hits.Revision, int(hits.Total)
	p.info.HasNextPage, p.info.HasPreviousPage = hits.More, k.after.from != ""
	p.facets = sync.OnceValues(func() ([]Facet, error) { return k.facets(ctx, hits.Facets) })
	byID := make(map[string]*ent.Asset, len(rows))
	for _, row := range rows {
		byID[row.ID] = row
	}
	for i, h := range hits.Hits {
		cursor := k.cursor(from, h.Place)
		if i == 0 {
			p.info.StartCursor = &cursor
		}
		p.info.EndCursor = &cursor
		if row := byID[h.ID]; row != nil {
			found := hit{row: row, cursor: cursor}
			if ranked {
				found.score = &h.Score
			}
			p.hits = append(p.hits, found)
		}
	}
	kept := make([]*ent.Asset, len(p.hits))
	for i, h := range p.hits {
		kept[i] = h.row
	}
	keep[ent.Asset](kept)
	p.texts = sync.OnceValues(func() (map[string][]searchText, error) { return searchTexts(ctx, k.client, kept) })
	return nil
}

// findInIndex asks the index. Its filter is narrowed to what the caller may see.
func (k *searching) findInIndex(ctx context.Context, q *search.Query) (*search.Hits, []*ent.Asset, error) {
	if err := k.Filter.Narrow(ctx, k.client, q); err != nil {
		return nil, nil, err
	}
	hits, err := k.Index.Search(ctx, q)
	if err != nil || len(hits.Hits) == 0 || !collect.Asks(ctx, "edges", "nodes", "corrections") {
		return hits, nil, err
	}
	ids := make([]string, len(hits.Hits))
	for i, h := range hits.Hits {
		ids[i] = h.ID
	}
	rows, err := assets.fetch(ctx, k.client, k.columns(ctx), func(s *sql.Selector) {
		s.Where(among(s.C(asset.FieldID), ids))
		k.where(s)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("load what was found: %w", err)
	}
	return hits, rows, nil
}

func (k *searching) findInDatabase(ctx context.Context, q *search.Query) (*search.Hits, []*ent.Asset, error) {
	revision, err := k.revision(ctx)
	if err != nil {
		return nil, nil, err
	}
	finder := searchsql.Finder{Client: k.client, Where: k.where, Filter: k.print, Columns: k.columns(ctx)}
	if k.Filter == nil {
		finder.WhereID = outsideTrash
	}
	hits, err := finder.Search(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	hits.Revision = revision
	return hits, finder.Rows, nil
}

// columns are those that are loaded of hits: what is selected, and their texts where these
// are looked at; nil are all.
func (k *searching) columns(ctx context.Context) []string {
	t := assets
	if k.text != nil && (collect.Asks(ctx, "corrections") || collect.AsksAt(ctx, "edges.highlights")) {
		t.needs = append(textColumns(), t.needs...)
	}
	columns, _ := asks(ctx, t, entries...)
	return columns
}

func (k *searching) engineName() string {
	if k.Index == nil {
		return "database"
	}
	return k.Index.Engine()
}

func asksRevision(ctx context.Context) bool {
	revision := collect.Columns{"engine": nil, "degraded": nil, "revision": {"revision"}}
	return len(revision.Selected(ctx, nil, "index")) > 0
}

// revision is the one up to which everything is found, where it is asked: without an index,
// the last. It is read before anything is looked for, so that it is never of a later time
// than what is found.
func (k *searching) revision(ctx context.Context) (int64, error) {
	if !asksRevision(ctx) {
		return 0, nil
	}
	if k.Index != nil {
		return k.Index.Revision(ctx)
	}
	row, err := k.client.Library.Query().Select(library.FieldRevision).Only(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the revision: %w", err)
	}
	return row.Revision, nil
}
