package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
)

// table knows how the rows of a table are written many at a time: how they are
// told apart and what is in their columns.
type table[T any] struct {
	name string
	// columns are those that are written; the first keys of them tell a row.
	columns []string
	keys    int
	// values are a row's, one for each column, as the driver takes them, so that
	// two rows are the same when all of them are equal.
	values func(*T) []any
}

// batch is the most arguments of one statement: SQLite takes 32,766.
const batch = 30_000

// key tells a row.
func (t *table[T]) key(row *T) string {
	return fmt.Sprint(t.values(row)[:t.keys]...)
}

// same reports whether nothing of a row would change.
func (t *table[T]) same(a, b *T) bool {
	return equal(t.values(a), t.values(b))
}

func equal(a, b []any) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// diff tells which rows must be put and which removed to come from old to next.
func (t *table[T]) diff(old, next []*T) (put, gone []*T) {
	if len(old) == 0 {
		return next, nil
	}
	had := make(map[string]*T, len(old))
	for _, row := range old {
		had[t.key(row)] = row
	}
	for _, row := range next {
		key := t.key(row)
		if was := had[key]; was == nil || !t.same(was, row) {
			put = append(put, row)
		}
		delete(had, key)
	}
	for _, row := range old {
		if had[t.key(row)] != nil {
			gone = append(gone, row)
		}
	}
	return put, gone
}

// put writes rows: new ones, and those that stand with other values.
func (t *table[T]) put(ctx context.Context, tx *ent.Tx, rows []*T) error {
	most := batch / len(t.columns)
	for len(rows) > 0 {
		n := min(most, len(rows))
		if err := t.exec(ctx, tx, t.insertion(tx, rows[:n])); err != nil {
			return fmt.Errorf("write %s: %w", t.name, err)
		}
		rows = rows[n:]
	}
	return nil
}

func (t *table[T]) insertion(tx *ent.Tx, rows []*T) sql.Querier {
	insert := sql.Dialect(tx.Client().Dialect()).Insert(t.name).Columns(t.columns...)
	for _, row := range rows {
		insert.Values(t.values(row)...)
	}
	switch keys := t.columns[:t.keys]; {
	case t.keys == 0:
	case t.keys == len(t.columns):
		insert.OnConflict(sql.ConflictColumns(keys...), sql.DoNothing())
	default:
		insert.OnConflict(sql.ConflictColumns(keys...), sql.ResolveWith(func(u *sql.UpdateSet) {
			for _, c := range t.columns[t.keys:] {
				u.SetExcluded(c)
			}
		}))
	}
	return insert
}

// remove deletes rows.
func (t *table[T]) remove(ctx context.Context, tx *ent.Tx, rows []*T) error {
	for len(rows) > 0 {
		n := min(batch/t.keys, len(rows))
		err := t.exec(ctx, tx, sql.Dialect(tx.Client().Dialect()).Delete(t.name).Where(sql.P(func(b *sql.Builder) {
			b.WriteString("(").IdentComma(t.columns[:t.keys]...).WriteString(") IN (VALUES ")
			for i, row := range rows[:n] {
				if i > 0 {
					b.Comma()
				}
				b.WriteString("(").Args(t.values(row)[:t.keys]...).WriteString(")")
			}
			b.WriteString(")")
		})))
		if err != nil {
			return fmt.Errorf("remove from %s: %w", t.name, err)
		}
		rows = rows[n:]
	}
	return nil
}

func (t *table[T]) exec(ctx context.Context, tx *ent.Tx, q sql.Querier) error {
	query, args := q.Query()
	if e, ok := q.(interface{ Err() error }); ok && e.Err() != nil {
		return e.Err()
	}
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

// val is a value that may be absent, as the driver takes it.
func val[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// word is val of an enum.
func word[T ~string](p *T) any {
	if p == nil {
		return nil
	}
	return string(*p)
}

// when is val of a time.
func when(p *time.Time) any {
	if p == nil {
		return nil
	}
	return moment(*p)
}

// text is a value as its JSON. It is not null: what may be null says so itself.
func text(v any) any {
	b, err := json.Marshal(v)
	if err != nil { // the values are plain structs
		panic(fmt.Sprintf("catalog: %T as JSON: %v", v, err))
	}
	return string(b)
}
