package line

import "vodgraph/ent/fact"

// AIData is what one analyser says of an asset. All times in it are
// written in seconds, all confidences, scores and similarities lie between 0 and 1.
type AIData struct {
	Source          string           `json:"source"`
	Labels          []AILabel        `json:"labels,omitempty"`
	Speech          []Cue            `json:"speech,omitempty"`
	ScreenText      []Cue            `json:"screenText,omitempty"`
	Review          *Review          `json:"review,omitempty"`
	Duplicates      []Duplicate      `json:"duplicates,omitempty"`
	CoverCandidates []CoverCandidate `json:"coverCandidates,omitempty"`
}

// AILabel is something that was recognised.
type AILabel struct {
	Name       string     `json:"name"`
	Category   string     `json:"category"`
	Confidence float64    `json:"confidence"`
	Spans      []TimeSpan `json:"spans,omitempty"`
}

// TimeSpan is a stretch of time.
type TimeSpan struct {
	Start fact.Millis `json:"start"`
	End   fact.Millis `json:"end"`
}

// Cue is a stretch of speech or of text on the screen.
type Cue struct {
	Start      fact.Millis `json:"start"`
	End        fact.Millis `json:"end"`
	Text       string      `json:"text"`
	Confidence float64     `json:"confidence"`
	Language   string      `json:"language,omitempty"`
	Channel    *int        `json:"channel,omitempty"`
}

// Review is a moderation's suggestion with its findings.
type Review struct {
	Suggestion string          `json:"suggestion"`
	Labels     []string        `json:"labels,omitempty"`
	Findings   []ReviewFinding `json:"findings,omitempty"`
	CreatedAt  Time            `json:"createdAt"`
}

// ReviewFinding is one thing that a review has to say; findings without times
// come first.
type ReviewFinding struct {
	Module     string       `json:"module"`
	Scene      string       `json:"scene"`
	Label      string       `json:"label"`
	Score      float64      `json:"score"`
	Suggestion string       `json:"suggestion"`
	Start      *fact.Millis `json:"start,omitempty"`
	End        *fact.Millis `json:"end,omitempty"`
	Text       string       `json:"text,omitempty"`
	Location   string       `json:"location,omitempty"`
}

// Duplicate says that an asset resembles another.
type Duplicate struct {
	Asset      Ref                `json:"asset"`
	Similarity float64            `json:"similarity"`
	Segments   []DuplicateSegment `json:"segments,omitempty"`
}

// DuplicateSegment pairs a stretch of the asset with one of the other.
type DuplicateSegment struct {
	Start      fact.Millis `json:"start"`
	End        fact.Millis `json:"end"`
	OtherStart fact.Millis `json:"otherStart"`
	OtherEnd   fact.Millis `json:"otherEnd"`
}

// CoverCandidate is a picture that an analyser proposes for a cover. The
// duration, seconds, is that of a moving one.
type CoverCandidate struct {
	Location string  `json:"location"`
	Format   string  `json:"format"`
	Score    float64 `json:"score"`
	Width    int     `json:"width"`
	Height   int     `json:"height"`
	Duration float64 `json:"duration,omitempty"`
}
