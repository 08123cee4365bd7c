package bulk

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"vodgraph/change"
	"vodgraph/fault"
)

// readStored reads what an operation wrote down of its input. Another version of the
// server may have written it: a member that this version does not know is refused with
// INVALID. A filter without that member would mean more assets, and a change without it
// would do something else.
func readStored(data json.RawMessage, into any) error {
	if err := json.Unmarshal(data, into); err != nil {
		return err
	}
	members, err := change.Decode(data) // numbers of user data may be of any size
	if err != nil {
		return err
	}
	if name := unknownMember(reflect.TypeOf(into), members); name != "" {
		return fault.New(fault.Invalid, "The operation was begun by another version of the server. "+
			"This version does not know its member %.40q. Begin the operation again.", name)
	}
	return nil
}

// unknownMember is the first name in a JSON value that a Go type has no member for;
// empty where there is none.
func unknownMember(t reflect.Type, v any) string {
	for t.Kind() == reflect.Pointer || inOmittable(t) != nil {
		if within := inOmittable(t); within != nil {
			t = within
		} else {
			t = t.Elem()
		}
	}
	switch v := v.(type) {
	case []any:
		if t.Kind() != reflect.Slice {
			return ""
		}
		for _, each := range v {
			if name := unknownMember(t.Elem(), each); name != "" {
				return name
			}
		}
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return ""
		}
		known := membersOf(t)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			below, ok := known[name]
			if !ok {
				return name
			}
			if name := unknownMember(below, v[name]); name != "" {
				return name
			}
		}
	}
	return ""
}

// inOmittable is the type within an Omittable; nil of another type.
func inOmittable(t reflect.Type) reflect.Type {
	value, ok := t.MethodByName("ValueOK")
	if t.Kind() != reflect.Struct || !ok {
		return nil
	}
	return value.Type.Out(0)
}

func membersOf(t reflect.Type) map[string]reflect.Type {
	members := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported() || f.Anonymous && name == "" || name == "-":
		case name == "":
			members[f.Name] = f.Type
		default:
			members[name] = f.Type
		}
	}
	return members
}
