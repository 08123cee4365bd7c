package demo

import (
	"vodgraph/demo/invent"
	"vodgraph/demo/line"
)

// aiData is what the two analysers found in the work's video.
func (w *work) aiData(status string) []line.AIData {
	c := w.chance(ofAI)
	ms := w.film.Milliseconds
	suggestion := "PASS"
	switch {
	case status == "BLOCKED":
		suggestion = "BLOCK"
	case status == "CHECKING" || w.n%31 == 11:
		suggestion = "REVIEW"
	}
	var resembled []string
	for _, other := range w.series[max(0, len(w.series)-2):] {
		if other.hasVideo() {
			resembled = append(resembled, other.film.ID)
		}
	}
	screen := append([]string{w.Title}, invent.Sentences(c, 2, w.film.Language)...)
	return []line.AIData{
		{Source: invent.Ear, Labels: invent.Labels(c, 2, ms), Speech: w.speech(c)},
		{Source: invent.Lens, Labels: invent.Labels(c, 9, ms),
			ScreenText: invent.Cues(c, screen, ms, w.film.Language, -1),
			Review:     invent.Review(c, suggestion, w.at, ms), Duplicates: invent.Duplicates(c, resembled, ms),
			CoverCandidates: w.film.CoverCandidates(c, 1+w.n%3)},
	}
}

// speech begins with the work's own title, so that what is spoken distinguishes works
// apart; every fifth work is heard in English.
func (w *work) speech(c invent.Chance) []line.Cue {
	language, opening := w.film.Language, "これは「"+w.Title+"」の物語です。"
	switch {
	case len(w.En) > 0 && w.n%5 == 0:
		language, opening = "en", "This is the story of "+w.En[0]+"."
	case language == "zh-Hans":
		opening = "这是《" + w.Title + "》的故事。"
	}
	sentences := append([]string{opening}, invent.Sentences(c, c.Between(4, 8), language)...)
	return invent.Cues(c, sentences, w.film.Milliseconds, language, w.n%2)
}
