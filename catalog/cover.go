package catalog

import (
	"slices"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
)

// cover sets what a reference names as the asset's cover; none is no cover. The
// snapshots of the state are those that count.
func (b *maker) cover(k *check, s *state, ref *CoverRef, field ...string) {
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
			k.refuse(fault.New(fault.WrongKind, "A cover is an image, not an asset of kind %s.", row.Kind), append(field, "image")...)
		}
		s.CoverImageID, s.CoverSnapshotID = &row.ID, nil
	case ref.Snapshot != nil && ref.Image == nil && ref.Candidate == nil:
		i := slices.IndexFunc(s.snapshots, func(row *ent.Snapshot) bool {
			return row.Type == ref.Snapshot.Type && row.Index == ref.Snapshot.Index
		})
		if i < 0 {
			k.refuse(fault.New(fault.NotFound, "The asset has no such snapshot."), append(field, "snapshot")...)
			return
		}
		s.CoverImageID, s.CoverSnapshotID = nil, &s.snapshots[i].ID
	case ref.Candidate != nil && ref.Image == nil && ref.Snapshot == nil && b.importing != nil:
		k.require(false, "A file names a cover by its image or its snapshot: a candidate would make another image each time.",
			append(field, "candidate")...)
	case ref.Candidate != nil && ref.Image == nil && ref.Snapshot == nil:
		b.choose(k, s, *ref.Candidate, append(field, "candidate")...)
	default:
		k.require(false, "Name the cover by its image, its snapshot or its candidate, exactly one of them.", field...)
	}
}

// choose makes an image of a cover candidate, to be written with the asset, and
// has it be the cover.
func (b *maker) choose(k *check, s *state, candidate string, field ...string) {
	for _, a := range s.ai {
		for _, c := range a.candidates {
			if c.ID != candidate {
				continue
			}
			kind := asset.ImageTypeCOVER
			image := &state{Asset: &ent.Asset{ID: b.opts.NewID(media.ImagePrefix), Kind: asset.KindIMAGE, Title: s.Title,
				AlternativeTitles: []string{}, Status: asset.StatusNORMAL, StorageLocation: s.StorageLocation,
				StorageClass: asset.StorageClassSTANDARD, MediaSource: s.MediaSource, DownloadEnabled: true,
				ImageType: &kind, Location: &c.Location, Width: c.Width, Height: c.Height, CreatedAt: b.now}}
			s.CoverImageID, s.CoverSnapshotID = &image.ID, nil
			b.chosen = append(b.chosen, &change{next: image})
			return
		}
	}
	k.refuse(fault.New(fault.NotFound, "The asset has no such cover candidate."), field...)
}
