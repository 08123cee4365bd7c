package change

import (
	"time"

	"vodgraph/ent"
)

// State is all that an asset is, or the parts of it that a transaction is about. Verbs
// make the next state from it and never change it: what they replace, they
// replace by new rows.
type State struct {
	*ent.Asset
	Tags       []string // names, by code point
	Categories []string // ids, in order
	Mezzanine  *ent.Mezzanine
	PlayInfos  []*ent.PlayInfo
	Snapshots  []*ent.Snapshot
	Links      []*ent.AttachmentLink
	AI         map[string]*Analysis // by source
}

// Analysis is what one source has to say of an asset.
type Analysis struct {
	Source     *ent.AISource
	Labels     []*ent.AILabel
	Cues       []*ent.Cue
	Findings   []*ent.ReviewFinding
	Duplicates []*ent.Duplicate
	Candidates []*ent.CoverCandidate
}

// Part is something of an asset that stands in a table of its own.
type Part uint8

// The parts.
const (
	WithTags Part = 1 << iota
	WithCategories
	WithMezzanine
	WithPlayInfos
	WithSnapshots
	WithLinks
	WithAIData
	WithAll = 1<<iota - 1
	ownRow  = WithAll + 1 // which is always loaded
)

// Next is a copy of the state to make the next one of.
func (s *State) Next() *State {
	n, row := *s, *s.Asset
	n.Asset = &row
	return &n
}

// Change is what a transaction makes of one asset.
type Change struct {
	Old  *State // nil where the asset is new
	Next *State
	// UpdatedAt is given by an import; otherwise it is the time of the transaction.
	UpdatedAt *time.Time
	// Differs reports, after Write, whether anything was written.
	Differs bool
}
