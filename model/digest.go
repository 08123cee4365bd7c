package model

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// CallDigest tells calls of the field being resolved apart by their arguments: it
// is the same however they are written, as variables or not, one value or a list
// of one, with defaults or without. Members of the argument named options that
// are left out do not matter.
func CallDigest(ctx context.Context, schema *ast.Schema, without ...string) (string, error) {
	fc := graphql.GetFieldContext(ctx)
	given := fc.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	canonical := map[string]any{}
	for _, argument := range fc.Field.Definition.Arguments {
		v, there := given[argument.Name]
		if !there && argument.DefaultValue != nil {
			var err error
			if v, err = argument.DefaultValue.Value(nil); err != nil {
				return "", fmt.Errorf("read a default: %w", err)
			}
			there = true
		}
		if there {
			canonical[argument.Name] = inForm(schema, argument.Type, v)
		}
	}
	if options, ok := canonical["options"].(map[string]any); ok {
		for _, name := range without {
			delete(options, name)
		}
	} else if argument := fc.Field.Definition.Arguments.ForName("options"); argument != nil {
		canonical["options"] = inForm(schema, argument.Type, map[string]any{}) // the same as left out
	}
	text, err := json.Marshal([]any{fc.Field.Name, canonical}) // with the names of members in order
	if err != nil {
		return "", fmt.Errorf("write arguments down: %w", err)
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

// inForm is a value of a type in the one form of all that mean the same.
func inForm(schema *ast.Schema, t *ast.Type, v any) any {
	if v == nil {
		return nil
	}
	if t.Elem != nil {
		list, ok := v.([]any)
		if !ok {
			list = graphql.CoerceList(v)
		}
		formed := make([]any, len(list))
		for i, one := range list {
			formed[i] = inForm(schema, t.Elem, one)
		}
		return formed
	}
	of := schema.Types[t.NamedType]
	switch {
	case of == nil:
		return v
	case of.Kind == ast.InputObject:
		members, ok := v.(map[string]any)
		if !ok {
			return v
		}
		formed := map[string]any{}
		for _, field := range of.Fields {
			value, there := members[field.Name]
			if !there && field.DefaultValue != nil {
				value, _ = field.DefaultValue.Value(nil) // the schema was loaded, so it can be read
				there = true
			}
			if there {
				formed[field.Name] = inForm(schema, field.Type, value)
			}
		}
		return formed
	case t.NamedType == "JSON":
		return v
	default:
		return fmt.Sprint(v) // an id may be written as a number, and a number in several ways
	}
}
