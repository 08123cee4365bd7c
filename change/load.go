package change

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

// loadTags joins by hand, since the tags of many assets are more than a
// statement takes arguments.
func (d *Tx) loadTags(ctx context.Context, ids []string, states map[string]*State) error {
	b := sql.Dialect(d.Ent.Client().Dialect())
	links, tags := b.Table(assettag.Table).As("links"), b.Table(tag.Table).As("named")
	pairs, err := d.Pairs(ctx, b.Select(links.C(assettag.FieldAssetID), tags.C(tag.FieldName)).From(links).
		Join(tags).On(links.C(assettag.FieldTagID), tags.C(tag.FieldID)).
		Where(collect.InP(links.C(assettag.FieldAssetID), ids)))
	if err != nil {
		return err
	}
	for _, p := range pairs {
		states[p[0]].Tags = append(states[p[0]].Tags, p[1])
	}
	for _, s := range states {
		slices.Sort(s.Tags)
	}
	return nil
}

func (d *Tx) loadCategories(ctx context.Context, ids []string, states map[string]*State) error {
	b := sql.Dialect(d.Ent.Client().Dialect())
	links := b.Table(assetcategory.Table)
	pairs, err := d.Pairs(ctx, b.Select(links.C(assetcategory.FieldAssetID), links.C(assetcategory.FieldCategoryID)).
		From(links).Where(collect.InP(links.C(assetcategory.FieldAssetID), ids)))
	if err != nil {
		return err
	}
	for _, p := range pairs {
		states[p[0]].Categories = append(states[p[0]].Categories, p[1])
	}
	for _, s := range states {
		slices.Sort(s.Categories)
	}
	return nil
}

// Pairs runs a query of two texts a row.
func (d *Tx) Pairs(ctx context.Context, q sql.Querier) (pairs [][2]string, err error) {
	query, args := q.Query()
	rows, err := d.Ent.QueryContext(ctx, query, args...)
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

func (d *Tx) loadMezzanines(ctx context.Context, ids []string, states map[string]*State) error {
	rows, err := d.Ent.Mezzanine.Query().Where(collect.In[string](mezzanine.FieldAssetID, ids)).All(ctx)
	for _, row := range rows {
		states[row.AssetID].Mezzanine = row
	}
	return err
}

func (d *Tx) loadPlayInfos(ctx context.Context, ids []string, states map[string]*State) error {
	rows, err := d.Ent.PlayInfo.Query().Where(collect.In[string](playinfo.FieldAssetID, ids)).
		Order(playinfo.ByID()).All(ctx)
	for _, row := range rows {
		states[row.AssetID].PlayInfos = append(states[row.AssetID].PlayInfos, row)
	}
	return err
}

func (d *Tx) loadSnapshots(ctx context.Context, ids []string, states map[string]*State) error {
	rows, err := d.Ent.Snapshot.Query().Where(collect.In[string](snapshot.FieldAssetID, ids)).
		Order(snapshot.ByID()).All(ctx)
	for _, row := range rows {
		states[row.AssetID].Snapshots = append(states[row.AssetID].Snapshots, row)
	}
	return err
}

func (d *Tx) loadLinks(ctx context.Context, ids []string, states map[string]*State) error {
	rows, err := d.Ent.AttachmentLink.Query().Where(collect.In[string](attachmentlink.FieldAssetID, ids)).
		Order(attachmentlink.ByAttachmentID()).All(ctx)
	for _, row := range rows {
		states[row.AssetID].Links = append(states[row.AssetID].Links, row)
	}
	return err
}

// loadAIData reads the lists in the order they were written, of the sources that the
// transaction is about, and all sources themselves.
func (d *Tx) loadAIData(ctx context.Context, ids []string, states map[string]*State) error {
	sources, err := d.Ent.AISource.Query().Where(collect.In[string](aisource.FieldAssetID, ids)).All(ctx)
	if err != nil || len(sources) == 0 {
		return err
	}
	for _, row := range sources {
		s := states[row.AssetID]
		if s.AI == nil {
			s.AI = map[string]*Analysis{}
		}
		s.AI[row.Source] = &Analysis{Source: row}
	}
	labels, err := d.Ent.AILabel.Query().Where(collect.In[string](ailabel.FieldAssetID, ids), d.saidBy(ailabel.FieldSource)).Order(ailabel.ByID()).All(ctx)
	for _, row := range labels {
		a := states[row.AssetID].AI[row.Source]
		a.Labels = append(a.Labels, row)
	}
	if err != nil {
		return err
	}
	said, err := d.Ent.Cue.Query().Where(collect.In[string](cue.FieldAssetID, ids), d.saidBy(cue.FieldSource)).Order(cue.ByID()).All(ctx)
	for _, row := range said {
		a := states[row.AssetID].AI[row.Source]
		a.Cues = append(a.Cues, row)
	}
	if err != nil {
		return err
	}
	found, err := d.Ent.ReviewFinding.Query().Where(collect.In[string](reviewfinding.FieldAssetID, ids), d.saidBy(reviewfinding.FieldSource)).
		Order(reviewfinding.ByID()).All(ctx)
	for _, row := range found {
		a := states[row.AssetID].AI[row.Source]
		a.Findings = append(a.Findings, row)
	}
	if err != nil {
		return err
	}
	return d.loadLikenesses(ctx, ids, states)
}

func (d *Tx) loadLikenesses(ctx context.Context, ids []string, states map[string]*State) error {
	alike, err := d.Ent.Duplicate.Query().Where(collect.In[string](duplicate.FieldAssetID, ids), d.saidBy(duplicate.FieldSource)).
		Order(duplicate.ByID()).All(ctx)
	for _, row := range alike {
		a := states[row.AssetID].AI[row.Source]
		a.Duplicates = append(a.Duplicates, row)
	}
	if err != nil {
		return err
	}
	proposed, err := d.Ent.CoverCandidate.Query().Where(collect.In[string](covercandidate.FieldAssetID, ids), d.saidBy(covercandidate.FieldSource)).
		Order(covercandidate.ByID()).All(ctx)
	for _, row := range proposed {
		a := states[row.AssetID].AI[row.Source]
		a.Candidates = append(a.Candidates, row)
	}
	return err
}

// saidBy selects what the sources that the transaction is about have said.
func (d *Tx) saidBy(field string) func(*sql.Selector) {
	if d.Sources == nil {
		return func(*sql.Selector) {}
	}
	return collect.In[string](field, d.Sources)
}
