package generated

import (
	"slices"

	"vodgraph/demo/invent"
	"vodgraph/demo/line"
)

// Every so-many-th attachment is a watermark; the one after it is a material,
// the others are subtitles.
const watermarkEvery = 10

func attachment(c invent.Chance, a *line.Asset, i int) *line.Asset {
	a.Kind, a.AttachmentType = "ATTACHMENT", "SUBTITLE"
	file := invent.Pick(c, []string{"srt", "vtt", "ass"})
	switch i % watermarkEvery {
	case 0:
		a.AttachmentType, file = "WATERMARK", "png"
	case 1:
		a.AttachmentType, file = "MATERIAL", "zip"
	}
	a.Size = int64(c.Between(2000, 9_000_000))
	a.FileName, a.Location = a.ID+"."+file, "attachments/"+a.ID+"."+file
	failing(c, a)
	return a
}

func image(c invent.Chance, a *line.Asset, i int) *line.Asset {
	a.Kind, a.ImageType = "IMAGE", "COVER"
	if i%4 == 0 {
		a.ImageType = "DEFAULT"
	}
	a.Size, a.Width, a.Height = int64(c.Between(40_000, 4_000_000)), c.Between(320, 4000), c.Between(240, 4000)
	a.FileName, a.Location = a.ID+".jpg", "images/"+a.ID+".jpg"
	if c.One(3) {
		a.AIData = []line.AIData{{Source: invent.Lens, Labels: invent.Labels(c, 3, 0),
			Review: invent.Review(c, "PASS", a.CreatedAt.Time, 0)}}
	}
	failing(c, a)
	return a
}

// failing has some images and attachments not arrive.
func failing(c invent.Chance, a *line.Asset) {
	switch c.IntN(60) {
	case 0:
		a.Status, a.Size = "UPLOADING", 0
	case 1:
		a.Status, a.StatusReason = "UPLOAD_FAILED", "The file was cut short."
	}
}

func (c *Corpus) audio(chance invent.Chance, a *line.Asset) *line.Asset {
	track := invent.Track{ID: a.ID, At: a.CreatedAt.Time, Milliseconds: int64(chance.Between(30_000, 3_600_000)),
		Language: invent.Pick(chance, []string{"ja", "en", "zh-Hans"})}
	a.Kind, a.DownloadEnabled = "AUDIO", new(bool)
	*a.DownloadEnabled = chance.One(2)
	a.Mezzanine = track.Mezzanine(chance)
	a.Size, a.Duration = a.Mezzanine.Size, a.Mezzanine.Duration
	a.PlayInfos = track.PlayInfos(chance)
	a.Attachments = c.linked(chance, chance.IntN(2))
	if count := c.counts[images]; count > 0 && chance.One(2) {
		a.Cover = &line.Cover{Image: &line.Ref{ID: c.id(images, chance.IntN(count))}}
	}
	if chance.One(2) {
		a.AIData = []line.AIData{{Source: invent.Ear, Labels: invent.Labels(chance, 2, track.Milliseconds),
			Speech: invent.Cues(chance, invent.Sentences(chance, 4, track.Language), track.Milliseconds, track.Language, 0),
			Review: invent.Review(chance, "PASS", track.At, track.Milliseconds)}}
	}
	return a
}

func (c *Corpus) video(chance invent.Chance, a *line.Asset, i int) *line.Asset {
	film := filmOf(chance, a)
	a.Kind, a.DownloadEnabled = "VIDEO", new(bool)
	*a.DownloadEnabled = chance.One(3)
	a.MediaSource = invent.Pick(chance, []string{"GENERAL", "GENERAL", "GENERAL", "SHORT_VIDEO", "EDITING", "LIVE"})
	if chance.One(2) {
		a.Description = invent.Sentences(chance, 1, "ja")[0] + " " + invent.Sentences(chance, 1, "en")[0]
	}
	if chance.One(40) {
		// It has not arrived yet: there is nothing to say of it.
		a.Status = "UPLOADING"
		a.Mezzanine = &line.Mezzanine{Status: "UPLOADING", CreatedAt: a.CreatedAt}
		return a
	}
	a.Mezzanine = film.Mezzanine(chance)
	a.Size, a.Duration = a.Mezzanine.Size, a.Mezzanine.Duration
	a.Attachments = c.linked(chance, chance.IntN(3))
	if chance.One(40) {
		a.Status, a.StatusReason = "TRANSCODE_FAILED", "The source has no video stream that can be decoded."
		return a
	}
	how := invent.Making{Most: chance.Between(1, 2), Formats: []string{"MP4", "M3U8"}, Encrypted: chance.One(5),
		Redone: chance.One(6)}
	if count := c.counts[attachments]; count > 0 && chance.One(4) {
		how.Watermark = c.id(attachments, chance.IntN((count-1)/watermarkEvery+1)*watermarkEvery)
	}
	a.PlayInfos = film.PlayInfos(chance, how)
	a.Snapshots = film.Snapshots(chance, 3)
	a.Cover = c.cover(chance)
	if chance.One(2) {
		a.AIData = c.aiData(chance, a, film, i)
	}
	return a
}

// linked are n links to attachments that are no watermarks, by their ids, or
// fewer where the draw repeats itself.
func (c *Corpus) linked(chance invent.Chance, n int) []line.Attachment {
	count := c.counts[attachments]
	if count < 2 {
		return nil
	}
	drawn := make([]int, 0, n)
	for range n {
		if i := chance.IntN(count); i%watermarkEvery != 0 {
			drawn = append(drawn, i)
		}
	}
	slices.Sort(drawn)
	drawn = slices.Compact(drawn)
	links := make([]line.Attachment, len(drawn))
	for j, i := range drawn {
		links[j] = line.Attachment{Attachment: line.Ref{ID: c.id(attachments, i)}, Label: "Extra"}
		if i%watermarkEvery > 1 {
			links[j].Language, links[j].Label = invent.Pick(chance, []string{"ja", "en", "zh-Hans", "zh-Hant"}), "Subtitles"
		}
	}
	return links
}

func (c *Corpus) cover(chance invent.Chance) *line.Cover {
	draw := chance.IntN(5)
	if count := c.counts[images]; draw < 2 && count > 0 {
		return &line.Cover{Image: &line.Ref{ID: c.id(images, chance.IntN(count))}}
	}
	if draw == 4 {
		return nil
	}
	return &line.Cover{Snapshot: &line.SnapshotRef{Type: "COVER", Index: chance.IntN(3)}}
}

// aiData is of both analysers; what they suggest stands in the status.
func (c *Corpus) aiData(chance invent.Chance, a *line.Asset, film invent.Film, i int) []line.AIData {
	suggestion, ms := "PASS", film.Milliseconds
	switch chance.IntN(30) {
	case 0:
		suggestion, a.Status, a.StatusReason = "BLOCK", "BLOCKED", "The review found matter that may not be shown."
	case 1:
		suggestion, a.Status = "REVIEW", "CHECKING"
	}
	var resembled []string
	if i > 0 && chance.One(5) {
		resembled = []string{c.id(videos, chance.IntN(i))}
	}
	return []line.AIData{
		{Source: invent.Ear, Speech: invent.Cues(chance, invent.Sentences(chance, 5, film.Language), ms, film.Language, 0)},
		{Source: invent.Lens, Labels: invent.Labels(chance, 5, ms),
			ScreenText: invent.Cues(chance, []string{a.Title}, ms, film.Language, -1),
			Review:     invent.Review(chance, suggestion, film.At, ms), Duplicates: invent.Duplicates(chance, resembled, ms),
			CoverCandidates: film.CoverCandidates(chance, 1)},
	}
}
