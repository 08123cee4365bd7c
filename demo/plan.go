package demo

import (
	"slices"
	"strings"
	"time"

	"vodgraph/demo/bangumi"
	"vodgraph/demo/invent"
	"vodgraph/demo/line"
)

// work is a work with what the plan gives it.
type work struct {
	bangumi.Work
	// n is its place in the list, which decides what it has.
	n  int
	at time.Time
	// series is the works of the same series that began before it.
	series []*work
	// film is what its video is made of.
	film  invent.Film
	image string
}

// What a work has follows from its place, so that there is some of everything.
func (w *work) hasVideo() bool     { return w.n%50 != 49 }
func (w *work) hasAudio() bool     { return w.n%12 == 3 }
func (w *work) hasImage() bool     { return w.n%5 < 2 }
func (w *work) hasStill() bool     { return w.n%20 == 7 }
func (w *work) hasSubtitles() bool { return w.n%10 == 4 }

// chance is the work's own, for one of the things it has.
func (w *work) chance(of uint64) invent.Chance { return invent.NewChance(seed+of, uint64(w.n)) }

// The streams of chance of a work.
const (
	ofFilm uint64 = iota
	ofVideo
	ofAI
	ofAudio
	ofImage
	ofStill
	ofSubtitles
	ofExtras
)

// plan is the works and what they share.
type plan struct {
	works      []*work
	watermarks []*line.Asset
	materials  []*line.Asset
}

func newPlan(list []bangumi.Work) *plan {
	p := &plan{}
	begun := map[string][]*work{}
	for n, real := range list {
		w := &work{Work: real, n: n, at: real.TakenIn().Add(time.Duration(n) * time.Millisecond)}
		series := seriesOf(real.Title)
		w.series = slices.Clone(begun[series])
		begun[series] = append(begun[series], w)
		c := w.chance(ofFilm)
		w.film = invent.NewFilm(c, line.NewID("vid_", w.at, c.Rand), w.at, real.Broadcast().Year())
		w.film.Milliseconds = length(c, real.Type)
		if real.Lang != "ja" {
			w.film.Language = real.Lang
		}
		if w.hasImage() {
			w.image = line.NewID("img_", w.at, w.chance(ofImage).Rand)
		}
		p.works = append(p.works, w)
	}
	p.extras()
	return p
}

// length is how long a work of the type is, in milliseconds.
func length(c invent.Chance, kind string) int64 {
	minutes := map[string][2]int{
		bangumi.TV: {22, 25}, bangumi.Movie: {62, 138}, bangumi.OVA: {26, 58}, bangumi.Web: {4, 26}}[kind]
	return int64(c.Between(minutes[0]*60_000, minutes[1]*60_000))
}

// seriesOf is the beginning of a title, up to what distinguishes one part of a series
// from another.
func seriesOf(title string) string {
	for _, before := range []string{"劇場版 ", "映画 ", "新劇場版 ", "劇場版"} {
		title = strings.TrimPrefix(title, before)
	}
	name, _, _ := strings.Cut(title, " ")
	if end := strings.IndexAny(name, "(（～〜:：!！0123456789"); end > 0 {
		name = name[:end]
	}
	if len([]rune(name)) < 3 {
		return title
	}
	return strings.ToLower(name)
}

// lines are those of categories and tags, then of what works share, then work
// by work.
func (p *plan) lines() []line.Of {
	assets := slices.Concat(p.watermarks, p.materials)
	for _, w := range p.works {
		assets = append(assets, p.of(w)...)
	}
	lines := line.Filing(append(assets, unused), founded, invent.NewChance(seed, 1<<32).Rand)
	for _, asset := range assets {
		lines = append(lines, line.Of{Asset: asset})
	}
	return lines
}

// of is all that belongs to a work; what its video links to comes before it.
func (p *plan) of(w *work) []*line.Asset {
	var assets []*line.Asset
	if w.hasImage() {
		assets = append(assets, w.visual())
	}
	if w.hasStill() {
		assets = append(assets, w.still())
	}
	var subtitles []*line.Asset
	if w.hasSubtitles() {
		subtitles = w.subtitles()
		assets = append(assets, subtitles...)
	}
	if w.hasAudio() {
		assets = append(assets, p.audio(w, subtitles))
	}
	if w.hasVideo() {
		assets = append(assets, p.video(w, subtitles))
	}
	return assets
}
