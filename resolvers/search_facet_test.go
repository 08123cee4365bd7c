package resolvers_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/ent/playinfo"
	"vodgraph/graph"
	"vodgraph/search"
)

// facetFields are all that there are.
func facetFields() []string {
	var fields []string
	for _, v := range graph.NewExecutableSchema(graph.Config{}).Schema().Types["FacetField"].EnumValues {
		fields = append(fields, v.Name)
	}
	return fields
}

// diverse makes the assets of a world differ in whatever facets count.
func diverse(t *testing.T, db *dbtest.DB, n int) {
	t.Helper()
	build(t, db, n)
	ctx := t.Context()
	long := strings.Repeat("a store with a long name ", 2)
	for i, a := range db.Client.Asset.Query().Order(asset.ByID()).AllX(ctx) {
		update := a.Update().SetStatus([]asset.Status{asset.StatusNORMAL, asset.StatusBLOCKED, asset.StatusUPLOADING, asset.StatusUPLOAD_FAILED}[i%4]).
			SetStorageLocation([]string{"default", "a", "Z", "ä", long + "1", long + "2", long + "3", long + "4"}[i%8]).
			SetStorageClass([]asset.StorageClass{asset.StorageClassIA, asset.StorageClassCOLD_ARCHIVE}[i%2]).
			SetMediaSource([]asset.MediaSource{asset.MediaSourceSHORT_VIDEO, asset.MediaSourceLIVE, asset.MediaSourceEDITING}[i%3])
		if a.Kind == asset.KindATTACHMENT {
			update.SetBusinessType([]asset.BusinessType{asset.BusinessTypeMATERIAL, asset.BusinessTypeWATERMARK}[i/2%2])
		}
		update.ExecX(ctx)
		if i%5 == 0 { // filed above one of its leaves as well
			db.Client.AssetCategory.Create().SetAssetID(a.ID).SetCategoryID(id("cat", i/5%worldRoots)).ExecX(ctx)
		}
	}
	codecs := []string{"h264", "H264", "av1", long + "x", long + "y", long + "z"}
	for i, p := range db.Client.PlayInfo.Query().AllX(ctx) {
		update := p.Update().SetDefinition([]playinfo.Definition{playinfo.DefinitionUHD_4K, playinfo.DefinitionAUTO, playinfo.DefinitionFD, playinfo.DefinitionHD}[i%4])
		if i%7 == 0 {
			update.ClearCodec()
		} else {
			update.SetCodec(codecs[i%len(codecs)])
		}
		update.ExecX(ctx)
	}
	index(t, db)
}

// The database counts as the engine does, and shows the same of equally frequent
// values.
func TestFacetsOfBothAreEqual(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		diverse(t, db, 24)
		ranked, listed := seekers(t, db, inBleve(t, db)), seekers(t, db, nil)
		filters := []string{
			``, `kinds: [VIDEO, AUDIO]`, `kinds: [IMAGE]`, `tags: {all: ["tag a", "tag b"]}`, `statuses: [BLOCKED, UPLOADING], size: {gte: 1}`,
			fmt.Sprintf(`category: {in: [{id: %q}]}`, id("cat", 1)), `playInfo: {definitions: [HD], codecs: ["av1"]}`, `kinds: []`,
		}
		for _, field := range facetFields() {
			for _, filter := range filters {
				for _, first := range []int{1, 2, 3, 5, 200} {
					args := fmt.Sprintf(`filter: {%s}, facets: {field: %s, first: %d}, first: 1`, filter, field, first)
					want := ranked.seek(`text: "other", ` + args).Search
					if want.Index.Degraded {
						t.Fatal("the engine does not answer")
					}
					for _, text := range []string{`text: "other", `, ``} { // all have it
						got := listed.seek(text + args).Search
						if diff := cmp.Diff(want.Facets, got.Facets); diff != "" || got.TotalCount != want.TotalCount {
							t.Errorf("%s%s: of %d and %d, -engine +database: %s", text, args, want.TotalCount, got.TotalCount, diff)
						}
					}
					if filter == "" && len(want.Facets[0].Buckets) < min(2, first) {
						t.Errorf("%s: too little is counted: %v", args, want.Facets)
					}
				}
			}
		}
	})
}

// Values are what a filter takes, and labels what people read.
func TestFacetsAreNamed(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	diverse(t, db, 8)
	for _, s := range []*server{seekers(t, db, nil), seekers(t, db, inBleve(t, db))} {
		var got []string
		const text = `text: "other"`
		for _, facet := range slices.Concat(
			s.seek(text+`, facets: [{field: KIND}, {field: CATEGORY}, {field: TAG}, {field: DEFINITION}, {field: STORAGE_LOCATION}]`).Search.Facets,
			s.seek(text+`, facets: [{field: STORAGE_CLASS}, {field: MEDIA_SOURCE}, {field: ATTACHMENT_TYPE}, {field: STATUS}, {field: CODEC, first: 3}]`).Search.Facets) {
			for _, b := range facet.Buckets[:min(2, len(facet.Buckets))] {
				got = append(got, fmt.Sprintf("%s %s %q %d", facet.Field, b.Value, b.Label, b.Count))
				filtered := s.seek(text + ", filter: {" + filterOf(facet.Field, b.Value) + "}").Search
				if filtered.TotalCount != b.Count {
					t.Errorf("%s: %d have %s, not %d", facet.Field, filtered.TotalCount, b.Value, b.Count)
				}
			}
		}
		want := []string{
			`KIND ATTACHMENT "Attachment" 8`, `KIND AUDIO "Audio" 8`,
			`CATEGORY cat_00000000000000000000000000 "root 0" 13`, `CATEGORY cat_00000000000000000000000001 "root 1" 13`,
			`TAG tag b "tag b" 16`, `TAG tag a "tag a" 12`,
			`DEFINITION AUTO "Auto · adaptive" 8`, `DEFINITION FD "FD · 480p" 8`,
			`STORAGE_LOCATION Z "Z" 4`, `STORAGE_LOCATION a "a" 4`,
		}
		if diff := cmp.Diff(want, got[:len(want)]); diff != "" {
			t.Error(diff)
		}
	}
}

// What is gone since the engine was synced is not counted; categories have their
// whole path for a label.
func TestFacetsLeaveOutWhatIsGone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		build(t, db, 1)
		long := strings.Repeat("long", 20)
		db.Client.Asset.UpdateOneID(id("vid", 0)).SetStorageLocation(long).ExecX(t.Context())
		sum := sha256.Sum256([]byte(long))
		reported := map[search.TermField][]search.Bucket{
			search.TermCategory: {{Value: id("cat", 12), Count: 9}, {Value: id("cat", 99), Count: 5}, {Value: id("cat", 2), Count: 9}},
			search.TermTag:      {{Value: id("tag", 99), Count: 9}, {Value: id("tag", 0), Count: 8}},
			search.TermLocation: {{Value: "=default", Count: 3}, {Value: "#" + base64.RawURLEncoding.EncodeToString(sum[:16]), Count: 3}, {Value: "#gone", Count: 1}},
			search.TermKind:     {{Value: "HOLOGRAM", Count: 1}},
		}
		s := seekers(t, db, &finder{answer: func(q *search.Query) (*search.Hits, error) {
			hits := &search.Hits{}
			for _, f := range q.Facets {
				hits.Facets = append(hits.Facets, reported[f.Field])
			}
			return hits, nil
		}})
		var got []string
		for _, f := range s.seek(`text: "a", facets: [{field: CATEGORY}, {field: TAG}, {field: STORAGE_LOCATION}, {field: KIND}, {field: CODEC}]`).Search.Facets {
			got = append(got, fmt.Sprint(f))
		}
		want := []string{
			"{CATEGORY [{" + id("cat", 2) + " root 2 9} {" + id("cat", 12) + " root 1 / leaf 0 9}]}", "{TAG [{tag a tag a 8}]}",
			"{STORAGE_LOCATION [{default default 3} {" + long + " " + long + " 3}]}", "{KIND [{HOLOGRAM HOLOGRAM 1}]}", "{CODEC []}",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// filterOf narrows to one value of a facet.
func filterOf(facet, value string) string {
	member := map[string]string{
		"KIND": "kinds: [%s]", "STATUS": "statuses: [%s]", "STORAGE_CLASS": "storageClasses: [%s]", "MEDIA_SOURCE": "mediaSources: [%s]",
		"ATTACHMENT_TYPE": "attachmentTypes: [%s]", "DEFINITION": "playInfo: {definitions: [%s]}",
		"STORAGE_LOCATION": "storageLocations: [%q]", "CODEC": "playInfo: {codecs: [%q]}", "TAG": "tags: {any: [%q]}", "CATEGORY": "category: {in: [{id: %q}]}",
	}[facet]
	return fmt.Sprintf(member, value)
}

// Every value of an enum that is counted has a label of its own.
func TestEnumsHaveLabels(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	ctx := t.Context()
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	values := func(enum string) (all []string) {
		for _, v := range schema.Types[enum].EnumValues {
			all = append(all, v.Name)
		}
		return all
	}
	n := 0
	add := func(kind asset.Kind) *dbtest.DB {
		bare(db.Client, kind, n).ExecX(ctx)
		n++
		return db
	}
	for _, kind := range values("AssetKind") {
		add(asset.Kind(kind))
	}
	set := func(kind asset.Kind, enum, column string) {
		for _, v := range values(enum) {
			add(kind)
			if _, err := db.SQL.ExecContext(ctx, "UPDATE assets SET "+column+" = ? WHERE id = ?", v, id(prefixes[kind], n-1)); err != nil {
				t.Fatal(err)
			}
		}
	}
	set(asset.KindVIDEO, "AssetStatus", "status")
	set(asset.KindVIDEO, "StorageClass", "storage_class")
	set(asset.KindVIDEO, "MediaSource", "media_source")
	set(asset.KindATTACHMENT, "AttachmentType", "business_type")
	for i, v := range values("Definition") {
		db.Client.PlayInfo.Create().SetID(id("ply", i)).SetAssetID(id("vid", 0)).SetJobID(v).SetStreamType(playinfo.StreamTypeVIDEO).
			SetFormat(playinfo.FormatMP4).SetDefinition(playinfo.Definition(v)).SetStatus(playinfo.StatusNORMAL).SetEncrypted(false).
			SetEncryptType(playinfo.EncryptTypeNONE).SetCreatedAt(epoch).SetUpdatedAt(epoch).ExecX(ctx)
	}
	s := seekers(t, db, nil)
	for field, enum := range map[string]string{"KIND": "AssetKind", "STATUS": "AssetStatus", "STORAGE_CLASS": "StorageClass",
		"MEDIA_SOURCE": "MediaSource", "ATTACHMENT_TYPE": "AttachmentType", "DEFINITION": "Definition"} {
		buckets := s.seek(`facets: {field: ` + field + `}`).Search.Facets[0].Buckets
		if len(buckets) != len(values(enum)) {
			t.Errorf("%s counts %d of %d values", field, len(buckets), len(values(enum)))
		}
		labels := map[string]bool{}
		for _, b := range buckets {
			if b.Label == b.Value || labels[b.Label] {
				t.Errorf("%s: the label of %s is %q", field, b.Value, b.Label)
			}
			labels[b.Label] = true
			if field == "DEFINITION" {
				described, _, _ := strings.Cut(schema.Types[enum].EnumValues.ForName(b.Value).Description, ": ")
				if b.Label != described {
					t.Errorf("the label of %s is %q, and its description begins with %q", b.Value, b.Label, described)
				}
			}
		}
	}
}

// A stream says its definition as facets do, with the height in it.
func TestDefinitionLabels(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "v"}`)[0]
		sizes := map[string][2]int{"FD · 480p": {640, 480}, "LD · 540p": {540, 720}, "SD · 720p": {1280, 720}, "HD · 1080p": {1281, 128}, "2K · 1440p": {2560, 1440}, "4K · 2160p": {3840, 2160}}
		var inputs []string
		for label, size := range sizes {
			inputs = append(inputs, fmt.Sprintf(`{"asset": {"id": %q}, "jobId": %q, "streamType": "VIDEO", "format": "MP4", "width": %d, "height": %d}`,
				id, label, size[0], size[1]))
		}
		d.done("playInfosPut", "id", `{"items": [`+strings.Join(inputs, ",")+`]}`)
		var got struct {
			Node struct {
				PlayInfos []struct{ JobID, DefinitionLabel string }
			}
		}
		d.ask(`query($id: ID!) { node(id: $id) { ... on Video { playInfos { jobId definitionLabel } } } }`, map[string]any{"id": id}, &got)
		if len(got.Node.PlayInfos) != len(sizes) {
			t.Errorf("there are %d streams", len(got.Node.PlayInfos))
		}
		for _, p := range got.Node.PlayInfos {
			if p.JobID != p.DefinitionLabel {
				t.Errorf("a stream of %v is called %q, not %q", sizes[p.JobID], p.DefinitionLabel, p.JobID)
			}
		}
	})
}
