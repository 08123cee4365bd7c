package change

import (
	"context"
	"fmt"
	"time"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
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

// Load reads the states of assets that exist, with the parts asked for, in a
// number of statements that does not depend on how many there are.
func (d *Tx) Load(ctx context.Context, ids []string, parts Part) (map[string]*State, error) {
	rows, err := d.Ent.Asset.Query().Where(collect.In[string](asset.FieldID, ids)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("load assets: %w", err)
	}
	return d.States(ctx, rows, parts)
}

// States are those of assets that were read, with the parts asked for.
func (d *Tx) States(ctx context.Context, rows []*ent.Asset, wanted Part) (map[string]*State, error) {
	states, ids := make(map[string]*State, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		states[row.ID], ids[i] = &State{Asset: row}, row.ID
	}
	for _, p := range parts {
		if p.load == nil || wanted&p.of == 0 || len(rows) == 0 {
			continue
		}
		if err := p.load(d, ctx, ids, states); err != nil {
			return nil, fmt.Errorf("load parts of assets: %w", err)
		}
	}
	return states, nil
}

// Change is what a transaction makes of one asset.
type Change struct {
	Old  *State // nil where the asset is new
	Next *State
	// updatedAt is given by an import; otherwise it is the time of the transaction.
	UpdatedAt *time.Time
	// Differs reports, after Write, whether anything was written.
	Differs bool
}
