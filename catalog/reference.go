package catalog

import (
	"vodgraph/change"
	"vodgraph/ent"
)

// moveReferenceID has an asset's reference id be taken from now on, and the one before free.
func moveReferenceID(f *change.Resolved, row *ent.Asset) {
	if was := f.ByID[row.ID].ReferenceID; was != nil && f.ByReference[*was].ID == row.ID {
		delete(f.ByReference, *was)
	}
	f.AddAsset(row)
}

// The items of a call are all decided against the library as it was, and so reference ids
// may change hands within it: two assets swap theirs, three pass them round, one takes what
// another gives up further down. An import settles them for all of its lines, by its plan. A
// file of changes has no such end to wait for; its lines are in order.

// SettleKeys refuses the items that want a reference id which another asset keeps: one
// that no item is about, one whose item gives nothing up, or one whose item is refused, and
// so whoever wants what a refused item does not give up. Of several that want one, the first
// has it. An item that is refused anyway is refused for this as well where the other asset
// was not to give it up. The places of refusals begin with the list and the item, or with
// neither where the list has no name.
func (b *Builder) SettleKeys(decisions []change.Decision, list string) {
	if len(b.Keys) == 0 {
		return
	}
	meant, stands := map[string]*change.State{}, map[string]*change.State{} // by ids, the second without what is refused
	for _, v := range decisions {
		if v.Waits {
			continue
		}
		if v.Change != nil {
			meant[v.ID] = v.Change.Next
		}
		if v.Faults == nil {
			stands[v.ID] = v.Change.Next
		}
	}
	late, has := map[int]bool{}, map[string]*ent.Asset{}
	for again := true; again; {
		again, has = false, b.kept(stands)
		for i, v := range decisions {
			want, wants := b.Keys[v.ID]
			switch holder := has[want.ref]; {
			case !wants || v.Waits || v.Faults != nil || late[i]:
			case holder == nil || holder.ID == v.ID:
				has[want.ref] = v.Change.Next.Asset
			default:
				late[i], again = true, true
				delete(stands, v.ID)
			}
		}
	}
	anyway := b.kept(meant)
	for i, v := range decisions {
		want, wants := b.Keys[v.ID]
		holder := has[want.ref]
		if v.Faults != nil {
			holder = anyway[want.ref]
			wants = wants && list != "" // an import reports the same for a line of an earlier stage
		}
		if wants && v.Change != nil && holder != nil && holder.ID != v.ID {
			k := &change.Check{}
			k.Refuse(b.taken(holder, v.Change.Next), want.member)
			place := change.Place(list, i)
			if list == "" {
				place = nil
			}
			decisions[i].Faults = append(k.Under(place...), v.Faults...)
		}
	}
}

// kept are the assets by the reference ids that they have, where their items, if there are
// any, leave it so.
func (b *Builder) kept(next map[string]*change.State) map[string]*ent.Asset {
	kept := map[string]*ent.Asset{}
	for ref, row := range b.ByReference {
		if s := next[row.ID]; s == nil || change.Deref(s.ReferenceID) == ref {
			kept[ref] = row
		}
	}
	return kept
}
