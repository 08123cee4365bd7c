package model

import (
	"context"
	"strings"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/attachmentlink"
	"vodgraph/ent/playinfo"
	"vodgraph/keyset"
	"vodgraph/media"
)

// AttachedMedia is an attachment as an asset uses it.
type AttachedMedia struct {
	Attachment Attachment
	Language   *string
	Label      *string
}

// What a link adds to its attachment, as loaded beside it.
const (
	linkLanguage = "link_language"
	linkLabel    = "link_label"
)

// linked is which attachments hang below which assets, and how.
var linked = hold{pairs: func(d *sql.DialectBuilder, parents []string) *sql.Selector {
	t := d.Table(attachmentlink.Table)
	return d.Select(
		sql.As(t.C(attachmentlink.FieldAssetID), "parent"), sql.As(t.C(attachmentlink.FieldAttachmentID), "id"),
		sql.As(marked(t.C(attachmentlink.FieldLanguage)), linkLanguage), sql.As(marked(t.C(attachmentlink.FieldLabel)), linkLabel),
	).From(t).Where(among(t.C(attachmentlink.FieldAssetID), parents))
}}

// marked writes a text that may be null as one that is not: empty for null, else
// with a mark before it. Ent cannot load a null beside a row on SQLite.
func marked(column string) string { return "COALESCE('=' || " + column + ", '')" }

// Attachments are what the asset uses, of the types that the field asks
// for, by id.
func (p playable) Attachments(ctx context.Context) ([]AttachedMedia, error) {
	return plain(ctx, p.family(playableKinds), below[ent.Asset]{
		table: assets, hold: linked, path: "attachment",
		shape: func(args *arguments) func(*sql.Selector) {
			types := several(args, "attachmentTypes", ent.UnmarshalAssetBusinessType)
			return func(s *sql.Selector) {
				held := sql.Dialect(s.Dialect()).Table("held")
				s.AppendSelect(held.C(linkLanguage), held.C(linkLabel))
				anyOf(s, asset.FieldBusinessType, types)
				sorted()(s)
			}
		},
	}, attachedOf)
}

func attachedOf(a *ent.Asset) AttachedMedia {
	return AttachedMedia{Attachment: attachmentOf(a), Language: text(a, linkLanguage), Label: text(a, linkLabel)}
}

// text is a marked text that was loaded beside a row; nil where it is null.
func text(a *ent.Asset, name string) *string {
	v, _ := a.Value(name) // selected with the row
	s, _ := v.(string)
	if s, present := strings.CutPrefix(s, "="); present {
		return &s
	}
	return nil
}

// AttachmentType is what the attachment is for. Its column has the older name.
func (a Attachment) AttachmentType() *asset.BusinessType { return a.BusinessType }

// UsedBy is a page of the assets that use the attachment, newest first.
func (a Attachment) UsedBy(ctx context.Context) (*AssetConnection, error) {
	return paged(ctx, a.family(media.AttachmentPrefix), func(args *arguments) (list[ent.Asset], error) {
		return assetList(Which{}, joined(attachmentlink.Table, attachmentlink.FieldAttachmentID, attachmentlink.FieldAssetID))
	}, Of)
}

var newestStream = keyset.Order{{Column: playinfo.FieldID, Desc: true}}

// WatermarkOf is a page of the streams that the attachment was laid over, newest first.
func (a Attachment) WatermarkOf(ctx context.Context) (*PlayInfoConnection, error) {
	return paged(ctx, a.family(media.AttachmentPrefix), func(*arguments) (list[ent.PlayInfo], error) {
		return list[ent.PlayInfo]{table: playInfos, hold: heldBy(playinfo.FieldWatermarkID), order: newestStream}, nil
	}, playInfoOf)
}
