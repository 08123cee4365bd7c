package invent

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"vodgraph/demo/line"
	"vodgraph/ent/fact"
)

// The analysers: one looks, one listens.
const (
	Lens = "lens"
	Ear  = "ear"
)

// Labels are n things recognised in something of so many milliseconds, of all
// categories in turn, surest first. A picture, of no length, has no spans.
func Labels(c Chance, n int, ms int64) []line.AILabel {
	labels := make([]line.AILabel, 0, n)
	for i := range n {
		group := recognised[i%len(recognised)]
		label := line.AILabel{
			Name: group.names[(i/len(recognised)+c.IntN(2)*7)%len(group.names)], Category: group.category,
			Confidence: c.Share(0.4, 0.999),
		}
		if ms > 0 {
			label.Spans = spans(c, c.Between(1, 3), ms)
		}
		if !slices.ContainsFunc(labels, func(l line.AILabel) bool { return l.Name == label.Name }) {
			labels = append(labels, label)
		}
	}
	slices.SortFunc(labels, func(a, b line.AILabel) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Name, b.Name))
	})
	return labels
}

// spans are n stretches of the film that do not touch, in time order.
func spans(c Chance, n int, ms int64) []line.TimeSpan {
	room := ms / int64(n)
	list := make([]line.TimeSpan, n)
	for i := range list {
		start := fact.Millis(int64(i)*room + c.Int64N(room/2))
		list[i] = line.TimeSpan{Start: start, End: start + 1 + fact.Millis(c.Int64N(room/2))}
	}
	return list
}

// Cues are the sentences, spread over so many milliseconds. The language is a
// BCP 47 tag, channel below zero is none.
func Cues(c Chance, sentences []string, ms int64, language string, channel int) []line.Cue {
	if len(sentences) == 0 {
		return nil
	}
	cues := make([]line.Cue, 0, len(sentences))
	for i, span := range spans(c, len(sentences), ms) {
		cue := line.Cue{
			Start: span.Start, End: min(span.End, span.Start+fact.Millis(c.Between(1200, 6000))),
			Text: sentences[i], Confidence: c.Share(0.6, 0.999), Language: language,
		}
		if channel >= 0 {
			cue.Channel = pointer(channel)
		}
		cues = append(cues, cue)
	}
	return cues
}

// Review is a moderation that suggests as given, PASS, REVIEW or BLOCK, with the
// findings that led to it. A picture, of no length, has no times.
func Review(c Chance, suggestion string, at time.Time, ms int64) *line.Review {
	review := &line.Review{Suggestion: suggestion, CreatedAt: line.At(at.Add(90 * time.Minute))}
	if suggestion == "PASS" {
		review.Labels = []string{"normal"}
		review.Findings = []line.ReviewFinding{
			{Module: "TITLE", Scene: "antispam", Label: "normal", Score: c.Share(0.95, 1), Suggestion: "PASS"}}
		return review
	}
	found := Some(c, findings, 2)
	for _, f := range found {
		f.Suggestion, f.Score = suggestion, c.Share(0.7, 0.999)
		review.Labels = append(review.Labels, f.Label)
		if ms > 0 && (f.Module == "VIDEO" || f.Module == "AUDIO") {
			begin := fact.Millis(c.Int64N(ms - 5000))
			f.Start, f.End = pointer(begin), pointer(begin+fact.Millis(c.Between(500, 5000)))
		}
		review.Findings = append(review.Findings, f)
	}
	slices.SortStableFunc(review.Findings, func(a, b line.ReviewFinding) int { return cmp.Compare(start(a), start(b)) })
	slices.Sort(review.Labels)
	return review
}

// start sorts findings without a time before all others.
func start(f line.ReviewFinding) fact.Millis {
	if f.Start == nil {
		return -1
	}
	return *f.Start
}

// Duplicates say that the film has a stretch of another: an opening, say.
func Duplicates(c Chance, others []string, ms int64) []line.Duplicate {
	duplicates := make([]line.Duplicate, 0, len(others))
	for _, id := range others {
		start, length := fact.Millis(c.Int64N(ms/4)), fact.Millis(min(int64(c.Between(20_000, 90_000)), ms/2))
		duplicates = append(duplicates, line.Duplicate{
			Asset: line.Ref{ID: id}, Similarity: c.Share(0.5, 0.99),
			Segments: []line.DuplicateSegment{{Start: start, End: start + length, OtherStart: 5000, OtherEnd: 5000 + length}},
		})
	}
	slices.SortFunc(duplicates, func(a, b line.Duplicate) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.Asset.ID, b.Asset.ID))
	})
	return duplicates
}

// CoverCandidates are n pictures proposed for a cover, best first; the last of
// three or more moves.
func (f Film) CoverCandidates(c Chance, n int) []line.CoverCandidate {
	list := make([]line.CoverCandidate, n)
	for i := range list {
		list[i] = line.CoverCandidate{
			Location: "candidates/" + f.ID + "-" + strconv.Itoa(i) + ".jpg", Format: "jpg",
			Score: c.Share(0.9-0.1*float64(i), 0.99-0.1*float64(i)), Width: f.Width, Height: f.Height,
		}
		if i >= 2 && i == n-1 {
			list[i].Location, list[i].Format = "candidates/"+f.ID+"-"+strconv.Itoa(i)+".webp", "webp"
			list[i].Duration = 2.5
		}
	}
	return list
}
