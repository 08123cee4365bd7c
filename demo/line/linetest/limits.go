package linetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"

	"vodgraph/demo/line"
)

// formed reports whether the id is the prefix and a ULID.
func formed(id, prefix string) error {
	if !strings.HasPrefix(id, prefix) {
		return fmt.Errorf("the id %s does not begin with %s", id, prefix)
	}
	_, err := ulid.ParseStrict(id[len(prefix):])
	return err
}

// limits checks what a line may hold, and what its kind has.
func limits(a *line.Asset) error {
	prefix := map[string]string{"VIDEO": "vid_", "AUDIO": "aud_", "IMAGE": "img_", "ATTACHMENT": "att_"}[a.Kind]
	if err := formed(a.ID, prefix); err != nil {
		return err
	}
	for _, title := range append(a.AlternativeTitles, a.Title) {
		if utf8.RuneCountInString(title) > 256 {
			return fmt.Errorf("the title %q is too long", title)
		}
	}
	for _, tag := range a.Tags {
		if utf8.RuneCountInString(tag) > 64 {
			return fmt.Errorf("the tag %q is too long", tag)
		}
	}
	for _, category := range a.Categories {
		if len(category.Path) < 1 || len(category.Path) > 3 {
			return fmt.Errorf("the path %q is too short or too long", category.Path)
		}
	}
	media := a.Kind == "VIDEO" || a.Kind == "AUDIO"
	switch {
	case len(a.AlternativeTitles) > 20 || len(a.Tags) > 50 || len(a.Categories) > 5 || len(a.ReferenceID) > 128:
		return fmt.Errorf("there is too much of something")
	case !media && (a.Duration != 0 || a.Mezzanine != nil || a.PlayInfos != nil || a.Attachments != nil ||
		a.Cover != nil || a.DownloadEnabled != nil || a.MediaSource != "" && a.MediaSource != "GENERAL"):
		return fmt.Errorf("it holds what only a video or an audio has")
	case a.Kind != "VIDEO" && a.Snapshots != nil:
		return fmt.Errorf("it holds what only a video has")
	case media && (a.FileName != "" || a.Location != ""), (a.ImageType != "") != (a.Kind == "IMAGE"),
		(a.AttachmentType != "") != (a.Kind == "ATTACHMENT"), a.Kind == "ATTACHMENT" && a.AIData != nil,
		a.Kind != "IMAGE" && a.Width+a.Height > 0:
		return fmt.Errorf("it holds what its kind does not have, or lacks what it has")
	case !slices.IsSorted(a.Tags) || !slices.IsSortedFunc(a.Categories, byPath) ||
		!slices.IsSortedFunc(a.Attachments, byID) || len(slices.Compact(slices.Clone(a.Tags))) != len(a.Tags):
		return fmt.Errorf("a list is not in its order")
	case a.UpdatedAt.Before(a.CreatedAt.Time):
		return fmt.Errorf("it was updated before it was created")
	}
	return streams(a)
}

func byPath(a, b line.CategoryRef) int { return slices.Compare(a.Path, b.Path) }

func byID(a, b line.Attachment) int { return cmp.Compare(a.Attachment.ID, b.Attachment.ID) }

// ladder is the largest size of each definition of a video.
var ladder = []struct {
	definition  string
	long, short int
}{
	{"FD", 640, 480}, {"LD", 720, 540}, {"SD", 1280, 720}, {"HD", 1920, 1080}, {"UHD_2K", 2560, 1440}, {"UHD_4K", 3840, 2160},
}

// streams checks that play infos are called what their size is, that jobs have
// numbers of their own, and that snapshots are in order.
func streams(a *line.Asset) error {
	jobs := map[string]bool{}
	for i, p := range a.PlayInfos {
		if jobs[p.JobID] {
			return fmt.Errorf("the job %s is there twice", p.JobID)
		}
		jobs[p.JobID] = true
		if p.StreamType == "VIDEO" {
			fits := slices.IndexFunc(ladder, func(d struct {
				definition  string
				long, short int
			}) bool {
				return max(p.Width, p.Height) <= d.long && min(p.Width, p.Height) <= d.short
			})
			if fits < 0 || ladder[fits].definition != p.Definition {
				return fmt.Errorf("%d x %d is not %s", p.Width, p.Height, p.Definition)
			}
		}
		if i > 0 && !a.PlayInfos[i-1].CreatedAt.Before(p.CreatedAt.Time) {
			return fmt.Errorf("play infos are not in the order of their making")
		}
	}
	if !slices.IsSortedFunc(a.Snapshots, func(a, b line.SnapshotSet) int { return cmp.Compare(a.Type, b.Type) }) {
		return fmt.Errorf("snapshot sets are not in order")
	}
	for _, set := range a.Snapshots {
		for i, item := range set.Items {
			if item.Index != i {
				return fmt.Errorf("snapshot %d of %s has the index %d", i, set.Type, item.Index)
			}
		}
	}
	return nil
}

// Links checks that everything the lines name is in the book, and of the right
// kind. It is for the end of the lines, as a line may name a later one.
func (b *Book) Links(t testing.TB) {
	t.Helper()
	for _, a := range b.Assets {
		if err := b.links(a); err != nil {
			t.Errorf("%s: %v", a.ID, err)
		}
	}
}

func (b *Book) links(a *line.Asset) error {
	for _, tag := range a.Tags {
		if !b.Tags[tag] {
			return fmt.Errorf("no line makes the tag %s", tag)
		}
	}
	for _, category := range a.Categories {
		if !b.Categories[strings.Join(category.Path, "\x1f")] {
			return fmt.Errorf("no line makes the category %q", category.Path)
		}
	}
	for _, link := range a.Attachments {
		if to := b.Assets[link.Attachment.ID]; to == nil || to.Kind != "ATTACHMENT" || to.AttachmentType == "WATERMARK" {
			return fmt.Errorf("%s is not to be attached", link.Attachment.ID)
		}
	}
	for _, p := range a.PlayInfos {
		if p.Watermark != nil {
			if to := b.Assets[p.Watermark.ID]; to == nil || to.AttachmentType != "WATERMARK" {
				return fmt.Errorf("%s is no watermark", p.Watermark.ID)
			}
		}
	}
	for _, data := range a.AIData {
		for _, duplicate := range data.Duplicates {
			if to := b.Assets[duplicate.Asset.ID]; to == nil || to == a {
				return fmt.Errorf("%s is not another asset", duplicate.Asset.ID)
			}
		}
	}
	return b.cover(a)
}

func (b *Book) cover(a *line.Asset) error {
	switch {
	case a.Cover == nil:
		return nil
	case a.Cover.Image != nil:
		if to := b.Assets[a.Cover.Image.ID]; to == nil || to.Kind != "IMAGE" {
			return fmt.Errorf("%s is no image", a.Cover.Image.ID)
		}
		return nil
	}
	for _, set := range a.Snapshots {
		if set.Type == a.Cover.Snapshot.Type && a.Cover.Snapshot.Index < len(set.Items) {
			return nil
		}
	}
	return fmt.Errorf("there is no snapshot %v to be the cover", *a.Cover.Snapshot)
}
