package model

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/fact"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/snapshot"
	"vodgraph/keyset"
	"vodgraph/media"
)

// assetAt is the asset that rows name by id in a column, which key reads.
func assetAt[R any, P row[R]](ctx context.Context, r P, key func(P) string) (Asset, error) {
	a, err := one(ctx, parentRow[R, P]{r, key}, assets, func(a *ent.Asset) string { return a.ID })
	return Of(a), err
}

// Mezzanine is the source file of a video or an audio.
type Mezzanine struct{ *ent.Mezzanine }

// IsNode says that it has an id of its own.
func (Mezzanine) IsNode() {}

func mezzanineOf(m *ent.Mezzanine) Mezzanine { return Mezzanine{m} }

// Asset is what it is the source of.
func (m Mezzanine) Asset(ctx context.Context) (Asset, error) {
	return assetAt(ctx, m.Mezzanine, func(m *ent.Mezzanine) string { return m.AssetID })
}

// Mezzanine is the source file; nil where none is known.
func (p playable) Mezzanine(ctx context.Context) (*Mezzanine, error) {
	files, err := plain(ctx, p.family(playableKinds), below[ent.Mezzanine]{
		table: mezzanines, hold: heldBy(mezzanine.FieldAssetID), shape: always(),
	}, mezzanineOf)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	return &files[0], nil
}

// Width is that of the source file in pixels; nil where not known.
func (v Video) Width(ctx context.Context) (*int, error) {
	file, err := v.frame(ctx)
	return file.Width, err
}

// Height is that of the source file in pixels; nil where not known.
func (v Video) Height(ctx context.Context) (*int, error) {
	file, err := v.frame(ctx)
	return file.Height, err
}

// frame is what is known of the width and height of the source file, loaded for all siblings
// in one statement, whichever of both is asked for, and how often.
func (v Video) frame(ctx context.Context) (ent.Mezzanine, error) {
	f := v.family(media.VideoPrefix)
	files, err := share(f, "frame", func() (map[string]ent.Mezzanine, error) {
		rows, err := mezzanines.fetch(ctx, f.client(), []string{mezzanine.FieldAssetID, mezzanine.FieldWidth, mezzanine.FieldHeight},
			func(s *sql.Selector) { s.Where(among(s.C(mezzanine.FieldAssetID), f.all())) })
		if err != nil {
			return nil, fmt.Errorf("load sizes of pictures: %w", err)
		}
		files := make(map[string]ent.Mezzanine, len(rows))
		for _, r := range rows {
			files[r.AssetID] = *r
		}
		return files, nil
	})
	return files[f.me()], err
}

// PlayInfo is one stream made of an asset for playing.
type PlayInfo struct{ *ent.PlayInfo }

// IsNode says that it has an id of its own.
func (PlayInfo) IsNode() {}

func playInfoOf(p *ent.PlayInfo) PlayInfo { return PlayInfo{p} }

// Asset is what it was made of.
func (p PlayInfo) Asset(ctx context.Context) (Asset, error) {
	return assetAt(ctx, p.PlayInfo, func(p *ent.PlayInfo) string { return p.AssetID })
}

// Watermark is the attachment that was drawn over it; nil where it is none.
func (p PlayInfo) Watermark(ctx context.Context) (*Attachment, error) {
	a, err := assetAt(ctx, p.PlayInfo, func(p *ent.PlayInfo) string { return deref(p.WatermarkID) })
	if err != nil || a == nil {
		return nil, err
	}
	attachment := attachmentOf(a.Row())
	return &attachment, nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// PlayInfos are the streams that the arguments of the field choose, by id: those
// that are not superseded, unless set otherwise.
func (p playable) PlayInfos(ctx context.Context) ([]PlayInfo, error) {
	return plain(ctx, p.family(playableKinds), below[ent.PlayInfo]{
		table: playInfos, hold: heldBy(playinfo.FieldAssetID), shape: chosenPlayInfos,
	}, playInfoOf)
}

func chosenPlayInfos(args *arguments) func(*sql.Selector) {
	definitions := several(args, "definitions", ent.UnmarshalPlayInfoDefinition)
	formats := several(args, "formats", ent.UnmarshalPlayInfoFormat)
	stream := single(args, "streamType", ent.UnmarshalPlayInfoStreamType)
	codec := single(args, "codec", UnmarshalString)
	superseded := single(args, "includeSuperseded", UnmarshalBoolean)
	return func(s *sql.Selector) {
		if superseded == nil || !*superseded {
			s.Where(sql.EQ(s.C(playinfo.FieldStatus), playinfo.StatusNORMAL))
		}
		anyOf(s, playinfo.FieldDefinition, definitions)
		anyOf(s, playinfo.FieldFormat, formats)
		if stream != nil {
			s.Where(sql.EQ(s.C(playinfo.FieldStreamType), *stream))
		}
		if codec != nil {
			s.Where(sql.EQ(s.C(playinfo.FieldCodec), *codec))
		}
		sorted()(s)
	}
}

// anyOf keeps the rows whose column has one of the values; none where the list
// is empty, all where it is not given.
func anyOf[V ~string](s *sql.Selector, column string, values []V) {
	if values == nil {
		return
	}
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v
	}
	s.Where(sql.In(s.C(column), list...))
}

// Snapshot is one picture, or sheet of pictures, taken from a video.
type Snapshot struct{ *ent.Snapshot }

// IsNode says that it has an id of its own.
func (Snapshot) IsNode() {}

func snapshotOf(s *ent.Snapshot) Snapshot { return Snapshot{s} }

// Asset is the video it was taken from.
func (s Snapshot) Asset(ctx context.Context) (Asset, error) {
	return assetAt(ctx, s.Snapshot, func(s *ent.Snapshot) string { return s.AssetID })
}

// At is the moment that it shows; nil where that is not known.
func (s Snapshot) At() *fact.Millis { return (*fact.Millis)(s.Offset) }

// CoverOf is a page of the assets whose cover the snapshot is, newest first.
func (s Snapshot) CoverOf(ctx context.Context) (*AssetConnection, error) {
	return paged(ctx, parentRow[ent.Snapshot, *ent.Snapshot]{s.Snapshot, func(s *ent.Snapshot) string { return s.ID }}, func(*arguments) (list[ent.Asset], error) {
		return assetList(Which{}, heldBy(asset.FieldCoverSnapshotID))
	}, Of)
}

var snapshotOrder = keyset.Order{
	{Column: snapshot.FieldType}, {Column: snapshot.FieldIndex, Kind: keyset.Int}, {Column: snapshot.FieldID},
}

func snapshotValue(s *ent.Snapshot, column string) any {
	switch column {
	case snapshot.FieldType:
		return string(s.Type)
	case snapshot.FieldIndex:
		return int64(s.Index)
	default:
		return s.ID
	}
}

// Snapshots is a page of the snapshots of the types that the field asks for.
func (v Video) Snapshots(ctx context.Context) (*SnapshotConnection, error) {
	return paged(ctx, v.family(media.VideoPrefix), func(args *arguments) (list[ent.Snapshot], error) {
		types := several(args, "types", ent.UnmarshalSnapshotType)
		return list[ent.Snapshot]{
			table: snapshots, hold: heldBy(snapshot.FieldAssetID), order: snapshotOrder,
			where: func(s *sql.Selector) { anyOf(s, snapshot.FieldType, types) },
		}, nil
	}, snapshotOf)
}

// Picture is an Image or a Snapshot.
type Picture interface {
	Node
	IsPicture()
}

// IsPicture says that an image is a picture.
func (Image) IsPicture() {}

// IsPicture says that a snapshot is a picture.
func (Snapshot) IsPicture() {}

// Cover is none: pictures stand for videos and audios alone.
func (assetFields) Cover() Picture { return nil }

// Cover is the picture that stands for the asset; nil where none was chosen.
func (p playable) Cover(ctx context.Context) (Picture, error) {
	images, shots := assets, snapshots
	images.columns = alone(assetColumns, snapshotColumns)
	shots.columns = alone(snapshotColumns, assetColumns)
	image, err := one(ctx, parentRow[ent.Asset, *ent.Asset]{p.Asset, func(a *ent.Asset) string { return deref(a.CoverImageID) }},
		images, func(a *ent.Asset) string { return a.ID })
	if err != nil {
		return nil, err
	}
	if image != nil {
		return imageOf(image), nil
	}
	shot, err := one(ctx, parentRow[ent.Asset, *ent.Asset]{p.Asset, func(a *ent.Asset) string { return deref(a.CoverSnapshotID) }},
		shots, func(s *ent.Snapshot) string { return s.ID })
	if err != nil || shot == nil {
		return nil, err
	}
	return snapshotOf(shot), nil
}

// CoverOf is a page of the assets whose cover the image is, newest first.
func (i Image) CoverOf(ctx context.Context) (*AssetConnection, error) {
	return paged(ctx, i.family(media.ImagePrefix), func(args *arguments) (list[ent.Asset], error) {
		return assetList(Which{}, heldBy(asset.FieldCoverImageID))
	}, Of)
}
