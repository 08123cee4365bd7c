package demo

import (
	"strconv"
	"time"

	"vodgraph/demo/invent"
	"vodgraph/demo/line"
)

// languages are those a work has subtitles in, by their BCP 47 tags.
var languages = []struct{ tag, label, category, english, file string }{
	{"ja", "日本語", "Japanese", "Japanese subtitles", "vtt"},
	{"zh-Hans", "简体中文", "Chinese", "Chinese subtitles", "ass"},
	{"en", "English", "English", "English subtitles", "srt"},
}

// subtitles are one attachment a language, in the order of languages and of
// their ids.
func (w *work) subtitles() []*line.Asset {
	c := w.chance(ofSubtitles)
	list := make([]*line.Asset, len(languages))
	for i, l := range languages {
		at := w.at.Add(time.Duration(10+i) * time.Minute)
		id := line.NewID("att_", at, c.Rand)
		list[i] = &line.Asset{
			ID: id, Kind: "ATTACHMENT", ReferenceID: w.Ref + "-subtitle-" + l.tag, Title: w.Title + " 字幕 " + l.label,
			AlternativeTitles: w.translated(l.english, l.label+"字幕"), Status: "NORMAL", Size: int64(c.Between(18_000, 140_000)),
			StorageLocation: "default", StorageClass: "STANDARD", MediaSource: "GENERAL", AttachmentType: "SUBTITLE",
			Categories: under("Subtitles/" + l.category), Tags: sorted("subtitle", l.category, l.file),
			CreatedAt: line.At(at), UpdatedAt: line.At(c.Later(at, 30)),
			FileName: w.Ref + "." + l.tag + "." + l.file, Location: "attachments/" + id + "." + l.file,
		}
	}
	if w.n%70 == 34 {
		last := list[len(list)-1]
		last.Status, last.StatusReason = "UPLOAD_FAILED", "The file is not text."
	}
	return list
}

// extras are what belongs to no single work: watermarks and materials.
func (p *plan) extras() {
	c := invent.NewChance(seed+ofExtras, 0)
	for i, title := range []string{"Channel logo, top right", "Channel logo, bottom left", "Preview copy"} {
		w := extra(c, i, "WATERMARK", title, "png")
		w.Categories, w.Tags = under("Watermarks"), sorted("watermark", "logo", "branding")
		p.watermarks = append(p.watermarks, w)
	}
	for i := range 12 {
		title := []string{"Opening bumper", "Closing bumper", "Jingle", "Title sequence project"}[i%4]
		m := extra(c, 100+i, "MATERIAL", title+" "+strconv.Itoa(i/4+1), "zip")
		m.Categories = under("Materials/"+[]string{"Bumpers", "Bumpers", "Sound", "Projects"}[i%4], "Press")
		m.Tags = sorted("material", "branding", "edit")
		p.materials = append(p.materials, m)
	}
}

func extra(c invent.Chance, n int, kind, title, file string) *line.Asset {
	at := founded.Add(time.Duration(n) * time.Hour)
	id := line.NewID("att_", at, c.Rand)
	return &line.Asset{
		ID: id, Kind: "ATTACHMENT", ReferenceID: "demo-" + strconv.Itoa(n), Title: title, Status: "NORMAL",
		Size: int64(c.Between(9_000, 90_000_000)), StorageLocation: "default", StorageClass: "STANDARD",
		MediaSource: "GENERAL", AttachmentType: kind, CreatedAt: line.At(at), UpdatedAt: line.At(c.Later(at, 900)),
		FileName: "demo-" + strconv.Itoa(n) + "." + file, Location: "attachments/" + id + "." + file,
	}
}
