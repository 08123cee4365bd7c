package catalog

import (
	"context"
	"slices"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
)

// AttachmentLink links an attachment to a video or an audio, or sets language
// and label of a link that stands.
func (c *Catalog) AttachmentLink(ctx context.Context, ref, attachment *change.AssetRef, lang, label *string) (*change.Outcome, error) {
	in := &AttachmentRef{Attachment: attachment, Language: lang, Label: label}
	collect := func(n *change.References) { n.Asset(attachment) }
	return c.one(ctx, ref, change.WithLinks, collect, func(b *Builder, k *change.Check, s *change.State) {
		k.RefuseNUL(in)
		requireKind(k, s, "attachments", played...)
		row, refused := b.AssetOf(attachment)
		if refused != nil {
			k.Refuse(refused, "attachment")
			return
		}
		checkAttachment(k, row, "attachment")
		link := b.attachment(k, s, row, in)
		if !k.Ok() {
			return
		}
		s.Links = append(linksWithout(s, row.ID), link)
	})
}

// AttachmentUnlink removes a link. It refuses with NOT_FOUND where there is none.
func (c *Catalog) AttachmentUnlink(ctx context.Context, ref, attachment *change.AssetRef) (*change.Outcome, error) {
	collect := func(n *change.References) { n.Asset(attachment) }
	return c.one(ctx, ref, change.WithLinks, collect, func(b *Builder, k *change.Check, s *change.State) {
		k.RefuseNUL(&AttachmentRef{Attachment: attachment})
		row, refused := b.AssetOf(attachment)
		if refused != nil {
			k.Refuse(refused, "attachment")
			return
		}
		kept := linksWithout(s, row.ID)
		if len(kept) == len(s.Links) {
			k.Refuse(fault.New(fault.NotFound, "The asset does not use this attachment."), "attachment")
		}
		s.Links = kept
	})
}

func linksWithout(s *change.State, attachmentID string) []*ent.AttachmentLink {
	return slices.DeleteFunc(slices.Clone(s.Links), func(l *ent.AttachmentLink) bool { return l.AttachmentID == attachmentID })
}

// checkAttachment refuses with WRONG_KIND what is none.
func checkAttachment(k *change.Check, row *ent.Asset, field ...string) {
	if row.Kind != asset.KindATTACHMENT {
		k.Refuse(fault.New(fault.WrongKind, "An asset of kind %s is no attachment.", row.Kind), field...)
	}
}

func (b *Builder) attachment(k *change.Check, s *change.State, row *ent.Asset, ref *AttachmentRef, field ...string) *ent.AttachmentLink {
	k.Refuse(languageTag(ref.Language), append(field, "language")...)
	return &ent.AttachmentLink{AssetID: s.ID, AttachmentID: row.ID, Language: ref.Language, Label: media.NFC(ref.Label)}
}

func (b *Builder) attachments(k *change.Check, s *change.State, refs []*AttachmentRef, list string) (rows []*ent.AttachmentLink) {
	k.Refuse(change.TooMany(len(refs), k.Limits.Satellites, fault.TooManyItems, "attachments"), list)
	seen := map[string]bool{}
	for i, ref := range refs {
		row := b.link(k, ref.Attachment, append(change.Place(list, i), "attachment")...)
		if row == nil {
			continue
		}
		k.Require(!seen[row.ID], "Each attachment is named once.", append(change.Place(list, i), "attachment")...)
		seen[row.ID] = true
		checkAttachment(k, row, append(change.Place(list, i), "attachment")...)
		rows = append(rows, b.attachment(k, s, row, ref, change.Place(list, i)...))
	}
	return rows
}
