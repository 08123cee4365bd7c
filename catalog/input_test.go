package catalog

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/change"
	"vodgraph/model"
)

// TestGivenMembersAreWritten gives each member of each input in turn, with every value that
// its type has for nothing (0, false, "", an empty list, the year 1), and wants it in the
// JSON, and back out of it.
func TestGivenMembersAreWritten(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{}
	members := 0
	for _, input := range []any{AssetCreateInput{}, AssetUpdateInput{}, AssetChangeInput{}} {
		eachInput(reflect.TypeOf(input), seen, func(of reflect.Type) {
			for i := range of.NumField() {
				for _, value := range givenNothings(of.Field(i)) {
					members++
					givenIsWritten(t, of, i, value)
				}
			}
		})
	}
	if members < 200 {
		t.Errorf("only %d members were looked at", members)
	}
}

// TestEveryMemberIsInTheSchema wants each member of the Go inputs in the input of its name in
// the schema. The other way round gqlgen refuses what is missing.
func TestEveryMemberIsInTheSchema(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	schema := gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphql", Input: string(text)})
	seen, members := map[reflect.Type]bool{}, 0
	for _, input := range []any{AssetCreateInput{}, AssetUpdateInput{}, AssetChangeInput{}, AssetStatusInput{},
		PlayInfoPutInput{}, SnapshotSetPutInput{}, AIDataPutInput{}} {
		eachInput(reflect.TypeOf(input), seen, func(of reflect.Type) {
			in := schema.Types[of.Name()]
			if in == nil || in.Kind != ast.InputObject {
				in = schema.Types[of.Name()+"Input"]
			}
			if in == nil {
				t.Errorf("the schema has no input %s", of.Name())
				return
			}
			for _, field := range reflect.VisibleFields(of) {
				if name := change.FieldName(field); !field.Anonymous && field.IsExported() && name != "-" {
					if members++; in.Fields.ForName(name) == nil {
						t.Errorf("%s of the schema has no member %s", in.Name, name)
					}
				}
			}
		})
	}
	if members < 200 {
		t.Errorf("only %d members were looked at", members)
	}
}

// eachInput goes over a struct of inputs and all below it.
func eachInput(of reflect.Type, seen map[reflect.Type]bool, do func(reflect.Type)) {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || seen[of] || of == reflect.TypeFor[model.Moment]() {
		return
	}
	seen[of] = true
	if of.Implements(reflect.TypeFor[change.Omittable]()) {
		eachInput(of.Field(0).Type, seen, do)
		return
	}
	do(of)
	for i := range of.NumField() {
		eachInput(of.Field(i).Type, seen, do)
	}
}

// givenNothings are the values of a member that are given and mean nothing; none for a
// member without omitzero and omitempty, which is always written.
func givenNothings(f reflect.StructField) (values []reflect.Value) {
	if !strings.Contains(f.Tag.Get("json"), ",omit") {
		return nil
	}
	switch of := f.Type; {
	case of.Implements(reflect.TypeFor[change.Omittable]()):
		inner := of.Field(0).Type
		for _, value := range append(nothings(inner), reflect.Zero(inner)) {
			values = append(values, omitted(of, value))
		}
	default:
		values = nothings(of)
	}
	return values
}

func nothings(of reflect.Type) []reflect.Value {
	switch {
	case of == reflect.TypeFor[json.RawMessage]():
		return []reflect.Value{reflect.ValueOf(json.RawMessage(`""`)), reflect.ValueOf(json.RawMessage(`0`))}
	case of.Kind() == reflect.Pointer:
		return []reflect.Value{reflect.New(of.Elem())}
	case of.Kind() == reflect.Slice:
		return []reflect.Value{reflect.MakeSlice(of, 0, 0)}
	}
	return nil // texts that may not be empty: kind, title, set
}

// omitted is a value as an Omittable that is given.
func omitted(of reflect.Type, value reflect.Value) reflect.Value {
	into := reflect.New(of)
	text, err := json.Marshal(value.Interface())
	if err == nil {
		err = into.Interface().(json.Unmarshaler).UnmarshalJSON(text)
	}
	if err != nil {
		panic(err)
	}
	return into.Elem()
}

func givenIsWritten(t *testing.T, of reflect.Type, i int, value reflect.Value) {
	t.Helper()
	in := reflect.New(of)
	in.Elem().Field(i).Set(value)
	text, err := json.Marshal(in.Interface())
	if err != nil {
		t.Fatal(err)
	}
	name := change.FieldName(of.Field(i))
	if !strings.Contains(string(text), `"`+name+`":`) {
		t.Errorf("%s: a given %s %#v is left out: %s", of.Name(), name, value, text)
		return
	}
	back := reflect.New(of)
	if err := json.Unmarshal(text, back.Interface()); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if again, _ := json.Marshal(back.Interface()); string(again) != string(text) {
		t.Errorf("%s: %s is read as %s", of.Name(), text, again)
	}
}

// TestOmittableIsNeverAMoment holds what the test above relies on.
func TestOmittableIsNeverAMoment(t *testing.T) {
	t.Parallel()
	var zero *model.Moment
	if !zero.IsZero() || (&model.Moment{}).IsZero() || graphql.OmittableOf(zero).IsZero() {
		t.Error("a member that is given would be left out, or the reverse")
	}
}
