package generated_test

import (
	"bytes"
	"os"
	"testing"

	"vodgraph/bench/generated"
	"vodgraph/demo/line/linetest"
)

// written is the text of a corpus.
func written(t *testing.T, size generated.Size) []byte {
	t.Helper()
	corpus, err := generated.New(size)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := corpus.Write(&text); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// check writes a corpus and checks its lines.
func check(t *testing.T, size generated.Size) *linetest.Book {
	t.Helper()
	book := linetest.Open(t, "../../schema.graphql")
	last := ""
	for each := range bytes.Lines(written(t, size)) {
		book.Add(t, bytes.TrimSuffix(each, []byte("\n")))
		if id := string(each[7:37]); bytes.HasPrefix(each, []byte(`{"id":"`)) {
			if id <= last {
				t.Errorf("%s comes after %s", id, last)
			}
			last = id
		}
	}
	book.Links(t)
	return book
}

// TestCorpus holds that each line could be imported, that they are by id, and
// that every member is there.
func TestCorpus(t *testing.T) {
	t.Parallel()
	book := check(t, generated.Size{Assets: 3000, Seed: 1})
	if len(book.Assets) != 3000 {
		t.Errorf("there are %d assets", len(book.Assets))
	}
	for _, member := range []string{
		"referenceId", "alternativeTitles", "description", "statusReason", "size", "duration", "categories", "tags", "userData",
		"downloadEnabled", "imageType", "attachmentType", "fileName", "location", "width", "height", "cover.image",
		"cover.snapshot", "mezzanine.videoStreams", "mezzanine.audioStreams", "playInfos.watermark", "snapshots.sprite",
		"attachments.language", "aiData.labels.spans", "aiData.speech", "aiData.screenText", "aiData.review.findings",
		"aiData.duplicates", "aiData.coverCandidates",
	} {
		if book.Members[member] < 20 {
			t.Errorf("%s is said %d times", member, book.Members[member])
		}
	}
}

// TestPlain holds that the corpus of the import's speed has what it says.
func TestPlain(t *testing.T) {
	t.Parallel()
	book := check(t, generated.Size{Assets: 300, Seed: 1, Plain: true})
	if len(book.Assets) != 300 {
		t.Errorf("there are %d assets", len(book.Assets))
	}
	for _, a := range book.Assets {
		if a.Kind != "VIDEO" || len(a.Tags) != 5 || a.Mezzanine == nil || len(a.PlayInfos) != 2 ||
			len(a.Snapshots) != 1 || len(a.Snapshots[0].Items) != 3 {
			t.Errorf("%s is not plain", a.ID)
		}
	}
}

// TestSame holds that equal sizes make equal corpora, and another seed another.
func TestSame(t *testing.T) {
	t.Parallel()
	one := written(t, generated.Size{Assets: 200, Seed: 1})
	if !bytes.Equal(one, written(t, generated.Size{Assets: 200, Seed: 1})) {
		t.Error("two makings differ")
	}
	if bytes.Equal(one, written(t, generated.Size{Assets: 200, Seed: 2})) {
		t.Error("the seed makes no difference")
	}
}

// TestSmall holds that there may be few assets, or none, and no links then to
// what is not there.
func TestSmall(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 13, 30} {
		check(t, generated.Size{Assets: n, Seed: 1})
	}
}

// TestExchange holds that the library the tests of the exchange read is fresh:
//
//	go run ./bench corpus -n 60 > exchange/testdata/library.jsonl
func TestExchange(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../exchange/testdata/library.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, written(t, generated.Size{Assets: 60, Seed: 1})) {
		t.Error("it differs from what is made now")
	}
}
