package exchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/ent/bulkoperation"
	"vodgraph/exchange"
	"vodgraph/fault"
)

// receives sends a file of changes, has it done, and returns its results in short.
func (l *library) receives(verb bulkoperation.Verb, dry bool, text string) (results []string) {
	l.Helper()
	changes, err := exchange.Receive(l.Context(), l.catalog, strings.NewReader(text),
		bulk.File{Verb: verb, Options: &change.BulkOptions{DryRun: &dry}})
	if err != nil {
		l.Fatal(err)
	}
	l.does(changes.ID)
	found, summary := l.results(changes.ID)
	if summary.Status != bulkoperation.StatusDONE || summary.Done != changes.Lines || int64(len(found)) != changes.Lines {
		l.Fatalf("%+v with %d results", summary, len(found))
	}
	for _, r := range found {
		results = append(results, fmt.Sprint(r.Line, " ", shorten(r)))
	}
	return results
}

// TestChangesTakeHostileLines refuses lines that cannot be, each by itself, and keeps
// what can be to the letter; a dry run says the same.
func TestChangesTakeHostileLines(t *testing.T) {
	each(t, func(l *library) {
		l.takes(`{"kind": "VIDEO", "title": "a", "referenceId": "a"}`)
		for line, want := range map[string]string{
			`{"referenceId": "a", "userData": {"set": 1e400}}`:                                "CHANGED",
			`{"referenceId": "a", "userData": {"set": 123456789012345678901234}}`:             "CHANGED",
			`{"referenceId": "a", "userData": {"set": {"z": 1.0, "a": -0}}}`:                  "CHANGED",
			`{"referenceId": "a", "tags": {"add": ["q"]}, "tags": {"remove": ["r"]}}`:         "INVALID at [tags]",
			`{"referenceId": "a", "userData": {"set": {"a": ":\"{", "a": 1}}}`:                "INVALID at [userData set a]",
			`{"referenceId": "a", "userData": {"set": {"a": "\\", "b:": [":", {"c": ":"}]}}}`: "CHANGED",
			`{"referenceId": "a"}}`:                                        "INVALID at []",
			`{"referenceId": "a"} ]`:                                       "INVALID at []",
			`{"referenceId": "a", "title": "x` + "\x00" + `"}`:             "INVALID at []",
			`{"referenceId": "a", "title": "x\u0000"}`:                     "INVALID at [title]",
			`{"referenceId": "a", "title": "` + "\xff" + `"}`:              "INVALID at []",
			`{"referenceId": "a", "ifRevision": 1e30}`:                     "INVALID at [ifRevision]",
			`{"referenceId": "a", "ifRevision": 1.5}`:                      "INVALID at [ifRevision]",
			`{"referenceId": "a", "title": 5}`:                             "INVALID at [title]",
			`{"referenceId": "` + strings.Repeat("x", 5000) + `"}`:         "NOT_FOUND at [referenceId]",
			`{"referenceId": "a", "title": ` + strings.Repeat("[", 20_000): "INVALID at []",
			`{}`:   "INVALID at []",
			`null`: "INVALID at []",
			`{"referenceId": "a", "tags": {"add": ["` + strings.Repeat(`", "`, 100_000) + `"]}}`: "INVALID at [tags add 0]",
		} {
			tried := l.receives(bulkoperation.VerbUPDATE, true, line)
			done := l.receives(bulkoperation.VerbUPDATE, false, line+"\r\n")
			if len(done) != 1 || !strings.Contains(done[0], want) || len(done[0]) > 10_000 {
				l.Errorf("%.80s: %.300s, want %s", line, done, want)
			}
			if fmt.Sprint(tried) != fmt.Sprint(done) {
				l.Errorf("%.80s: tried %.300s, done %.300s", line, tried, done)
			}
			if _, value, ok := strings.Cut(line, `"set": `); ok && want == "CHANGED" {
				kept := strings.ReplaceAll(strings.TrimSuffix(value, "}}"), " ", "")
				if text := l.export(); !bytes.Contains(text, []byte(`"userData":`+kept)) {
					l.Errorf("%s is kept as %s", line, text)
				}
			}
		}
	})
}

// TestChangesOfOneAsset does a file of which all lines are about one asset in their
// order, in more transactions than parts, and tries it or says that it cannot.
func TestChangesOfOneAsset(t *testing.T) {
	each(t, func(l *library) {
		l.takes(`{"kind": "VIDEO", "title": "a", "referenceId": "a"}`)
		var text strings.Builder
		for n := range 130 {
			fmt.Fprintf(&text, `{"referenceId": "a", "title": "%d"}`+"\n\n", n%2)
		}
		results := l.receives(bulkoperation.VerbUPDATE, false, text.String())
		for n, got := range results {
			if want := fmt.Sprintf("%d CHANGED", 2*n+1); got != want {
				l.Errorf("%s, want %s", got, want)
			}
		}
		dry := true
		changes, err := exchange.Receive(l.Context(), l.catalog, strings.NewReader(text.String()),
			bulk.File{Verb: bulkoperation.VerbUPDATE, Options: &change.BulkOptions{DryRun: &dry}})
		if err != nil {
			l.Fatal(err)
		}
		if _, err := l.catalog.ClaimOperation(l.Context(), changes.ID, "test", 0); err != nil {
			l.Fatal(err)
		}
		for more := true; more && err == nil; {
			more, err = l.catalog.RunBatch(l.Context(), changes.ID, bulk.MaxBatch)
		}
		var refused *fault.Fault
		if !errors.As(err, &refused) || !strings.Contains(refused.Message, "depend on each other") {
			l.Errorf("it is tried, or fails with %v", err)
		}
	})
}

// TestChangesAreNoArray refuses a file that is a JSON array as a whole.
func TestChangesAreNoArray(t *testing.T) {
	each(t, func(l *library) {
		_, err := exchange.Receive(l.Context(), l.catalog, strings.NewReader("\n [{}\n]"),
			bulk.File{Verb: bulkoperation.VerbUPDATE, Options: &change.BulkOptions{}})
		if err == nil || !strings.Contains(err.Error(), "jq -c '.[]'") {
			l.Errorf("%v", err)
		}
	})
}
