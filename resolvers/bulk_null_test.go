package resolvers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"vodgraph/dbtest"
)

// filterArgs are the other arguments of the mutations that have a filter.
var filterArgs = map[string]string{"assetsUpdateWhere": `, change: {title: "x"}`, "assetsTrashWhere": "", "assetsRestoreWhere": ""}

// filtering names the mutations that have a filter of assets among their arguments.
func (d *mutations) filtering() (names []string) {
	for _, field := range d.schema.Mutation.Fields {
		if slices.ContainsFunc(field.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.Name() == "AssetFilter" }) {
			if _, known := filterArgs[field.Name]; !known {
				d.Fatalf("the arguments of %s are not in filterArgs", field.Name)
			}
			names = append(names, field.Name)
		}
	}
	if len(names) != len(filterArgs) {
		d.Fatalf("mutations with a filter are %v", names)
	}
	return names
}

// hole is a place in a filter where a value may be left out.
type hole struct {
	path []string
	of   *ast.Type
	// around is the filter, with %s in the place of the value.
	around string
}

// holes are all members of an input, with those of inputs below it so many levels deep.
func (d *mutations) holes(input string, levels int) (all []hole) {
	for _, f := range d.schema.Types[input].Fields {
		all = append(all, hole{[]string{f.Name}, f.Type, "{" + f.Name + ": %s}"})
		if of := d.schema.Types[f.Type.Name()]; of.Kind != ast.InputObject || of.Name == "AssetFilter" && levels == 0 {
			continue
		}
		below := levels
		if f.Type.Name() == "AssetFilter" {
			below--
		}
		for _, h := range d.holes(f.Type.Name(), below) {
			all = append(all, hole{slices.Concat([]string{f.Name}, h.path), h.of, "{" + f.Name + ": " + h.around + "}"})
			if f.Type.Elem != nil { // as a list, and not as the one value of a list
				all[len(all)-1].path = slices.Concat([]string{f.Name, "0"}, h.path)
				all = append(all, hole{slices.Concat([]string{f.Name, "1"}, h.path), h.of, "{" + f.Name + ": [{}, " + h.around + "]}"})
			}
		}
	}
	return all
}

// nulls are the ways to write a null into a hole: the variables, what stands there, and the
// values of the variables.
func (h hole) nulls() map[string][3]string {
	whole := strings.NewReplacer("{", `{"`, ": ", `": `).Replace(strings.ReplaceAll(h.around, "{}", "{ }"))
	whole = strings.ReplaceAll(whole, `{" }`, "{}")
	return map[string][3]string{
		"a literal":                      {"", fmt.Sprintf(h.around, "null"), `{}`},
		"a variable without a value":     {"($x: " + h.of.String() + ")", fmt.Sprintf(h.around, "$x"), `{}`},
		"a variable of null":             {"($x: " + h.of.String() + ")", fmt.Sprintf(h.around, "$x"), `{"x": null}`},
		"a variable with a null default": {"($x: " + h.of.String() + " = null)", fmt.Sprintf(h.around, "$x"), `{}`},
		"a value":                        {"($f: AssetFilter!)", "$f", `{"f": ` + fmt.Sprintf(whole, "null") + `}`},
		"a default":                      {"($f: AssetFilter! = " + fmt.Sprintf(h.around, "null") + ")", "$f", `{}`},
	}
}

// filterErrors is what a mutation with a filter is refused with.
func (d *mutations) filterErrors(name, variables, filter, values string) []string {
	d.Helper()
	var given map[string]any
	if err := json.Unmarshal([]byte(values), &given); err != nil {
		d.Fatalf("%v in %s", err, values)
	}
	var answer map[string]payload
	d.ask(fmt.Sprintf("mutation%s { %s(filter: %s%s, options: {dryRun: true}) { operation { id } userErrors { code message field } } }",
		variables, name, filter, filterArgs[name]), given, &answer)
	return answer[name].errors()
}

// TestNullsInFiltersOfChanges writes a null, in each way, in the place of each member that
// the schema has within a filter, and wants it to be refused at that place.
func TestNullsInFiltersOfChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		for _, name := range d.filtering() {
			levels := 0
			if name == "assetsUpdateWhere" {
				levels = 1
			}
			for _, h := range d.holes("AssetFilter", levels) {
				for way, text := range h.nulls() {
					want := "INVALID filter." + strings.Join(h.path, ".")
					if got := d.filterErrors(name, text[0], text[1], text[2]); !slices.Equal(got, []string{want}) {
						t.Errorf("%s: %s in %s is refused with %q, not %q", name, way, h.around, got, want)
					}
				}
			}
			all := d.filterErrors(name, "($y: Int)", `{hasCover: true, and: [{not: {or: [{height: {lt: $y}}]}}, {not: null}]}`, `{}`)
			if !slices.Equal(all, []string{"INVALID filter.and.0.not.or.0.height.lt", "INVALID filter.and.1.not"}) {
				t.Errorf("%s: several are refused with %q", name, all)
			}
		}
		var read struct{ Assets record }
		d.ask(`{ assets(filter: {hasCover: null, trashed: null}) { totalCount } }`, nil, &read)
	})
}

// filterDraw draws filters with nulls in them, and notes where they stand.
type filterDraw struct {
	*rapid.T
	schema *ast.Schema
	nulls  []string
}

// input draws an input at a place, with filters so many levels below it.
func (d *filterDraw) input(name string, deep int, path []string) map[string]any {
	fields := d.schema.Types[name].Fields
	filter := map[string]any{}
	for _, i := range slices.Sorted(maps.Keys(rapid.MapOfN(rapid.IntRange(0, len(fields)-1), rapid.Just(true), 0, 3).Draw(d.T, "members"))) {
		f := fields[i]
		at := slices.Concat(path, []string{f.Name})
		of := d.schema.Types[f.Type.Name()]
		switch {
		case rapid.IntRange(0, 3).Draw(d.T, "null") == 0:
			filter[f.Name] = nil
			d.nulls = append(d.nulls, strings.Join(at, "."))
		case f.Name == "trashed" && len(path) > 1, of.Name == "AssetFilter" && deep == 0:
		case f.Type.Elem != nil && of.Kind == ast.InputObject:
			list := []any{}
			for j := range rapid.IntRange(0, 2).Draw(d.T, "filters") {
				list = append(list, d.input(of.Name, deep-1, slices.Concat(at, []string{strconv.Itoa(j)})))
			}
			filter[f.Name] = list
		case of.Kind == ast.InputObject:
			filter[f.Name] = d.input(of.Name, deep-1, at)
		default:
			filter[f.Name] = drawnLeaf(f.Type, of)
		}
	}
	return filter
}

// drawnLeaf is some value of a type that is no input.
func drawnLeaf(of *ast.Type, d *ast.Definition) any {
	var v any
	switch {
	case d.Kind == ast.Enum:
		v = d.EnumValues[0].Name
	case d.Name == "Boolean":
		v = true
	case d.Name == "Time":
		v = "2026-01-01T00:00:00Z"
	case d.Name == "String" || d.Name == "ID":
		v = "x"
	default:
		v = 1
	}
	if of.Elem != nil {
		return []any{v}
	}
	return v
}

// TestDrawnNullsInFiltersOfChanges draws filters and wants all their nulls, and nothing
// else, to be refused.
func TestDrawnNullsInFiltersOfChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		rapid.Check(t, func(r *rapid.T) {
			drawn := &filterDraw{T: r, schema: d.schema}
			filter := drawn.input("AssetFilter", 2, []string{"filter"})
			var want []string
			for _, place := range drawn.nulls {
				want = append(want, "INVALID "+place)
			}
			values, err := json.Marshal(map[string]any{"f": filter})
			if err != nil {
				r.Fatal(err)
			}
			got := d.filterErrors("assetsTrashWhere", "($f: AssetFilter!)", "$f", string(values))
			if !slices.Equal(got, want) {
				r.Fatalf("%s is refused with %q, not %q", values, got, want)
			}
		})
	})
}
