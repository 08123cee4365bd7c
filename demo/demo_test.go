package demo_test

import (
	"bytes"
	"crypto/sha256"
	"io"
	"testing"

	"vodgraph/demo"
	"vodgraph/demo/line/linetest"
)

// TestLines holds that each line could be imported and that whatever a line can
// say is said by one of them.
func TestLines(t *testing.T) {
	t.Parallel()
	library := open(t)
	book := linetest.Open(t, "../schema.graphql")
	count := 0
	for text, err := range library.Lines() {
		if err != nil {
			t.Fatal(err)
		}
		book.Add(t, text)
		count++
	}
	book.Links(t)
	if count != library.Count() {
		t.Errorf("Count says %d lines, there are %d", library.Count(), count)
	}
	if book.Categories["Unsorted"] == false || !book.Tags["to be reviewed"] {
		t.Error("there is no category or no tag without assets")
	}
	for member, least := range map[string]int{
		"cover.image": 200, "cover.snapshot": 100, "mezzanine.videoStreams": 600, "mezzanine.audioStreams": 650,
		"playInfos.watermark": 200, "snapshots.sprite": 500, "snapshots.items.at": 5000, "userData": 500,
		"attachments.language": 150, "attachments.label": 200, "alternativeTitles": 700, "statusReason": 15,
		"aiData.labels.spans": 4000, "aiData.speech.channel": 3000, "aiData.screenText": 500, "aiData.review.findings.start": 10,
		"aiData.review.findings.text": 15, "aiData.duplicates.segments": 50, "aiData.coverCandidates.duration": 100,
		"description": 600, "imageType": 250, "attachmentType": 200,
	} {
		if book.Members[member] < least {
			t.Errorf("%s is said %d times, less than %d", member, book.Members[member], least)
		}
	}
	t.Run("values", func(t *testing.T) { values(t, book) })
}

// values counts what assets are: of each value some.
func values(t *testing.T, book *linetest.Book) {
	seen := map[string]int{}
	for _, a := range book.Assets {
		for _, value := range []string{a.Kind, a.Kind + " " + a.Status, a.ImageType, a.AttachmentType, a.StorageClass, a.MediaSource} {
			seen[value]++
		}
		if len(a.Categories) > 1 {
			seen["two categories"]++
		}
		if n := len(a.Tags); a.Kind == "VIDEO" && (n < 3 || n > 8) {
			t.Errorf("%s has %d tags", a.Title, n)
		}
		made := map[string]bool{}
		for _, p := range a.PlayInfos {
			if made[p.Definition+p.Format] {
				seen["superseded"]++
			}
			made[p.Definition+p.Format] = true
			seen["encrypted "+p.EncryptType]++
			seen[p.Format]++
			seen[p.Definition]++
		}
		for _, set := range a.Snapshots {
			seen["snapshots "+set.Type]++
		}
		for _, data := range a.AIData {
			seen["source "+data.Source]++
			if data.Review != nil {
				seen[a.Status+" "+data.Review.Suggestion]++
			}
			for _, label := range data.Labels {
				seen["label "+label.Category]++
			}
		}
	}
	for value, least := range map[string]int{
		"VIDEO": 600, "AUDIO": 50, "IMAGE": 250, "ATTACHMENT": 200, "COVER": 200, "DEFAULT": 20, "SUBTITLE": 200, "WATERMARK": 3,
		"MATERIAL": 10, "VIDEO UPLOADING": 3, "VIDEO UPLOAD_FAILED": 3, "VIDEO UPLOADED": 3, "VIDEO TRANSCODING": 3,
		"VIDEO TRANSCODE_FAILED": 3, "VIDEO CHECKING": 3, "VIDEO BLOCKED": 3, "VIDEO NORMAL": 500, "IMAGE UPLOADING": 3,
		"IMAGE UPLOAD_FAILED": 3, "ATTACHMENT UPLOAD_FAILED": 3, "AUDIO TRANSCODE_FAILED": 1, "IA": 10, "ARCHIVE": 10,
		"COLD_ARCHIVE": 5, "SHORT_VIDEO": 5, "EDITING": 3, "LIVE": 3, "two categories": 300, "superseded": 50,
		"encrypted HLS": 100, "M3U8": 500, "MPD": 50, "MP3": 30, "OGG": 10, "FD": 5, "LD": 5, "SD": 100, "HD": 100, "UHD_4K": 10,
		"SQ": 30, "HQ": 30, "snapshots COVER": 500, "snapshots NORMAL": 500, "snapshots SPRITE": 500,
		"snapshots SPRITE_ORIGIN": 500, "snapshots WEB_VTT": 500, "source lens": 500, "source ear": 500, "BLOCKED BLOCK": 3,
		"CHECKING REVIEW": 3, "NORMAL PASS": 500, "label PERSON": 100, "label KEYWORD": 100, "label LOCATION": 100,
		"label TIME": 100, "label CATEGORY": 100, "label OBJECT": 100,
	} {
		if seen[value] < least {
			t.Errorf("%s is there %d times, less than %d", value, seen[value], least)
		}
	}
}

// TestSame holds that the demo is the same each time, line for line and read as
// a file.
func TestSame(t *testing.T) {
	t.Parallel()
	var sums [2][]byte
	for i := range sums {
		hash := sha256.New()
		for text, err := range open(t).Lines() {
			if err != nil {
				t.Fatal(err)
			}
			hash.Write(append(text, '\n'))
		}
		sums[i] = hash.Sum(nil)
	}
	file, err := io.ReadAll(open(t).Reader())
	if err != nil {
		t.Fatal(err)
	}
	read := sha256.Sum256(file)
	if !bytes.Equal(sums[0], sums[1]) || !bytes.Equal(sums[0], read[:]) {
		t.Error("two makings differ")
	}
}

func open(t *testing.T) *demo.Library {
	t.Helper()
	library, err := demo.New()
	if err != nil {
		t.Fatal(err)
	}
	return library
}

// TestWorks holds that the real works are many, of all types, with titles in
// three languages, and that none is there twice.
func TestWorks(t *testing.T) {
	t.Parallel()
	works, err := demo.Works()
	if err != nil {
		t.Fatal(err)
	}
	references, types, english := map[string]bool{}, map[string]int{}, 0
	for _, w := range works {
		if references[w.Ref] || w.Title == "" || len(w.ZhHans) == 0 || w.Begin.IsZero() {
			t.Errorf("%s is there twice or lacks something", w.Ref)
		}
		references[w.Ref] = true
		types[w.Type]++
		if len(w.En) > 0 {
			english++
		}
	}
	if len(works) < 600 || english < 500 || len(types) != 4 {
		t.Errorf("%d works, %d with an English title, types %v", len(works), english, types)
	}
}
