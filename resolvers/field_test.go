package resolvers_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"vodgraph/bulk"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent/bulkoperation"
	"vodgraph/exchange"
)

// sample is two values of a member of an input, as JSON, which differ in what is kept. A %d
// in them is a number that is given once.
type sample struct {
	kind        string
	one, other  string
	field, with string // the field where it is not called so, and what else the asset is made with
}

// createSamples are for the members of AssetCreateInput.
var createSamples = map[string]sample{
	"referenceId":       {kind: "VIDEO", one: `"first-%d"`, other: `"second-%d"`},
	"title":             {kind: "AUDIO", one: `"First"`, other: `"Second"`},
	"alternativeTitles": {kind: "VIDEO", one: `["a", "b"]`, other: `["b"]`},
	"description":       {kind: "VIDEO", one: `"First\nline"`, other: `"Second"`},
	"status":            {kind: "VIDEO", one: `"BLOCKED"`, other: `"CHECKING"`},
	"statusReason":      {kind: "VIDEO", one: `"first"`, other: `"second"`, field: "status"},
	"size":              {kind: "ATTACHMENT", one: `9007199254740993`, other: `0`, with: `"attachmentType": "MATERIAL"`},
	"duration":          {kind: "AUDIO", one: `1.001`, other: `2.5`},
	"storageLocation":   {kind: "VIDEO", one: `"here"`, other: `"there"`},
	"storageClass":      {kind: "VIDEO", one: `"IA"`, other: `"ARCHIVE"`},
	"mediaSource":       {kind: "VIDEO", one: `"LIVE"`, other: `"EDITING"`},
	"categories":        {kind: "VIDEO", one: `[{"path": ["A"]}]`, other: `[{"path": ["A"]}, {"path": ["B"]}]`},
	"tags":              {kind: "VIDEO", one: `["a", "b"]`, other: `["b", "c"]`},
	"userData":          {kind: "VIDEO", one: `{"a": 1.0}`, other: `[1]`},
	"downloadEnabled":   {kind: "VIDEO", one: `false`, other: `true`},
	"createdAt":         {kind: "VIDEO", one: `"2020-01-01T00:00:00.001Z"`, other: `"2021-01-01T00:00:00Z"`},
	"trashedAt":         {kind: "VIDEO", one: `"2020-01-01T00:00:00.001Z"`, other: `"2021-01-01T00:00:00Z"`},
	"imageType":         {kind: "IMAGE", one: `"COVER"`, other: `"DEFAULT"`},
	"attachmentType":    {kind: "ATTACHMENT", one: `"SUBTITLE"`, other: `"WATERMARK"`, with: `"attachmentType": "MATERIAL"`},
	"fileName":          {kind: "IMAGE", one: `"a.png"`, other: `"b.png"`},
	"location":          {kind: "IMAGE", one: `"o/a.png"`, other: `"o/b.png"`},
	"width":             {kind: "IMAGE", one: `1`, other: `2`},
	"height":            {kind: "IMAGE", one: `1`, other: `2`},
	"cover":             {kind: "VIDEO", one: `{"image": {"referenceId": "img-1"}}`, other: `{"image": {"referenceId": "img-2"}}`},
	"mezzanine":         {kind: "VIDEO", one: sourceOne, other: sourceOther},
	"playInfos": {kind: "VIDEO", one: `[{"jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD", "createdAt": "2020-01-01T00:00:00Z"}]`,
		other: `[{"jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "SD", "createdAt": "2020-01-01T00:00:00Z"}]`},
	"snapshots": {kind: "VIDEO", one: `[{"type": "NORMAL", "jobId": "j", "items": [{"index": 0}], "createdAt": "2020-01-01T00:00:00Z"}]`,
		other: `[{"type": "NORMAL", "jobId": "j", "items": [{"index": 1}], "createdAt": "2020-01-01T00:00:00Z"}]`},
	"attachments": {kind: "VIDEO", one: `[{"attachment": {"referenceId": "att-1"}, "language": "ja", "label": "A"}]`,
		other: `[{"attachment": {"referenceId": "att-1"}, "language": "en"}, {"attachment": {"referenceId": "att-2"}}]`},
	"aiData": {kind: "VIDEO", one: `[{"source": "s", "labels": [{"name": "a", "category": "OBJECT", "confidence": 0.5}]}]`,
		other: `[{"source": "s", "labels": [{"name": "b", "category": "OBJECT"}]}]`},
}

// Two source files with all that there can be in one.
const (
	sourceOne = `{"status": "NORMAL", "fileName": "a.mov", "location": "o/a.mov", "md5": "d41d8cd98f00b204e9800998ecf8427e", "size": 5, "duration": 1.5,
		"bitrate": 8, "fps": 23.976, "width": 2, "height": 1, "createdAt": "2020-01-01T00:00:00Z",
		"videoStreams": [{"index": 0, "codecName": "h264", "fps": 23.976, "startTime": -0.0}], "audioStreams": [{"index": 1, "language": "en"}]}`
	sourceOther = `{"status": "UPLOADING", "fileName": "b.mov", "location": "o/b.mov", "md5": "00000000000000000000000000000001", "size": 6, "duration": 2.5,
		"bitrate": 9, "fps": 25, "width": 4, "height": 3, "createdAt": "2021-01-01T00:00:00Z", "videoStreams": [{"index": 1}], "audioStreams": [{"index": 0}]}`
)

// Members that set no field, by input.
var notFields = map[string][]string{
	"AssetCreateInput": {"id", "kind", "updatedAt"},
	"AssetUpdateInput": {"id", "referenceId", "ifRevision", "file"},
	"AssetChangeInput": nil,
	"FileInput":        nil,
}

// changeSamples are for the members of AssetUpdateInput, AssetChangeInput and FileInput,
// where they are not those of AssetCreateInput.
var changeSamples = map[string]sample{
	"newReferenceId": {kind: "VIDEO", one: `"third-%d"`, other: `"fourth-%d"`, field: "referenceId"},
	"userData":       {kind: "VIDEO", one: `{"set": {"a": 1.0}}`, other: `{"merge": {"b": 2}}`},
	"tags":           {kind: "VIDEO", one: `{"set": ["a", "b"]}`, other: `{"add": ["c"], "remove": ["a"]}`},
	"categories":     {kind: "VIDEO", one: `{"set": [{"path": ["A"]}]}`, other: `{"set": [{"path": ["B"]}]}`},
}

// samplesOf are those of all members of an input that set a field, which must each have one.
func (d *mutations) samplesOf(input string) map[string]sample {
	d.Helper()
	all := map[string]sample{}
	for _, m := range d.schema.Types[input].Fields {
		if slices.Contains(notFields[input], m.Name) {
			continue
		}
		s, known := createSamples[m.Name]
		if own, is := changeSamples[m.Name]; is && input != "AssetCreateInput" {
			s, known = own, true
		}
		if input == "FileInput" {
			s.kind = "IMAGE"
			s.with = ""
		}
		if !known {
			d.Errorf("the member %s of %s has no sample", m.Name, input)
			continue
		}
		s.field = cmp.Or(s.field, m.Name)
		all[m.Name] = s
	}
	return all
}

// way is a way to set members of assets: it takes a JSON object for each asset, with the
// member in it, and returns the set of what it changed.
type way struct {
	input string
	set   func(d *mutations, members map[string]string) string
	file  bool // whether the members are those of the file
}

var ways = map[string]way{
	"assetsUpdate": {input: "AssetUpdateInput", set: (*mutations).setByCall},
	"file":         {input: "FileInput", set: (*mutations).setByCall, file: true},
	"Where":        {input: "AssetChangeInput", set: nil}, // one set a member: see below
	"bulk":         {input: "AssetUpdateInput", set: (*mutations).setByFile},
	"file in bulk": {input: "FileInput", set: (*mutations).setByFile, file: true},
	"import":       {input: "AssetCreateInput", set: (*mutations).setByImport},
}

// setByCall sets members by assetsUpdate.
func (d *mutations) setByCall(members map[string]string) string {
	d.Helper()
	var items []string
	for _, id := range slices.Sorted(maps.Keys(members)) {
		items = append(items, fmt.Sprintf(`{"id": %q, %s}`, id, members[id]))
	}
	return d.done("assetsUpdate", "id", `{"items": [`+strings.Join(items, ", ")+`]}`).ChangeSet.id()
}

// setByFile sets members by a file of changes.
func (d *mutations) setByFile(members map[string]string) string {
	d.Helper()
	var lines strings.Builder
	for _, id := range slices.Sorted(maps.Keys(members)) {
		fmt.Fprintf(&lines, "{\"id\": %q, %s}\n", id, strings.ReplaceAll(members[id], "\n", " "))
	}
	sent, err := exchange.Receive(d.Context(), d.catalog, strings.NewReader(lines.String()), bulk.File{Verb: bulkoperation.VerbUPDATE, Options: &change.BulkOptions{}})
	if err != nil {
		d.Fatal(err)
	}
	done := d.finish(sent.ID)
	if done["failed"] != 0.0 {
		d.Fatalf("the file ended as %v", done)
	}
	return done.at("changeSet", "id").(string)
}

// setByImport sets members by lines of an import.
func (d *mutations) setByImport(members map[string]string) string {
	d.Helper()
	var lines strings.Builder
	for _, id := range slices.Sorted(maps.Keys(members)) {
		fmt.Fprintf(&lines, "{\"id\": %q, %s}\n", id, strings.ReplaceAll(members[id], "\n", " "))
	}
	d.imports(d.catalog, lines.String())
	return d.lastSet()
}

// imports takes a text of which nothing is refused nor warned of.
func (d *mutations) imports(into *bulk.Catalog, text string) {
	d.Helper()
	var report strings.Builder
	s, err := exchange.Import(d.Context(), into, []exchange.Source{{Name: "test", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}}, exchange.Options{Report: &report})
	if err != nil || s.Refused > 0 || report.Len() > 0 {
		d.Fatalf("imported: %v, %v\n%s", s, err, report.String())
	}
}

// exported is the export of a library, and its lines of assets by id, without the time of
// their last change.
func (d *mutations) exported(of *bulk.Catalog) (string, map[string]map[string]json.RawMessage) {
	d.Helper()
	var out bytes.Buffer
	if err := exchange.Export(d.Context(), of, &out); err != nil {
		d.Fatal(err)
	}
	assets := map[string]map[string]json.RawMessage{}
	for line := range strings.Lines(out.String()) {
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			d.Fatal(err)
		}
		if members["kind"] != nil {
			delete(members, "updatedAt")
			var id string
			_ = json.Unmarshal(members["id"], &id)
			assets[id] = members
		}
	}
	return out.String(), assets
}

// TestEveryMemberOfEveryInput sets each member of each input twice, by each way there is,
// and wants the history to have what it was and became, undo to bring the first value back
// and undo of that the second, and exports to have it.
func TestEveryMemberOfEveryInput(t *testing.T) {
	t.Parallel()
	rows := map[string]catalog.FieldInfo{}
	for _, f := range catalog.Fields() {
		rows[f.Name] = f
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.grow("A", "")
		d.grow("B", "")
		d.make(`{"kind": "IMAGE", "title": "i", "referenceId": "img-1"}`, `{"kind": "IMAGE", "title": "i", "referenceId": "img-2"}`,
			`{"kind": "ATTACHMENT", "title": "t", "referenceId": "att-1", "attachmentType": "SUBTITLE"}`,
			`{"kind": "ATTACHMENT", "title": "t", "referenceId": "att-2", "attachmentType": "SUBTITLE"}`)
		n := 0
		for _, name := range slices.Sorted(maps.Keys(ways)) {
			w := ways[name]
			samples := d.samplesOf(w.input)
			if w.set != nil {
				n = d.setTwice(name, w, samples, rows, n)
				continue
			}
			for _, m := range slices.Sorted(maps.Keys(samples)) {
				one := way{input: w.input, set: func(d *mutations, members map[string]string) string {
					for id, member := range members {
						done := d.finish(d.begin("assetsUpdateWhere", `{"filter": {"ids": [%q]}, "change": {%s}}`, id, member))
						if done.counts() != "DONE 1 1 1 0" {
							d.Fatalf("%s: %s", member, done.counts())
						}
						return done.at("changeSet", "id").(string)
					}
					return ""
				}}
				n = d.setTwice(name, one, map[string]sample{m: samples[m]}, rows, n)
			}
		}
		d.createdAndCarriedOver()
	})
}

// setTwice makes an asset for each member, sets that to its two values, and undoes the
// second and that again.
func (d *mutations) setTwice(name string, w way, samples map[string]sample, rows map[string]catalog.FieldInfo, n int) int {
	d.Helper()
	names := slices.Sorted(maps.Keys(samples))
	var items []string
	for _, m := range names {
		items = append(items, fmt.Sprintf(`{"kind": %q, "title": "x"%s}`, samples[m].kind, strings.TrimSuffix(", "+samples[m].with, ", ")))
	}
	ids := d.make(items...)
	values := func(of func(sample) string) map[string]string {
		members := map[string]string{}
		for i, m := range names {
			value := of(samples[m])
			if strings.Contains(value, "%d") {
				n++
				value = fmt.Sprintf(value, n)
			}
			members[ids[i]] = fmt.Sprintf("%q: %s", m, value)
			if w.file {
				members[ids[i]] = `"file": {` + members[ids[i]] + `}`
			}
		}
		return members
	}
	w.set(d, values(func(s sample) string { return s.one }))
	_, first := d.exported(d.catalog)
	set := w.set(d, values(func(s sample) string { return s.other }))
	_, second := d.exported(d.catalog)
	var failures []string
	for i, m := range names {
		f := rows[samples[m].field]
		if same(first[ids[i]], second[ids[i]]) {
			d.Errorf("%s: exports do not have %s", name, m)
		}
		d.wantHistory(name+": "+m, ids[i], set, f)
		if f.History == catalog.KeepsPut {
			failures = append(failures, ids[i])
			first[ids[i]] = second[ids[i]]
		}
	}
	undone := d.finish(d.begin("changeSetUndo", `{"id": %q}`, set))
	if undone["failed"] != float64(len(failures)) {
		d.Errorf("%s: the undo ended as %v, and %d fields keep no values", name, undone, len(failures))
	}
	_, back := d.exported(d.catalog)
	again := d.finish(d.begin("changeSetUndo", `{"id": %q}`, undone.at("changeSet", "id")))
	if again["failed"] != 0.0 {
		d.Errorf("%s: the undo of the undo ended as %v", name, again)
	}
	_, forth := d.exported(d.catalog)
	for i, m := range names {
		if !same(back[ids[i]], first[ids[i]]) {
			d.Errorf("%s: %s undone is\n%s, not\n%s", name, m, jsonOf(back[ids[i]]), jsonOf(first[ids[i]]))
		}
		if !same(forth[ids[i]], second[ids[i]]) {
			d.Errorf("%s: %s undone twice is\n%s, not\n%s", name, m, jsonOf(forth[ids[i]]), jsonOf(second[ids[i]]))
		}
	}
	return n
}

// wantHistory wants an asset's history to have an entry of a field from a set.
func (d *mutations) wantHistory(about, id, set string, f catalog.FieldInfo) {
	d.Helper()
	for _, node := range d.read(id, "history(first: 20) { nodes { field before after changeSet { id } } }").at("history", "nodes").([]any) {
		c := record(node.(map[string]any))
		if c.at("changeSet", "id") != set || c["field"] != f.Name {
			continue
		}
		if kept := c["before"] != nil && c["after"] != nil; kept != (f.History != catalog.KeepsPut) {
			d.Errorf("%s: the history has %v, and should keep %s", about, c, f.History)
		}
		if f.History != catalog.KeepsPut && jsonOf(c["before"]) == jsonOf(c["after"]) {
			d.Errorf("%s: the history has no difference: %v", about, c)
		}
		return
	}
	d.Errorf("%s: the history does not have %s", about, f.Name)
}

// createdAndCarriedOver makes assets with each member of AssetCreateInput, wants exports to
// have it as a change by import has, and the export to be equal after an import elsewhere.
func (d *mutations) createdAndCarriedOver() {
	d.Helper()
	samples := d.samplesOf("AssetCreateInput")
	delete(samples, "trashedAt") // which only an import sets
	names := slices.Sorted(maps.Keys(samples))
	var items []string
	for _, m := range names {
		s := samples[m]
		value := s.other
		if strings.Contains(value, "%d") {
			value = fmt.Sprintf(value, 0)
		}
		item := fmt.Sprintf(`{"kind": %q, %q: %s`, s.kind, m, value)
		if m != "title" {
			item += `, "title": "x"`
		}
		if s.with != "" && m != "attachmentType" {
			item += ", " + s.with
		}
		items = append(items, item+"}")
	}
	ids := d.make(items...)
	whole, assets := d.exported(d.catalog)
	for i, m := range names {
		if assets[ids[i]][m] == nil {
			d.Errorf("created: exports do not have %s", m)
		}
	}
	var other *dbtest.DB
	if d.db.Dialect == "sqlite3" {
		other = dbtest.SQLite(d.T)
	} else {
		other = dbtest.Postgres(d.T)
	}
	second := write(d.T, other)
	second.imports(second.catalog, whole)
	if carried, _ := second.exported(second.catalog); carried != whole {
		d.Errorf("the export is\n%s\nand after an import elsewhere\n%s", whole, carried)
	}
}

// same reports whether two lines of an export are the same.
func same(a, b map[string]json.RawMessage) bool {
	return maps.EqualFunc(a, b, func(x, y json.RawMessage) bool { return bytes.Equal(x, y) })
}
