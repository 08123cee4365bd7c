package catalog

import (
	"slices"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
)

// cover sets what a reference names as the asset's cover; none is no cover. The
// snapshots of the state are those that count.
func (b *Builder) cover(k *change.Check, s *change.State, ref *CoverRef, field ...string) {
	if ref == nil {
		s.CoverImageID, s.CoverSnapshotID = nil, nil
		return
	}
	switch {
	case ref.Image != nil && ref.Snapshot == nil && ref.Candidate == nil:
		row := b.link(k, ref.Image, append(field, "image")...)
		if row == nil {
			return
		}
		if row.Kind != asset.KindIMAGE {
			k.Refuse(fault.New(fault.WrongKind, "A cover is an image, not an asset of kind %s.", row.Kind), append(field, "image")...)
		}
		s.CoverImageID, s.CoverSnapshotID = &row.ID, nil
	case ref.Snapshot != nil && ref.Image == nil && ref.Candidate == nil:
		i := slices.IndexFunc(s.Snapshots, func(row *ent.Snapshot) bool {
			return row.Type == ref.Snapshot.Type && row.Index == ref.Snapshot.Index
		})
		if i < 0 {
			k.Refuse(fault.New(fault.NotFound, "The asset has no such snapshot."), append(field, "snapshot")...)
			return
		}
		s.CoverImageID, s.CoverSnapshotID = nil, &s.Snapshots[i].ID
	case ref.Candidate != nil && ref.Image == nil && ref.Snapshot == nil && b.Importing != nil:
		k.Require(false, "A file names a cover by its image or its snapshot: a candidate would make another image each time.",
			append(field, "candidate")...)
	case ref.Candidate != nil && ref.Image == nil && ref.Snapshot == nil:
		b.choose(k, s, *ref.Candidate, append(field, "candidate")...)
	default:
		k.Require(false, "Name the cover by its image, its snapshot or its candidate, exactly one of them.", field...)
	}
}

// choose makes an image of a cover candidate, to be written with the asset, as its
// cover.
func (b *Builder) choose(k *change.Check, s *change.State, candidate string, field ...string) {
	for _, a := range s.AI {
		for _, c := range a.Candidates {
			if c.ID != candidate {
				continue
			}
			kind := asset.ImageTypeCOVER
			image := &change.State{Asset: &ent.Asset{ID: b.Options.NewID(media.ImagePrefix), Kind: asset.KindIMAGE, Title: s.Title,
				AlternativeTitles: []string{}, Status: asset.StatusNORMAL, StorageLocation: s.StorageLocation,
				StorageClass: asset.StorageClassSTANDARD, MediaSource: s.MediaSource, DownloadEnabled: true,
				ImageType: &kind, Location: &c.Location, Width: c.Width, Height: c.Height, CreatedAt: b.Now}}
			s.CoverImageID, s.CoverSnapshotID = &image.ID, nil
			b.chosen = append(b.chosen, &change.Change{Next: image})
			return
		}
	}
	k.Refuse(fault.New(fault.NotFound, "The asset has no such cover candidate."), field...)
}

// namesOfCover collects what is to be a cover, and returns what is needed beside the snapshots.
func namesOfCover(n *change.References, ref *CoverRef) change.Part {
	if ref == nil {
		return 0
	}
	n.Asset(ref.Image)
	if ref.Candidate != nil {
		return change.WithAIData
	}
	return 0
}
