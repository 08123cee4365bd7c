package model

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent"
	"vodgraph/ent/collect"
	"vodgraph/fault"
	"vodgraph/keyset"
	"vodgraph/limits"
)

// list is rows that a caller pages through: of a whole table, or, with a hold,
// below others.
type list[R any] struct {
	table table[R]
	hold  hold
	order keyset.Order
	// where narrows them; nil takes all.
	where func(*sql.Selector)
	// countFilter narrows like where, for counting: rows of whatever table, by the column
	// that has the id. Nil is for lists that where alone narrows.
	countFilter countFilter
}

// countFilter narrows s to some rows, by a column of their ids.
type countFilter func(s *sql.Selector, id string)

// listName is the name of a list among all that there are.
func listName(ctx context.Context) string {
	fc := graphql.GetFieldContext(ctx)
	if fc == nil {
		return ""
	}
	return fc.Object + "." + fc.Field.Name
}

func asksEntries(ctx context.Context) bool { return collect.Asks(ctx, "edges", "nodes", "pageInfo") }

// entries are the paths from a list to what is selected of its rows.
var entries = []string{"edges.node", "nodes"}

func top[R any, P row[R], N any](ctx context.Context, c *ent.Client, l list[R], show func(P) N) (*Page[N], error) {
	binding := keyset.Bind(l.order, listName(ctx), listKey(ctx))
	args := argumentsOf(ctx)
	page, err := args.page().Page(l.order, binding)
	if err := errors.Join(args.err, err); err != nil {
		return nil, err
	}
	var rows []P
	if asksEntries(ctx) {
		l.table.needs = append(l.order.Columns(), l.table.needs...)
		columns, _ := asks(ctx, l.table, entries...)
		found, err := l.table.fetch(ctx, c, columns, l.bounded(page))
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", l.table.name, err)
		}
		rows = rowsOf[R, P](found)
	}
	cut := cutOf(page, rows)
	if err := limits.Read(ctx, len(cut.rows)); err != nil {
		return nil, err
	}
	keep[R](cut.rows)
	p := pageOf(l, cut, show)
	p.binding = binding
	p.count = func(ctx context.Context) (int, error) { return l.size(ctx, c) }
	return p, nil
}

// bounded shapes a statement over a whole table into one that reads a page.
func (l list[R]) bounded(page keyset.Page) func(*sql.Selector) {
	return func(s *sql.Selector) {
		l.narrow(s)
		page.Bound(s)
		page.Walk().Sort(s)
		s.Limit(page.Limit())
	}
}

func (l list[R]) size(ctx context.Context, c *ent.Client) (int, error) {
	by, err := counts(ctx, c, func(d *sql.DialectBuilder) *sql.Selector {
		s := d.Select().From(d.Table(l.table.name))
		if l.countFilter != nil {
			l.countFilter(s, s.C("id"))
		} else {
			l.narrow(s)
		}
		return s.SelectExpr(sql.Raw("'' AS parent"), sql.Raw("COUNT(*) AS n"))
	})
	return by[""], err
}

// counted selects the number of rows of a list below each parent as n.
func (l list[R]) counted(d *sql.DialectBuilder, parents []string) *sql.Selector {
	if l.hold.pairs != nil && (l.where == nil || l.countFilter != nil) {
		v := l.hold.pairs(d, parents).As("held")
		s := d.Select(v.C("parent"), sql.As(sql.Count("*"), "n")).From(v).GroupBy(v.C("parent"))
		if l.countFilter != nil {
			l.countFilter(s, v.C("id"))
		}
		return s
	}
	s := d.Select().From(d.Table(l.table.name))
	parent := l.hold.attach(s, parents)
	l.narrow(s)
	return s.Select(sql.As(parent, "parent"), sql.As(sql.Count("*"), "n")).GroupBy(parent)
}

func (l list[R]) narrow(s *sql.Selector) {
	if l.where != nil {
		l.where(s)
	}
}

func (l list[R]) place(r *R) []any {
	values := make([]any, len(l.order))
	for i, k := range l.order {
		value := l.table.value(r, k.Column)
		switch {
		case k.Present && value == nil:
			value = int64(0)
		case k.Present:
			value = int64(1)
		}
		values[i] = value
		if value == nil { // as Absent has it in the statement
			values[i] = map[keyset.Kind]any{keyset.Int: int64(0), keyset.Float: float64(0)}[k.Kind]
		}
	}
	return values
}

type cut[P any] struct {
	rows           []P
	next, previous bool
}

func cutOf[P any](p keyset.Page, rows []P) cut[P] {
	kept, next, previous := keyset.Cut(p, rows)
	return cut[P]{kept, next, previous}
}

func pageOf[R any, P row[R], N any](l list[R], c cut[P], show func(P) N) *Page[N] {
	p := &Page[N]{Nodes: make([]N, len(c.rows)), next: c.next, previous: c.previous, order: l.order}
	for i, r := range c.rows {
		p.Nodes[i] = show(r)
	}
	p.place = func(i int) []any { return l.place(c.rows[i]) }
	return p
}

type pages[R any, P row[R]] struct {
	list      list[R]
	own       func(*R) string // as table.parent has it
	page      keyset.Page
	name, key string
	below     map[string]cut[P]
}

// paged loads a page of a list below each of a family, and shows that of the row
// asked. What the list is, is asked once.
func paged[R any, P row[R], N any](ctx context.Context, f family, of func(*arguments) (list[R], error), show func(P) N) (*Page[N], error) {
	all, err := once(ctx, f, "pages", func(key string) (*pages[R, P], error) {
		args := argumentsOf(ctx)
		l, err := of(args)
		asked := args.page()
		if err := errors.Join(args.err, err); err != nil {
			return nil, err
		}
		ps := &pages[R, P]{list: l, name: listName(ctx), key: listKey(ctx)}
		if ps.page, err = ps.asked(asked, f); err != nil || !asksEntries(ctx) {
			return ps, err
		}
		ps.list.table.needs = append(l.order.Columns(), l.table.needs...)
		ps.own = ps.list.table.parent(l.hold)
		columns, selected := asks(ctx, ps.list.table, entries...)
		ps.below, err = share(f, key+selected, func() (map[string]cut[P], error) { return ps.load(ctx, f, columns) })
		return ps, err
	})
	if err != nil {
		return nil, err
	}
	p := pageOf(all.list, all.below[f.me()], show)
	p.binding = all.binding(f)
	p.count = func(ctx context.Context) (int, error) {
		if f.me() == "" {
			return 0, nil
		}
		by, err := share(f, "count "+all.name+all.key, func() (map[string]int, error) {
			return counts(ctx, f.client(), func(d *sql.DialectBuilder) *sql.Selector {
				return all.list.counted(d, f.all())
			})
		})
		return by[f.me()], err
	}
	return p, nil
}

// binding is that of the list below one parent.
func (ps *pages[R, P]) binding(f family) keyset.Binding {
	return keyset.Bind(ps.list.order, ps.name, f.me(), ps.key)
}

// asked checks the page asked for, the same of all parents: so a cursor, which
// is of the list of one parent, can be given only where there is one.
func (ps *pages[R, P]) asked(args keyset.Args, f family) (keyset.Page, error) {
	if (args.After != nil || args.Before != nil) && len(f.all()) > 1 {
		argument := "after"
		if args.After == nil {
			argument = "before"
		}
		return keyset.Page{}, fault.New(fault.CursorInvalid,
			"A cursor is of the list of one parent, and there are several here: page through node(id:).").At(argument)
	}
	return args.Page(ps.list.order, ps.binding(f))
}

// load reads the pages of all parents in one statement: their ids first,
// and then the columns of these alone.
func (ps *pages[R, P]) load(ctx context.Context, f family, columns []string) (map[string]cut[P], error) {
	if len(f.all()) == 0 {
		return nil, nil // none of the rows is a parent
	}
	rows, err := ps.list.table.fetch(ctx, f.client(), columns, func(s *sql.Selector) {
		ids := aliased(ps.ids(sql.Dialect(s.Dialect()), f.all()), "page")
		s.Join(ids).On(s.C("id"), ids.C("id"))
		if ps.own == nil {
			s.AppendSelectAs(ids.C("parent"), "parent")
		}
		ps.page.Walk().Sort(s)
	})
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", ps.name, err)
	}
	groups, err := byParent(rowsOf[R, P](rows), ps.own)
	if err != nil {
		return nil, err
	}
	cuts := make(map[string]cut[P], len(groups))
	var kept []P
	for _, parent := range f.all() {
		c := cutOf(ps.page, groups[parent])
		cuts[parent] = c
		kept = append(kept, c.rows...)
	}
	keep[R](kept)
	return cuts, limits.Read(ctx, len(kept))
}

// ids selects parent and id of the rows of the pages.
func (ps *pages[R, P]) ids(d *sql.DialectBuilder, parents []string) *sql.Selector {
	if len(parents) > 1 && ps.list.hold.pairs == nil {
		return ps.picked(d, parents)
	}
	s := d.Select().From(d.Table(ps.list.table.name))
	parent := ps.list.hold.attach(s, parents)
	ps.list.narrow(s)
	ps.page.Bound(s)
	s.Select(sql.As(parent, "parent"), s.C("id"))
	if len(parents) == 1 {
		// Without a window the database can stop as soon as it has the page.
		ps.page.Walk().Sort(s)
		return s.Limit(ps.page.Limit())
	}
	n := sql.RowNumber().PartitionBy(parent).OrderExpr(ps.page.Walk().Terms(s)...)
	numbered := aliased(s.AppendSelectExprAs(n, "n"), "numbered")
	return d.Select(numbered.C("parent"), numbered.C("id")).From(numbered).
		Where(sql.LTE(numbered.C("n"), ps.page.Limit()))
}

// picked is ids of rows that hold the key of their parent: for one parent after the
// other just as many as the page has, where a window would number all that there
// are. Cursors are of one parent alone, so there is no place to begin after.
func (ps *pages[R, P]) picked(d *sql.DialectBuilder, parents []string) *sql.Selector {
	t := d.Table(ps.list.table.name).As("below")
	one := d.Select(t.C("id")).From(t)
	one.Where(sql.P(func(b *sql.Builder) { b.WriteString(t.C(ps.list.hold.column) + " = parents.value") }))
	ps.list.narrow(one)
	ps.page.Walk().Sort(one)
	one.Limit(ps.page.Limit())
	list, _ := json.Marshal(parents) // cannot fail: strings
	return d.Select().SelectExpr(sql.Raw("parents.value AS parent"), sql.Raw("picked.id AS id")).FromExpr(sql.ExprFunc(func(b *sql.Builder) {
		if b.Dialect() == dialect.Postgres {
			b.WriteString("jsonb_array_elements_text(").Arg(string(list)).WriteString("::jsonb) AS parents (value) CROSS JOIN LATERAL (")
			b.Join(one).WriteString(") AS picked")
			return
		}
		b.WriteString("json_each(").Arg(string(list)).WriteString(") AS parents CROSS JOIN " + ps.list.table.name + " AS picked ON picked.id IN (")
		b.Join(one).WriteString(")")
	}))
}

// aliased is a selection under a name. What was written into it still speaks of its
// tables by the names they had. (Not by Clone, which forgets unions.)
func aliased(s *sql.Selector, name string) *sql.Selector {
	view := *s
	return view.As(name)
}
