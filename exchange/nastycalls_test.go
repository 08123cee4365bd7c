package exchange_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vodgraph/app"
	"vodgraph/dbtest"
	"vodgraph/ent/bulkoperation"
	"vodgraph/fault"
	"vodgraph/gqlhttp"
	"vodgraph/graph"
	lib "vodgraph/library"
)

// nastyUpdateBase are inputs below which nasty values are put, by the kind of the asset that
// is changed.
var nastyUpdateBase = map[string][]string{
	"VIDEO": {`{}`, `{"userData":{}}`, `{"tags":{}}`, `{"categories":{"add":[{}]}}`, `{"mezzanine":{"videoStreams":[{"index":0}],"audioStreams":[{"index":1}]}}`},
	"IMAGE": {`{"file":{}}`}, "ATTACHMENT": {`{"file":{}}`},
}

// nastyUpdates are lines that change an asset each, and a file with these assets.
func nastyUpdates(t *testing.T, every int) (assets string, lines []string) {
	t.Helper()
	n := &nasty{types: graph.NewExecutableSchema(graph.Config{}).Schema().Types, every: every}
	prefixes := map[string]string{"VIDEO": "vid", "IMAGE": "img", "ATTACHMENT": "att"}
	for _, kind := range slices.Sorted(maps.Keys(nastyUpdateBase)) {
		for _, base := range nastyUpdateBase[kind] {
			members, _ := value(t, []byte(base)).(map[string]any)
			of, into := n.types["AssetUpdateInput"], members
			for name, below := range members {
				of, into = n.types[of.Fields.ForName(name).Type.Name()], below.(map[string]any)
			}
			n.put(of, into, func() {
				id := fmt.Sprintf("%s_01DXF6DT%018d", prefixes[kind], len(lines))
				assets += fmt.Sprintf(`{"id":%q,"kind":%q,"title":"t","userData":{"old":[1.0]}`, id, kind)
				if kind == "ATTACHMENT" {
					assets += `,"attachmentType":"MATERIAL"`
				}
				assets += "}\n"
				members["id"] = id
				lines = append(lines, inLine(t, members))
				delete(members, "id")
			})
		}
	}
	return assets, lines
}

// served is a library that a server serves.
type served struct {
	*library
	url string
}

// serves serves an empty library.
func (s store) serves(t *testing.T) *served {
	t.Helper()
	config := app.Config{Settings: lib.Settings{Store: lib.Store{Data: t.TempDir(), Database: s.config.URL}, Limits: "default"},
		Protocol: gqlhttp.DefaultProtocol(), Listen: "127.0.0.1:0"}
	if s.config.Path != "" {
		config.Data = filepath.Dir(s.config.Path)
	}
	a, err := app.Open(t.Context(), config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return &served{s.open(t), a.URL()}
}

// calls makes a call of one item, and reports whether it is accepted. What is refused has a code
// and a place, and is no failure.
func (l *served) calls(field, input, line string) (accepted bool) {
	l.Helper()
	document := fmt.Sprintf(`mutation($items: [%s!]!) {%s(items: $items) {results {errors {code field}} userErrors {code field}}}`, input, field)
	body := fmt.Sprintf(`{"query": %q, "variables": {"items": [%s]}}`, document, line)
	response, err := http.Post(l.url+"/graphql", "application/json", strings.NewReader(body))
	if err != nil {
		l.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		l.Fatal(err)
	}
	type refusal struct {
		Code  fault.Code
		Field []string
	}
	var answer struct {
		Data map[string]*struct {
			Results    []struct{ Errors []refusal }
			UserErrors []refusal
		}
		Errors []struct{ Extensions refusal }
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		l.Fatalf("%v in %s", err, text)
	}
	var refused []refusal
	for _, e := range answer.Errors {
		refused = append(refused, e.Extensions)
	}
	if done := answer.Data[field]; done != nil {
		refused = append(refused, done.UserErrors...)
		for _, one := range done.Results {
			refused = append(refused, one.Errors...)
		}
	} else if len(refused) == 0 {
		l.Errorf("%s %.300s: %s", field, line, text)
	}
	for _, e := range refused {
		if e.Code == "" || e.Code == fault.Internal || len(e.Field) == 0 {
			l.Errorf("%s %.300s is refused as %.300s", field, line, text)
		}
	}
	return len(refused) == 0
}

// TestNastyCalls sends the values of TestNastyValues by calls and by files of changes, which
// accept the same. What they accept goes on to the other kind of database without a warning,
// equal to the byte. In short it takes one value of 97 for each member.
func TestNastyCalls(t *testing.T) {
	t.Parallel()
	every := 97
	if soaking() {
		every = 1
	}
	file := strings.Split(strings.TrimSpace(nastyFile(t, every)), "\n")
	for i, line := range file { // only an import sets when it was changed
		file[i] = strings.Replace(line, `,"updatedAt":"2020-01-01T00:00:00.000Z"`, "", 1)
	}
	assets, updates := nastyUpdates(t, every)
	assets += strings.Join(file[:2], "\n")
	for key, s := range stores(t) {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			calls, changes, others := s.serves(t), libraryOn(t, dbtest.SQLite(t)), dbtest.Postgres
			if key == "postgres" {
				changes, others = libraryOn(t, dbtest.Postgres(t)), func(t testing.TB) *dbtest.DB { return dbtest.SQLite(t) }
			}
			calls.takes(assets)
			changes.takes(assets)
			calls.accepts(changes, bulkoperation.VerbCREATE, file[2:])
			calls.accepts(changes, bulkoperation.VerbUPDATE, updates)
			for _, l := range []*library{calls.library, changes} {
				exported, other := l.export(), libraryOn(t, others(t))
				other.takes(string(exported))
				sameBytes(t, other.export(), exported)
				if s := l.takes(string(exported)); s.Created+s.Changed > 0 {
					t.Errorf("its own export again: %v", s)
				}
			}
		})
	}
}

// accepts sends lines by calls and to another library as a file, and wants the same of them
// accepted.
func (l *served) accepts(changes *library, verb bulkoperation.Verb, lines []string) {
	l.Helper()
	field, input := "assetsCreate", "AssetCreateInput"
	if verb == bulkoperation.VerbUPDATE {
		field, input = "assetsUpdate", "AssetUpdateInput"
	}
	results := changes.receives(verb, false, strings.Join(lines, "\n"))
	accepted := 0
	for i, line := range lines {
		takes := l.calls(field, input, line)
		if takes == strings.Contains(results[i], "FAILED") {
			l.Errorf("%s %.300s is accepted: %t; in a file %.300s", field, line, takes, results[i])
		}
		if takes {
			accepted++
		}
	}
	l.Logf("%s: %d of %d are accepted", field, accepted, len(lines))
	if accepted < len(lines)/4 || accepted == len(lines) {
		l.Errorf("%s: %d of %d are accepted", field, accepted, len(lines))
	}
}

// TestOneMeasureAtAllDoors measures user data alike in calls, files of changes and imports,
// given whole or as a patch, however it is spelled.
func TestOneMeasureAtAllDoors(t *testing.T) {
	t.Parallel()
	for key, s := range stores(t) {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			l := s.serves(t)
			l.takes(`{"id":"` + vid1 + `","kind":"VIDEO","title":"v"}`)
			most := l.catalog.Limits().UserData - len(`{"a":1,"k":""}`)
			fits := strings.Repeat("中", most/3) + strings.Repeat("<", most%3)
			for _, text := range []string{fits, strings.ReplaceAll(strings.ReplaceAll(fits, "中", `\u4e2d`), "<", `\u003c`), strings.Replace(fits, "中", "\u2028", 1)} {
				for more, want := range map[string]bool{"": true, "x": false, `\u0078`: false, `\/`: false} {
					for door, accepted := range l.doors(text + more) {
						if accepted != want {
							t.Errorf("%s: %.20s… with %q more is accepted: %t", door, text, more, accepted)
						}
					}
				}
			}
		})
	}
}

// doors sends user data to all doors, and reports which accept it.
func (l *served) doors(text string) map[string]bool {
	l.Helper()
	whole := `{"a":1, "k":"` + text + `"}`
	create := `{"kind":"VIDEO","title":"v","userData":` + whole + `}`
	set := `{"id":"` + vid1 + `","userData":{"set":` + whole + `}}`
	merge := `{"id":"` + vid1 + `","userData":{"merge":{"k":"` + text + `"}}}`
	small := `{"id":"` + vid1 + `","userData":{"set":{"k":0,"a":1}}}`
	accepted := map[string]bool{}
	for name, line := range map[string]string{"create": create, "set": set, "merge": merge} {
		verb, field, input := bulkoperation.VerbUPDATE, "assetsUpdate", "AssetUpdateInput"
		if name == "create" {
			verb, field, input = bulkoperation.VerbCREATE, "assetsCreate", "AssetCreateInput"
		}
		for _, send := range []func() bool{
			func() bool { return l.calls(field, input, line) },
			func() bool { return !strings.Contains(l.receives(verb, false, line)[0], "FAILED") },
		} {
			if !l.calls("assetsUpdate", "AssetUpdateInput", small) {
				l.Fatal("small user data is refused")
			}
			accepted[fmt.Sprint(name, " ", len(accepted))] = send()
		}
	}
	s, _ := l.put(create)
	accepted["import"] = s.Refused == 0
	return accepted
}
