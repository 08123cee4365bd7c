package exchange

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"vodgraph/fault"
	"vodgraph/graph"
	"vodgraph/model"
)

// shape knows what a line may look like: the input types of the API, so that a
// file and a call are read alike, and those that only a file has.
type shape struct {
	types                map[string]*ast.Definition
	asset, category, tag *ast.Definition
}

const fileTypes = `
input CategoryLine { category: CategoryOfLine! }
input CategoryOfLine { id: ID, path: [String!]! }
input TagLine { tag: TagOfLine! }
input TagOfLine { id: ID, name: String! }
`

// newShape reads the API's types. A line that changes an asset need not give its
// kind and title again.
func newShape() (shape, error) {
	own, err := parser.ParseSchema(&ast.Source{Name: "lines of a file", Input: fileTypes})
	if err != nil {
		return shape{}, fmt.Errorf("read the types of lines: %w", err)
	}
	types := maps.Clone(graph.NewExecutableSchema(graph.Config{}).Schema().Types)
	for _, def := range own.Definitions {
		types[def.Name] = def
	}
	return shape{types, optional(types["AssetCreateInput"], "kind", "title"), types["CategoryLine"], types["TagLine"]}, nil
}

func optional(def *ast.Definition, members ...string) *ast.Definition {
	changed := *def
	changed.Fields = slices.Clone(def.Fields)
	for i, f := range def.Fields {
		if slices.Contains(members, f.Name) {
			field, nullable := *f, *f.Type
			nullable.NonNull = false
			field.Type = &nullable
			changed.Fields[i] = &field
		}
	}
	return &changed
}

type finding struct {
	shape
	// reworded says that one value stands for a list, or that a number is written in another
	// way than the others: an integer such as 2.0, or -0.0.
	reworded bool
}

// required reports whether a member may be left out by a line that changes an asset, and not
// be null.
func (s *finding) required(def *ast.Definition, f *ast.FieldDefinition) bool {
	return def == s.asset && s.types[def.Name].Fields.ForName(f.Name).Type.NonNull
}

// object refuses members that are not those of the type, at the first place
// where they are not.
func (s *finding) object(def *ast.Definition, members map[string]any) *fault.Fault {
	known := 0
	for _, f := range def.Fields {
		v, given := members[f.Name]
		if given {
			known++
		}
		if v == nil {
			if (f.Type.NonNull || given && s.required(def, f)) && f.DefaultValue == nil {
				return fault.New(fault.Required, "The member %s is missing.", f.Name).At(f.Name)
			}
			continue
		}
		if refused := s.value(f.Type, v); refused != nil {
			return refused.Under(f.Name)
		}
		if v == "" && s.required(def, f) {
			return fault.New(fault.Required, "The member %s must not be empty.", f.Name).At(f.Name)
		}
	}
	if known == len(members) {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if def.Fields.ForName(name) == nil {
			return fault.New(fault.Invalid, "There is no member %.40q here.", name).At(name)
		}
	}
	return nil
}

func (s *finding) value(t *ast.Type, v any) *fault.Fault {
	if t.Elem != nil {
		list, ok := v.([]any)
		if !ok { // one value is a list of it, as in a call
			s.reworded = true
			return s.value(t.Elem, v)
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
	switch def := s.types[t.NamedType]; def.Kind {
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
		if n, is := v.(json.Number); is && integral(def.Name) {
			_, err := n.Int64()
			s.reworded = s.reworded || err != nil
		} else if is && def.Name == "Float" {
			s.reworded = s.reworded || minusZero(string(n))
		}
		return scalar(def.Name, v)
	}
}

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
		_, err = model.UnmarshalFloat(v)
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
