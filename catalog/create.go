package catalog

import (
	"context"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/mezzanine"
	"vodgraph/fault"
	"vodgraph/media"
)

// AssetsCreate makes assets, of all kinds together. It refuses the call with
// REQUIRED or TOO_MANY_ITEMS; items are refused one by one, or under ATOMIC all.
func (c *Catalog) AssetsCreate(ctx context.Context, inputs []*AssetCreateInput, o *BulkOptions) (*Outcome, error) {
	if err := c.countItems(len(inputs), "items"); err != nil {
		return nil, err
	}
	return c.call(ctx, o, func(d *deed, out *Outcome) error { return d.createAll(ctx, inputs, o.policy(), out) })
}

// createAll makes the assets of an argument of the name items.
func (d *deed) createAll(ctx context.Context, inputs []*AssetCreateInput, policy ErrorPolicy, out *Outcome) error {
	b, err := d.maker(ctx, inputs)
	if err != nil {
		return err
	}
	verdicts := make([]verdict, len(inputs))
	for i, in := range inputs {
		verdicts[i] = b.create(in)
		for j, f := range verdicts[i].faults {
			verdicts[i].faults[j] = f.Under(itemList, strconv.Itoa(i))
		}
	}
	return d.finish(ctx, out, settled{verdicts, itemList, policy}, nil)
}

// maker makes states of inputs.
type maker struct {
	*deed
	*directory
	seen mentions
	// importing allows what only an import may do; nil for a call.
	importing linker
	// self is the next state of the asset of the line that is judged.
	self *state
	// renamed are the revisions at which tags, by their names, and categories, by their ids,
	// were renamed or moved after those that items name.
	renamed map[string]int64
	// chosen are images made of cover candidates, to be written first.
	chosen []*change
	// keys are the reference ids that items want, by the ids of their assets, where they
	// are judged when all items are; nil where each is judged for itself, in order.
	keys map[string]wantedKey
}

// maker finds all that the inputs name.
func (d *deed) maker(ctx context.Context, inputs []*AssetCreateInput) (*maker, error) {
	var n names
	for _, in := range inputs {
		n.create(in)
	}
	if _, err := d.grants(ctx); err != nil {
		return nil, err
	}
	found, err := d.find(ctx, &n)
	return &maker{deed: d, directory: found, seen: mentions{}}, err
}

// create gathers what an input names.
func (n *names) create(in *AssetCreateInput) {
	if in.ID != nil {
		n.ids = append(n.ids, *in.ID)
	}
	for _, f := range fields {
		for i := range f.create {
			f.create[i].gather(n, in, 0)
		}
	}
}

// cover gathers what is to be a cover, and returns what is needed beside the snapshots.
func (n *names) cover(ref *CoverRef) part {
	if ref == nil {
		return 0
	}
	n.asset(ref.Image)
	if ref.Candidate != nil {
		return withAIData
	}
	return 0
}

// create decides about one new asset.
func (b *maker) create(in *AssetCreateInput) verdict {
	k := &check{limits: b.opts.Limits, importing: b.importing != nil}
	if in.Kind == "" {
		k.refuse(fault.New(fault.Required, "There is no such asset yet, so its kind must be told."), "kind")
		return verdict{faults: k.faults}
	}
	k.nul(in)
	s := &state{Asset: &ent.Asset{Kind: in.Kind, Status: in.announced(),
		AlternativeTitles: []string{}, StorageLocation: "default", StorageClass: asset.StorageClassSTANDARD,
		MediaSource: asset.MediaSourceGENERAL, DownloadEnabled: true, CreatedAt: b.now}}
	s.ID = or(in.ID, "")
	if in.ID == nil {
		s.ID = b.opts.NewID(media.Of(in.Kind).Prefix)
	} else {
		k.refuse(b.newID(s.ID, in.Kind), "id")
	}
	switch in.Kind {
	case asset.KindIMAGE:
		s.ImageType = new(asset.ImageType)
		*s.ImageType = asset.ImageTypeDEFAULT
	case asset.KindATTACHMENT:
		if in.AttachmentType == nil {
			k.refuse(fault.New(fault.Required, "An attachment needs its attachmentType."), "attachmentType")
		}
	}
	if in.Title == "" {
		k.refuse(fault.New(fault.Required, "An asset needs a title."), "title")
	}
	if b.importing == nil && in.UpdatedAt != nil {
		k.require(false, "Only an import tells when an asset was updated.", "updatedAt")
	}
	b.fill(k, s, in)
	b.granted.keep(k, s.categories, "categories")
	if b.opts.ReviewAutoBlock && b.importing == nil {
		s.autoBlock()
	}
	v := verdict{faults: k.faults, missing: k.missing, warnings: k.warnings, pending: k.pending, change: &change{next: s}}
	if in.UpdatedAt != nil {
		told := in.UpdatedAt.Or(b.now)
		v.change.updatedAt = &told
	}
	if k.ok() {
		v.id = s.ID
		if b.importing == nil {
			b.asset(s.Asset) // taken from now on
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

// newID refuses an id that is not of the kind, or is taken.
func (b *maker) newID(id string, kind asset.Kind) *fault.Fault {
	if prefix := media.Of(kind).Prefix; !media.WellFormed(id, prefix) {
		return fault.New(fault.Invalid, "The id must be %s and a ULID in capitals.", prefix)
	}
	if b.ids[id] != nil {
		return fault.New(fault.IDTaken, "Another asset has this id.")
	}
	return nil
}

// fill sets the members of the input that are given, and refuses what its kind
// does not have. A fact that is given for the asset and that its source file states
// otherwise is refused; an import takes that of the source file.
func (b *maker) fill(k *check, s *state, in *AssetCreateInput) {
	b.self = s
	for _, f := range fields {
		for i := range f.create {
			f.create[i].apply(b, k, s, in, f.kinds)
		}
	}
	for _, name := range s.follow() {
		if given := name == sizeField && in.Size.Value() != nil || name == durationField && in.Duration.Value() != nil; given {
			k.newly(fault.New(fault.Invalid, "The source file states another %s, and that one counts.", name), name)
		}
	}
}

// has refuses with WRONG_KIND a member that is given and that only other kinds
// have, and reports whether the asset's kind has it.
func (k *check) has(s *state, given bool, kinds []asset.Kind, place ...string) bool {
	has := slices.Contains(kinds, s.Kind)
	if given && !has {
		k.refuse(fault.New(fault.WrongKind, "An asset of kind %s has no %s.", s.Kind, place[len(place)-1]), place...)
	}
	return has
}

// referenceID refuses a reference id that is malformed or that another asset has.
func (b *maker) referenceID(k *check, s *state, ref *string, field string) *string {
	if ref == nil {
		return nil
	}
	k.refuse(k.limits.referenceID(*ref), field)
	if b.keys != nil {
		b.keys[s.ID] = wantedKey{*ref, field}
		return ref
	}
	if holder := b.references[*ref]; holder != nil && holder.ID != s.ID {
		k.refuse(b.taken(holder, s), field)
	}
	return ref
}

// taken refuses a reference id that another asset has, for an asset.
func (b *maker) taken(holder *ent.Asset, s *state) *fault.Fault {
	switch {
	case holder.TrashedAt == nil, b.directory.unseen[holder.ID]:
		return fault.New(fault.ReferenceIDTaken, "Another asset has this reference id.")
	case s.Revision > 0:
		return fault.New(fault.Trashed, "The asset %s, which is in the trash, has this reference id.", holder.ID)
	}
	return fault.New(fault.Trashed, "The asset %s, which is in the trash, has this reference id; restore it instead.", holder.ID)
}

// referenceID refuses a reference id of a wrong length or with characters that
// it may not have. It is kept to the letter, and counted as it is after NFC.
func (l Limits) referenceID(ref string) *fault.Fault {
	n := utf8.RuneCountInString(norm.NFC.String(ref))
	for _, r := range ref {
		plain := r == '-' || r == '_' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
		if l.ReferenceIDStrict && !plain || !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return fault.New(fault.ReferenceIDMalformed, "A reference id may not have the character %+q.", r)
		}
	}
	if n < l.ReferenceIDMin || n > l.ReferenceIDMax {
		return fault.New(fault.ReferenceIDMalformed, "A reference id has %d to %d characters, not %d.", l.ReferenceIDMin, l.ReferenceIDMax, n)
	}
	return nil
}
