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

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/attachmentlink"
	"vodgraph/ent/collect"
	"vodgraph/ent/playinfo"
	"vodgraph/fault"
	"vodgraph/media"
)

// AssetsDelete deletes assets for good, with all below them. It refuses the call
// with REQUIRED or TOO_MANY_ITEMS, and items with NOT_FOUND, DUPLICATE_ITEM, and
// IN_USE where another asset uses one: as an attachment, a cover or a watermark.
// With force those lose it, and take the deed's revision.
func (c *Catalog) AssetsDelete(ctx context.Context, refs []*AssetRef, force bool, o *BulkOptions) (*Outcome, error) {
	if err := c.countItems(len(refs), assetList); err != nil {
		return nil, err
	}
	return c.call(ctx, o, func(d *deed, out *Outcome) error {
		return d.deleteAll(ctx, referred(refs), deletion{force: force, policy: o.policy()}, out)
	})
}

// deletion is how assets are deleted.
type deletion struct {
	force  bool
	policy ErrorPolicy
	until  *time.Time // what was in the trash by then goes as well, and keeps nothing
	// inOrder has one after the other be deleted: what is still used when it is met is
	// refused, even if its user is met later.
	inOrder bool
}

// deleteAll deletes the assets that the targets name.
func (d *deed) deleteAll(ctx context.Context, t targets, how deletion, out *Outcome) error {
	verdicts, err := d.doom(ctx, t)
	if err != nil {
		return err
	}
	uses, err := d.uses(ctx, goners(verdicts))
	if err != nil {
		return err
	}
	lasting, err := d.lasting(ctx, uses, how.until)
	if err != nil {
		return err
	}
	if err := d.spareUnseen(ctx, t, verdicts, lasting); err != nil {
		return err
	}
	if !how.force {
		spare(t, verdicts, lasting, how.inOrder)
	}
	out.Items, _ = settle(verdicts, t.name, how.policy)
	gone := map[string]bool{}
	for i, item := range out.Items {
		if item.Outcome != Failed {
			out.Items[i].Outcome, gone[item.ID] = Deleted, true
		}
	}
	if len(gone) == 0 {
		return errUnchanged
	}
	return d.delete(ctx, gone, uses)
}

// doom finds the assets that are to be deleted.
func (d *deed) doom(ctx context.Context, t targets) ([]verdict, error) {
	var n names
	for i := range t.list {
		n.asset(&t.list[i].AssetRef)
	}
	found, err := d.find(ctx, &n)
	if err != nil {
		return nil, err
	}
	aims, _ := (&maker{deed: d, directory: found}).aim(t)
	verdicts, seen := make([]verdict, len(aims)), mentions{}
	for i, a := range aims {
		k := &check{limits: d.opts.Limits}
		if k.refuse(a.refused); a.refused == nil {
			verdicts[i].id = a.row.ID
			k.refuse(seen.again(a.row.ID))
		}
		if verdicts[i].faults = k.under(at(t.name, i)...); k.ok() {
			verdicts[i].change = &change{}
		}
	}
	return verdicts, nil
}

// goners are the ids of the assets that are not refused.
func goners(verdicts []verdict) (ids []string) {
	for _, v := range verdicts {
		if v.faults == nil {
			ids = append(ids, v.id)
		}
	}
	return ids
}

// use is that an asset uses another in one of its fields.
type use struct{ used, by, field string }

// uses are all uses of some assets.
func (d *deed) uses(ctx context.Context, ids []string) (all []use, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	b := sql.Dialect(d.tx.Client().Dialect())
	for _, of := range []struct{ table, used, by, field string }{
		{attachmentlink.Table, attachmentlink.FieldAttachmentID, attachmentlink.FieldAssetID, "attachments"},
		{asset.Table, asset.FieldCoverImageID, asset.FieldID, "cover"},
		{playinfo.Table, playinfo.FieldWatermarkID, playinfo.FieldAssetID, "playInfos"},
	} {
		t := b.Table(of.table)
		pairs, err := d.pairs(ctx, b.Select(t.C(of.used), t.C(of.by)).Distinct().From(t).Where(collect.InP(t.C(of.used), ids)))
		if err != nil {
			return nil, fmt.Errorf("find what uses them: %w", err)
		}
		for _, p := range pairs {
			all = append(all, use{p[0], p[1], of.field})
		}
	}
	return all, nil
}

// lasting are the uses by assets that were not in the trash at a time, if one is given.
func (d *deed) lasting(ctx context.Context, uses []use, until *time.Time) ([]use, error) {
	if until == nil || len(uses) == 0 {
		return uses, nil
	}
	users := make([]string, len(uses))
	for i, u := range uses {
		users[i] = u.by
	}
	trashed, err := d.tx.Asset.Query().Where(collect.In[string](asset.FieldID, users), asset.TrashedAtLTE(*until)).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("find users in the trash: %w", err)
	}
	leaving := map[string]bool{}
	for _, id := range trashed {
		leaving[id] = true
	}
	return slices.DeleteFunc(slices.Clone(uses), func(u use) bool { return leaving[u.by] }), nil
}

// spareUnseen refuses what assets use that the caller does not see, and so may not change.
func (d *deed) spareUnseen(ctx context.Context, t targets, verdicts []verdict, uses []use) error {
	users := make([]string, len(uses))
	for i, u := range uses {
		users[i] = u.by
	}
	unseen, err := d.unseen(ctx, users)
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for _, u := range uses {
		if unseen[u.by] {
			used[u.used] = true
		}
	}
	for i, v := range verdicts {
		if used[v.id] && v.faults == nil {
			verdicts[i].faults = []*fault.Fault{fault.New(fault.InUse, "Assets that you do not see use it.").At(at(t.name, i)...)}
		}
	}
	return nil
}

// How many uses a refusal has, and how many of the assets its sentence names.
const (
	mostUses  = 10
	mostUsers = 3
)

// spare refuses what others use that stay, until nothing more has to stay for it.
func spare(t targets, verdicts []verdict, uses []use, inOrder bool) {
	index := map[string]int{}
	for i, v := range verdicts {
		if v.faults == nil {
			index[v.id] = i
		}
	}
	for again := true; again; {
		again = false
		users := map[string][]fault.Use{}
		for _, u := range uses {
			by, leaves := index[u.by]
			if used, doomed := index[u.used]; doomed && (!leaves || inOrder && by > used) {
				users[u.used] = append(users[u.used], fault.Use{AssetID: u.by, Field: u.field})
			}
		}
		for id, by := range users {
			i := index[id]
			verdicts[i].faults = []*fault.Fault{inUse(by).At(at(t.name, i)...)}
			delete(index, id)
			again = true
		}
	}
}

// inUse refuses to delete an asset that others use, and shows the first of them.
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
	return fault.New(fault.InUse, what, len(users), strings.Join(users[:min(mostUsers, len(users))], ", ")).UsedBy(by[:min(mostUses, len(by))])
}

// delete deletes assets, and has those that use them lose them.
func (d *deed) delete(ctx context.Context, gone map[string]bool, uses []use) error {
	lost := map[use]bool{} // one entry for each field of a user
	var users []string
	links, err := d.linksLost(ctx, gone)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if !gone[u.used] || gone[u.by] || lost[use{by: u.by, field: u.field}] {
			continue
		}
		lost[use{by: u.by, field: u.field}] = true
		users = append(users, u.by)
		entry := d.changed(u.by, u.field, nil, nil)
		switch u.field {
		case coverField:
			entry = d.changed(u.by, u.field, coverOf(&ent.Asset{CoverImageID: &u.used}), nil)
		case linksField:
			entry = d.changed(u.by, u.field, attachedInputs(links[u.by]), []*AttachmentRef{})
		}
		d.history = append(d.history, entry)
	}
	ids := make([]string, 0, len(gone))
	for id := range gone {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		d.history = append(d.history, d.changed(id, deletedField, nil, nil))
	}
	if err := d.touchAlone(ctx, users); err != nil {
		return err
	}
	if err := d.markStale(ctx, slices.Concat(ids, users)); err != nil {
		return err
	}
	if _, err := d.tx.Asset.Delete().Where(collect.In[string](asset.FieldID, ids)).Exec(ctx); err != nil {
		return fmt.Errorf("delete assets: %w", err)
	}
	return nil
}

// linksLost are the links to assets that go, by the assets that use them.
func (d *deed) linksLost(ctx context.Context, gone map[string]bool) (map[string][]*ent.AttachmentLink, error) {
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(gone)), func(id string) bool { return !strings.HasPrefix(id, media.AttachmentPrefix) })
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := d.tx.AttachmentLink.Query().Where(collect.In[string](attachmentlink.FieldAttachmentID, ids)).
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

// touchAlone gives assets the deed's revision and time.
func (d *deed) touchAlone(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	err := d.tx.Asset.Update().Where(collect.In[string](asset.FieldID, ids)).SetRevision(d.revision).SetUpdatedAt(d.now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark the assets: %w", err)
	}
	return nil
}
