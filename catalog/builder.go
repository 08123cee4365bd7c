package catalog

import (
	"slices"
	"time"
	"unicode"
	"unicode/utf8"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/limits"

	"golang.org/x/text/unicode/norm"
)

// Builder decides what becomes of assets: it makes states of inputs, of what these name, and of
// the values below. It reads no database.
type Builder struct {
	*change.Resolved
	// Now is the time of the transaction, and Options are the library's.
	Now     time.Time
	Options change.Options
	// Granted is what the caller sees.
	Granted change.Grants
	seen    change.Mentions
	// Importing allows what only an import may do; nil for a call.
	Importing Linker
	// Self is the next state of the asset of the line that is decided.
	Self *change.State
	// Marks are the watermarks in use to which lines give a type, by their ids.
	Marks map[string]bool
	// renamed are the revisions at which tags, by their names, and categories, by their ids,
	// were renamed or moved after those that items name.
	renamed map[string]int64
	// chosen are images made of cover candidates, to be written first.
	chosen []*change.Change
	// Keys are the reference ids that items want, by the ids of their assets, where they
	// are decided when all items are; nil where each is decided for itself, in order.
	Keys map[string]WantedKey
}

// hasMember refuses with WRONG_KIND a member that is given and that only other kinds
// have, and reports whether the asset's kind has it.
func hasMember(k *change.Check, s *change.State, given bool, kinds []asset.Kind, place ...string) bool {
	has := slices.Contains(kinds, s.Kind)
	if given && !has {
		k.Refuse(fault.New(fault.WrongKind, "An asset of kind %s has no %s.", s.Kind, place[len(place)-1]), place...)
	}
	return has
}

// referenceID refuses a reference id that is malformed or that another asset has.
func (b *Builder) referenceID(k *change.Check, s *change.State, ref *string, field string) *string {
	if ref == nil {
		return nil
	}
	k.Refuse(checkReferenceID(k.Limits, *ref), field)
	if b.Keys != nil {
		b.Keys[s.ID] = WantedKey{*ref, field}
		return ref
	}
	if holder := b.ByReference[*ref]; holder != nil && holder.ID != s.ID {
		k.Refuse(b.taken(holder, s), field)
	}
	return ref
}

func (b *Builder) taken(holder *ent.Asset, s *change.State) *fault.Fault {
	switch {
	case holder.TrashedAt == nil, b.Resolved.Invisible[holder.ID]:
		return fault.New(fault.ReferenceIDTaken, "Another asset has this reference id.")
	case s.Revision > 0:
		return fault.New(fault.Trashed, "The asset %s, which is in the trash, has this reference id.", holder.ID)
	}
	return fault.New(fault.Trashed, "The asset %s, which is in the trash, has this reference id; restore it instead.", holder.ID)
}

// checkReferenceID refuses a reference id of a wrong length or with characters that
// it may not have. It is kept to the letter, and counted as it is after NFC.
func checkReferenceID(l limits.Library, ref string) *fault.Fault {
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

// Linker decides about references of an import, whose assets may come in any order. It is given the
// asset that has the name now, or the refusal with NOT_FOUND.
type Linker interface {
	LinkLater(k *change.Check, ref *change.AssetRef, row *ent.Asset, missing *fault.Fault, field ...string) *ent.Asset
}

// link finds an asset to link to, or none.
func (b *Builder) link(k *change.Check, ref *change.AssetRef, field ...string) *ent.Asset {
	row, refused := b.AssetOf(ref)
	if b.Importing == nil || refused != nil && refused.Code != fault.NotFound {
		k.Refuse(refused, field...)
		return row
	}
	return b.Importing.LinkLater(k, ref, row, refused, field...)
}

// WantedKey is a reference id that an item wants, and the member that says so.
type WantedKey struct{ ref, member string }

var played = []asset.Kind{asset.KindVIDEO, asset.KindAUDIO}
