package change

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/schema/field"
	"github.com/lib/pq"

	"vodgraph/ent"
	"vodgraph/ent/migrate"
)

// Table knows how the rows of a table are written many at a time: how they are
// identified and what is in their columns.
type Table[T any] struct {
	Name string
	// Columns are those that are written; the first keys of them identify a row.
	Columns []string
	keys    int
	// once is how many of the columns after those stay as they are in a row that
	// stands.
	once int
	// Shared names columns that have one value in all rows of most transactions, which is
	// written once then.
	Shared string
	// Values are a row's, one for each column, as the driver takes them, so that
	// two rows are the same when all of them are equal.
	Values func(*T) []any
}

// Batch is the most arguments of one statement: SQLite takes 32,766.
const Batch = 30_000

const maxKeys = 2

type rowKey [maxKeys]any

func (t *Table[T]) key(row *T) (k rowKey) {
	copy(k[:], t.Values(row)[:t.keys])
	return k
}

// Same reports whether nothing of a row would change.
func (t *Table[T]) Same(a, b *T) bool {
	return equal(t.Values(a), t.Values(b))
}

func equal(a, b []any) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Diff returns which rows must be put and which removed to come from old to next.
func (t *Table[T]) Diff(old, next []*T) (put, gone []*T) {
	if len(old) == 0 {
		return next, nil
	}
	had := make(map[rowKey]*T, len(old))
	for _, row := range old {
		had[t.key(row)] = row
	}
	for _, row := range next {
		key := t.key(row)
		if was := had[key]; was == nil || !t.Same(was, row) {
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

// Put writes rows: new ones, and those that stand with other values.
func (t *Table[T]) Put(ctx context.Context, tx *ent.Tx, rows []*T) error {
	for some := range slices.Chunk(rows, Batch/len(t.Columns)) {
		values := make([][]any, len(some))
		for i, row := range some {
			values[i] = t.Values(row)
		}
		err := t.exec(ctx, tx, func(b *sql.Builder) {
			b.WriteString("INSERT INTO ").Ident(t.Name).WriteString(" (").IdentComma(t.Columns...).WriteString(") ")
			t.rows(b, t.Columns, values)
			t.conflict(b)
		})
		if err != nil {
			return fmt.Errorf("write %s: %w", t.Name, err)
		}
	}
	return nil
}

// conflict writes what becomes of a row that stands.
func (t *Table[T]) conflict(b *sql.Builder) {
	if t.keys == 0 {
		return
	}
	b.WriteString(" ON CONFLICT (").IdentComma(t.Columns[:t.keys]...).WriteString(") DO ")
	if t.keys == len(t.Columns) {
		b.WriteString("NOTHING")
		return
	}
	b.WriteString("UPDATE SET ")
	for i, c := range t.Columns[t.keys+t.once:] {
		if i > 0 {
			b.Comma()
		}
		b.Ident(c).WriteString(" = excluded.").Ident(c)
	}
}

// updates collects rows that stand, with their values, to be written with others. Of
// all columns those are written in which any row differs, for each has its price in
// the indexes that it is in.
type updates[T any] struct {
	rows    [][]any
	differs []bool // by column
}

// add collects a row, by its values before and after. The key must not differ.
func (u *updates[T]) add(before, after []any) {
	if u.differs == nil {
		u.differs = make([]bool, len(after))
	}
	for i := range after {
		u.differs[i] = u.differs[i] || before[i] != after[i]
	}
	u.rows = append(u.rows, after)
}

// write writes the rows. One column identifies them. What was written before in the
// same transaction may differ in links alone, and so in no column.
func (u *updates[T]) write(ctx context.Context, tx *ent.Tx, t *Table[T]) error {
	if !slices.Contains(u.differs, true) {
		return nil
	}
	places, columns := []int{0}, t.Columns[:1:1]
	for i, differs := range u.differs {
		if differs {
			places, columns = append(places, i), append(columns, t.Columns[i])
		}
	}
	for some := range slices.Chunk(u.rows, Batch/len(columns)) {
		values := make([][]any, len(some))
		for i, row := range some {
			values[i] = make([]any, len(places))
			for j, place := range places {
				values[i][j] = row[place]
			}
		}
		err := t.exec(ctx, tx, func(b *sql.Builder) {
			b.WriteString("WITH n (").IdentComma(columns...).WriteString(") AS (")
			t.rows(b, columns, values)
			b.WriteString(") UPDATE ").Ident(t.Name).WriteString(" SET ")
			for i, c := range columns[1:] {
				if i > 0 {
					b.Comma()
				}
				b.Ident(c).WriteString(" = n.").Ident(c)
			}
			b.WriteString(" FROM n WHERE ").Ident(t.Name).WriteString(".").Ident(columns[0]).WriteString(" = n.").Ident(columns[0])
		})
		if err != nil {
			return fmt.Errorf("change %s: %w", t.Name, err)
		}
	}
	return nil
}

// rows writes rows as a source of a statement. On Postgres each column is one
// argument, a list, so that the text is the same for any number of rows and stays
// prepared; to read thousands of arguments would take it longer than to write them.
func (t *Table[T]) rows(b *sql.Builder, columns []string, values [][]any) {
	postgres := b.Dialect() == dialect.Postgres
	var own []int // the columns that are not shared
	b.WriteString("SELECT ")
	for i, c := range columns {
		if i > 0 {
			b.Comma()
		}
		switch shared := i > 0 && t.isShared(c, values, i); {
		case shared && postgres: // which knows no types of arguments in a selection
			b.WriteString("CAST(").Arg(values[0][i]).WriteString(" AS " + t.typeOf(c) + ")")
		case shared:
			b.Arg(values[0][i])
		default:
			own = append(own, i)
			b.WriteString("column" + strconv.Itoa(len(own)))
		}
	}
	b.WriteString(" FROM ")
	if postgres {
		t.lists(b, columns, values, own)
		return
	}
	b.WriteString("(VALUES ")
	for i, row := range values {
		if i > 0 {
			b.Comma()
		}
		b.WriteByte('(')
		for j, place := range own {
			if j > 0 {
				b.Comma()
			}
			b.Arg(row[place])
		}
		b.WriteByte(')')
	}
	b.WriteString(") WHERE true") // or SQLite would take ON CONFLICT for the ON of a join
}

// isShared reports whether a column is one that rows share, and these do.
func (t *Table[T]) isShared(column string, rows [][]any, place int) bool {
	if !slices.Contains(strings.Fields(t.Shared), column) {
		return false
	}
	for _, row := range rows[1:] {
		if row[place] != rows[0][place] {
			return false
		}
	}
	return true
}

// lists writes columns of rows as lists, which Postgres makes rows of again.
func (t *Table[T]) lists(b *sql.Builder, columns []string, values [][]any, which []int) {
	b.WriteString("unnest(")
	for i, place := range which {
		if i > 0 {
			b.Comma()
		}
		b.WriteString("CAST(").Arg(arrayOf(values, place)).WriteString(" AS " + t.typeOf(columns[place]) + "[])")
	}
	b.WriteString(") AS listed (")
	for i := range which {
		if i > 0 {
			b.Comma()
		}
		b.WriteString("column" + strconv.Itoa(i+1))
	}
	b.WriteString(")")
}

func (t *Table[T]) remove(ctx context.Context, tx *ent.Tx, rows []*T) error {
	for some := range slices.Chunk(rows, Batch/max(t.keys, 1)) {
		values := make([][]any, len(some))
		for i, row := range some {
			values[i] = t.Values(row)[:t.keys]
		}
		err := t.exec(ctx, tx, func(b *sql.Builder) {
			keys := t.Columns[:t.keys]
			b.WriteString("DELETE FROM ").Ident(t.Name).WriteString(" WHERE (").IdentComma(keys...).WriteString(") IN (")
			t.rows(b, keys, values)
			b.WriteString(")")
		})
		if err != nil {
			return fmt.Errorf("remove from %s: %w", t.Name, err)
		}
	}
	return nil
}

func (t *Table[T]) exec(ctx context.Context, tx *ent.Tx, write func(*sql.Builder)) error {
	query, args := ByHand(tx.Client().Dialect(), write)
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

// columnTypes are Postgres' names for the types of the columns of all tables.
var columnTypes = func() map[string]map[string]string {
	names := map[field.Type]string{field.TypeString: "text", field.TypeEnum: "text", field.TypeInt: "bigint",
		field.TypeInt64: "bigint", field.TypeFloat64: "double precision", field.TypeBool: "boolean",
		field.TypeTime: "timestamptz", field.TypeJSON: "jsonb"}
	types := map[string]map[string]string{}
	for _, table := range migrate.Tables {
		types[table.Name] = map[string]string{}
		for _, column := range table.Columns {
			types[table.Name][column.Name] = cmp.Or(column.SchemaType[dialect.Postgres], names[column.Type])
		}
	}
	return types
}()

// typeOf is Postgres' name for the type of a column; text for what is compared with one.
func (t *Table[T]) typeOf(column string) string {
	return cmp.Or(columnTypes[t.Name][column], "text")
}

// arrayOf is a column of rows as Postgres reads a list.
func arrayOf(rows [][]any, column int) string {
	list := append(make([]byte, 0, len(rows)*32), '{')
	for i, row := range rows {
		if i > 0 {
			list = append(list, ',')
		}
		switch v := row[column].(type) {
		case nil:
			list = append(list, "NULL"...)
		case string:
			list = append(list, '"')
			for i := range len(v) {
				if v[i] == '"' || v[i] == '\\' {
					list = append(list, '\\')
				}
				list = append(list, v[i])
			}
			list = append(list, '"')
		case int64:
			list = strconv.AppendInt(list, v, 10)
		case int:
			list = strconv.AppendInt(list, int64(v), 10)
		case float64:
			list = strconv.AppendFloat(list, v, 'g', -1, 64)
		case bool:
			list = strconv.AppendBool(list, v)
		case time.Time:
			list = append(append(append(list, '"'), pq.FormatTimestamp(v)...), '"')
		default:
			panic(fmt.Sprintf("catalog: %T in a row", v)) // all that is written is listed
		}
	}
	return string(append(list, '}'))
}

// Deref is a value that may be absent, as the driver takes it.
func Deref[T any](p *T) any {
	if p == nil {
		return nil
	}
	if f, is := any(p).(*float64); is {
		if *f == 0 { // which has no sign
			return 0.0
		}
	}
	return *p
}

func word[T ~string](p *T) any {
	if p == nil {
		return nil
	}
	return string(*p)
}

// When is val of a time.
func When(p *time.Time) any {
	if p == nil {
		return nil
	}
	return Timestamp(*p)
}

// JSONText is a value as its JSON. It is not null: what may be null says so itself.
func JSONText(v any) any {
	b, err := json.Marshal(v)
	if err != nil { // the values are plain structs
		panic(fmt.Sprintf("catalog: %T as JSON: %v", v, err))
	}
	return string(b)
}

// ByHand is a statement that is written by hand, with its arguments. (Ent's own way
// for it, DialectBuilder.Expr, forgets them.)
func ByHand(dialect string, write func(*sql.Builder)) (query string, args []any) {
	b := &sql.Builder{}
	b.SetDialect(dialect)
	write(b)
	return b.Query()
}
