package catalog

import (
	"vodgraph/ent"
	"vodgraph/fault"
)

// rename has an asset's reference id be taken from now on, and the one before free.
func (f *directory) rename(row *ent.Asset) {
	if was := f.ids[row.ID].ReferenceID; was != nil && f.references[*was].ID == row.ID {
		delete(f.references, *was)
	}
	f.asset(row)
}

// linker judges references of an import, whose assets may come in any order. It is given the
// asset that has the name now, or the refusal with NOT_FOUND.
type linker interface {
	link(k *check, ref *AssetRef, row *ent.Asset, missing *fault.Fault, field ...string) *ent.Asset
}

// link finds an asset to link to, or none.
func (b *maker) link(k *check, ref *AssetRef, field ...string) *ent.Asset {
	row, refused := b.one(ref)
	if b.importing == nil || refused != nil && refused.Code != fault.NotFound {
		k.refuse(refused, field...)
		return row
	}
	return b.importing.link(k, ref, row, refused, field...)
}

// The items of a call are all judged against the library as it was, and so reference ids
// may change hands within it: two assets swap theirs, three pass them round, one takes what
// another gives up further down. An import settles them for all of its lines, by its plan. A
// file of changes has no such end to wait for; its lines are in order.

// wantedKey is a reference id that an item wants, and the member that says so.
type wantedKey struct{ ref, member string }

// settleKeys refuses the items that want a reference id which another asset keeps: one
// that no item is about, one whose item gives nothing up, or one whose item is refused, and
// so whoever wants what a refused item does not give up. Of several that want one, the first
// has it. An item that is refused anyway is refused for this as well where the other asset
// was not to give it up. The places of refusals begin with the list and the item, or with
// neither where the list has no name.
func (b *maker) settleKeys(verdicts []verdict, list string) {
	if len(b.keys) == 0 {
		return
	}
	meant, stands := map[string]*state{}, map[string]*state{} // by ids, the second without what is refused
	for _, v := range verdicts {
		if v.waits {
			continue
		}
		if v.change != nil {
			meant[v.id] = v.change.next
		}
		if v.faults == nil {
			stands[v.id] = v.change.next
		}
	}
	late, has := map[int]bool{}, map[string]*ent.Asset{}
	for again := true; again; {
		again, has = false, b.kept(stands)
		for i, v := range verdicts {
			want, wants := b.keys[v.id]
			switch holder := has[want.ref]; {
			case !wants || v.waits || v.faults != nil || late[i]:
			case holder == nil || holder.ID == v.id:
				has[want.ref] = v.change.next.Asset
			default:
				late[i], again = true, true
				delete(stands, v.id)
			}
		}
	}
	anyway := b.kept(meant)
	for i, v := range verdicts {
		want, wants := b.keys[v.id]
		holder := has[want.ref]
		if v.faults != nil {
			holder = anyway[want.ref]
			wants = wants && list != "" // an import reports the same for a line of an earlier stage
		}
		if wants && v.change != nil && holder != nil && holder.ID != v.id {
			k := &check{}
			k.refuse(b.taken(holder, v.change.next), want.member)
			place := at(list, i)
			if list == "" {
				place = nil
			}
			verdicts[i].faults = append(k.under(place...), v.faults...)
		}
	}
}

// kept are the assets by the reference ids that they have, where their items, if there are
// any, leave it so.
func (b *maker) kept(next map[string]*state) map[string]*ent.Asset {
	kept := map[string]*ent.Asset{}
	for ref, row := range b.references {
		if s := next[row.ID]; s == nil || val(s.ReferenceID) == ref {
			kept[ref] = row
		}
	}
	return kept
}
