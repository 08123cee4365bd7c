package model

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
	"vodgraph/ent/library"
	"vodgraph/ent/predicate"
	"vodgraph/fault"
	"vodgraph/keyset"
	"vodgraph/search"
)

// Finder finds by an engine that is kept level with the library.
type Finder interface {
	// Search answers a query. It waits a little until it is as fresh as it must be.
	// It fails with search.ErrUnavailable where the engine cannot answer now, and
	// with search.ErrCursor on a place that it did not give for the query.
	Search(ctx context.Context, q *search.Query, fresh search.Freshness) (*search.Hits, error)
	// Revision is the last deed up to which all can be found.
	Revision(ctx context.Context) (int64, error)
	// Engine is the name of the engine.
	Engine() string
}

// Sought is what a search is for. Its page is the one that the field being
// resolved asks for.
type Sought struct {
	// Text is what people typed, as Typed; nil is a list of all that Keep keeps.
	Text  *search.Text
	Typed string
	// Keep says which assets are meant, nil all that are not in the trash; Filter
	// tells it from any other.
	Keep   predicate.Asset
	Filter string
	// Narrow has a query to an engine find what Keep keeps, and tell the caller no more
	// than they see. It is called when an engine is asked.
	Narrow func(context.Context, *search.Query) error
	// TermText tells what the terms stand for that an engine has of a text.
	TermText func(ctx context.Context, field search.TermField, terms []string) (map[string]string, error)
	OrderBy  []*SearchOrder
	Facets   []*FacetInput
	// AtLeast is a deed that must be found.
	AtLeast int64
	// Finder is nil where there is no engine.
	Finder Finder
}

// seek is a search under way.
type seek struct {
	*Sought
	client *ent.Client
	// order is that of the database.
	order   keyset.Order
	binding keyset.Binding
	asked   keyset.Args
	size    int
	after   searchPlace
}

// Search answers a search: a text from the engine, or from the database where
// that cannot answer; a list without a text from the database. Only what is
// selected is asked for.
//
// It refuses with fault.Invalid a bad order, with fault.ListTooLong and
// fault.PageSizeInvalid bad facets, with fault.PageSizeInvalid a bad page, with
// fault.CursorInvalid a cursor of another search, and with fault.CursorExpired
// one that another source gave out than the one that answers now.
func Search(ctx context.Context, c *ent.Client, s *Sought) (*SearchConnection, error) {
	args := argumentsOf(ctx)
	asked := args.page()
	order, err := s.databaseOrder()
	if err := errors.Join(args.err, err, checkFacets(s.Facets)); err != nil {
		return nil, err
	}
	k := &seek{Sought: s, client: c, order: order, asked: asked}
	k.binding = keyset.Bind(order, listName(ctx), s.Typed, s.Filter, fmt.Sprint(s.query().Order()))
	page, err := keyset.Args{First: asked.First, Default: asked.Default, Longest: asked.Longest}.Page(order, k.binding)
	if err != nil {
		return nil, err
	}
	k.size = page.Size
	if k.after, err = readPlace(k, asked.After); err != nil {
		return nil, err
	}
	switch {
	case s.Text == nil:
		return k.list(ctx, false)
	case !asksAnswer(ctx):
		p := k.connection(false)
		p.index.Revision, err = k.revision(ctx)
		return p, err
	case s.Finder == nil:
		return k.list(ctx, true)
	}
	hits, err := k.ask(ctx)
	switch {
	case errors.Is(err, search.ErrUnavailable):
		return k.list(ctx, true)
	case errors.Is(err, search.ErrCursor), err == nil && k.after.isFrom(database):
		return nil, expired()
	case err != nil:
		return nil, err
	}
	return k.found(ctx, hits)
}

// asksAnswer reports whether anything is asked that must be looked for.
func asksAnswer(ctx context.Context) bool {
	degraded := collect.Columns{"engine": nil, "revision": nil, "degraded": {"degraded"}}
	return asksEntries(ctx) || collect.Asks(ctx, "totalCount", "facets", "corrections") ||
		len(degraded.Selected(ctx, nil, "index")) > 0
}

// query is what an engine is asked, but for filter, page and facets.
func (s *Sought) query() *search.Query {
	return &search.Query{Text: s.Typed, Sort: engineSort(s.OrderBy)}
}

// ask asks the engine for what is selected.
func (k *seek) ask(ctx context.Context) (*search.Hits, error) {
	q := k.query()
	q.Limit, q.After = 1, k.after.of(engine)
	if asksEntries(ctx) || collect.Asks(ctx, "corrections") {
		q.Limit = k.size
	}
	if collect.Asks(ctx, "facets") {
		q.Facets = engineFacets(k.Facets)
	}
	if err := k.Narrow(ctx, q); err != nil {
		return nil, err
	}
	hits, err := k.Finder.Search(ctx, q, search.Freshness{AtLeast: k.AtLeast, WithRevision: asksRevision(ctx)})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return hits, nil
}

// found is a page of hits of the engine, as the rows are now: those that have
// gone, or that the filter does not mean any more, are left out.
func (k *seek) found(ctx context.Context, hits *search.Hits) (*SearchConnection, error) {
	p := k.connection(false)
	p.index.Revision = hits.Revision
	p.info.HasNextPage, p.info.HasPreviousPage = hits.More, k.after.from != nowhere
	p.count = func(context.Context) (int, error) { return int(hits.Total), nil }
	p.facets = sync.OnceValues(func() ([]Facet, error) { return k.facetsOf(ctx, hits.Facets) })
	if n := len(hits.Hits); n > 0 {
		start, end := k.engineCursor(hits.Hits[0].Place), k.engineCursor(hits.Hits[n-1].Place)
		p.info.StartCursor, p.info.EndCursor = &start, &end
	}
	if len(hits.Hits) == 0 || !collect.Asks(ctx, "edges", "nodes", "corrections") {
		return p, nil
	}
	ids := make([]string, len(hits.Hits))
	for i, h := range hits.Hits {
		ids[i] = h.ID
	}
	rows, err := k.rows(ctx, nil, func(s *sql.Selector) {
		s.Where(among(s.C(asset.FieldID), ids))
		k.filter(s)
	})
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*ent.Asset, len(rows))
	for _, row := range rows {
		byID[row.ID] = row
	}
	for _, h := range hits.Hits {
		if row := byID[h.ID]; row != nil {
			p.hits = append(p.hits, hit{row: row, score: &h.Score, cursor: k.engineCursor(h.Place)})
		}
	}
	k.show(ctx, p)
	return p, nil
}

// list is a page of the database, which is all there is without a text; degraded
// is for a text that the engine should have answered.
func (k *seek) list(ctx context.Context, degraded bool) (*SearchConnection, error) {
	if k.after.isFrom(engine) {
		return nil, expired()
	}
	page, err := keyset.Args{First: k.asked.First, After: k.after.given(), Default: k.asked.Default, Longest: k.asked.Longest}.Page(k.order, k.binding)
	if err != nil {
		return nil, err
	}
	p := k.connection(degraded)
	if p.index.Revision, err = k.revision(ctx); err != nil {
		return nil, err
	}
	found := match{where: k.filter}
	if k.Keep == nil {
		found.tally = outsideTrash
	}
	if k.Text != nil && (asksWhole(ctx) || asksEntries(ctx)) {
		if found, err = k.match(ctx); err != nil {
			return nil, err
		}
	}
	l := list[ent.Asset]{table: assets, order: k.order, where: found.where}
	p.count = func(ctx context.Context) (int, error) {
		if found.ids != "" {
			return found.count, nil
		}
		return l.size(ctx, k.client)
	}
	p.facets = sync.OnceValues(func() ([]Facet, error) { return k.countFacets(ctx, found) })
	if !asksEntries(ctx) {
		return p, nil
	}
	rows, err := k.rows(ctx, k.order.Columns(), l.bounded(page))
	if err != nil {
		return nil, err
	}
	cut := cutOf(page, rows)
	for _, row := range cut.rows {
		p.hits = append(p.hits, hit{row: row, cursor: databaseCursor(k.binding.Cursor(k.order, l.place(row)))})
	}
	p.info.HasNextPage, p.info.HasPreviousPage = cut.next, cut.previous
	if n := len(p.hits); n > 0 {
		p.info.StartCursor, p.info.EndCursor = &p.hits[0].cursor, &p.hits[n-1].cursor
	}
	k.show(ctx, p)
	return p, nil
}

// filter keeps the assets that the filter means.
func (k *seek) filter(s *sql.Selector) {
	if k.Keep == nil {
		live(s)
		return
	}
	k.Keep(s)
}

// rows loads assets: the columns that are needed, what is selected, and their texts
// where these are looked at.
func (k *seek) rows(ctx context.Context, needs []string, shape func(*sql.Selector)) ([]*ent.Asset, error) {
	t := assets
	t.needs = append(needs, t.needs...)
	if k.Text != nil && (collect.Asks(ctx, "corrections") || collect.AsksAt(ctx, "edges.highlights")) {
		t.needs = append(t.needs, textColumns()...)
	}
	columns, _ := asks(ctx, t, entries...)
	rows, err := t.fetch(ctx, k.client, columns, shape)
	if err != nil {
		return nil, fmt.Errorf("load what was found: %w", err)
	}
	return rows, nil
}

// show makes the rows of a page one cohort, and has their texts loaded for all of
// them when one is asked for.
func (k *seek) show(ctx context.Context, p *SearchConnection) {
	rows := make([]*ent.Asset, len(p.hits))
	for i, h := range p.hits {
		rows[i] = h.row
	}
	keep[ent.Asset](rows)
	p.texts = sync.OnceValues(func() (map[string][]passage, error) { return passages(ctx, k.client, rows) })
}

// connection is an answer without anything found.
func (k *seek) connection(degraded bool) *SearchConnection {
	return &SearchConnection{text: k.Text, index: IndexState{
		Engine: k.engineName(), Degraded: degraded,
	}}
}

func (k *seek) engineName() string {
	if k.Finder == nil {
		return "database"
	}
	return k.Finder.Engine()
}

// asksRevision reports whether it is asked how fresh the index is.
func asksRevision(ctx context.Context) bool {
	revision := collect.Columns{"engine": nil, "degraded": nil, "revision": {"revision"}}
	return len(revision.Selected(ctx, nil, "index")) > 0
}

// revision is the last deed up to which all is found, where it is asked: in the
// database, the last. It is read before anything is looked for, so that it is
// never of a later time than what is found.
func (k *seek) revision(ctx context.Context) (int64, error) {
	if !asksRevision(ctx) {
		return 0, nil
	}
	if k.Finder != nil {
		return k.Finder.Revision(ctx)
	}
	row, err := k.client.Library.Query().Select(library.FieldRevision).Only(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the revision: %w", err)
	}
	return row.Revision, nil
}

// expired refuses a cursor that was good.
func expired() error {
	return fault.New(fault.CursorExpired,
		"Another source answers this search now, or its index was built anew. Begin again without a cursor.").At("after")
}
