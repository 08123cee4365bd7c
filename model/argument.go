package model

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/fault"
	"vodgraph/keyset"
	"vodgraph/limits"
)

// arguments are those of the field being resolved. Methods that are bound to
// fields read them from here, where a parameter for each would be more than a
// reader can hold: gqlgen does not mind parameters that are missing.
type arguments struct {
	// values are as the parser left them; a list is a list even if one value was
	// given for it.
	values map[string]any
	// longest is how many entries a page of the field can have, where it is a connection.
	longest int
	err     error
}

func argumentsOf(ctx context.Context) *arguments {
	a := &arguments{values: map[string]any{}}
	fc := graphql.GetFieldContext(ctx)
	if fc == nil || fc.Field.Definition == nil {
		return a
	}
	a.longest = limits.PageOf(fc.Field.Definition.Type.Name())
	given := fc.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	for _, d := range fc.Field.Definition.Arguments {
		v := given[d.Name]
		if v == nil && d.DefaultValue != nil {
			v, _ = d.DefaultValue.Value(nil) // the schema was loaded, so it can be read
		}
		switch {
		case v == nil: // the same as left out
		case d.Type.Elem != nil:
			a.values[d.Name] = graphql.CoerceList(v)
		default:
			a.values[d.Name] = v
		}
	}
	return a
}

// single reads an argument; nil where it is left out.
func single[T any](a *arguments, name string, unmarshal func(any) (T, error)) *T {
	v, given := a.values[name]
	if !given {
		return nil
	}
	t, err := unmarshal(v)
	if err == nil {
		err = Legal(name, t)
	}
	if err != nil {
		a.refuse(err)
		return nil
	}
	return &t
}

// several reads an argument that is a list; nil where it is left out.
func several[T any](a *arguments, name string, unmarshal func(any) (T, error)) []T {
	v, given := a.values[name].([]any)
	if !given {
		return nil
	}
	list := make([]T, len(v))
	for i := range v {
		var err error
		if list[i], err = unmarshal(v[i]); err == nil {
			err = Legal(name, list[i])
		}
		if err != nil {
			a.refuse(err)
		}
	}
	return list
}

// Legal refuses with fault.Invalid values that are texts with U+0000 or not
// UTF-8: no text that is kept is like that, and Postgres cannot look for one.
func Legal[T any](argument string, values ...T) error {
	for _, v := range values {
		if s, text := any(v).(string); text && (strings.ContainsRune(s, 0) || !utf8.ValidString(s)) {
			return fault.New(fault.Invalid, "The text has the character U+0000 or is not UTF-8.").At(argument)
		}
	}
	return nil
}

func (a *arguments) refuse(err error) {
	if a.err == nil {
		a.err = err
	}
}

func (a *arguments) page() keyset.Args {
	return keyset.Args{
		First: single(a, "first", UnmarshalInt), Last: single(a, "last", UnmarshalInt),
		After: single(a, "after", UnmarshalCursor), Before: single(a, "before", UnmarshalCursor),
		Default: limits.DefaultPage, Longest: a.longest,
	}
}

var paging = []string{"first", "after", "last", "before"}

// fieldKey is the name and the arguments of the field being resolved.
func fieldKey(ctx context.Context) string {
	fc := graphql.GetFieldContext(ctx)
	if fc == nil {
		return ""
	}
	return fc.Field.Name + argumentsKey(ctx, nil)
}

// listKey is the arguments of the field being resolved, but for those that
// choose the page and the order, which cursors are bound to anyway.
func listKey(ctx context.Context) string {
	return argumentsKey(ctx, slices.Concat(paging, []string{"orderBy"}))
}

func isNil(read any) bool {
	v := reflect.ValueOf(read)
	return !v.IsValid() || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice) && v.IsNil()
}

// argumentsKey writes arguments the same way however they were given; null is
// the same as left out. Those that gqlgen has read are written as read, so that
// defaults are in them; one that knows what is the same, as a filter does, by
// its fingerprint.
func argumentsKey(ctx context.Context, without []string) string {
	fc := graphql.GetFieldContext(ctx)
	values := argumentsOf(ctx).values
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains(without, name) {
			continue
		}
		v := values[name]
		text, err := json.Marshal(v)
		if read, ok := fc.Args[name]; ok && !isNil(read) {
			text, err = json.Marshal(read)
			if print, ok := Fingerprint(read); ok {
				text, err = []byte(print), nil
			}
		}
		if err != nil || len(text) == 0 || bytes.Equal(text, []byte("null")) {
			continue // what came in as JSON can be written as such
		}
		b.WriteString(" " + name + ":")
		b.Write(text)
	}
	return b.String()
}

// fingerprinted is a value whose fingerprint is that of all values that mean the same.
type fingerprinted interface{ Fingerprint() string }

// Fingerprint is that of a decoded argument, the same for all that mean the same; ok is false
// where its type has none. It is empty for an argument without any member, as for none.
func Fingerprint(decoded any) (print string, ok bool) {
	if decoded == nil {
		return "", false
	}
	v := reflect.ValueOf(decoded)
	if v.Kind() != reflect.Pointer {
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		v = p
	}
	of, ok := v.Interface().(fingerprinted)
	if !ok {
		return "", false
	}
	if print = of.Fingerprint(); print == reflect.Zero(v.Type()).Interface().(fingerprinted).Fingerprint() {
		print = ""
	}
	return print, true
}
