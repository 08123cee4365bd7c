package resolvers_test

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/dbtest"
	"vodgraph/ent/migrate"
	"vodgraph/ent/playinfo"
)

// putVerbs are the mutations that put parts, with two items of which each may be said of
// any asset of its kind. Each asset can have both.
var putVerbs = []struct{ name, one, two, bad, place string }{
	{"playInfosPut", `"jobId": "a", "streamType": "VIDEO", "format": "MP4", "definition": "HD"`, `"jobId": "b", "streamType": "VIDEO", "format": "MP4", "definition": "HD"`,
		`"jobId": "c", "streamType": "VIDEO", "format": "MP4", "definition": "HD", "size": -1`, "size"},
	{"snapshotsPut", `"type": "NORMAL", "jobId": "a", "items": [{"index": 0}]`, `"type": "COVER", "jobId": "b", "items": [{"index": 0}]`,
		`"type": "SPRITE", "jobId": "c", "items": [{"index": -1}]`, "items.0.index"},
	{"aiDataPut", `"source": "a", "labels": [{"name": "l", "category": "OBJECT"}]`, `"source": "b", "review": {"suggestion": "PASS"}`,
		`"source": "c", "labels": [{"name": "", "category": "OBJECT"}]`, "labels.0.name"},
}

// partsSelection is all that is put.
const partsSelection = `revision ... on Video { playInfos(includeSuperseded: true) { jobId status } snapshots { nodes { type index } } aiData { sources labels { nodes { name } } } }`

// Items about one asset and about others are done in one transaction, each with its outcome; one
// that is refused leaves what the others put, as the error policy has it.
func TestMutationPuts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		for _, verb := range putVerbs {
			d := write(t, db)
			ids := d.make(`{"kind": "VIDEO", "title": "v"}`, `{"kind": "VIDEO", "title": "w", "referenceId": "`+verb.name+`"}`)
			v, w := `{"asset": {"id": "`+ids[0]+`"}, `, `{"asset": {"referenceId": "`+verb.name+`"}, `
			wrong := `{"asset": {"id": "` + d.make(`{"kind": "ATTACHMENT", "title": "a", "attachmentType": "SUBTITLE"}`)[0] + `"}, `
			mixed := strings.Join([]string{v + verb.one + "}", w + verb.one + "}", v + verb.bad + "}", v + verb.two + "}", `{"asset": {"id": "` + ids[1] + `"}, ` + verb.one + "}",
				`{"asset": {}, ` + verb.one + "}", `{"asset": {"id": "vid_1"}, ` + verb.one + "}", wrong + verb.one + "}"}, ", ")
			refused := []string{"INVALID items.2." + verb.place, "DUPLICATE_ITEM items.4", "INVALID items.5.asset", "NOT_FOUND items.6.asset.id", "WRONG_KIND items.7.asset"}
			before := d.read(ids[0], partsSelection)
			tried := d.callFor(verb.name, partsSelection, `{"items": [%s], "options": {"dryRun": true}}`, mixed)
			rolled := d.refuses([]string{"ROLLED_BACK items.0", "ROLLED_BACK items.1", refused[0], "ROLLED_BACK items.3", refused[1], refused[2], refused[3], refused[4]},
				verb.name, `{"items": [%s], "options": {"errorPolicy": "ATOMIC"}}`, mixed)
			if diff := cmp.Diff(before, d.read(ids[0], partsSelection)); diff != "" || rolled.FailedCount != 8 {
				t.Errorf("%s rolled back changed something: %s", verb.name, diff)
			}
			sets := len(d.entriesOf(ids[0]))
			p := d.callFor(verb.name, partsSelection, `{"items": [%s], "options": {"note": "put"}}`, mixed)
			want := []string{"CHANGED", "CHANGED", "FAILED", "CHANGED", "FAILED", "FAILED", "FAILED", "FAILED"}
			if !slices.Equal(p.errors(), refused) || !slices.Equal(p.outcomes(), want) || p.ChangedCount != 3 || p.FailedCount != 5 || p.Revision == nil || p.ChangeSet == nil {
				t.Errorf("%s: %v %v %+v", verb.name, p.errors(), p.outcomes(), p)
			}
			if !slices.Equal(tried.outcomes(), want) || !slices.Equal(tried.errors(), refused) || tried.Revision != nil {
				t.Errorf("%s as a dry run: %v %v", verb.name, tried.outcomes(), tried.errors())
			}
			if got := len(d.entriesOf(ids[0])); got != sets+1 {
				t.Errorf("%s left %d entries of the asset, not one more than %d", verb.name, got, sets)
			}
			if now := d.read(ids[0], partsSelection); now["revision"] != float64(*p.Revision) || fmt.Sprint(now) == fmt.Sprint(before) || fmt.Sprint(now) != fmt.Sprint(p.Results[0].Asset) {
				t.Errorf("%s: %v came to %v, reported as %v", verb.name, before, now, p.Results[0].Asset)
			}
			again := d.call(verb.name, `{"items": [%s]}`, strings.Join([]string{v + verb.one + "}", v + verb.two + "}", w + verb.two + "}"}, ", "))
			if want := []string{"UNCHANGED", "UNCHANGED", "CHANGED"}; !slices.Equal(again.outcomes(), want) {
				t.Errorf("%s again: %v, not %v", verb.name, again.outcomes(), want)
			}
			first := d.again(func() {}, verb.name, `{"items": [%s], "options": {"idempotencyKey": "k"}}`, mixed)
			if !slices.Equal(first.errors(), refused) {
				t.Errorf("%s with a key: %v", verb.name, first.errors())
			}
			d.refuses([]string{"REQUIRED items"}, verb.name, `{"items": []}`)
			d.refuses([]string{"TOO_MANY_ITEMS items"}, verb.name, `{"items": %s}`, times(1001, v+verb.one+"}"))
		}
	})
}

// entriesOf are the entries of an asset.
func (d *mutations) entriesOf(id string) []any {
	d.Helper()
	return d.read(id, `history(first: 100) { nodes { field } }`).at("history", "nodes").([]any)
}

// An item that puts a part has the members of the part, described alike, and the asset.
func TestInputsOfPutsAreThoseOfParts(t *testing.T) {
	t.Parallel()
	schema := write(t, dbtest.SQLite(t)).schema
	for put, part := range map[string]string{"PlayInfoPutInput": "PlayInfoInput", "SnapshotSetPutInput": "SnapshotSetInput", "AIDataPutInput": "AIDataInput"} {
		members := map[string]string{"asset": "AssetRef!"}
		for _, f := range schema.Types[part].Fields {
			members[f.Name] = f.Type.String() + " " + f.Description
		}
		for _, f := range schema.Types[put].Fields {
			want := f.Type.String() + " " + f.Description
			if f.Name == "asset" {
				want = f.Type.String()
			}
			if members[f.Name] != want {
				t.Errorf("%s.%s is %q, not %q", put, f.Name, want, members[f.Name])
			}
			delete(members, f.Name)
		}
		if len(members) > 0 {
			t.Errorf("%s lacks %v", put, slices.Sorted(maps.Keys(members)))
		}
	}
}

// assetUpdate does what assetsUpdate does with one item, with places from its argument down.
func TestMutationUpdatesOneAsset(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "a", "referenceId": "r"}`, `{"kind": "VIDEO", "title": "o", "referenceId": "taken"}`)[0]
		p := d.done("assetUpdate", "title revision", `{"input": {"id": %q, "title": "b"}, "options": {"note": "n"}}`, id)
		if p.Revision == nil || p.ChangeSet == nil || p.Asset["title"] != "b" || p.Asset["revision"] != float64(*p.Revision) {
			t.Errorf("%+v", p)
		}
		if p := d.done("assetUpdate", "title", `{"input": {"referenceId": "r", "title": "b"}}`); p.Revision != nil || p.ChangeSet != nil || p.Asset["title"] != "b" {
			t.Errorf("the same again: %+v", p)
		}
		if p := d.done("assetUpdate", "title", `{"input": {"referenceId": "r", "title": "c"}, "options": {"dryRun": true}}`); p.Revision != nil || p.Asset["title"] != "b" {
			t.Errorf("as a dry run: %+v", p)
		}
		d.again(func() { d.done("assetUpdate", "id", `{"input": {"id": %q, "title": "d"}}`, id) }, "assetUpdate", `{"input": {"id": %q, "title": "c"}, "options": {"idempotencyKey": "k"}}`, id)
		d.again(func() {}, "assetUpdate", `{"input": {"id": %q, "title": ""}, "options": {"idempotencyKey": "bad"}}`, id)
		for input, want := range map[string][]string{
			`"id": "vid_1"`:                                     {"NOT_FOUND input.id"},
			`"referenceId": "no"`:                               {"NOT_FOUND input.referenceId"},
			`"title": "x"`:                                      {"INVALID input"},
			`"id": "` + id + `", "referenceId": "r"`:            {"INVALID input"},
			`"id": "` + id + `", "title": ""`:                   {"REQUIRED input.title"},
			`"id": "` + id + `", "newReferenceId": "taken"`:     {"REFERENCE_ID_TAKEN input.newReferenceId"},
			`"id": "` + id + `", "ifRevision": 1, "title": "x"`: {"STALE_REVISION input.ifRevision"},
			`"id": "` + id + `", "tags": {"set": ["a", ""]}, "cover": {"image": {"id": "img_1"}}`: {
				"INVALID input.tags.set.1", "NOT_FOUND input.cover.image.id"},
		} {
			for _, policy := range []string{"ATOMIC", "SKIP_FAILED"} {
				d.refuses(want, "assetUpdate", `{"input": {%s}, "options": {"errorPolicy": %q}}`, input, policy)
			}
		}
		d.refuses([]string{"INVALID options.note"}, "assetUpdate", `{"input": {"id": %q}, "options": {"note": %q}}`, id, strings.Repeat("n", 1001))
	})
}

// Streams of one definition and format stand beside each other where their codecs or
// dynamic ranges differ.
func TestMutationPlayInfosOfCodecs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "x"}`)[0]
		put := func(want string, items ...string) {
			t.Helper()
			for i, item := range items {
				items[i] = ofAsset(id, `{"streamType": "VIDEO", "format": "MP4", "definition": "SD", `+item+`}`)
			}
			p := d.done("playInfosPut", streamSelection, `{"items": [%s]}`, strings.Join(items, ", "))
			if got := statuses(p.only()); got != want {
				t.Errorf("after %v: %s, not %s", items, got, want)
			}
		}
		put("avc NORMAL", `"jobId": "avc", "codec": "h264"`)
		put("avc NORMAL, hevc NORMAL", `"jobId": "hevc", "codec": "hevc"`)
		put("avc NORMAL, hdr NORMAL, hevc NORMAL, none NORMAL", `"jobId": "hdr", "codec": "hevc", "hdrType": "HDR10"`, `"jobId": "none"`)
		put("avc NORMAL, hdr NORMAL, hevc INVISIBLE, hevc2 NORMAL, none NORMAL", `"jobId": "hevc2", "codec": "hevc"`)
		var data struct{ Node record }
		d.ask(`query($id: ID!) { node(id: $id) { ... on Video { playInfos(codec: "hevc") { jobId status } } } }`, map[string]any{"id": id}, &data)
		var jobs []string
		for _, p := range data.Node["playInfos"].([]any) {
			jobs = append(jobs, p.(map[string]any)["jobId"].(string))
		}
		if slices.Sort(jobs); !slices.Equal(jobs, []string{"hdr", "hevc2"}) {
			t.Errorf("of hevc there are %v", jobs)
		}
		p := d.done("playInfosDelete", streamSelection, `{"asset": {"id": %q}, "jobIds": ["hevc2", "hdr"]}`, id)
		if got, want := statuses(p.Asset), "avc NORMAL, hevc NORMAL, none NORMAL"; got != want {
			t.Errorf("%s, not %s", got, want)
		}
	})
}

// A library of before has older streams of another codec or dynamic range superseded. They
// are put right by its migration, and the index learns of it.
func TestStreamsOfCodecsAreMigrated(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		const stream = `{"streamType": "VIDEO", "format": "MP4", "definition": "SD", `
		ids := d.make(`{"kind": "VIDEO", "title": "x", "playInfos": [`+stream+`"jobId": "old", "codec": "h264", "createdAt": "2020-01-01T00:00:00Z"}, `+
			stream+`"jobId": "avc", "codec": "h264"}, `+stream+`"jobId": "hdr", "codec": "h264", "hdrType": "HDR10"}, `+stream+`"jobId": "none"}, `+stream+`"jobId": "new", "codec": "hevc"}]}`,
			`{"kind": "VIDEO", "title": "y", "playInfos": [`+stream+`"jobId": "old", "createdAt": "2020-01-01T00:00:00Z"}, `+stream+`"jobId": "new"}]}`)
		want := []string{statuses(d.read(ids[0], streamSelection)), statuses(d.read(ids[1], streamSelection))}
		run := func() {
			t.Helper()
			for _, statement := range codecsMigration(t, db) {
				if _, err := db.Client.ExecContext(t.Context(), statement); err != nil {
					t.Fatalf("%s: %v", statement, err)
				}
			}
		}
		db.Client.StaleMark.Delete().ExecX(t.Context())
		before := d.revision()
		run()
		if now := d.revision(); now != before {
			t.Errorf("a library that is right went from %d to %d", before, now)
		}
		d.wantMarks("nothing")
		db.Client.PlayInfo.Update().Where(playinfo.JobIDIn("avc", "hdr", "none")).SetStatus(playinfo.StatusINVISIBLE).ExecX(t.Context())
		run()
		if now := d.revision(); now != before+1 {
			t.Errorf("the library went from %d to %d", before, now)
		}
		if got := []string{statuses(d.read(ids[0], streamSelection)), statuses(d.read(ids[1], streamSelection))}; !slices.Equal(got, want) {
			t.Errorf("the streams are %q, not %q", got, want)
		}
		d.wantMarks("the migration", ids[0])
	})
}

// codecsMigration are the statements of that migration.
func codecsMigration(t *testing.T, db *dbtest.DB) (statements []string) {
	t.Helper()
	files, err := migrate.Files(db.Client.Dialect())
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "*_codecs.sql")
	if err != nil || len(names) != 1 {
		t.Fatalf("%v %v", names, err)
	}
	text, err := fs.ReadFile(files, names[0])
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "--") {
			statements = append(statements, line)
		}
	}
	return statements
}
