package outbox_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent/fact"
	"vodgraph/ent/indexentry"
	"vodgraph/filter"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/outbox"
	"vodgraph/search"
	"vodgraph/taxonomy"
)

// everything are assets with every member that engines keep.
var everything = []string{`{
  "id": "img_01ARZ3NDEKTSV4RRFFQ69G5FA1", "kind": "IMAGE", "referenceId": "poster", "title": "Poster",
  "alternativeTitles": ["Plakat"], "description": "A poster", "size": 5, "storageLocation": "here", "storageClass": "IA",
  "mediaSource": "EDITING", "categories": [{"path": ["Songs"]}], "tags": ["b", "a"], "createdAt": "2020-01-02T03:04:05.678Z",
  "fileName": "p.png", "location": "o/p.png", "width": 10, "height": 20,
  "aiData": [{"source": "eye", "labels": [{"name": "cat", "category": "OBJECT"}]}]}`,
	`{
  "id": "att_01ARZ3NDEKTSV4RRFFQ69G5FA2", "kind": "ATTACHMENT", "title": "Subtitles", "status": "NORMAL",
  "attachmentType": "SUBTITLE", "fileName": "s.vtt", "categories": [{"path": ["Films", "New"]}]}`,
	`{
  "id": "aud_01ARZ3NDEKTSV4RRFFQ69G5FA3", "kind": "AUDIO", "title": "Song", "status": "CHECKING",
  "duration": 1.2345, "cover": {"image": {"referenceId": "poster"}}, "mezzanine": {"fileName": "s.wav"},
  "playInfos": [{"jobId": "j", "streamType": "AUDIO", "format": "MP3", "definition": "SQ"}]}`,
	`{
  "id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4", "kind": "VIDEO", "referenceId": "a film of a reference that is longer than a term may be",
  "title": "Film", "alternativeTitles": ["映画", "Le film"], "description": "Two\nlines", "status": "NORMAL",
  "size": 9007199254740993, "duration": 60.0005, "storageLocation": "a place that is described in many words, at length",
  "storageClass": "ARCHIVE", "mediaSource": "LIVE",
  "categories": [{"path": ["Films", "New"]}, {"path": ["Films", "Old", "New"]}, {"path": ["Songs"]}], "tags": ["z", "é", "z"],
  "cover": {"snapshot": {"type": "COVER", "index": 0}},
  "mezzanine": {"fileName": "f.mov", "width": 1920, "height": 1080},
  "playInfos": [
    {"jobId": "old", "streamType": "VIDEO", "format": "MP4", "definition": "HD", "codec": "h264", "bitrate": 1, "createdAt": "2020-01-01T00:00:00Z"},
    {"jobId": "one", "streamType": "VIDEO", "format": "MP4", "definition": "HD", "codec": "h264"},
    {"jobId": "two", "streamType": "VIDEO", "format": "FLV", "definition": "HD", "codec": "h264"},
    {"jobId": "four", "streamType": "VIDEO", "format": "MPD", "definition": "AUTO"},
    {"jobId": "three", "streamType": "VIDEO", "format": "WEBM", "definition": "HD", "codec": "a codec that is described in many words, at length"}],
  "snapshots": [{"type": "COVER", "jobId": "s", "items": [{"index": 0, "location": "o/c.jpg"}]}],
  "aiData": [{"source": "eye", "labels": [{"name": "dog", "category": "OBJECT"}, {"name": "cat", "category": "OBJECT"}],
    "speech": [{"start": 0.001, "end": 0.002, "text": "said"}, {"start": 0.003, "end": 0.004, "text": "said again"}],
    "screenText": [{"start": 0.003, "end": 0.004, "text": "shown"}]},
    {"source": "ear", "labels": [{"name": "dog", "category": "KEYWORD"}]}]}`}

// fill makes so many sets of everything, and returns the ids of each.
func fill(t testing.TB, c *catalog.Catalog, sets int) (ids [][]string) {
	t.Helper()
	var above *string
	for _, name := range []string{"Films", "Old", "New"} {
		made, err := c.CategoryCreate(t.Context(), taxonomy.CategoryCreateInput{Name: name, ParentID: above})
		if err != nil {
			t.Fatal(err)
		}
		id := made.IDs[0]
		if above == nil {
			if _, err := c.CategoryCreate(t.Context(), taxonomy.CategoryCreateInput{Name: "New", ParentID: &id}); err != nil {
				t.Fatal(err)
			}
		}
		above = &id
	}
	if _, err := c.CategoryCreate(t.Context(), taxonomy.CategoryCreateInput{Name: "Songs"}); err != nil {
		t.Fatal(err)
	}
	for i := range sets {
		ids = append(ids, nil)
		another := strings.NewReplacer("69G5FA", fmt.Sprintf("%06d", i), "poster", fmt.Sprintf("poster %d", i), "a film", fmt.Sprintf("a film %d", i))
		for _, text := range everything {
			var input catalog.AssetCreateInput
			if err := json.Unmarshal([]byte(another.Replace(text)), &input); err != nil {
				t.Fatal(err)
			}
			out, err := c.AssetsCreate(t.Context(), []*catalog.AssetCreateInput{&input}, nil)
			if err != nil || out.Count(change.Created) != 1 {
				t.Fatalf("%+v, %v", out, err)
			}
			ids[i] = append(ids[i], *input.ID)
		}
	}
	return ids
}

// verbs are those of a database.
func verbs(db *dbtest.DB) *catalog.Catalog {
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC) }
	return catalog.New(change.Open(db.Client, change.Options{
		Limits: limits.DefaultLibrary(), Now: now, NewID: media.ULIDs(now, rand.Reader)}, catalog.Compare))
}

// words and terms shorten what is written below.
type (
	words   = map[search.TextField][]string
	terms   = map[search.TermField][]string
	numbers = map[search.NumberField]int64
)

func TestDocuments(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		c := verbs(db)
		ids := fill(t, c, 2)[0]
		names := map[string]string{} // of what has ids of chance
		for _, row := range db.Client.Category.Query().AllX(t.Context()) {
			names[row.ID] = strings.Join(media.SplitPath(row.Path), "/")
		}
		for _, row := range db.Client.Tag.Query().AllX(t.Context()) {
			names[row.ID] = row.Name
		}
		got, err := outbox.New(c.Library).Documents(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		for i, doc := range got {
			entry := db.Client.IndexEntry.Query().Where(indexentry.AssetID(doc.ID)).OnlyX(t.Context())
			if key := db.Client.Asset.GetX(t.Context(), doc.ID).TitleKey; key == "" || doc.TitleKey != key {
				t.Errorf("%s is sorted by %q, and in the database by %q", doc.ID, doc.TitleKey, key)
			}
			if doc.ID != ids[i] || doc.Seq != entry.ID || doc.Revision != entry.Revision {
				t.Errorf("%s: place %d, revision %d; want %s: %+v", doc.ID, doc.Seq, doc.Revision, ids[i], entry)
			}
			for _, values := range doc.Terms {
				for j, value := range values {
					if name, ok := names[value]; ok {
						values[j] = name
					}
					if at := strings.IndexByte(value, '#'); at >= 0 { // which hash it is, other tests cover
						values[j] = value[:at+1]
					}
				}
				slices.Sort(values)
			}
			if diff := cmp.Diff(documentsOfEverything[i], &search.Document{Texts: doc.Texts, Terms: doc.Terms, Numbers: doc.Numbers}); diff != "" {
				t.Errorf("%s: -want +got\n%s", doc.ID, diff)
			}
		}
	})
}

// shapes are the sums of what documents are made of, by the names of their shapes.
var shapes = map[string]string{"5": "692d1fd67f33838e"}

// TestDocumentsAreOfTheShape wants another shape where documents are made of something else:
// engines are not rebuilt without it.
func TestDocumentsAreOfTheShape(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(documentsOfEverything)
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(text))[:16]; shapes[search.Shape] != sum {
		t.Errorf("the documents have the sum %s, and those of the shape %q have %q: give search.Shape its next value, with this sum",
			sum, search.Shape, shapes[search.Shape])
	}
}

// created and updated are in milliseconds since 1970.
const (
	createdThen = 1577934245678
	updatedNow  = 1767323045678
)

// documentsOfEverything are those of the first set, with paths and names instead
// of ids that chance makes.
var documentsOfEverything = []*search.Document{{
	Texts: words{search.Title: {"Poster"}, search.AlternativeTitles: {"Plakat"}, search.Tags: {"a", "b"},
		search.Categories: {"Songs"}, search.FileName: {"p.png"}, search.ReferenceID: {"poster 0"},
		search.Labels: {"cat"}, search.Description: {"A poster 0"}},
	Terms: terms{search.TermKind: {"IMAGE"}, search.TermStatus: {"NORMAL"}, search.TermReference: {"=poster 0"},
		search.TermCategory: {"Songs"}, search.TermOwnCategory: {"Songs"}, search.TermTag: {"a", "b"},
		search.TermLocation: {"=here"}, search.TermClass: {"IA"}, search.TermSource: {"EDITING"}, search.TermFlag: {"description", "download", "file", "filed", "label", "tagged"},
		search.TermFact: {"file=p.png", "image=DEFAULT", "label=cat", "title=Poster"}},
	Numbers: numbers{search.NumberSize: 5, search.NumberWidth: 10, search.NumberHeight: 20,
		search.NumberCreated: createdThen, search.NumberUpdated: updatedNow},
}, {
	Texts: words{search.Title: {"Subtitles"}, search.Categories: {"Films", "New"}, search.FileName: {"s.vtt"}},
	Terms: terms{search.TermKind: {"ATTACHMENT"}, search.TermStatus: {"NORMAL"}, search.TermAttachmentType: {"SUBTITLE"},
		search.TermCategory: {"Films", "Films/New"}, search.TermOwnCategory: {"Films/New"},
		search.TermLocation: {"=default"}, search.TermClass: {"STANDARD"}, search.TermSource: {"GENERAL"}, search.TermFlag: {"download", "file", "filed"},
		search.TermFact: {"file=s.vtt", "title=Subtitles"}},
	Numbers: numbers{search.NumberCreated: updatedNow, search.NumberUpdated: updatedNow},
}, {
	Texts: words{search.Title: {"Song"}, search.FileName: {"s.wav"}},
	Terms: terms{search.TermKind: {"AUDIO"}, search.TermStatus: {"CHECKING"}, search.TermLocation: {"=default"},
		search.TermClass: {"STANDARD"}, search.TermSource: {"GENERAL"}, search.TermFlag: {"cover", "download", "file"},
		search.TermFact:       {"file=s.wav", "title=Song"},
		search.TermDefinition: {"SQ"}, search.TermPlay: {"///", "/MP3//", "SQ///", "SQ/MP3//"}},
	Numbers: numbers{search.NumberDuration: 1235, search.NumberCreated: updatedNow, search.NumberUpdated: updatedNow},
}, {
	Texts: words{search.Title: {"Film"}, search.AlternativeTitles: {"映画", "Le film"}, search.Tags: {"z", "é"},
		search.Categories: {"Films", "New", "Old", "Songs"}, search.FileName: {"f.mov"},
		search.ReferenceID: {"a film 0 of a reference that is longer than a term may be"},
		search.Labels:      {"cat", "dog"}, search.Description: {"Two\nlines"},
		search.Speech: {"said", "said again"}, search.ScreenText: {"shown"}},
	Terms: terms{search.TermKind: {"VIDEO"}, search.TermStatus: {"NORMAL"}, search.TermReference: {"#"},
		search.TermCategory:    {"Films", "Films/New", "Films/Old", "Films/Old/New", "Songs"},
		search.TermOwnCategory: {"Films/New", "Films/Old/New", "Songs"}, search.TermTag: {"z", "é"},
		search.TermLocation: {"#"}, search.TermClass: {"ARCHIVE"}, search.TermSource: {"LIVE"},
		search.TermFlag: {"cover", "description", "download", "file", "filed", "label", "screen", "speech", "tagged"},
		search.TermFact: {"file=f.mov", "label=cat", "label=dog", "title=Film"}, search.TermDefinition: {"AUTO", "HD"}, search.TermCodec: {"#", "=h264"},
		search.TermPlay: {"//#", "///", "//=h264/", "/FLV//", "/FLV/=h264/", "/MP4//", "/MP4/=h264/", "/MPD//", "/WEBM/#", "/WEBM//", "AUTO///", "AUTO/MPD//", "HD//#", "HD///", "HD//=h264/", "HD/FLV//", "HD/FLV/=h264/", "HD/MP4//", "HD/MP4/=h264/", "HD/WEBM/#", "HD/WEBM//"}},
	Numbers: numbers{search.NumberSize: 9007199254740993, search.NumberDuration: 60001, search.NumberWidth: 1920, search.NumberHeight: 1080,
		search.NumberCreated: updatedNow, search.NumberUpdated: updatedNow},
}}

// Documents are in the order asked, each once, of what there is and has an entry.
func TestDocumentsOfWhatThereIs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		c := verbs(db)
		ids := fill(t, c, 1)[0]
		db.Client.IndexEntry.Delete().Where(indexentry.AssetID(ids[1])).ExecX(t.Context())
		if err := db.Client.Asset.DeleteOneID(ids[2]).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		got, err := outbox.New(c.Library).Documents(t.Context(), []string{ids[3], "vid_unknown", ids[2], ids[1], ids[0], ids[3]})
		if err != nil || len(got) != 2 || got[0].ID != ids[3] || got[1].ID != ids[0] {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := outbox.New(c.Library).Documents(t.Context(), nil); err != nil || len(got) != 0 {
			t.Errorf("of none: %+v, %v", got, err)
		}
	})
}

func TestDocumentsTakeTheSameStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		c := verbs(db)
		ids := slices.Concat(fill(t, c, 25)...)
		counts := map[int]int{}
		for _, n := range []int{10, 100} {
			counts[n] = len(db.Statements(func() {
				if got, err := outbox.New(c.Library).Documents(t.Context(), ids[:n]); err != nil || len(got) != n {
					t.Fatalf("%d documents of %d, %v", len(got), n, err)
				}
			}))
		}
		if counts[10] != 9 || counts[100] != 9 {
			t.Errorf("statements by assets: %v, want 9", counts)
		}
	})
}

// saidMuch is what a source says at some times: cues of 100 KiB, and labels of 10.
func saidMuch(first, step int) (in catalog.AIDataInput) {
	for i := range 8 {
		at := int64(first + i*step)
		text := fmt.Sprintf("%06d", at) + strings.Repeat("é", (100<<10-6)/2)
		in.Speech = append(in.Speech, &catalog.CueInput{Start: fact.Millis(at), End: fact.Millis(at + 1), Text: text})
		in.ScreenText = append(in.ScreenText, &catalog.CueInput{Start: fact.Millis(at), End: fact.Millis(at + 1), Text: text})
	}
	for i := range 20 {
		in.Labels = append(in.Labels, &catalog.AILabelInput{Category: "OBJECT",
			Name: fmt.Sprintf("%06d", first+i*step) + strings.Repeat("x", 10<<10-6)})
	}
	return in
}

// Of what sources say without end a document has the beginning, whatever the others
// have that are read with it.
func TestDocumentsHaveAnEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		c := verbs(db)
		ids := fill(t, c, 1)[0]
		put := func(asset, source string, in catalog.AIDataInput) {
			in.Source = source
			items := []*catalog.AIDataPutInput{{Asset: &change.AssetRef{ID: &asset}, AIDataInput: in}}
			if _, err := c.AIDataPut(t.Context(), items, nil); err != nil {
				t.Fatal(err)
			}
		}
		put(ids[0], "late", saidMuch(1001, 2))
		put(ids[0], "later", saidMuch(1000, 2))
		for _, source := range []string{"a", "b"} {
			put(ids[2], source, saidMuch(1, 1)) // the same from both
		}
		huge := catalog.AIDataInput{Speech: []*catalog.CueInput{{Start: 1, End: 2, Text: strings.Repeat("x", 1<<20+1)}, {Start: 3, End: 4, Text: "x"}},
			ScreenText: []*catalog.CueInput{{Start: 1, End: 2, Text: "x"}, {Start: 3, End: 4, Text: strings.Repeat("x", 1<<20-1)}, {Start: 5, End: 6, Text: "x"}}}
		put(ids[3], "eye", huge)

		got, err := outbox.New(c.Library).Documents(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		begin := func(i int, field search.TextField) (list []string) {
			for _, text := range got[i].Texts[field] {
				list = append(list, text[:min(6, len(text))])
			}
			return list
		}
		var numbers []string
		for i := range 26 {
			numbers = append(numbers, fmt.Sprintf("%06d", 1000+i)) // of one source and the other
		}
		for _, field := range []search.TextField{search.Speech, search.ScreenText} {
			if of := begin(0, field); !slices.Equal(of, numbers[:10]) {
				t.Errorf("%s of two sources: %q", field, of)
			}
			if n := len(begin(2, field)); n != 10 {
				t.Errorf("%d of %s twice", n, field)
			}
		}
		if of := begin(0, search.Labels); !slices.Equal(of, numbers[:25]) {
			t.Errorf("labels: %q", of)
		}
		if n := len(begin(2, search.Labels)); n != 20 {
			t.Errorf("%d labels, each once", n)
		}
		if said, shown := begin(3, search.Speech), begin(3, search.ScreenText); len(said) != 0 || len(shown) != 2 {
			t.Errorf("of huge ones: said %q, shown %q", said, shown)
		}
	})
}

func TestTermText(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		c := verbs(db)
		docs, err := outbox.New(c.Library).Documents(t.Context(), slices.Concat(fill(t, c, 1)...))
		if err != nil {
			t.Fatal(err)
		}
		for field, want := range map[search.TermField][]string{
			search.TermLocation: {"a place that is described in many words, at length", "default", "here"},
			search.TermCodec:    {"a codec that is described in many words, at length", "h264"},
		} {
			asked := []string{"#of no value"}
			for _, doc := range docs {
				asked = append(asked, doc.Terms[field]...)
			}
			var values map[string]string
			count := len(db.Statements(func() { values, err = filter.TermText(t.Context(), db.Client, field, asked) }))
			got := slices.Sorted(maps.Values(values))
			if err != nil || !slices.Equal(got, want) || count != 1 {
				t.Errorf("%s: %q, %v in %d statements, want %q in one", field, got, err, count, want)
			}
			if count := len(db.Statements(func() { values, err = filter.TermText(t.Context(), db.Client, field, []string{"=x", "=/="}) })); err != nil ||
				count != 0 || values["=x"] != "x" || values["=/="] != "/=" {
				t.Errorf("%s: plain ones: %q, %v in %d statements", field, values, err, count)
			}
		}
		if _, err := filter.TermText(t.Context(), db.Client, search.TermKind, nil); err == nil {
			t.Error("the kinds have texts")
		}
	})
}
