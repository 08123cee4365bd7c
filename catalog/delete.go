package catalog

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/attachmentlink"
	"vodgraph/ent/collect"
	"vodgraph/ent/playinfo"
	"vodgraph/fault"
	"vodgraph/limits"
	"vodgraph/media"
)

// AssetsDelete deletes assets for good, with all below them. It refuses the call
// with REQUIRED or TOO_MANY_ITEMS, and items with NOT_FOUND, DUPLICATE_ITEM, and
// IN_USE where another asset uses one: as an attachment, a cover or a watermark.
// With force those lose it, and take the transaction's revision.
func (c *Catalog) AssetsDelete(ctx context.Context, refs []*change.AssetRef, force bool, o *change.BulkOptions) (*change.Outcome, error) {
	if err := c.CountItems(len(refs), AssetList); err != nil {
		return nil, err
	}
	return c.Call(ctx, o, func(d *change.Tx, out *change.Outcome) error {
		return DeleteAll(ctx, d, referred(refs), Deletion{Force: force}, out)
	})
}

// Deletion is how assets are deleted.
type Deletion struct {
	Force bool
	Until *time.Time // what was in the trash by then goes as well, and keeps nothing
	// InOrder deletes one after the other: what is still used when it is met is refused,
	// even if its user is met later.
	InOrder bool
}

// DeleteAll deletes the assets that the targets name.
func DeleteAll(ctx context.Context, d *change.Tx, items Items, how Deletion, out *change.Outcome) error {
	decisions, err := decideDeletions(ctx, d, items)
	if err != nil {
		return err
	}
	uses, err := FindUses(ctx, d, acceptedIDs(decisions))
	if err != nil {
		return err
	}
	lasting, err := remainingUses(ctx, d, uses, how.Until)
	if err != nil {
		return err
	}
	if err := rejectInvisibleUsers(ctx, d, items, decisions, lasting); err != nil {
		return err
	}
	if !how.Force {
		rejectReferenced(items, decisions, lasting, how.InOrder)
	}
	out.Items, _ = d.Outcomes(decisions, items.Name)
	gone := map[string]bool{}
	for i, item := range out.Items {
		if item.Outcome != change.Failed {
			out.Items[i].Outcome, gone[item.ID] = change.Deleted, true
		}
	}
	if len(gone) == 0 {
		return change.ErrUnchanged
	}
	return deleteRows(ctx, d, gone, uses)
}

func decideDeletions(ctx context.Context, d *change.Tx, items Items) ([]change.Decision, error) {
	var n change.References
	for i := range items.List {
		n.Asset(&items.List[i].AssetRef)
	}
	found, err := d.Resolve(ctx, &n)
	if err != nil {
		return nil, err
	}
	targets, _ := builderIn(d, found).targets(items)
	decisions, seen := make([]change.Decision, len(targets)), change.Mentions{}
	for i, a := range targets {
		k := &change.Check{Limits: d.Options.Limits}
		if k.Refuse(a.refused); a.refused == nil {
			decisions[i].ID = a.row.ID
			k.Refuse(seen.Again(a.row.ID))
		}
		if decisions[i].Faults = k.Under(change.Place(items.Name, i)...); k.Ok() {
			decisions[i].Change = &change.Change{}
		}
	}
	return decisions, nil
}

func acceptedIDs(decisions []change.Decision) (ids []string) {
	for _, v := range decisions {
		if v.Faults == nil {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

type use struct{ used, By, field string }

// uses are all uses of some assets.
func FindUses(ctx context.Context, d *change.Tx, ids []string) (all []use, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	b := sql.Dialect(d.Ent.Client().Dialect())
	for _, of := range []struct{ table, used, by, field string }{
		{attachmentlink.Table, attachmentlink.FieldAttachmentID, attachmentlink.FieldAssetID, "attachments"},
		{asset.Table, asset.FieldCoverImageID, asset.FieldID, "cover"},
		{playinfo.Table, playinfo.FieldWatermarkID, playinfo.FieldAssetID, "playInfos"},
	} {
		t := b.Table(of.table)
		pairs, err := d.Pairs(ctx, b.Select(t.C(of.used), t.C(of.by)).Distinct().From(t).Where(collect.InP(t.C(of.used), ids)))
		if err != nil {
			return nil, fmt.Errorf("find what uses them: %w", err)
		}
		for _, p := range pairs {
			all = append(all, use{p[0], p[1], of.field})
		}
	}
	return all, nil
}

// remainingUses are the uses by assets that were not in the trash at a time, if one is given.
func remainingUses(ctx context.Context, d *change.Tx, uses []use, until *time.Time) ([]use, error) {
	if until == nil || len(uses) == 0 {
		return uses, nil
	}
	users := make([]string, len(uses))
	for i, u := range uses {
		users[i] = u.By
	}
	trashed, err := d.Ent.Asset.Query().Where(collect.In[string](asset.FieldID, users), asset.TrashedAtLTE(*until)).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("find users in the trash: %w", err)
	}
	leaving := map[string]bool{}
	for _, id := range trashed {
		leaving[id] = true
	}
	return slices.DeleteFunc(slices.Clone(uses), func(u use) bool { return leaving[u.By] }), nil
}

// rejectInvisibleUsers refuses what assets use that the caller does not see, and so may not change.
func rejectInvisibleUsers(ctx context.Context, d *change.Tx, items Items, decisions []change.Decision, uses []use) error {
	users := make([]string, len(uses))
	for i, u := range uses {
		users[i] = u.By
	}
	invisible, err := d.Invisible(ctx, users)
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for _, u := range uses {
		if invisible[u.By] {
			used[u.used] = true
		}
	}
	for i, v := range decisions {
		if used[v.ID] && v.Faults == nil {
			decisions[i].Faults = []*fault.Fault{fault.New(fault.InUse, "Assets that you do not see use it.").At(change.Place(items.Name, i)...)}
		}
	}
	return nil
}

// namedUsers is how many of the assets that use one its refusal names.
const namedUsers = 3

// rejectReferenced refuses what others use that stay, until nothing more has to stay for it.
func rejectReferenced(items Items, decisions []change.Decision, uses []use, inOrder bool) {
	index := map[string]int{}
	for i, v := range decisions {
		if v.Faults == nil {
			index[v.ID] = i
		}
	}
	for again := true; again; {
		again = false
		users := map[string][]fault.Use{}
		for _, u := range uses {
			by, leaves := index[u.By]
			if used, goes := index[u.used]; goes && (!leaves || inOrder && by > used) {
				users[u.used] = append(users[u.used], fault.Use{AssetID: u.By, Field: u.field})
			}
		}
		for id, by := range users {
			i := index[id]
			decisions[i].Faults = []*fault.Fault{inUse(by).At(change.Place(items.Name, i)...)}
			delete(index, id)
			again = true
		}
	}
}

func inUse(by []fault.Use) *fault.Fault {
	slices.SortFunc(by, func(a, b fault.Use) int {
		return cmp.Or(strings.Compare(a.AssetID, b.AssetID), strings.Compare(a.Field, b.Field))
	})
	users := make([]string, len(by))
	for i, u := range by {
		users[i] = u.AssetID
	}
	users = slices.Compact(users)
	what := "Another asset uses it: %[2]s; force deletes it all the same."
	if len(users) > 1 {
		what = "%[1]d other assets use it, such as %[2]s; force deletes it all the same."
	}
	return fault.New(fault.InUse, what, len(users), strings.Join(users[:min(namedUsers, len(users))], ", ")).UsedBy(by[:min(limits.Uses, len(by))])
}

// deleteRows deletes assets, and has those that use them lose them.
func deleteRows(ctx context.Context, d *change.Tx, gone map[string]bool, uses []use) error {
	lost := map[use]bool{} // one entry for each field of a user
	var users []string
	links, err := linksLost(ctx, d, gone)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if !gone[u.used] || gone[u.By] || lost[use{By: u.By, field: u.field}] {
			continue
		}
		lost[use{By: u.By, field: u.field}] = true
		users = append(users, u.By)
		entry := d.Entry(u.By, u.field, nil, nil)
		switch u.field {
		case CoverField:
			entry = d.Entry(u.By, u.field, change.CoverOf(&ent.Asset{CoverImageID: &u.used}), nil)
		case LinksField:
			entry = d.Entry(u.By, u.field, attachedInputs(links[u.By]), []*AttachmentRef{})
		}
		d.History = append(d.History, entry)
	}
	ids := make([]string, 0, len(gone))
	for id := range gone {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		d.History = append(d.History, d.Entry(id, change.DeletedField, nil, nil))
	}
	if err := touchAlone(ctx, d, users); err != nil {
		return err
	}
	if err := d.MarkStale(ctx, slices.Concat(ids, users)); err != nil {
		return err
	}
	if _, err := d.Ent.Asset.Delete().Where(collect.In[string](asset.FieldID, ids)).Exec(ctx); err != nil {
		return fmt.Errorf("delete assets: %w", err)
	}
	return nil
}

func linksLost(ctx context.Context, d *change.Tx, gone map[string]bool) (map[string][]*ent.AttachmentLink, error) {
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(gone)), func(id string) bool { return !strings.HasPrefix(id, media.AttachmentPrefix) })
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := d.Ent.AttachmentLink.Query().Where(collect.In[string](attachmentlink.FieldAttachmentID, ids)).
		Order(attachmentlink.ByAttachmentID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the links to them: %w", err)
	}
	byUser := map[string][]*ent.AttachmentLink{}
	for _, row := range rows {
		byUser[row.AssetID] = append(byUser[row.AssetID], row)
	}
	return byUser, nil
}

func touchAlone(ctx context.Context, d *change.Tx, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	err := d.Ent.Asset.Update().Where(collect.In[string](asset.FieldID, ids)).SetRevision(d.Revision).SetUpdatedAt(d.Now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark the assets: %w", err)
	}
	return nil
}
