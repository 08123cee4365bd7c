package exchange

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"reflect"
	"slices"
	"strings"

	"vodgraph/bulk"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
	"vodgraph/fault"
	"vodgraph/media"
)

// importing is an import that is under way. All that it changes is one change set, however
// many transactions it takes. Its lines are about assets that may come in any order: what
// needs another asset waits until that is there, or until it is known that it does not come.
type importing struct {
	catalog *bulk.Catalog
	options LineOptions
	set     string // empty until something was changed
	stage   stage
	// claims are what waiting lines will make, by the hashes of the names of assets.
	claims map[uint64]claim
	// again are the hashes of names of assets that have lines for the last stage.
	again map[uint64]bool
	// queue are the lines that wait since the first stage, in the order of the file, and plan
	// is the order in which the second stage takes them.
	queue []waiting
	plan  importPlan
	// wanted are the reference ids that lines of the queue give to assets that are there.
	wanted []string
	made   change.Made
	// aliases are the ids of assets by those that the file has for them, where they are
	// known by their reference ids and have other ids.
	aliases map[string]string
}

// LineOptions are how lines are imported.
type LineOptions struct {
	// Clear has a line take from a known asset what it leaves out and what can be empty, as
	// an export leaves out what is empty.
	Clear bool
	// Note is kept with the change set; nil for none.
	Note *string
}

type stage int

// The stages. Lines that wait in one come again in the next.
const (
	// FirstStage writes lines that need nothing that may still come.
	FirstStage stage = iota
	// SecondStage makes the assets that waited, without links to what is not there yet, and
	// has reference ids change hands.
	SecondStage
	// LastStage makes the links, and leaves out those to assets that nobody has.
	LastStage
)

// Waiting is the outcome of a line of an import of which nothing was written yet, for it
// waits for the next stage.
const Waiting change.ItemOutcome = "WAITING"

type stagedLine struct {
	*catalog.AssetCreateInput
	// Linking says that the asset was made by an earlier stage, without the links that this
	// line has: what is wrong with it is left out.
	Linking bool
	// Joined says that the line and the one before it are to be judged together: their assets
	// pass reference ids on.
	Joined bool
}

func newImporting(c *bulk.Catalog, o LineOptions) *importing {
	return &importing{catalog: c, options: o, claims: map[uint64]claim{}, again: map[uint64]bool{}, aliases: map[string]string{}}
}

// ChangeSet is the id of what the import has changed so far; empty where that is nothing.
func (im *importing) ChangeSet() string { return im.set }

// Made counts the categories and tags made so far: for lines about them, and for those that
// only name them.
func (im *importing) Made() change.Made { return im.made }

// Next goes on to the next stage, and returns the order in which it takes the lines that
// wait; nil for the order in which they were left.
func (im *importing) Next(ctx context.Context) ([]Turn, error) {
	if im.stage++; im.stage != SecondStage {
		return nil, nil
	}
	holders, err := im.holders(ctx)
	if err != nil {
		return nil, err
	}
	im.plan = planOf(im.queue, holders)
	im.queue, im.wanted = nil, nil
	return im.plan.order, nil
}

// holders are the assets that have the reference ids which others want, in hashes.
func (im *importing) holders(ctx context.Context) (map[uint64]uint64, error) {
	holders := map[uint64]uint64{}
	for some := range slices.Chunk(im.wanted, 2000) {
		rows, err := im.catalog.DB.Asset.Query().Where(collect.In[string](asset.FieldReferenceID, some)).
			Select(asset.FieldID, asset.FieldReferenceID).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("find who has reference ids: %w", err)
		}
		for _, row := range rows {
			holders[hashed(*row.ReferenceID)] = hashed(row.ID)
		}
	}
	return holders, nil
}

// do runs fn as one transaction, of which the history goes into the import's change set.
func (im *importing) do(ctx context.Context, fn func(*change.Tx) error) (*int64, error) {
	set, made := im.set, im.made
	revision, err := im.catalog.Do(ctx, func(d *change.Tx) error {
		d.Note, d.SetGrows = im.options.Note, true
		if im.set != "" {
			d.ChangeSetID, d.SetOpen = im.set, true
		}
		if err := fn(d); err != nil {
			return err
		}
		if !d.SetOpen && len(d.History) == 0 {
			return nil
		}
		if err := d.OpenSet(ctx); err != nil {
			return err
		}
		set = d.ChangeSetID
		made.Add(d.History)
		return d.GrowSet(ctx)
	})
	if err == nil && revision != nil {
		im.set, im.made = set, made
	}
	return revision, err
}

// claim is an asset that a waiting line will make or change.
type claim struct {
	kind asset.Kind // empty where the line does not say it
	of   asset.BusinessType
	id   uint64
	// taken says that the name is a reference id which the line takes for its asset, fresh
	// that this is a new one, and given that a line gives the reference id up.
	taken, fresh, given bool
}

// and is what is known of a name with another claim to it, in any order of the two: of lines
// about one asset that which makes it says what it is, and who takes a reference id has it.
func (c claim) and(o claim) claim {
	given := c.given || o.given
	switch {
	case c.taken != o.taken && o.taken, c.taken && o.taken && c.id != o.id && o.before(c), c.kind == "" && c.id == o.id:
		c = o
	}
	c.given = given
	return c
}

// before reports whose claim comes first of two assets that both take a reference id, as in a
// plan.
func (c claim) before(o claim) bool {
	if c.fresh != o.fresh {
		return c.fresh
	}
	return c.id < o.id
}

// hashed is a name of an asset, an id or a reference id, in eight bytes. Two names of one hash
// only have a line wait for nothing.
func hashed(name string) uint64 {
	sum := fnv.New64a()
	_, _ = io.WriteString(sum, name)
	return sum.Sum64()
}

func (im *importing) waits(in *catalog.AssetCreateInput, row *ent.Asset) {
	if im.stage != FirstStage {
		for _, name := range lineIDs(in, row) {
			im.again[hashed(name)] = true
		}
		return
	}
	names := change.NamesOf(row, in.ID, in.ReferenceID.Value())
	c := claim{kind: in.Kind}
	if row != nil {
		c.kind, c.of, c.id = row.Kind, change.ValueOr(row.BusinessType, ""), hashed(row.ID)
	} else if in.ID != nil {
		c.id = hashed(*in.ID)
	}
	c.of = change.ValueOr(in.AttachmentType, c.of)
	w := waitingOf(in, row)
	if taker, claimed := im.claims[w.want]; claimed && taker.taken && row == nil && in.ID == nil {
		w.asset, w.fresh = taker.id, false
	}
	im.queue = append(im.queue, w)
	if row != nil && w.want != 0 && w.want != w.has && !strings.ContainsRune(*in.ReferenceID.Value(), 0) {
		im.wanted = append(im.wanted, *in.ReferenceID.Value())
	}
	for _, name := range names {
		own := c
		if ref := change.Deref(in.ReferenceID.Value()); ref == name && (row == nil || change.Deref(row.ReferenceID) != name) {
			own.taken, own.fresh = true, row == nil
		} else if row != nil && change.Deref(row.ReferenceID) == name {
			own.given = in.ReferenceID.IsSet() && ref != name
		}
		if known, claimed := im.claims[hashed(name)]; claimed {
			own = known.and(own)
		}
		im.claims[hashed(name)] = own
	}
}

func (im *importing) mustWait(in *catalog.AssetCreateInput, row *ent.Asset) bool {
	switch im.stage {
	case FirstStage:
		for _, name := range change.NamesOf(row, in.ID, in.ReferenceID.Value()) {
			if _, claimed := im.claims[hashed(name)]; claimed {
				return true
			}
		}
	case SecondStage: // in which reference ids change
		for _, id := range lineIDs(in, row) {
			if im.again[hashed(id)] {
				return true
			}
		}
	case LastStage: // after which there is none
	}
	return false
}

// lineIDs are the ids of the asset of a line: its own, and that which the line gives.
func lineIDs(in *catalog.AssetCreateInput, row *ent.Asset) (ids []string) {
	if row != nil {
		ids = append(ids, row.ID)
	}
	if in.ID != nil {
		ids = append(ids, *in.ID)
	}
	return ids
}

// standIn is what a reference will name, as far as that is known and the same in any order of
// lines: itself; in the first stage, the kind that an id says; after it, what waiting lines
// claim, refused or not, or else the row that has the name. The id of a claimed asset stands
// for it alone.
func (b *lineMaker) standIn(ref *change.AssetRef, row *ent.Asset) *ent.Asset {
	name := change.ValueOr(ref.ID, change.ValueOr(ref.ReferenceID, ""))
	if ref.ID == nil && b.Self.ReferenceID != nil && *b.Self.ReferenceID == name {
		return b.Self.Asset
	}
	if b.im.stage == FirstStage {
		if ref.ID == nil {
			return nil
		}
		return byPrefix(name)
	}
	c, claimed := b.im.claims[hashed(name)]
	switch {
	case claimed && c.given && !c.taken:
		return nil // whose it will be is not known
	case claimed && c.taken && !c.given && row != nil:
		return row // which keeps it
	}
	if claimed && c.kind != "" {
		id := fmt.Sprintf("%x", c.id)
		if hashed(b.Self.ID) == c.id {
			id = b.Self.ID
		}
		return &ent.Asset{ID: id, Kind: c.kind, BusinessType: &c.of}
	}
	if ref.ID == nil {
		return row
	}
	return byPrefix(name)
}

// byPrefix is an asset of the kind that an id says; nil for what is no id.
func byPrefix(id string) *ent.Asset {
	if !media.WellFormedAsset(id) {
		return nil
	}
	kind, _ := media.KindOf(id)
	mark := asset.BusinessTypeWATERMARK
	return &ent.Asset{ID: id, Kind: kind, BusinessType: &mark}
}

// LinkLater judges a reference of a line. In the first stages what is not there, and what a reference
// id names, may still come: it is judged by what is known of it, and noted as pending; in the
// last stage it is noted as missing.
func (b *lineMaker) LinkLater(k *change.Check, ref *change.AssetRef, row *ent.Asset, missing *fault.Fault, field ...string) *ent.Asset {
	switch {
	case b.im.stage == LastStage && missing != nil:
		k.Missing = append(k.Missing, missing.Under(field...))
		return nil
	case b.im.stage == LastStage || missing == nil && ref.ID != nil:
		return row
	case b.unlinked:
		return nil
	}
	k.Pending = true
	return b.standIn(ref, row)
}

func (im *importing) translate(in *catalog.AssetCreateInput) {
	if len(im.aliases) == 0 {
		return
	}
	put := func(id **string) {
		if *id != nil {
			if known, is := im.aliases[**id]; is {
				*id = &known
			}
		}
	}
	ref := func(ref *change.AssetRef) {
		if ref != nil {
			put(&ref.ID)
		}
	}
	put(&in.ID)
	if cover := in.Cover.Value(); cover != nil {
		ref(cover.Image)
	}
	for _, p := range in.PlayInfos.Value() {
		ref(p.Watermark)
	}
	for _, a := range in.Attachments.Value() {
		ref(a.Attachment)
	}
	for _, data := range in.AiData.Value() {
		for _, d := range data.Duplicates {
			ref(d.Asset)
		}
	}
}

// linksOf is what a line says that links to other assets, and what such a link stands beside;
// an earlier stage has made the rest of the asset of the id.
func linksOf(in *catalog.AssetCreateInput, id string) *catalog.AssetCreateInput {
	return &catalog.AssetCreateInput{ID: &id, UpdatedAt: in.UpdatedAt, PlayInfos: in.PlayInfos,
		Snapshots: in.Snapshots, Attachments: in.Attachments, AiData: in.AiData, Cover: in.Cover}
}

func withoutLinks(in *catalog.AssetCreateInput) *catalog.AssetCreateInput {
	rest, none := *in, catalog.AssetCreateInput{}
	rest.PlayInfos, rest.Snapshots, rest.Attachments, rest.AiData, rest.Cover = none.PlayInfos, none.Snapshots, none.Attachments, none.AiData, none.Cover
	return &rest
}

func hasLinks(in *catalog.AssetCreateInput) bool {
	return in.PlayInfos.IsSet() || in.Snapshots.IsSet() || in.Attachments.IsSet() || in.AiData.IsSet() || in.Cover.IsSet()
}

// clearLeftOut has a line say of a known asset that what it leaves out, and what can be empty, is
// empty.
func clearLeftOut(in *catalog.AssetCreateInput) {
	v := reflect.ValueOf(in).Elem()
	for i := range v.NumField() {
		if member, is := v.Field(i).Addr().Interface().(json.Unmarshaler); is && v.Field(i).IsZero() {
			_ = member.UnmarshalJSON([]byte("null")) // what can be left out can be null
		}
	}
}
