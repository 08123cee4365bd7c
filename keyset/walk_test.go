package keyset_test

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"pgregory.net/rapid"

	"vodgraph/dbtest"
	"vodgraph/keyset"
)

// item is a row of a table made for the test. The columns have few values, so
// that many rows are equal in some of them.
type item struct {
	id    string
	word  string
	count int64
	ratio *float64
	at    time.Time
}

var columns = map[string]keyset.Key{
	"word":  {Column: "word", Kind: keyset.Text},
	"count": {Column: "count", Kind: keyset.Int},
	"ratio": {Column: "ratio", Kind: keyset.Float, Absent: "-1"},
	"at":    {Column: "at", Kind: keyset.Moment},
	"id":    {Column: "id", Kind: keyset.Text},
}

func (i item) value(column string) any {
	switch column {
	case "word":
		return i.word
	case "count":
		return i.count
	case "at":
		return i.at
	case "ratio":
		if i.ratio == nil {
			return -1.0
		}
		return *i.ratio
	default:
		return i.id
	}
}

func place(o keyset.Order, i item) []any {
	values := make([]any, len(o))
	for n, k := range o {
		values[n] = i.value(k.Column)
	}
	return values
}

// compare is what an order means.
func compare(o keyset.Order, a, b item) int {
	for _, k := range o {
		var c int
		switch x := a.value(k.Column).(type) {
		case string:
			c = cmp.Compare(x, b.value(k.Column).(string))
		case int64:
			c = cmp.Compare(x, b.value(k.Column).(int64))
		case float64:
			c = cmp.Compare(x, b.value(k.Column).(float64))
		case time.Time:
			c = x.Compare(b.value(k.Column).(time.Time))
		}
		if k.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func drawOrder(t *rapid.T) keyset.Order {
	names := rapid.SampledFrom([][]string{{}, {"word"}, {"count"}, {"ratio"}, {"at"}, {"word", "count"},
		{"at", "ratio"}, {"ratio", "word", "at"}, {"count", "at", "word"}}).Draw(t, "keys")
	var o keyset.Order
	for _, name := range append(names, "id") {
		k := columns[name]
		k.Desc = rapid.Bool().Draw(t, "desc")
		o = append(o, k)
	}
	return o
}

func drawItem(t *rapid.T, n int) item {
	i := item{
		id: fmt.Sprintf("i%04d", n), word: rapid.SampledFrom([]string{"", "a", "B", "é", "\U0001F600", "\uFFFD"}).Draw(t, "word"),
		count: rapid.SampledFrom([]int64{-1, 0, 5, 1<<63 - 1}).Draw(t, "count"),
		at:    time.UnixMilli(rapid.SampledFrom([]int64{0, 1, 10, 100, 1000, 1_700_000_000_120}).Draw(t, "at")).UTC(),
	}
	if rapid.Bool().Draw(t, "has ratio") {
		r := rapid.SampledFrom([]float64{0, 0.1, 1.0 / 3, 1e17}).Draw(t, "ratio")
		i.ratio = &r
	}
	return i
}

// list reads a page of the items from the database.
func list(db *dbtest.DB, args keyset.Args, o keyset.Order) ([]item, bool, bool, error) {
	args.Default, args.Longest = 20, 100
	page, err := args.Page(o, binding)
	if err != nil {
		return nil, false, false, err
	}
	s := entsql.Dialect(db.Dialect).Select("id", "word", "count", "ratio", "at").From(entsql.Table("items"))
	page.Bound(s)
	page.Walk().Sort(s)
	query, values := s.Limit(page.Limit()).Query()
	rows, err := db.SQL.Query(query, values...)
	if err != nil {
		return nil, false, false, fmt.Errorf("%s: %w", query, err)
	}
	defer rows.Close()
	var items []item
	for rows.Next() {
		var i item
		if err := rows.Scan(&i.id, &i.word, &i.count, &i.ratio, &i.at); err != nil {
			return nil, false, false, err
		}
		i.at = i.at.UTC()
		items = append(items, i)
	}
	kept, next, previous := keyset.Cut(page, items)
	return kept, next, previous, rows.Err()
}

var binding = keyset.Bind(nil, "items")

func insert(db *sql.DB, dialectName string, i item) error {
	s := entsql.Dialect(dialectName).Insert("items").Columns("id", "word", "count", "ratio", "at").
		Values(i.id, i.word, i.count, i.ratio, i.at)
	query, values := s.Query()
	_, err := db.Exec(query, values...)
	return err
}

// Any walk over any order, from either end, in pages of any size, sees the rows
// in the order of a plain sort, each once, whatever is added meanwhile; and each
// page reports rightly whether there is more.
func TestWalksSeeAllInOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		table := `CREATE TABLE items (id text PRIMARY KEY, word text NOT NULL, count bigint NOT NULL, ratio real, at datetime NOT NULL)`
		if db.Dialect == dialect.Postgres {
			table = `CREATE TABLE items (id text PRIMARY KEY COLLATE "C", word text COLLATE "C" NOT NULL, count bigint NOT NULL, ` +
				`ratio double precision, at timestamptz(3) NOT NULL)`
		}
		if _, err := db.SQL.Exec(table); err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) { walk(t, db) })
	})
}

func walk(t *rapid.T, db *dbtest.DB) {
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := db.SQL.Exec("DELETE FROM items")
	must(err)
	o, backward := drawOrder(t), rapid.Bool().Draw(t, "backward")
	n := rapid.IntRange(0, 25).Draw(t, "items")
	before, added := make([]item, n), 0
	for i := range n {
		before[i] = drawItem(t, 2*i)
		must(insert(db.SQL, db.Dialect, before[i]))
	}
	slices.SortFunc(before, func(a, b item) int { return compare(o, a, b) })

	size := rapid.IntRange(1, 7).Draw(t, "size")
	args := keyset.Args{First: &size}
	if backward {
		args = keyset.Args{Last: &size}
	}
	var seen []item
	for more := true; more; {
		page, next, previous, err := list(db, args, o)
		must(err)
		if len(page) > size || len(page) == 0 && (next && !backward || previous && backward) {
			t.Fatalf("a page of %d of %d, next %v, previous %v", len(page), size, next, previous)
		}
		if came := args.After != nil || args.Before != nil; came != (backward && next || !backward && previous) {
			t.Fatalf("the side the walk came from is %v, %v", next, previous)
		}
		more = next
		if backward {
			more, seen = previous, append(slices.Clone(page), seen...)
		} else {
			seen = append(seen, page...)
		}
		if len(page) > 0 {
			start, end := binding.Cursor(o, place(o, page[0])), binding.Cursor(o, place(o, page[len(page)-1]))
			if backward {
				args.Before = &start
			} else {
				args.After = &end
			}
		}
		if rapid.Bool().Draw(t, "add") && added < 10 {
			added++
			must(insert(db.SQL, db.Dialect, drawItem(t, 2*rapid.IntRange(0, 30).Draw(t, "id")+1000*added+1)))
		}
	}
	holds(t, o, before, seen)
}

// holds fails unless what was seen is in order, once each, with all that was
// there before the walk.
func holds(t *rapid.T, o keyset.Order, before, seen []item) {
	if !slices.IsSortedFunc(seen, func(a, b item) int { return compare(o, a, b) }) {
		t.Fatalf("not sorted by %v: %v", o, seen)
	}
	counted := map[string]int{}
	for _, i := range seen {
		if counted[i.id]++; counted[i.id] > 1 {
			t.Fatalf("%s is seen twice", i.id)
		}
	}
	for _, i := range before {
		if counted[i.id] == 0 {
			t.Fatalf("%s is not seen", i.id)
		}
	}
}

// A page between two cursors is what a plain sort has there.
func TestBetweenTwoCursors(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	if _, err := db.SQL.Exec("CREATE TABLE items (id text PRIMARY KEY, word text, count bigint, ratio real, at datetime)"); err != nil {
		t.Fatal(err)
	}
	o := keyset.Order{columns["count"], columns["id"]}
	var all []item
	for n := range 10 {
		i := item{id: fmt.Sprint("i", n), count: int64(n / 2), at: time.UnixMilli(0).UTC()}
		all = append(all, i)
		if err := insert(db.SQL, db.Dialect, i); err != nil {
			t.Fatal(err)
		}
	}
	after, before := binding.Cursor(o, place(o, all[2])), binding.Cursor(o, place(o, all[7]))
	two, many := 2, 100
	for _, c := range []struct {
		args           keyset.Args
		want           string
		next, previous bool
	}{
		{keyset.Args{After: &after, Before: &before, First: &two}, "i3 i4", true, true},
		{keyset.Args{After: &after, Before: &before, Last: &two}, "i5 i6", true, true},
		{keyset.Args{After: &after, Before: &before, First: &many}, "i3 i4 i5 i6", true, true},
		{keyset.Args{After: &after}, "i3 i4 i5 i6 i7 i8 i9", false, true},
		{keyset.Args{Before: &before}, "i0 i1 i2 i3 i4 i5 i6", true, false},
		{keyset.Args{After: &before, Before: &after}, "", true, true},
	} {
		items, next, previous, err := list(db, c.args, o)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, i := range items {
			ids = append(ids, i.id)
		}
		if got := strings.Join(ids, " "); got != c.want || next != c.next || previous != c.previous {
			t.Errorf("%+v: %s, next %v, previous %v", c, got, next, previous)
		}
	}
}
