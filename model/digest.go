package model

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// CallDigest tells calls of the field being resolved apart by their arguments: it
// is the same however they are written, as variables or not, one value or a list
// of one, with defaults or without, with null or left out where both mean the same, and
// a filter in any of its forms. Members of the argument named options that are named in
// without do not matter.
func CallDigest(ctx context.Context, schema *ast.Schema, without ...string) (string, error) {
	fc := graphql.GetFieldContext(ctx)
	given := fc.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	f, canonical := form{schema}, map[string]any{}
	for _, argument := range fc.Field.Definition.Arguments {
		read := fc.Args[argument.Name]
		if print, ok := fingerprint(read); ok {
			canonical[argument.Name] = print
			continue
		}
		v := given[argument.Name]
		if v == nil && argument.Name == "options" {
			v = map[string]any{} // the same as left out
		}
		if v, there := f.member(argument.Type, reflect.TypeOf(read), argument.DefaultValue, v, false); there {
			canonical[argument.Name] = v
		}
	}
	if options, ok := canonical["options"].(map[string]any); ok {
		for _, name := range without {
			delete(options, name)
		}
	}
	text, err := json.Marshal([]any{fc.Field.Name, canonical}) // with the names of members in order
	if err != nil {
		return "", fmt.Errorf("write arguments down: %w", err)
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

// fingerprinted is a value that knows which others mean the same.
type fingerprinted interface{ Fingerprint() string }

// fingerprint is that of an argument as it was read, if it has one; that of one without
// any member is empty, as of none.
func fingerprint(read any) (print string, ok bool) {
	if read == nil {
		return "", false
	}
	v := reflect.ValueOf(read)
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

// form writes values in the one form of all that mean the same.
type form struct{ schema *ast.Schema }

// wholeInputs are inputs of what is new, of which null is the same as left out, although
// an import, which has the same type in Go, tells them apart.
var wholeInputs = map[string]bool{"AssetCreateInput": true}

// member is a member of an input, or an argument, of a type of the schema and one of Go,
// nil where that is not known; there is whether it matters. A null is the default, if
// there is one, or as if it were left out, unless the Go type tells them apart.
func (f form) member(t *ast.Type, of reflect.Type, byDefault *ast.Value, v any, apart bool) (formed any, there bool) {
	switch {
	case v != nil:
		return f.value(t, of, v), true
	case apart:
		return nil, true
	case byDefault == nil:
		return nil, false
	}
	v, _ = byDefault.Value(nil) // the schema was loaded, so it can be read
	return f.value(t, of, v), v != nil
}

// value is a value of a type that is not null.
func (f form) value(t *ast.Type, of reflect.Type, v any) any {
	for of != nil && of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if t.Elem != nil {
		if of != nil && of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		list, ok := v.([]any)
		if !ok {
			list = graphql.CoerceList(v)
		}
		formed := make([]any, len(list))
		for i, one := range list {
			if one != nil {
				formed[i] = f.value(t.Elem, of, one)
			}
		}
		return formed
	}
	d := f.schema.Types[t.NamedType]
	members, object := v.(map[string]any)
	if d == nil || d.Kind != ast.InputObject || !object {
		return scalar(t.NamedType, v)
	}
	formed := map[string]any{}
	for _, field := range d.Fields {
		below, apart := memberType(of, field.Name)
		value, given := members[field.Name]
		apart = apart && given && !wholeInputs[d.Name]
		if value, there := f.member(field.Type, below, field.DefaultValue, value, apart); there {
			formed[field.Name] = value
		}
	}
	return formed
}

// memberType is the Go type of a member of an input, and whether it tells null from left
// out; nil where it is not known.
func memberType(of reflect.Type, name string) (member reflect.Type, apart bool) {
	if of == nil || of.Kind() != reflect.Struct {
		return nil, false
	}
	for _, field := range reflect.VisibleFields(of) {
		called, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !strings.EqualFold(called, name) && !strings.EqualFold(field.Name, name) || field.Anonymous {
			continue
		}
		if value, omittable := field.Type.MethodByName("Value"); omittable && value.Type.NumOut() == 1 {
			return value.Type.Out(0), true
		}
		return field.Type, false
	}
	return nil, false
}

// scalar is a value of a scalar or an enum: an id may be written as a number, and a number
// and a time in several ways.
func scalar(name string, v any) any {
	var read any
	var err error
	switch name {
	case "JSON":
		return v
	case "Int", "Int64":
		read, err = UnmarshalInt64(v)
	case "Float":
		read, err = UnmarshalFloat(v)
	case "Time":
		read, err = UnmarshalTime(v)
	default:
		return fmt.Sprint(v)
	}
	if err != nil {
		return fmt.Sprint(v)
	}
	return fmt.Sprint(read)
}
