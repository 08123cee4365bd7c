package model

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/collect"
	"vodgraph/limits"
)

type table[R any] struct {
	name string
	// columns are what the fields of the API are made of.
	columns collect.Columns
	// needs are the columns that are always loaded.
	needs []string
	// fetch loads rows as shaped by a function: the columns named, or all.
	fetch func(ctx context.Context, c *ent.Client, columns []string, shape func(*sql.Selector)) ([]*R, error)
	// value is what a row has for a key that lists are sorted by.
	value func(r *R, column string) any
	// keys read the columns that rows are held by. A parent that is read so need
	// not be loaded beside the row, which costs Ent more than all of its columns.
	keys map[string]func(*R) string
}

// parent is how to find the parent of a row below a hold: by a column of its own,
// which is then loaded with it, or by one beside it, which is given by nil.
func (t *table[R]) parent(h hold) func(*R) string {
	key := t.keys[h.column]
	if key != nil {
		t.needs = append(slices.Clip(t.needs), h.column)
	}
	return key
}

// alone returns the columns of a table with the fields of others, which are
// made of none of its columns: for selections that concern several tables.
func alone(columns collect.Columns, others ...collect.Columns) collect.Columns {
	all := collect.Columns{}
	for _, other := range others {
		for field := range other {
			all[field] = nil
		}
	}
	return all.With(columns)
}

// always is sorted for rows that no argument concerns.
func always(columns ...string) func(*arguments) func(*sql.Selector) {
	return func(*arguments) func(*sql.Selector) { return sorted(columns...) }
}

// sorted sorts rows by columns of theirs, and then by id.
func sorted(columns ...string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		for _, c := range columns {
			s.OrderBy(s.C(c))
		}
		s.OrderBy(s.C("id"))
	}
}

func parentOf[R any, P row[R]](r P) (string, error) {
	v, err := r.Value("parent")
	if err != nil {
		return "", err
	}
	switch v := v.(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	default:
		return "", fmt.Errorf("a parent's key is %T", v)
	}
}

// byParent groups rows by the parents that they were loaded below, which key
// returns, or parentOf where it is nil.
func byParent[R any, P row[R]](rows []P, key func(*R) string) (map[string][]P, error) {
	grouped := map[string][]P{}
	for _, r := range rows {
		if key != nil {
			parent := key(r)
			grouped[parent] = append(grouped[parent], r)
			continue
		}
		parent, err := parentOf[R](r)
		if err != nil {
			return nil, err
		}
		grouped[parent] = append(grouped[parent], r)
	}
	return grouped, nil
}

// keep leaves only these rows in their batch, before any of them is shown.
func keep[R any, P row[R]](rows []P) {
	if len(rows) == 0 {
		return
	}
	kept := make([]*R, len(rows))
	for i, r := range rows {
		kept[i] = r
	}
	rows[0].Batch().Rows = kept
}

type below[R any] struct {
	table table[R]
	hold  hold
	// shape narrows and sorts them, as the arguments of the field say.
	shape func(*arguments) func(*sql.Selector)
	// path leads from the field to what is selected of the rows; empty for itself.
	path string
}

// plain loads the rows below each of a family, and shows those of the row asked.
func plain[R any, P row[R], N any](ctx context.Context, f family, b below[R], show func(P) N) ([]N, error) {
	groups, err := once(ctx, f, b.table.name, func(key string) (map[string][]P, error) {
		args := argumentsOf(ctx)
		shape := b.shape(args)
		if args.err != nil {
			return nil, args.err
		}
		own := b.table.parent(b.hold)
		columns, asked := asks(ctx, b.table, b.path)
		return share(f, key+asked, func() (map[string][]P, error) {
			rows, err := b.table.fetch(ctx, f.client(), columns, func(s *sql.Selector) {
				parent := b.hold.attach(s, f.all())
				if own == nil {
					s.AppendSelectAs(parent, "parent")
				}
				shape(s)
				s.Limit(limits.Enough(ctx))
			})
			if err == nil {
				err = limits.Read(ctx, len(rows))
			}
			if err != nil {
				return nil, fmt.Errorf("load %s: %w", key, err)
			}
			return byParent(rowsOf[R, P](rows), own)
		})
	})
	if err != nil {
		return nil, err
	}
	mine := groups[f.me()]
	shown := make([]N, len(mine))
	for i, r := range mine {
		shown[i] = show(r)
	}
	return shown, nil
}

// rowsOf gives rows the type that knows their methods.
func rowsOf[R any, P row[R]](rows []*R) []P {
	typed := make([]P, len(rows))
	for i, r := range rows {
		typed[i] = r
	}
	return typed
}

// one loads the one row that each of a family points to by id, and returns
// that of the row asked; nil where it points to none. The family's keys are the
// ids of what is pointed to.
func one[R any, P row[R]](ctx context.Context, f family, t table[R], id func(P) string) (P, error) {
	if f.me() == "" {
		return nil, nil // not a lookup that failed: there is nothing to look up
	}
	found, err := once(ctx, f, t.name, func(key string) (map[string]P, error) {
		columns, asked := asks(ctx, t, "")
		return share(f, key+" "+t.name+asked, func() (map[string]P, error) {
			rows, err := t.fetch(ctx, f.client(), columns, func(s *sql.Selector) {
				s.Where(among(s.C("id"), f.all()))
			})
			if err != nil {
				return nil, fmt.Errorf("load %s: %w", key, err)
			}
			byID := make(map[string]P, len(rows))
			for _, r := range rows {
				byID[id(r)] = r
			}
			return byID, nil
		})
	})
	return found[f.me()], err
}

// find loads the one row that shape leaves, for the field being resolved; nil
// where it leaves none.
func find[R any, P row[R]](ctx context.Context, c *ent.Client, t table[R], shape func(*sql.Selector)) (P, error) {
	columns, _ := asks(ctx, t, "")
	rows, err := t.fetch(ctx, c, columns, shape)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

func counts(ctx context.Context, c *ent.Client, build func(*sql.DialectBuilder) *sql.Selector) (map[string]int, error) {
	var rows []struct {
		Parent string `sql:"parent"`
		N      int    `sql:"n"`
	}
	err := c.Library.Query().Modify(func(s *sql.Selector) {
		*s = *build(sql.Dialect(s.Dialect()))
	}).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count: %w", err)
	}
	by := make(map[string]int, len(rows))
	for _, r := range rows {
		by[r.Parent] = r.N
	}
	return by, nil
}

// countBelow is how many assets hang below the row asked of a family.
func countBelow(ctx context.Context, f family, of func(*arguments) hold) (int, error) {
	by, err := once(ctx, f, "count", func(key string) (map[string]int, error) {
		args := argumentsOf(ctx)
		h := of(args)
		if args.err != nil {
			return nil, args.err
		}
		return share(f, key, func() (map[string]int, error) {
			return counts(ctx, f.client(), func(d *sql.DialectBuilder) *sql.Selector {
				return list[ent.Asset]{table: assets, hold: h, where: live, countFilter: outsideTrash}.counted(d, f.all())
			})
		})
	})
	return by[f.me()], err
}
