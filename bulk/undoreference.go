package bulk

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/catalog"
	"vodgraph/change"
	entries "vodgraph/ent/change"
	"vodgraph/ent/collect"
)

// A set may have handed reference ids from one asset to another. They go back in one
// transaction, since no two assets may have one, and so whoever has a reference id that goes
// back in a batch gives it up in that batch, even where its own comes later.

// maxHanded is from how many assets that a batch does not meet it takes reference ids
// at the most: as many as one call may have handed on.
const maxHanded = 1000

// wanted are the reference ids that some assets had before.
func (u *undoBatch) wanted(ids []string) (list []string) {
	for _, id := range ids {
		var before *string
		if e := u.fields[id][catalog.ReferenceField]; e != nil && catalog.Reads(e.Before, &before) && before != nil {
			list = append(list, *before)
		}
	}
	return list
}

// readHanded reads what the set did to the reference ids of other assets than those of
// the batch, which have the ones that are wanted back in it, and returns their ids.
// Reference ids of the batch that an earlier one has put back it takes from the fields.
func (u *undoBatch) readHanded(ctx context.Context) ([]string, error) {
	if err := u.readBegun(ctx); err != nil {
		return nil, err
	}
	wanted := u.wanted(u.ids)
	if len(wanted) == 0 {
		return nil, nil
	}
	q := &sql.Builder{}
	q.SetDialect(u.Ent.Client().Dialect())
	u.handedSQL(q, wanted)
	pairs, err := u.Pairs(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("find who has the reference ids: %w", err)
	}
	var others []string
	for _, p := range pairs {
		if id := p[0]; u.fields[id] == nil {
			others = append(others, id)
			u.fields[id] = reversal{}
		}
	}
	if len(others) == 0 {
		return nil, nil
	}
	rows, err := u.Ent.Change.Query().Where(entries.ChangeSetID(u.undone), entries.Field(catalog.ReferenceField),
		collect.In[string](entries.FieldSubjectID, others)).Order(entries.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read which reference ids were handed on: %w", err)
	}
	u.add(rows)
	return others, nil
}

// readBegun finds out of which assets an earlier batch has put the reference id back.
func (u *undoBatch) readBegun(ctx context.Context) error {
	if !u.SetOpen || !slices.ContainsFunc(u.ids, func(id string) bool { return u.fields[id][catalog.ReferenceField] != nil }) {
		return nil
	}
	ids, err := u.Ent.Change.Query().Where(entries.ChangeSetID(u.Tx.ChangeSetID), entries.Field(catalog.ReferenceField),
		collect.In[string](entries.FieldSubjectID, u.ids)).Select(entries.FieldSubjectID).Strings(ctx)
	if err != nil {
		return fmt.Errorf("read what is undone: %w", err)
	}
	u.begun = map[string]bool{}
	for _, id := range ids {
		u.begun[id] = true
		delete(u.fields[id], catalog.ReferenceField)
	}
	return nil
}

// handedSQL writes the statement for the assets that have the wanted reference ids, for
// those that have what these had before, and so on, as far as they are of the set.
func (u *undoBatch) handedSQL(b *sql.Builder, wanted []string) {
	before := "changes.before ->> '$'"
	if b.Dialect() == dialect.Postgres {
		before = "changes.before #>> '{}'"
	}
	joined := func() {
		b.WriteString(" JOIN changes ON changes.subject_id = assets.id AND changes.field = '" + catalog.ReferenceField + "' AND changes.change_set_id = ").Arg(u.undone)
	}
	row := "SELECT assets.id, COALESCE(" + before + ", '') FROM "
	b.WriteString("WITH RECURSIVE handed(id, ref) AS (" + row + "assets")
	joined()
	b.WriteString(" WHERE ").Join(collect.InP("reference_id", wanted)).
		WriteString(" UNION " + row + "handed JOIN assets ON assets.reference_id = handed.ref")
	joined()
	b.WriteString(") SELECT id, ref FROM handed LIMIT ").Arg(maxHanded)
}

// handBack are the changes of other assets than those of the batch, which give up what
// goes back in it.
func (u *undoBatch) handBack(states map[string]*change.State) (others []*change.Change) {
	met := map[string]bool{}
	for _, id := range u.ids {
		met[id] = true
	}
	for _, id := range u.ids {
		for ref := u.Back[id]; ref != nil; {
			row := u.ByReference[*ref]
			if row == nil || met[row.ID] {
				break
			}
			met[row.ID], ref = true, u.Back[row.ID]
			old := states[row.ID]
			next := old.Next()
			next.ReferenceID = ref
			others = append(others, &change.Change{Old: old, Next: next})
		}
	}
	return others
}

// findFree finds the assets that can have their reference ids back: those of which no
// asset keeps it. Who has it may be in the batch, too, and have another again.
func (u *undoBatch) findFree(ids []string, states map[string]*change.State) {
	u.Back = map[string]*string{}
	for _, id := range ids {
		var before *string
		if e := u.fields[id][catalog.ReferenceField]; e != nil && states[id] != nil && u.Same(&change.Check{}, e, states[id].ReferenceID) && catalog.Reads(e.Before, &before) {
			u.Back[id] = before
		}
	}
	for again := true; again; {
		again = false
		kept := map[string]bool{}
		for ref, row := range u.Resolved.ByReference {
			_, goes := u.Back[row.ID]
			kept[ref] = !goes
		}
		for _, id := range ids {
			ref := u.Back[id]
			if ref == nil {
				continue
			}
			if kept[*ref] {
				delete(u.Back, id) // and so keeps what it has
				again = true
				break
			}
			kept[*ref] = true
		}
	}
}
