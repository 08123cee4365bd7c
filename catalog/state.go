package catalog

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/ailabel"
	"vodgraph/ent/aisource"
	"vodgraph/ent/asset"
	"vodgraph/ent/assetcategory"
	"vodgraph/ent/assettag"
	"vodgraph/ent/attachmentlink"
	"vodgraph/ent/collect"
	"vodgraph/ent/covercandidate"
	"vodgraph/ent/cue"
	"vodgraph/ent/duplicate"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/reviewfinding"
	"vodgraph/ent/snapshot"
	"vodgraph/ent/tag"
)

// state is all that an asset is, or the parts of it that a deed is about. Verbs
// make the next state from it and never change it: what they replace, they
// replace by new rows.
type state struct {
	*ent.Asset
	tags       []string // names, by code point
	categories []string // ids, in order
	mezzanine  *ent.Mezzanine
	playInfos  []*ent.PlayInfo
	snapshots  []*ent.Snapshot
	links      []*ent.AttachmentLink
	ai         map[string]*analysis // by source
}

// analysis is what one source has to say of an asset.
type analysis struct {
	source     *ent.AISource
	labels     []*ent.AILabel
	cues       []*ent.Cue
	findings   []*ent.ReviewFinding
	duplicates []*ent.Duplicate
	candidates []*ent.CoverCandidate
}

// part is something of an asset that stands in a table of its own.
type part uint8

const (
	withTags part = 1 << iota
	withCategories
	withMezzanine
	withPlayInfos
	withSnapshots
	withLinks
	withAIData
	withAll = 1<<iota - 1
)

// next is a copy of the state to make the next one of.
func (s *state) next() *state {
	n, row := *s, *s.Asset
	n.Asset = &row
	return &n
}

// load reads the states of assets that exist, with the parts asked for, in a
// number of statements that does not depend on how many there are.
func (d *deed) load(ctx context.Context, ids []string, parts part) (map[string]*state, error) {
	rows, err := d.tx.Asset.Query().Where(collect.In[string](asset.FieldID, ids)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("load assets: %w", err)
	}
	return d.states(ctx, rows, parts)
}

// states are those of assets that were read, with the parts asked for.
func (d *deed) states(ctx context.Context, rows []*ent.Asset, parts part) (map[string]*state, error) {
	states, ids := make(map[string]*state, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		states[row.ID], ids[i] = &state{Asset: row}, row.ID
	}
	for _, p := range []struct {
		part part
		load func(context.Context, []string, map[string]*state) error
	}{
		{withTags, d.loadTags},
		{withCategories, d.loadCategories},
		{withMezzanine, d.loadMezzanines},
		{withPlayInfos, d.loadPlayInfos},
		{withSnapshots, d.loadSnapshots},
		{withLinks, d.loadLinks},
		{withAIData, d.loadAIData},
	} {
		if parts&p.part == 0 || len(rows) == 0 {
			continue
		}
		if err := p.load(ctx, ids, states); err != nil {
			return nil, fmt.Errorf("load parts of assets: %w", err)
		}
	}
	return states, nil
}

// loadTags joins by hand, since the tags of many assets are more than a
// statement takes arguments.
func (d *deed) loadTags(ctx context.Context, ids []string, states map[string]*state) error {
	b := sql.Dialect(d.tx.Client().Dialect())
	links, tags := b.Table(assettag.Table).As("links"), b.Table(tag.Table).As("named")
	pairs, err := d.pairs(ctx, b.Select(links.C(assettag.FieldAssetID), tags.C(tag.FieldName)).From(links).
		Join(tags).On(links.C(assettag.FieldTagID), tags.C(tag.FieldID)).
		Where(collect.InP(links.C(assettag.FieldAssetID), ids)))
	if err != nil {
		return err
	}
	for _, p := range pairs {
		states[p[0]].tags = append(states[p[0]].tags, p[1])
	}
	for _, s := range states {
		slices.Sort(s.tags)
	}
	return nil
}

func (d *deed) loadCategories(ctx context.Context, ids []string, states map[string]*state) error {
	b := sql.Dialect(d.tx.Client().Dialect())
	links := b.Table(assetcategory.Table)
	pairs, err := d.pairs(ctx, b.Select(links.C(assetcategory.FieldAssetID), links.C(assetcategory.FieldCategoryID)).
		From(links).Where(collect.InP(links.C(assetcategory.FieldAssetID), ids)))
	if err != nil {
		return err
	}
	for _, p := range pairs {
		states[p[0]].categories = append(states[p[0]].categories, p[1])
	}
	for _, s := range states {
		slices.Sort(s.categories)
	}
	return nil
}

// pairs runs a query of two texts a row.
func (d *deed) pairs(ctx context.Context, q sql.Querier) (pairs [][2]string, err error) {
	query, args := q.Query()
	rows, err := d.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p [2]string
		if err := rows.Scan(&p[0], &p[1]); err != nil {
			return nil, err
		}
		pairs = append(pairs, p)
	}
	return pairs, rows.Err()
}

func (d *deed) loadMezzanines(ctx context.Context, ids []string, states map[string]*state) error {
	rows, err := d.tx.Mezzanine.Query().Where(collect.In[string](mezzanine.FieldAssetID, ids)).All(ctx)
	for _, row := range rows {
		states[row.AssetID].mezzanine = row
	}
	return err
}

func (d *deed) loadPlayInfos(ctx context.Context, ids []string, states map[string]*state) error {
	rows, err := d.tx.PlayInfo.Query().Where(collect.In[string](playinfo.FieldAssetID, ids)).
		Order(playinfo.ByID()).All(ctx)
	for _, row := range rows {
		states[row.AssetID].playInfos = append(states[row.AssetID].playInfos, row)
	}
	return err
}

func (d *deed) loadSnapshots(ctx context.Context, ids []string, states map[string]*state) error {
	rows, err := d.tx.Snapshot.Query().Where(collect.In[string](snapshot.FieldAssetID, ids)).
		Order(snapshot.ByID()).All(ctx)
	for _, row := range rows {
		states[row.AssetID].snapshots = append(states[row.AssetID].snapshots, row)
	}
	return err
}

func (d *deed) loadLinks(ctx context.Context, ids []string, states map[string]*state) error {
	rows, err := d.tx.AttachmentLink.Query().Where(collect.In[string](attachmentlink.FieldAssetID, ids)).
		Order(attachmentlink.ByAttachmentID()).All(ctx)
	for _, row := range rows {
		states[row.AssetID].links = append(states[row.AssetID].links, row)
	}
	return err
}

// loadAIData reads the lists in the order they were written, of the sources that the
// deed is about, and all sources themselves.
func (d *deed) loadAIData(ctx context.Context, ids []string, states map[string]*state) error {
	sources, err := d.tx.AISource.Query().Where(collect.In[string](aisource.FieldAssetID, ids)).All(ctx)
	if err != nil || len(sources) == 0 {
		return err
	}
	for _, row := range sources {
		s := states[row.AssetID]
		if s.ai == nil {
			s.ai = map[string]*analysis{}
		}
		s.ai[row.Source] = &analysis{source: row}
	}
	labels, err := d.tx.AILabel.Query().Where(collect.In[string](ailabel.FieldAssetID, ids), d.saidBy(ailabel.FieldSource)).Order(ailabel.ByID()).All(ctx)
	for _, row := range labels {
		a := states[row.AssetID].ai[row.Source]
		a.labels = append(a.labels, row)
	}
	if err != nil {
		return err
	}
	said, err := d.tx.Cue.Query().Where(collect.In[string](cue.FieldAssetID, ids), d.saidBy(cue.FieldSource)).Order(cue.ByID()).All(ctx)
	for _, row := range said {
		a := states[row.AssetID].ai[row.Source]
		a.cues = append(a.cues, row)
	}
	if err != nil {
		return err
	}
	found, err := d.tx.ReviewFinding.Query().Where(collect.In[string](reviewfinding.FieldAssetID, ids), d.saidBy(reviewfinding.FieldSource)).
		Order(reviewfinding.ByID()).All(ctx)
	for _, row := range found {
		a := states[row.AssetID].ai[row.Source]
		a.findings = append(a.findings, row)
	}
	if err != nil {
		return err
	}
	return d.loadLikenesses(ctx, ids, states)
}

func (d *deed) loadLikenesses(ctx context.Context, ids []string, states map[string]*state) error {
	alike, err := d.tx.Duplicate.Query().Where(collect.In[string](duplicate.FieldAssetID, ids), d.saidBy(duplicate.FieldSource)).
		Order(duplicate.ByID()).All(ctx)
	for _, row := range alike {
		a := states[row.AssetID].ai[row.Source]
		a.duplicates = append(a.duplicates, row)
	}
	if err != nil {
		return err
	}
	proposed, err := d.tx.CoverCandidate.Query().Where(collect.In[string](covercandidate.FieldAssetID, ids), d.saidBy(covercandidate.FieldSource)).
		Order(covercandidate.ByID()).All(ctx)
	for _, row := range proposed {
		a := states[row.AssetID].ai[row.Source]
		a.candidates = append(a.candidates, row)
	}
	return err
}

// saidBy selects what the sources that the deed is about have said.
func (d *deed) saidBy(field string) func(*sql.Selector) {
	if d.sources == nil {
		return func(*sql.Selector) {}
	}
	return collect.In[string](field, d.sources)
}
