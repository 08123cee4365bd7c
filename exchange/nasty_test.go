package exchange_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/dbtest"
	"vodgraph/exchange"
	"vodgraph/graph"
)

// nastyTexts are texts, as JSON, that something along the way may take for something else.
func nastyTexts() (texts []string) {
	for _, text := range []string{"", " ", "'", `"`, `\`, `\u0041`, `\\n`, "null", "true", "0", "-1", "1e3", "[]", "{}", "NaN",
		"a\nb", "a\r\nb", "a\tb", "\v", "\f", "\b", "\x01", "\x1f", "\x7f", "\u0080", "\u009f", "\u00a0", "\u00ad", "\u200b", "\u200d", "\u200e",
		"\u202e abc", "\u2066x\u2069", "\u2028", "\u2029", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\U0010ffff", "é", "e\u0301", "ｅ", "İ", "ı", "ß", "ﬁ", "Ǆ",
		"한국어", "中文", "日本語", "が", "か\u3099", "ع\u200eرب", "עברית", "🎬", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇫🇷", "👍🏽", "𝒳", "\u0300", "a\u0300\u0301\u0302",
		"</script>", "<!--", "&amp;", "<b>", "'; DROP TABLE assets; --", "%s%d%n", "%00", "../../etc/passwd", "C:\\x", "$1", "?", ":name", "${x}", "{{x}}",
		"a\\u0000b", "\\x41", "\\", "a\\", "\"\"", "`", "#", "//", "/*", "--", ";", ",", "|", "*", "_", "%", "__proto__", "constructor",
		strings.Repeat("x", 255), strings.Repeat("é", 255), strings.Repeat("🎬", 64), "a b", "  a  ", "a\u3000b", "2026-01-01T00:00:00Z", "2020-02-30", "vid_01DXF6DT000000000000000001",
	} {
		encoded, _ := json.Marshal(text)
		texts = append(texts, string(encoded))
	}
	for r := rune(1); r < 0x20; r++ {
		texts = append(texts, fmt.Sprintf(`"c\u%04x"`, r))
	}
	for r := rune(0xa0); r < 0x3000; r += 0x61 {
		texts = append(texts, fmt.Sprintf(`"r\u%04X"`, r))
	}
	return append(texts, `"\u0000"`, `"a\u0000"`, `"\ud800"`, `"\udfff x"`, `"\ud83d\ude00"`, `"\u003c\u2028\/"`, `5`, `null`, `["a"]`)
}

// nastyNumbers are numbers, as JSON.
func nastyNumbers() (numbers []string) {
	numbers = []string{"0", "-0", "-0.0", "0.0", "1", "-1", "1.0", "1.5", "0.1", "0.30000000000000004", "1e3", "1E+3", "100e-2", "5e-324", "2.2250738585072014e-308",
		"1.7976931348623157e308", "1e308", "1e309", "1e400", "-1e308", "1e-400", "0.001", "0.0005", "0.0015", "1.0004999", "61.4995", "4503599627370496.5", "1e15", "1e16", "1e21", "123456789.123456789", `"5"`, "null", "true"}
	for _, bits := range []uint{7, 8, 15, 16, 31, 32, 42, 43, 52, 53, 62, 63, 64} {
		n := new(big.Int).Lsh(big.NewInt(1), bits)
		for d := int64(-1); d <= 1; d++ {
			numbers = append(numbers, new(big.Int).Add(n, big.NewInt(d)).String(), new(big.Int).Neg(new(big.Int).Add(n, big.NewInt(d))).String())
		}
	}
	for i := range 40 {
		numbers = append(numbers, strconv.FormatFloat(math.Ldexp(1+float64(i)/41, i*25-500), 'g', -1, 64))
	}
	return numbers
}

// nastyTimes are times, as JSON.
func nastyTimes() (times []string) {
	for _, year := range []string{"0001-01-01", "0001-12-31", "0100-03-01", "1582-10-10", "1883-11-18", "1900-02-28", "1969-12-31", "1970-01-01", "2000-02-29", "2024-02-29", "2038-01-19", "2262-04-12", "9999-12-31", "0000-01-01", "10000-01-01", "2023-02-29"} {
		for _, clock := range []string{"T00:00:00Z", "T23:59:59.999Z", "T12:00:00.0005Z", "T12:00:00.123456789Z", "T03:14:07.1+05:30", "T23:59:60Z", "T00:00:00-23:59"} {
			times = append(times, strconv.Quote(year+clock))
		}
	}
	return append(times, `"yesterday"`, `""`, "0", "null")
}

// nastyBase are lines with every member of every input, into which nasty values are put.
var nastyBase = map[string]string{
	"VIDEO": `"mezzanine":{"videoStreams":[{"index":0}],"audioStreams":[{"index":1}]},
		"playInfos":[{"jobId":"j","streamType":"VIDEO","format":"MP4","definition":"HD"}],
		"snapshots":[{"type":"SPRITE","jobId":"s","items":[{"index":0}],"sprite":{"columns":1,"rows":1,"cellWidth":1,"cellHeight":1,"cells":1,"every":1}}],
		"attachments":[{"attachment":{"id":"att_01DXF6DT000000000000000009"}}],
		"aiData":[{"source":"s","labels":[{"name":"n","category":"PERSON","spans":[{"start":0,"end":8796093022208}]}],"speech":[{"start":0,"end":8796093022208,"text":"t"}],
		"screenText":[{"start":0,"end":8796093022208,"text":"t"}],"review":{"suggestion":"PASS","findings":[{"module":"VIDEO","scene":"s","label":"l","score":0,"suggestion":"PASS","start":0,"end":8796093022208}]},
		"duplicates":[{"asset":{"id":"vid_01DXF6DT000000000000000009"},"similarity":1,"segments":[{"start":0,"end":8796093022208,"otherStart":0,"otherEnd":8796093022208}]}],
		"coverCandidates":[{"location":"l","format":"f"}]}]`,
	"AUDIO": ``, "IMAGE": ``, "ATTACHMENT": `"attachmentType":"MATERIAL"`,
}

// nasty makes lines with a nasty value each.
type nasty struct {
	types map[string]*ast.Definition
	every int // one value of so many, from another begin for each member
	n     int
}

// named are members of inputs that name what there is, which take no nasty values.
var named = map[string][]string{
	"AssetCreateInput": {"id", "kind", "cover", "categories"}, "AssetUpdateInput": {"id"}, "AssetRef": {"id", "referenceId"},
}

// put puts each nasty value in the place of each scalar of a type below a value.
func (n *nasty) put(def *ast.Definition, members map[string]any, done func()) {
	for _, f := range def.Fields {
		if slices.Contains(named[def.Name], f.Name) {
			continue
		}
		of, list := f.Type, f.Type.Elem != nil
		if list {
			of = of.Elem
		}
		was, had := members[f.Name]
		below := n.types[of.NamedType]
		if below.Kind == ast.InputObject {
			for _, one := range values(was) {
				n.put(below, one, done)
			}
			continue
		}
		for i, value := range n.values(of.NamedType) {
			if n.n++; (i+n.n)%n.every > 0 {
				continue
			}
			raw := json.RawMessage(value)
			if list {
				raw = json.RawMessage("[" + value + "]")
			}
			members[f.Name] = raw
			done()
		}
		delete(members, f.Name)
		if had {
			members[f.Name] = was
		}
	}
}

// values are the objects of a member: one, or a list of them.
func values(v any) (list []map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		list = append(list, v)
	case []any:
		for _, one := range v {
			list = append(list, values(one)...)
		}
	}
	return list
}

func (n *nasty) values(scalar string) []string {
	switch scalar {
	case "String", "ID":
		return nastyTexts()
	case "Int", "Int64", "Float":
		return nastyNumbers()
	case "Time":
		return nastyTimes()
	case "JSON":
		all := slices.Concat(nastyTexts(), nastyNumbers())
		for _, text := range nastyTexts() {
			if strings.HasPrefix(text, `"`) {
				all = append(all, `{"z":[`+text+`],`+text+`:{"a":1.0}}`)
			}
		}
		return all
	}
	return nil
}

// nastyFile is a file with a line for each nasty value in each member.
func nastyFile(t *testing.T, every int) string {
	t.Helper()
	n := &nasty{types: graph.NewExecutableSchema(graph.Config{}).Schema().Types, every: every}
	lines := []string{`{"id":"att_01DXF6DT000000000000000009","kind":"ATTACHMENT","title":"a","attachmentType":"WATERMARK"}`,
		`{"id":"vid_01DXF6DT000000000000000009","kind":"VIDEO","title":"v"}`}
	for _, kind := range slices.Sorted(maps.Keys(nastyBase)) {
		base := nastyBase[kind]
		text := fmt.Sprintf(`{"kind":%q,"title":"t","createdAt":"2020-01-01T00:00:00.000Z","updatedAt":"2020-01-01T00:00:00.000Z"`, kind)
		if base != "" {
			text += "," + base
		}
		members := map[string]any{}
		d := json.NewDecoder(strings.NewReader(text + "}"))
		d.UseNumber()
		if err := d.Decode(&members); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		n.put(n.types["AssetCreateInput"], members, func() { lines = append(lines, inLine(t, members)) })
	}
	return strings.Join(lines, "\n") + "\n"
}

// inLine is an input as a line.
func inLine(t *testing.T, members map[string]any) string {
	t.Helper()
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if err := e.Encode(members); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line.String())
}

// TestNastyValues puts 500 nasty texts, numbers and times into every member that takes them.
// Those that are accepted go from SQLite by an export to Postgres and on by another, equal to
// the byte; nothing fails, and the same export again changes nothing. In short it takes one
// value of 23 for each member.
func TestNastyValues(t *testing.T) {
	t.Parallel()
	if n := len(nastyTexts()) + len(nastyNumbers()) + len(nastyTimes()); n < 500 {
		t.Errorf("there are only %d values", n)
	}
	every := 23
	if soaking() {
		every = 1
	}
	file := nastyFile(t, every)
	first, second := libraryOn(t, dbtest.SQLite(t)), libraryOn(t, dbtest.Postgres(t))
	s, _ := first.put(file)
	t.Logf("%d lines: %v", strings.Count(file, "\n"), s)
	if s.Created < s.Refused || s.Refused == 0 || s.LeftOut > 0 {
		t.Errorf("%v", s)
	}
	exported := first.export()
	second.takesAnyWarning(string(exported))
	again := second.export()
	sameBytes(t, again, exported)
	if s := second.takesAnyWarning(string(again)); s.Created+s.Changed > 0 {
		t.Errorf("the export again: %v", s)
	}
	if s := first.takesAnyWarning(string(again)); s.Created+s.Changed > 0 {
		t.Errorf("the export of Postgres again: %v", s)
	}
}

// takesAnyWarning imports a text of which nothing is refused or left out.
func (l *library) takesAnyWarning(text string) exchange.Summary {
	l.Helper()
	s, report := l.put(text)
	if s.Refused+s.LeftOut > 0 {
		l.Fatalf("%v\n%.3000s", s, strings.Join(report, "\n"))
	}
	return s
}

// sameBytes holds two exports against each other, line by line.
func sameBytes(t *testing.T, got, want []byte) {
	t.Helper()
	g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	wrong := 0
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || !bytes.Equal(g[i], w[i]) {
			if wrong++; wrong < 5 && i < len(g) && i < len(w) {
				t.Errorf("line %d is\n%s\nwant\n%s", i+1, g[i], w[i])
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d lines differ", wrong, len(w))
	}
}
