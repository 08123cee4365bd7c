package exchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/exchange"
)

// video is a line of its own.
func video(name string) string {
	return fmt.Sprintf(`{"kind":"VIDEO","title":%q,"referenceId":%[1]q}`, name)
}

// TestForms reads files of all forms. Each has the assets of in, and of bad the
// lines that are refused.
func TestForms(t *testing.T) {
	t.Parallel()
	a, b := video("a"), video("b")
	for name, c := range map[string]struct {
		text    string
		in, bad []int // bad: the numbers of refused lines
	}{
		"empty":                    {"", nil, nil},
		"blank":                    {"\n \r\n\t\n", nil, nil},
		"lines":                    {a + "\n" + b + "\n", []int{1, 2}, nil},
		"no last line break":       {a + "\n" + b, []int{1, 2}, nil},
		"CRLF":                     {a + "\r\n" + b + "\r\n", []int{1, 2}, nil},
		"byte order mark":          {"\xef\xbb\xbf" + a + "\n" + b, []int{1, 2}, nil},
		"blank lines":              {"\n\n" + a + "\n  \n" + b + "\n\n", []int{1, 2}, nil},
		"white space":              {"  " + a + "  \n\t" + b + "\t", []int{1, 2}, nil},
		"blank lines count":        {"\n\n" + a + "\n\nbad\n" + b, []int{1, 2}, []int{5}},
		"broken in the middle":     {a + "\n" + a[:20] + "\n" + b, []int{1, 2}, []int{2}},
		"array":                    {"[" + a + "," + b + "]", []int{1, 2}, nil},
		"array over lines":         {"\n[\n  " + strings.ReplaceAll(a, ",", ",\n    ") + ",\n" + b + "\n]\n", []int{1, 2}, nil},
		"array after a mark":       {"\xef\xbb\xbf [" + a + "]", []int{1}, nil},
		"empty array":              {" [ ] ", nil, nil},
		"array of others":          {"[5," + a + ",[],null," + b + "]", []int{1, 2}, []int{1, 3, 4}},
		"array without an end":     {"[" + a + "," + b, []int{1, 2}, []int{3}},
		"array cut":                {"[" + a + "," + b[:20], []int{1}, []int{2}},
		"array without a comma":    {"[" + a + " " + b + "]", []int{1}, []int{2}},
		"array with a last comma":  {"[" + a + ",]", []int{1}, []int{2}},
		"array broken":             {"[" + a + "," + a[:20] + "}," + b + "]", []int{1}, []int{2}},
		"array and more":           {"[" + a + "]\n" + b, []int{1}, []int{2}},
		"array and another":        {"[" + a + "][" + b + "]", []int{1}, []int{2}},
		"array with a wrong end":   {"[" + a + "}", []int{1}, []int{2}},
		"an array among the lines": {a + "\n[" + b + "]", []int{1}, []int{2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := libraryOn(t, dbtest.SQLite(t))
			s, report := l.put(c.text)
			if s.Created != int64(len(c.in)) || s.Refused != int64(len(c.bad)) || len(report) != len(c.bad) {
				t.Fatalf("%v\n%s", s, strings.Join(report, "\n"))
			}
			for i, number := range c.bad {
				if !strings.HasPrefix(report[i], fmt.Sprintf("test:%d: ", number)) {
					t.Errorf("it reports %s, want number %d", report[i], number)
				}
			}
		})
	}
}

// TestLongLine refuses a line that is too long without keeping it, and reads on.
func TestLongLine(t *testing.T) {
	t.Parallel()
	l := libraryOn(t, dbtest.SQLite(t))
	long := io.MultiReader(strings.NewReader(video("a")+"\n"+`{"kind":"VIDEO","title":"`), io.LimitReader(filler{}, 65<<20),
		strings.NewReader("\"}\n"+video("b")+"\n"))
	var report strings.Builder
	s, err := exchange.Import(t.Context(), l.catalog, []exchange.Source{{Name: "long",
		Open: func() (io.ReadCloser, error) { return io.NopCloser(long), nil }}}, exchange.Options{Report: &report})
	if err != nil || s != (exchange.Summary{Created: 2, Refused: 1}) || !strings.HasPrefix(report.String(), "long:2: The line is longer") {
		t.Errorf("%v %v %s", s, err, &report)
	}
}

// filler reads as one letter without end.
type filler struct{}

func (filler) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte("x"), len(p)))
	return len(p), nil
}

// TestSources reads several files as one: a link goes to a later one, lines are
// numbered by file, and progress rises to all bytes of all.
func TestSources(t *testing.T) {
	t.Parallel()
	l := libraryOn(t, dbtest.SQLite(t))
	first := []byte(`{"id":"` + vid1 + `","kind":"VIDEO","title":"One","attachments":[{"attachment":{"id":"` + att1 + `"}}]}`)
	second := []byte("[bad, " + video("a"))
	third := []byte("\n\nbad\n" + `{"id":"` + att1 + `","kind":"ATTACHMENT","title":"Sub","attachmentType":"SUBTITLE"}`)
	var report strings.Builder
	var at int64
	s, err := exchange.Import(t.Context(), l.catalog, []exchange.Source{source(first), source(second), source(third)},
		exchange.Options{Report: &report, Progress: func(_, bytes int64) { at = max(at, bytes) }})
	if err != nil || s != (exchange.Summary{Created: 2, Refused: 2}) {
		t.Errorf("%v %v", s, err)
	}
	if !strings.HasPrefix(report.String(), "test:1: ") || !strings.Contains(report.String(), "\ntest:3: ") {
		t.Errorf("the report is\n%s", &report)
	}
	if total := int64(len(first) + len(second) + len(third)); at != total {
		t.Errorf("progress came to %d of %d bytes", at, total)
	}
	if l.asset(vid1)["attachments"] == nil {
		t.Error("there is no link from one file to the other")
	}
}

// TestUnreadableSource fails where a file cannot be read, after what came before
// it was read.
func TestUnreadableSource(t *testing.T) {
	t.Parallel()
	l := libraryOn(t, dbtest.SQLite(t))
	broken := errors.New("the disk is gone")
	for _, begin := range []string{"", "[", video("a") + "\n", "[" + video("a") + ","} {
		_, err := exchange.Import(t.Context(), l.catalog, []exchange.Source{{Name: "disk", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(begin), failing{broken})), nil
		}}}, exchange.Options{})
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), "disk") {
			t.Errorf("after %q: %v", begin, err)
		}
	}
	if _, err := exchange.Import(t.Context(), l.catalog, []exchange.Source{{Name: "gone",
		Open: func() (io.ReadCloser, error) { return nil, broken }}}, exchange.Options{}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// failing cannot be read.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
