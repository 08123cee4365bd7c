package exchange

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
	"vodgraph/graph"
	"vodgraph/model"
)

// shape knows what a line may look like: the input types of the API, so that a
// file and a call are read alike.
type shape struct {
	schema *ast.Schema
	line   *ast.Definition
}

// newShape reads the API's types. A line that changes an asset need not tell its
// kind and title again.
func newShape() shape {
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	line := *schema.Types["AssetCreateInput"]
	line.Fields = slices.Clone(line.Fields)
	for i, f := range line.Fields {
		if f.Name == "kind" || f.Name == "title" {
			optional := *f
			nullable := *f.Type
			nullable.NonNull = false
			optional.Type = &nullable
			line.Fields[i] = &optional
		}
	}
	return shape{schema, &line}
}

// check refuses a line that is not of the shape, at the first place it is not.
func (s shape) check(line map[string]any) *fault.Fault { return s.object(s.line, line) }

func (s shape) object(def *ast.Definition, members map[string]any) *fault.Fault {
	for name := range members {
		if def.Fields.ForName(name) == nil {
			return fault.New(fault.Invalid, "There is no member %.40q here.", name).At(name)
		}
	}
	for _, f := range def.Fields {
		v, given := members[f.Name]
		if !given || v == nil {
			if f.Type.NonNull && f.DefaultValue == nil {
				return fault.New(fault.Required, "The member %s is missing.", f.Name).At(f.Name)
			}
			continue
		}
		if refused := s.value(f.Type, v); refused != nil {
			return refused.Under(f.Name)
		}
	}
	return nil
}

func (s shape) value(t *ast.Type, v any) *fault.Fault {
	if t.Elem != nil {
		list, ok := v.([]any)
		if !ok {
			return fault.New(fault.Invalid, "A list is expected here.")
		}
		for i, one := range list {
			if one == nil {
				return fault.New(fault.Invalid, "A list holds no null.").At(strconv.Itoa(i))
			}
			if refused := s.value(t.Elem, one); refused != nil {
				return refused.Under(strconv.Itoa(i))
			}
		}
		return nil
	}
	switch def := s.schema.Types[t.NamedType]; def.Kind {
	case ast.InputObject:
		members, ok := v.(map[string]any)
		if !ok {
			return fault.New(fault.Invalid, "An object is expected here.")
		}
		return s.object(def, members)
	case ast.Enum:
		if word, ok := v.(string); !ok || def.EnumValues.ForName(word) == nil {
			return fault.New(fault.Invalid, "This is none of the values of %s.", def.Name)
		}
		return nil
	default:
		return scalar(def.Name, v)
	}
}

// scalar refuses what the API would refuse.
func scalar(name string, v any) *fault.Fault {
	var err error
	switch name {
	case "String", "ID":
		_, err = model.UnmarshalString(v)
	case "Int":
		_, err = model.UnmarshalInt(v)
	case "Int64":
		_, err = model.UnmarshalInt64(v)
	case "Float":
		if _, number := v.(json.Number); !number {
			err = fault.New(fault.Invalid, "A number is expected here.")
		}
	case "Boolean":
		_, err = model.UnmarshalBoolean(v)
	case "Time":
		_, err = model.UnmarshalTime(v)
	}
	if err != nil {
		return fault.New(fault.Invalid, "This is no %s.", name)
	}
	return nil
}
