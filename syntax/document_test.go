package syntax_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"vodgraph/fault"
	"vodgraph/jsonwalk"
	"vodgraph/syntax"
)

// schema is one with arguments of every sort, at the root and below.
func schema(t testing.TB) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "test", Input: `
scalar JSON
scalar Int64
enum Colour { RED GREEN }
input In { list: [Int!], in: In, ins: [In!], colour: Colour, text: String, json: JSON, long: Int64, longs: [Int64], flag: Boolean, real: Float, id: ID }
type Node { f(list: [Int!], in: In, ins: [In!], colour: Colour, text: String, flag: Boolean, json: JSON, int: Int, long: Int64): Node, x: Int }
type Query { f(list: [Int!], in: In, ins: [In!], colour: Colour, text: String, flag: Boolean, json: JSON, int: Int, long: Int64): Node, n: Node }
type Mutation { f(list: [Int!], in: In, ins: [In!], colour: Colour, text: String, flag: Boolean, json: JSON, int: Int, long: Int64): Node, n: Node }
type Subscription { f(list: [Int!], in: In, ins: [In!], colour: Colour, text: String, flag: Boolean, json: JSON, int: Int, long: Int64): Node, n: Node, m: Node }
`})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validated is what is wrong with a document, in words.
func validated(t testing.TB, s *ast.Schema, text string) string {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return syntax.Validate(s, doc).Error()
}

// TestMergedFields refuses fields of one name with different arguments wherever they stand, and
// merges those whose arguments are equal.
func TestMergedFields(t *testing.T) {
	t.Parallel()
	s := schema(t)
	const variables = "($a: Int, $b: Int, $l: [Int!], $i: In, $j: In)"
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"list: [1]", "list: [1]", true}, {"list: [1]", "list: [2]", false}, {"list: [1, 2]", "list: [2, 1]", false}, {"list: [1]", "list: [1, 1]", false},
		{"list: []", "list: [1]", false}, {"list: []", "list: []", true}, {"list: null", "list: []", false}, {"list: null", "list: null", true}, {"list: 1", "list: [1]", false},
		{"in: {text: \"a\"}", "in: {text: \"a\"}", true}, {"in: {text: \"a\"}", "in: {text: \"b\"}", false}, {"in: {text: \"a\"}", "in: {}", false}, {"in: {}", "in: {}", true},
		{"in: {text: \"a\", flag: true}", "in: { flag : true, text: \"a\" }", true}, {"in: {text: \"a\"}", "in: {text: null}", false}, {"in: {text: \"1\"}", "in: {id: \"1\"}", false},
		{"in: {in: {in: {list: [1]}}}", "in: {in: {in: {list: [1]}}}", true}, {"in: {in: {in: {list: [1]}}}", "in: {in: {in: {list: [2]}}}", false},
		{"ins: [{text: \"a\"}, {text: \"b\"}]", "ins: [{text: \"a\"}, {text: \"b\"}]", true}, {"ins: [{text: \"a\"}, {text: \"b\"}]", "ins: [{text: \"b\"}, {text: \"a\"}]", false},
		{"in: {colour: RED}", "in: {colour: GREEN}", false}, {"colour: RED", "colour: GREEN", false}, {"colour: RED", "colour: RED", true}, {"flag: true", "flag: false", false},
		{"list: $l", "list: $l", true}, {"in: $i", "in: $j", false}, {"list: [$a]", "list: [$b]", false}, {"list: [$a]", "list: [$a]", true}, {"list: [$a]", "list: [1]", false},
		{"in: {list: [$a]}", "in: {list: [$b]}", false}, {"in: {json: {a: [1, {b: 2}]}}", "in: {json: {a: [1, {b: 3}]}}", false}, {"json: {a: [1]}", "json: {a: [1]}", true},
		{"int: 1", "int: 2", false}, {"text: \"a\"", "text: \"b\"", false}, {"list: [1], text: \"a\"", "text: \"a\", list: [1]", true}, {"list: [1]", "text: \"a\"", false},
	} {
		a, b := "f("+c.a+") { x }", "f("+c.b+") { x }"
		for _, operation := range []string{"query", "mutation", "subscription"} {
			root := strings.ToUpper(operation[:1]) + operation[1:]
			for _, form := range []string{"{ A B }", "{ A ... { B } }", "{ A ... on ROOT { B } }", "{ ...F ...G } fragment F on ROOT { A } fragment G on ROOT { B }",
				"{ A ...F } fragment F on ROOT { ...G } fragment G on ROOT { B }", "{ n { A B } }", "{ n { A } n { B } }", "{ n { f { A } f { ... on Node { B } } } }",
				"{ ...F n { B } } fragment F on ROOT { n { A } }"} {
				text := operation + " Q" + variables + " " + strings.NewReplacer("ROOT", root, "A", a, "B", b).Replace(form)
				errs := validated(t, s, text)
				if got := !strings.Contains(errs, "differing arguments"); got != c.same {
					t.Errorf("%s: merged: %t, want %t: %s", text, got, c.same, errs)
				}
			}
		}
	}
}

// TestStringEscapes reads every escape that the specification allows, and refuses all others.
func TestStringEscapes(t *testing.T) {
	t.Parallel()
	const refused = "\x00"
	for literal, want := range map[string]string{
		`"\u00e9\u00E9"`: "éé", `"\uD83D\uDE00 pair"`: "😀 pair", `"\ud83d\ude00"`: "😀", `"\u{1F600}\u{1f600}"`: "😀😀", `"\u{41}\u{0}"`: "A\x00",
		`"\u{10FFFF}"`: "\U0010FFFF", `"\u{D7FF}\u{E000}"`: "\uD7FF\uE000", `"\u{0001F600}\u{000000000041}\u{00000000000}"`: "😀A\x00", `"\uFFFD\u{FFFD}"`: "\uFFFD\uFFFD",
		`"\"\\\/\b\f\n\r\t"`: "\"\\/\b\f\n\r\t", `"\\uD83D"`: `\uD83D`, `"\\\\u{D83D}"`: `\\u{D83D}`, `"\uD83D\uDE00\uD83D\uDE01"`: "😀😁", `"\uDBFF\uDFFF"`: "\U0010FFFF",
		`"""\uD83D \u{110000} \q \u"""`: `\uD83D \u{110000} \q \u`, `"""\""" \uDE00"""`: `""" \uDE00`, `"😀"`: "😀",
		`"\uD83D"`: refused, `"\uDE00"`: refused, `"\uD83Dx"`: refused, `"\uDE00\uD83D"`: refused, `"\uD83D\uD83D\uDE00"`: refused, `"\uD83D\n"`: refused, `"\uD83D\u0041"`: refused,
		`"\uD83D\u{DE00}"`: refused, `"\u{D83D}\u{DE00}"`: refused, `"\u{D800}"`: refused, `"\u{DFFF}"`: refused, `"\u{110000}"`: refused, `"\u{FFFFFFFFF}"`: refused, `"\u{}"`: refused, `"\u{"`: refused,
		`"\u{12"`: refused, `"\u{G}"`: refused, `"\u12"`: refused, `"\u12G4"`: refused, `"\U00000041"`: refused, `"\x41"`: refused, `"\a"`: refused, `"\'"`: refused, `"\0"`: refused, `"\`: refused, `"a\`: refused,
		"\"a\nb\"": refused, `"\ud800\`: refused, `"\u{000000000110000}"`: refused, `"\uD83D""\uDE00"`: refused,
	} {
		for _, form := range []string{`{ f(text: %) { x } }`, `{ f(in: {ins: [{text: %}]}) { x } }`, `query($v: String = %) { f(text: $v) { x } }`,
			"# \\uD83D \"\n{ a: f(text: \"\\uD83D\\uDE00\") { x } b: f(text: %) { x } }"} {
			document := strings.ReplaceAll(form, "%", literal)
			text, malformed := syntax.Text(document)
			var doc *ast.QueryDocument
			var err error
			if malformed == nil {
				doc, err = parser.ParseQuery(&ast.Source{Input: text})
			}
			switch {
			case (malformed != nil || err != nil) != (want == refused):
				t.Errorf("%s: %v %v, want %q", document, malformed, err, want)
			case malformed != nil && (len(malformed.Locations) != 1 || malformed.Locations[0].Line == 0):
				t.Errorf("%s is malformed at %v", document, malformed.Locations)
			case want != refused && lastString(doc) != want:
				t.Errorf("%s is read as %q, want %q", document, lastString(doc), want)
			}
		}
	}
}

// lastString is the last string literal of a document.
func lastString(doc *ast.QueryDocument) (last string) {
	var of func(v *ast.Value)
	of = func(v *ast.Value) {
		if v.Kind == ast.StringValue || v.Kind == ast.BlockValue {
			last = v.Raw
		}
		for _, child := range v.Children {
			of(child.Value)
		}
	}
	for _, o := range doc.Operations {
		for _, v := range o.VariableDefinitions {
			of(v.DefaultValue)
		}
		for _, selection := range o.SelectionSet {
			for _, argument := range selection.(*ast.Field).Arguments {
				of(argument.Value)
			}
		}
	}
	return last
}

// TestPlaceOfAnEscape is line and column of the escape.
func TestPlaceOfAnEscape(t *testing.T) {
	t.Parallel()
	_, malformed := syntax.Text("# é\r\n{ a\r  f(text: \"é\") g(text: \"é \\uD83D\") }")
	if malformed == nil || malformed.Locations[0].Line != 3 || malformed.Locations[0].Column != 27 {
		t.Errorf("%v", malformed)
	}
}

// TestSubscriptionsHaveOneRootField refuses every other number, and conditions on the root.
func TestSubscriptionsHaveOneRootField(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for text, want := range map[string]string{
		"{ n { x } }": "", "{ a: n { x } }": "", "{ n { x } n { x } }": "", "{ n { x } ... { n { x } } }": "", "{ ...F ...F } fragment F on Subscription { n { x } }": "",
		"{ n { x @skip(if: true) } }": "", "{ n { ... @include(if: false) { x } } }": "", "{ ... on Subscription { ...F } } fragment F on Subscription { n { ...G @skip(if: true) } } fragment G on Node { x }": "",
		"{ a: n { x } b: n { x } }": "has 2", "{ n { x } m { x } }": "has 2", "{ n { x } b: n { x } c: m { x } }": "has 3", "{ n { x } ... { m { x } } }": "has 2",
		"{ ...F m { x } } fragment F on Subscription { ...G } fragment G on Subscription { n { x } }": "has 2", "{ f(int: 1) { x } a: f(int: 1) { x } }": "has 2",
		"{ n @skip(if: true) { x } }": "@skip", "{ n @include(if: true) { x } }": "@include", "query Q { n { x } } subscription S { n @include(if: true) { x } }": "@include",
		"{ ... @skip(if: false) { n { x } } }": "@skip", "{ ... on Subscription @include(if: true) { n { x } } }": "@include", "{ ...F @include(if: true) } fragment F on Subscription { n { x } }": "@include",
		"{ ...F } fragment F on Subscription { n @skip(if: false) { x } }": "@skip", "{ ...F } fragment F on Subscription { ... { ...G @skip(if: false) } } fragment G on Subscription { n { x } }": "@skip",
		"{ n { x } m @skip(if: true) { x } }": "@skip", "{ __typename }": "__typename", "{ n { x } t: __typename }": "__typename",
	} {
		if strings.HasPrefix(text, "{") {
			text = "subscription " + text
		}
		if errs := validated(t, s, text); (want == "") != (errs == "") || !strings.Contains(errs, want) {
			t.Errorf("%s: %q, want %q", text, errs, want)
		}
	}
}

// TestLargeNumbers names a number that is too large for a document, wherever it stands.
func TestLargeNumbers(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for _, number := range []string{"12345678901234567890123", "-9223372036854775809", "1e400", "-1.5E999"} {
		for _, form := range []string{"{ f(json: %) { x } }", "{ f(json: {a: [%]}) { x } }", "{ f(in: {ins: [{json: {i: %}}]}) { x } }", "query($v: JSON = {a: %}) { f(json: $v) { x } }", "mutation { f(long: %) { x } }"} {
			errs := validated(t, s, strings.ReplaceAll(form, "%", number))
			if !strings.Contains(errs, "The number "+number+" is too large") || strings.Contains(errs, "Expected value") {
				t.Errorf("%s in %s: %s", number, form, errs)
			}
		}
	}
	if errs := validated(t, s, "{ f(json: [9223372036854775807, 1e308, -0]) { x } }"); errs != "" {
		t.Error(errs)
	}
}

// TestLiteralsFit refuses a literal that its scalar cannot be before anything is executed.
func TestLiteralsFit(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for argument, literals := range map[string]map[string]string{
		"int":  {"1": "", "2147483647": "", "-2147483648": "", "null": "", "2147483648": "from -2147483648 to 2147483647", "-2147483649": "not to -2147483649", "1.0": "non-integer value: 1.0", "1e3": "non-integer value: 1e3"},
		"long": {"1": "", "9223372036854775807": "", "-9223372036854775808": "", "null": "", "2.0": "found 2.0", "1e3": "found 1e3", `"5"`: `found "5"`, "true": "found true", "A": "found A", "{}": "found {}", "[1]": "found [1]", `"""5"""`: "found"},
	} {
		for literal, want := range literals {
			forms := []string{"{ f(%s: %s) { x } }", "mutation { f(%s: %s) { x } }", "{ f(int: 1) { ...F } } fragment F on Node { f(%s: %s) { x } }"}
			if argument == "long" {
				forms = append(forms, "{ f(in: {ins: [{in: {%s: %s}}]}) { x } }", "query($v: Int64 = 1) { f(long: $v, in: {ins: [{%s: %s}]}) { x } }")
				if literal != "[1]" {
					forms = append(forms, "{ f(in: {%ss: [1, %s]}) { x } }", "{ f(in: {%ss: %s}) { x } }")
				}
			}
			for _, form := range forms {
				text := fmt.Sprintf(form, argument, literal)
				if errs := validated(t, s, text); (want == "") != (errs == "") || !strings.Contains(errs, want) {
					t.Errorf("%s: %q, want %q", text, errs, want)
				}
			}
		}
	}
	if errs := validated(t, s, "{ f(int: 1) { ...F } f(int: 1) { ...F } } fragment F on Node { f(long: 2.0, int: 1.0) { x } }"); strings.Count(errs, "\n") != 2 {
		t.Errorf("a fragment that is used twice: %q", errs)
	}
	if errs := validated(t, s, "query($v: Int64 = 2.0) { f(long: $v) { x } }"); !strings.Contains(errs, "found 2.0") {
		t.Errorf("as a default: %q", errs)
	}
}

// TestIntegers takes whole numbers in any notation where integers are wanted, at every depth, and
// leaves everything else as it is.
func TestIntegers(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for _, c := range []struct{ of, given, want, place string }{
		{"Int", `2.0`, `2`, ""}, {"Int!", `1e3`, `1000`, ""}, {"Int", `-0.0`, `0`, ""}, {"Int", `21474836470e-1`, `2147483647`, ""}, {"Int", `null`, `null`, ""},
		{"Int", `1.5`, "", "int"}, {"Int", `2147483648.0`, "", "int"}, {"Int", `1e400`, "", "int"}, {"Int", `"2.0"`, `"2.0"`, ""}, {"Int", `true`, `true`, ""},
		{"Int64", `9223372036854775807.0`, `9223372036854775807`, ""}, {"Int64", `9.007199254740993e15`, `9007199254740993`, ""}, {"Int64", `9223372036854775808.0`, "", "long"}, {"Int64", `0.5`, "", "long"},
		{"[Int!]", `[1.0, 2e0]`, `[1, 2]`, ""}, {"[Int!]", `3.0`, `3`, ""}, {"[Int!]", `[1, 1.5]`, "", "list.1"},
		{"In", `{"list": [1.0], "in": {"in": {"long": 5e0, "longs": [null, 6.0]}}, "ins": [{"list": [7.0]}]}`, `{"list": [1], "in": {"in": {"long": 5, "longs": [null, 6]}}, "ins": [{"list": [7]}]}`, ""},
		{"In", `{"json": {"a": 2.0, "b": [1e3]}, "real": 2.0, "text": "2.0", "nothing": 2.0, "id": 2}`, `{"json": {"a": 2.0, "b": [1e3]}, "real": 2.0, "text": "2.0", "nothing": 2.0, "id": 2}`, ""},
		{"In", `{"in": {"ins": [{"long": 1}, {"long": 1.25}]}}`, "", "in.in.ins.1.long"}, {"JSON", `[2.0]`, `[2.0]`, ""}, {"Nothing", `2.0`, `2.0`, ""},
	} {
		argument := map[string]string{"Int": "int", "Int!": "int", "Int64": "long", "[Int!]": "list", "In": "in", "JSON": "json", "Nothing": "int"}[c.of]
		text := "query($v: " + c.of + ") { n { f(" + argument + ": $v) { x } } }"
		given := map[string]any{"v": jsonwalk.Over([]byte(c.given)).Value(), "other": jsonwalk.Over([]byte(`2.0`)).Value()}
		refused := syntax.IntegersOf(s, text, "", given)
		switch {
		case c.place != "":
			if refused == nil || refused.Code != fault.GraphQLValidationFailed || strings.Join(refused.Field, ".") != c.place {
				t.Errorf("%s of %s: %v at %v, want %s", c.given, c.of, refused, refused.Field, c.place)
			}
		case refused != nil || !reflect.DeepEqual(given["v"], jsonwalk.Over([]byte(c.want)).Value()):
			t.Errorf("%s of %s is %v: %v", c.given, c.of, given["v"], refused)
		}
	}
}

// TestPlaces finds where a variable is used, from the argument down.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"query($v: In) { f(in: $v) { x } }":                                                        "in.a.0",
		"query($v: In) { n { f(text: \"x\") { x } f(ins: [{}, {in: {in: $v}}]) { x } } }":          "ins.1.in.in.a.0",
		"query($v: In) { f(in: $v) { x } a: f(ins: [$v]) { x } }":                                  "in.a.0",
		"query($v: In) { ...F } fragment F on Query { ...F ... { f(ins: [$v]) { x } } }":           "ins.0.a.0",
		"query($v: In) { n { x } }":                                                                "variables.v.a.0",
		"query($v: Boolean) { n @skip(if: $v) { x } }":                                             "variables.v.a.0",
		"query A { f(in: $v) { x } } query B($v: In) { n { x } } query C($v: In) { f(x: $v) {x} }": "variables.v.a.0",
	} {
		doc, err := parser.ParseQuery(&ast.Source{Input: text})
		if err != nil {
			t.Fatal(err)
		}
		o := doc.Operations[0]
		if len(doc.Operations) > 1 {
			o = doc.Operations[1]
		}
		if got := strings.Join(syntax.Place(doc, o, []string{"variables", "v", "a", "0"}), "."); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	for _, place := range [][]string{nil, {"query"}, {"variables"}} {
		if got := syntax.Place(nil, nil, place); !reflect.DeepEqual(got, place) {
			t.Errorf("%v became %v", place, got)
		}
	}
}
