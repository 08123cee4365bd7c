package catalog

import (
	"context"
	"slices"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
)

// AttachmentLink links an attachment to a video or an audio, or sets language
// and label of a link that stands.
func (c *Catalog) AttachmentLink(ctx context.Context, ref, attachment *AssetRef, lang, label *string) (*Outcome, error) {
	in := &AttachmentRef{Attachment: attachment, Language: lang, Label: label}
	gather := func(n *names) { n.asset(attachment) }
	return c.one(ctx, ref, withLinks, gather, func(b *maker, k *check, s *state) {
		k.nul(in)
		k.of(s, "attachments", played...)
		row, refused := b.one(attachment)
		if refused != nil {
			k.refuse(refused, "attachment")
			return
		}
		k.attachment(row, "attachment")
		link := b.attachment(k, s, row, in)
		if !k.ok() {
			return
		}
		s.links = append(s.unlinked(row.ID), link)
	})
}

// AttachmentUnlink removes a link. It refuses with NOT_FOUND where there is none.
func (c *Catalog) AttachmentUnlink(ctx context.Context, ref, attachment *AssetRef) (*Outcome, error) {
	gather := func(n *names) { n.asset(attachment) }
	return c.one(ctx, ref, withLinks, gather, func(b *maker, k *check, s *state) {
		k.nul(&AttachmentRef{Attachment: attachment})
		row, refused := b.one(attachment)
		if refused != nil {
			k.refuse(refused, "attachment")
			return
		}
		kept := s.unlinked(row.ID)
		if len(kept) == len(s.links) {
			k.refuse(fault.New(fault.NotFound, "The asset does not use this attachment."), "attachment")
		}
		s.links = kept
	})
}

func (s *state) unlinked(attachmentID string) []*ent.AttachmentLink {
	return slices.DeleteFunc(slices.Clone(s.links), func(l *ent.AttachmentLink) bool { return l.AttachmentID == attachmentID })
}

// attachment refuses with WRONG_KIND what is none.
func (k *check) attachment(row *ent.Asset, field ...string) {
	if row.Kind != asset.KindATTACHMENT {
		k.refuse(fault.New(fault.WrongKind, "An asset of kind %s is no attachment.", row.Kind), field...)
	}
}

// attachment makes the row of a link.
func (b *maker) attachment(k *check, s *state, row *ent.Asset, ref *AttachmentRef, field ...string) *ent.AttachmentLink {
	k.refuse(languageTag(ref.Language), append(field, "language")...)
	return &ent.AttachmentLink{AssetID: s.ID, AttachmentID: row.ID, Language: ref.Language, Label: media.NFC(ref.Label)}
}

// attachments makes the rows of all links.
func (b *maker) attachments(k *check, s *state, refs []*AttachmentRef, list string) (rows []*ent.AttachmentLink) {
	k.refuse(tooMany(len(refs), k.limits.Satellites, fault.TooManyItems, "attachments"), list)
	seen := map[string]bool{}
	for i, ref := range refs {
		row := b.link(k, ref.Attachment, append(at(list, i), "attachment")...)
		if row == nil {
			continue
		}
		k.require(!seen[row.ID], "Each attachment is named once.", append(at(list, i), "attachment")...)
		seen[row.ID] = true
		k.attachment(row, append(at(list, i), "attachment")...)
		rows = append(rows, b.attachment(k, s, row, ref, at(list, i)...))
	}
	return rows
}
