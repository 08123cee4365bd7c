package model

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent"
	"vodgraph/ent/collect"
)

type row[R any] interface {
	*R
	Batch() *collect.Batch[R]
	Client() *ent.Client
	Value(name string) (ent.Value, error)
}

// family is a row as a parent of what hangs below it, and its siblings: the
// other parents that were loaded with it.
type family interface {
	// me is the key of the row itself.
	me() string
	// all are the keys of the siblings and of the row, each once.
	all() []string
	// share calls fn once for all of them.
	share(key string, fn func() (any, error)) (any, error)
	// client is what loaded them.
	client() *ent.Client
}

// parentRow is the family of a row of any table.
type parentRow[R any, P row[R]] struct {
	row P
	// key identifies a row; empty if it is no parent of these.
	key func(P) string
}

func (k parentRow[R, P]) me() string          { return k.key(k.row) }
func (k parentRow[R, P]) client() *ent.Client { return k.row.Client() }

func (k parentRow[R, P]) all() []string {
	var keys []string
	for _, r := range k.row.Batch().Rows {
		if key := k.key(r); key != "" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (k parentRow[R, P]) share(key string, fn func() (any, error)) (any, error) {
	return collect.Load(k.row.Batch(), key, func([]*R) (any, error) { return fn() })
}

// share is family.share with the type of what is loaded.
func share[V any](f family, key string, fn func() (V, error)) (V, error) {
	v, err := f.share(key, func() (any, error) { return fn() })
	if err != nil {
		var none V
		return none, err
	}
	return v.(V), nil
}

// once has fn load what the field being resolved needs, once for all siblings
// at the same place of the request; what distinguishes several loads of one field.
// Fn is given a key of what is asked: the field and its arguments. What it loads
// it shares under that key and the columns it reads, so that other places that
// ask the same find it.
func once[V any](ctx context.Context, f family, what string, fn func(key string) (V, error)) (V, error) {
	return share(f, place(ctx, what), func() (V, error) { return fn(fieldKey(ctx)) })
}

// place identifies what is loaded for the field being resolved, as selected on one
// type, from all else in the request, cheaply: it is asked for each row. The addresses are those of
// gqlgen's own collected fields, which live as long as the request does.
func place(ctx context.Context, what string) string {
	fc := graphql.GetFieldContext(ctx)
	if fc == nil {
		return what
	}
	b := append(make([]byte, 0, 64), what...)
	b = strconv.AppendUint(b, uint64(uintptr(unsafe.Pointer(fc.Field.Field))), 36)
	b = append(b, '@')
	b = strconv.AppendUint(b, uint64(uintptr(unsafe.Pointer(unsafe.SliceData(fc.Field.Selections)))), 36)
	return string(b)
}

// asks are the columns of a table that the selections at the paths below the
// field being resolved need, and a key of them; nil are all.
func asks[R any](ctx context.Context, t table[R], paths ...string) (columns []string, key string) {
	columns = t.columns.Selected(ctx, t.needs, paths...)
	if columns == nil {
		return nil, " *"
	}
	return columns, " " + strings.Join(columns, " ")
}
