package demo

import (
	"cmp"
	"slices"
	"strconv"

	"vodgraph/demo/bangumi"
	"vodgraph/demo/invent"
	"vodgraph/demo/line"
)

// video is the work itself.
func (p *plan) video(w *work, subtitles []*line.Asset) *line.Asset {
	c := w.chance(ofVideo)
	v := &line.Asset{
		ID: w.film.ID, Kind: "VIDEO", ReferenceID: w.Ref, Title: w.Title, AlternativeTitles: w.AlternativeTitles(),
		Description: w.description(), Status: "NORMAL", StorageLocation: "default", StorageClass: "STANDARD",
		MediaSource: "GENERAL", Tags: w.Tags(), UserData: w.userData(c), DownloadEnabled: new(bool),
		CreatedAt: line.At(w.at), UpdatedAt: line.At(c.Later(w.at, 400)),
	}
	*v.DownloadEnabled = c.One(3)
	for _, path := range w.Categories() {
		v.Categories = append(v.Categories, line.CategoryRef{Path: path})
	}
	w.store(c, v)
	v.Mezzanine = w.film.Mezzanine(c)
	v.Size, v.Duration = v.Mezzanine.Size, v.Mezzanine.Duration
	v.PlayInfos = w.film.PlayInfos(c, p.making(w))
	v.Snapshots = w.film.Snapshots(c, 5)
	v.Attachments = p.attached(w, subtitles)
	v.Cover = w.cover()
	stand(v, w)
	if v.Status == "NORMAL" || v.Status == "BLOCKED" || v.Status == "CHECKING" {
		v.AIData = w.aiData(v.Status)
	}
	return v
}

// store puts the video somewhere: older ones into colder storage.
func (w *work) store(c invent.Chance, v *line.Asset) {
	switch year := w.Broadcast().Year(); {
	case year < 1980:
		v.StorageClass = "COLD_ARCHIVE"
	case year < 1990:
		v.StorageClass = "ARCHIVE"
	case year < 2000:
		v.StorageClass = "IA"
	}
	if v.StorageClass != "STANDARD" {
		v.StorageLocation = "archive-1"
	}
	switch {
	case w.Type == bangumi.Web && w.film.Milliseconds < 10*60_000:
		v.MediaSource = "SHORT_VIDEO"
	case c.One(25):
		v.MediaSource = invent.Pick(c, []string{"EDITING", "LIVE"})
	}
}

// making is how the work's streams are made.
func (p *plan) making(w *work) invent.Making {
	how := invent.Making{Most: 3, Formats: []string{"MP4", "M3U8"}, Encrypted: w.n%4 == 1, Redone: w.n%6 == 2}
	switch w.n % 9 {
	case 4:
		how.Formats = []string{"MP4", "MPD"}
	case 7:
		how.Formats = []string{"MP4"}
	}
	if w.n%3 == 0 {
		how.Watermark = p.watermarks[w.n/3%len(p.watermarks)].ID
	}
	return how
}

// attached is the subtitles, and for some works a material, by id.
func (p *plan) attached(w *work, subtitles []*line.Asset) []line.Attachment {
	var links []line.Attachment
	for i, s := range subtitles {
		links = append(links, line.Attachment{
			Attachment: line.Ref{ID: s.ID}, Language: languages[i].tag, Label: languages[i].label})
	}
	if w.n%7 == 0 {
		material := p.materials[w.n/7%len(p.materials)]
		links = append(links, line.Attachment{Attachment: line.Ref{ID: material.ID}, Label: "Bumper"})
	}
	slices.SortFunc(links, func(a, b line.Attachment) int { return cmp.Compare(a.Attachment.ID, b.Attachment.ID) })
	return links
}

// cover is the key visual where there is one, else for most a snapshot.
func (w *work) cover() *line.Cover {
	switch {
	case w.hasImage():
		return &line.Cover{Image: &line.Ref{ID: w.image}}
	case w.n%5 < 4:
		return &line.Cover{Snapshot: &line.SnapshotRef{Type: "COVER", Index: w.n % 3}}
	}
	return nil
}

func (w *work) description() string {
	what := map[string]string{bangumi.TV: "Television series", bangumi.Movie: "Feature film",
		bangumi.OVA: "Home video release", bangumi.Web: "Web release"}[w.Type]
	title := w.Title
	if len(w.En) > 0 {
		title = w.En[0]
	}
	return what + " of " + strconv.Itoa(w.Broadcast().Year()) + ": " + title + "."
}

// userData is what a caller keeps of its own: nested, and not the same for all.
func (w *work) userData(c invent.Chance) map[string]any {
	if w.n%10 == 9 {
		return nil
	}
	data := map[string]any{"source": "bangumi-data", "begin": w.Begin.Format("2006-01-02")}
	if !w.End.IsZero() {
		data["end"] = w.End.Format("2006-01-02")
	}
	if w.n%3 == 0 {
		data["rights"] = map[string]any{
			"territories": invent.Some(c, []string{"CN", "HK", "JP", "KR", "TW", "US"}, 3),
			"until":       strconv.Itoa(c.Between(2027, 2040)) + "-12-31",
			"exclusive":   c.One(2),
		}
	}
	return data
}
