package catalog

import (
	"context"
	"strconv"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/mezzanine"
	"vodgraph/fault"
	"vodgraph/media"
)

// AssetsCreate makes assets, of all kinds together. It refuses the call with
// REQUIRED or TOO_MANY_ITEMS; items are refused one by one, or under ATOMIC all.
func (c *Catalog) AssetsCreate(ctx context.Context, inputs []*AssetCreateInput, o *change.BulkOptions) (*change.Outcome, error) {
	if err := c.CountItems(len(inputs), "items"); err != nil {
		return nil, err
	}
	return c.Call(ctx, o, func(d *change.Tx, out *change.Outcome) error { return CreateAll(ctx, d, inputs, out) })
}

// CreateAll makes the assets of an argument of the name items.
func CreateAll(ctx context.Context, d *change.Tx, inputs []*AssetCreateInput, out *change.Outcome) error {
	b, err := NewBuilder(ctx, d, inputs)
	if err != nil {
		return err
	}
	decisions := make([]change.Decision, len(inputs))
	for i, in := range inputs {
		decisions[i] = b.Create(in)
		for j, f := range decisions[i].Faults {
			decisions[i].Faults[j] = f.Under(ItemList, strconv.Itoa(i))
		}
	}
	return d.Finish(ctx, out, decisions, ItemList)
}

// NewBuilder finds all that the inputs name.
func NewBuilder(ctx context.Context, d *change.Tx, inputs []*AssetCreateInput) (*Builder, error) {
	var n change.References
	for _, in := range inputs {
		NamesOfCreate(&n, in)
	}
	if _, err := d.Grants(ctx); err != nil {
		return nil, err
	}
	found, err := d.Resolve(ctx, &n)
	return builderIn(d, found), err
}

// create collects what an input names.
func NamesOfCreate(n *change.References, in *AssetCreateInput) {
	if in.ID != nil {
		n.IDs = append(n.IDs, *in.ID)
	}
	for _, f := range AllFields {
		for i := range f.Create {
			f.Create[i].collect(n, in, 0)
		}
	}
}

// Create decides about one new asset.
func (b *Builder) Create(in *AssetCreateInput) change.Decision {
	k := &change.Check{Limits: b.Options.Limits, Importing: b.Importing != nil}
	if in.Kind == "" {
		k.Refuse(fault.New(fault.Required, "There is no such asset yet, so name its kind."), "kind")
		return change.Decision{Faults: k.Faults}
	}
	k.RefuseNUL(in)
	s := &change.State{Asset: &ent.Asset{Kind: in.Kind, Status: in.announced(),
		AlternativeTitles: []string{}, StorageLocation: "default", StorageClass: asset.StorageClassSTANDARD,
		MediaSource: asset.MediaSourceGENERAL, DownloadEnabled: true, CreatedAt: b.Now}}
	s.ID = change.ValueOr(in.ID, "")
	if in.ID == nil {
		s.ID = b.Options.NewID(media.Of(in.Kind).Prefix)
	} else {
		k.Refuse(b.newID(s.ID, in.Kind), "id")
	}
	switch in.Kind {
	case asset.KindIMAGE:
		s.ImageType = new(asset.ImageType)
		*s.ImageType = asset.ImageTypeDEFAULT
	case asset.KindATTACHMENT:
		if in.AttachmentType == nil {
			k.Refuse(fault.New(fault.Required, "An attachment needs its attachmentType."), "attachmentType")
		}
	case asset.KindVIDEO, asset.KindAUDIO:
	}
	if in.Title == "" {
		k.Refuse(fault.New(fault.Required, "An asset needs a title."), "title")
	}
	if b.Importing == nil && in.UpdatedAt != nil {
		k.Require(false, "Only an import sets when an asset was updated.", "updatedAt")
	}
	b.Fill(k, s, in)
	b.Granted.Keep(k, s.Categories, "categories")
	if b.Options.ReviewAutoBlock && b.Importing == nil {
		blockReviewed(s)
	}
	v := change.Decision{Faults: k.Faults, Missing: k.Missing, Warnings: k.Warnings, Pending: k.Pending, Change: &change.Change{Next: s}}
	if in.UpdatedAt != nil {
		updated := in.UpdatedAt.Or(b.Now)
		v.Change.UpdatedAt = &updated
	}
	if k.Ok() {
		v.ID = s.ID
		if b.Importing == nil {
			b.AddAsset(s.Asset) // taken from now on
		}
	}
	return v
}

// announced is the status of a new asset that states none: UPLOADING where its source file
// is awaited, else NORMAL.
func (in *AssetCreateInput) announced() asset.Status {
	if m := in.Mezzanine.Value(); m != nil && m.Status != nil && *m.Status == mezzanine.StatusUPLOADING {
		return asset.StatusUPLOADING
	}
	return asset.StatusNORMAL
}

func (b *Builder) newID(id string, kind asset.Kind) *fault.Fault {
	if prefix := media.Of(kind).Prefix; !media.WellFormed(id, prefix) {
		return fault.New(fault.Invalid, "The id must be %s and a ULID in capitals.", prefix)
	}
	if b.ByID[id] != nil {
		return fault.New(fault.IDTaken, "Another asset has this id.")
	}
	return nil
}

// Fill sets the members of the input that are given, and refuses what its kind
// does not have. A fact that is given for the asset and that its source file states
// otherwise is refused; an import takes that of the source file.
func (b *Builder) Fill(k *change.Check, s *change.State, in *AssetCreateInput) {
	b.Self = s
	for _, f := range AllFields {
		for i := range f.Create {
			f.Create[i].apply(b, k, s, in, f.kinds)
		}
	}
	for _, name := range FollowSourceFile(s) {
		if given := name == sizeField && in.Size.Value() != nil || name == durationField && in.Duration.Value() != nil; given {
			k.Newly(fault.New(fault.Invalid, "The source file states another %s, and that one counts.", name), name)
		}
	}
}
