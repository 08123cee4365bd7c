package demo

import (
	"time"

	"vodgraph/demo/invent"
	"vodgraph/demo/line"
)

// audio is the theme song of the work, or its soundtrack. The subtitles, if
// any, serve as the words of the song.
func (p *plan) audio(w *work, subtitles []*line.Asset) *line.Asset {
	c := w.chance(ofAudio)
	at := w.at.Add(time.Hour)
	track := invent.Track{ID: line.NewID("aud_", at, c.Rand), At: at, Language: w.film.Language,
		Milliseconds: int64(c.Between(80_000, 300_000))}
	title, english, chinese, category, tag := w.Title+" 主題歌", "theme song", "主题曲", "Music/Theme songs", "theme song"
	if w.n%24 == 3 {
		title, english, chinese = w.Title+" オリジナル・サウンドトラック", "original soundtrack", "原声音乐集"
		category, tag = "Music/Soundtracks", "soundtrack"
		track.Milliseconds *= 12
	}
	a := &line.Asset{
		ID: track.ID, Kind: "AUDIO", ReferenceID: w.Ref + "-music", Title: title, Status: "NORMAL",
		AlternativeTitles: w.translated(english, chinese), StorageLocation: "default", StorageClass: "STANDARD",
		MediaSource: "GENERAL", Categories: under(category), DownloadEnabled: new(bool),
		Tags:      sorted("music", tag, w.Broadcast().Format("2006"), "Japanese"),
		CreatedAt: line.At(at), UpdatedAt: line.At(c.Later(at, 200)), Mezzanine: track.Mezzanine(c),
	}
	*a.DownloadEnabled = true
	a.Size, a.Duration = a.Mezzanine.Size, a.Mezzanine.Duration
	a.PlayInfos = track.PlayInfos(c)
	if w.n%4 == 3 && len(subtitles) == 0 {
		a.Attachments = []line.Attachment{{
			Attachment: line.Ref{ID: p.materials[w.n%len(p.materials)].ID}, Label: "Jingle"}}
	}
	for i, s := range subtitles {
		a.Attachments = append(a.Attachments, line.Attachment{
			Attachment: line.Ref{ID: s.ID}, Language: languages[i].tag, Label: languages[i].label})
	}
	if w.hasImage() {
		a.Cover = &line.Cover{Image: &line.Ref{ID: w.image}}
	}
	switch w.n % 96 {
	case 51:
		a.Status = "CHECKING"
	case 75:
		a.Status, a.StatusReason, a.PlayInfos = "TRANSCODE_FAILED", "The source breaks off after 12 seconds.", nil
	}
	a.AIData = []line.AIData{{Source: invent.Ear,
		Labels: invent.Labels(c, 4, track.Milliseconds),
		Speech: invent.Cues(c, invent.Sentences(c, 4, track.Language), track.Milliseconds, track.Language, 0),
		Review: invent.Review(c, "PASS", at, track.Milliseconds)}}
	return a
}

// translated is the work's English and Chinese titles with a word behind them.
func (w *work) translated(english, chinese string) []string {
	var titles []string
	if len(w.En) > 0 {
		titles = append(titles, w.En[0]+" "+english)
	}
	return append(titles, w.ZhHans[0]+" "+chinese)
}
