package arguments

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/model"
)

// digest is the same for calls that mean the same: arguments as variables or not, one value
// or a list of one, with defaults or without, null or left out where both mean the same, a
// filter in any of its forms. The idempotency key is not part of it.
func digest(schema *ast.Schema, fc *graphql.FieldContext, variables map[string]any) (string, error) {
	given := fc.Field.ArgumentMap(variables)
	c, canonical := canonicalizer{schema}, map[string]any{}
	for _, argument := range fc.Field.Definition.Arguments {
		decoded := fc.Args[argument.Name]
		if print, ok := model.Fingerprint(decoded); ok {
			canonical[argument.Name] = print
			continue
		}
		v := given[argument.Name]
		if v == nil && argument.Name == "options" {
			v = map[string]any{} // the same as left out
		}
		if v, there := c.member(argument.Type, reflect.TypeOf(decoded), argument.DefaultValue, v, false); there {
			canonical[argument.Name] = v
		}
	}
	if options, ok := canonical["options"].(map[string]any); ok {
		delete(options, "idempotencyKey")
	}
	text, err := json.Marshal([]any{fc.Field.Name, canonical}) // which sorts the members by name
	if err != nil {
		return "", fmt.Errorf("encode arguments: %w", err)
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

// canonicalizer gives values that mean the same one form.
type canonicalizer struct{ schema *ast.Schema }

// wholeInputs are inputs of what is created: null means left out, although the Go type, which
// imports share, distinguishes the two.
var wholeInputs = map[string]bool{"AssetCreateInput": true}

// member is the canonical value of a member of an input or of an argument; there is false where
// it is the same as left out. A null is the default, if there is one, or as if it were left
// out, unless the Go type distinguishes the two (apart). The Go type is nil where not known.
func (c canonicalizer) member(t *ast.Type, of reflect.Type, byDefault *ast.Value, v any, apart bool) (canonical any, there bool) {
	switch {
	case v != nil:
		return c.value(t, of, v), true
	case apart:
		return nil, true
	case byDefault == nil:
		return nil, false
	}
	v, _ = byDefault.Value(nil) // the schema was loaded, so it can be read
	return c.value(t, of, v), v != nil
}

func (c canonicalizer) value(t *ast.Type, of reflect.Type, v any) any {
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
		canonical := make([]any, len(list))
		for i, one := range list {
			if one != nil {
				canonical[i] = c.value(t.Elem, of, one)
			}
		}
		return canonical
	}
	d := c.schema.Types[t.NamedType]
	members, object := v.(map[string]any)
	if d == nil || d.Kind != ast.InputObject || !object {
		return scalar(t.NamedType, v)
	}
	canonical := map[string]any{}
	for _, field := range d.Fields {
		below, apart := memberType(of, field.Name)
		value, given := members[field.Name]
		apart = apart && given && !wholeInputs[d.Name]
		if value, there := c.member(field.Type, below, field.DefaultValue, value, apart); there {
			canonical[field.Name] = value
		}
	}
	return canonical
}

// memberType is the Go type of a member of an input, nil where it is not known, and whether it
// distinguishes null from left out.
func memberType(of reflect.Type, name string) (member reflect.Type, apart bool) {
	if of == nil || of.Kind() != reflect.Struct {
		return nil, false
	}
	for _, field := range reflect.VisibleFields(of) {
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !strings.EqualFold(tag, name) && !strings.EqualFold(field.Name, name) || field.Anonymous {
			continue
		}
		if value, omittable := field.Type.MethodByName("Value"); omittable && value.Type.NumOut() == 1 {
			return value.Type.Out(0), true
		}
		return field.Type, false
	}
	return nil, false
}

// scalar is the canonical value of a scalar or an enum: an id may be written as a number, and
// a number and a time in several ways.
func scalar(name string, v any) any {
	var decoded any
	var err error
	switch name {
	case "JSON":
		return v
	case "Int", "Int64":
		decoded, err = model.UnmarshalInt64(v)
	case "Float":
		decoded, err = model.UnmarshalFloat(v)
	case "Time":
		decoded, err = model.UnmarshalTime(v)
	default:
		return fmt.Sprint(v)
	}
	if err != nil {
		return fmt.Sprint(v)
	}
	return fmt.Sprint(decoded)
}
