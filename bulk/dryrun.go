package bulk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/fact"
	"vodgraph/ent/preview"
	"vodgraph/limits"
)

// A dry run is the transaction of the real call, taken back before its end. What it would
// have changed is the history that it has collected by then: calls return it, operations
// keep the first ones, and files have it in the result of each line.

var previews = &change.Table[ent.Preview]{
	Name: preview.Table, Columns: preview.Columns[1:],
	Shared: "operation_id",
	Values: func(p *ent.Preview) []any {
		return []any{p.OperationID, p.SubjectID, p.Field, change.RawJSON(p.Before), change.RawJSON(p.After)}
	},
}

// shown are the entries of the batch of a dry run that no other batch shows.
func (r *batch) shown(history []*ent.Change) []*ent.Change {
	if r.kind.repeats == nil {
		return history
	}
	met := map[string]bool{}
	for _, id := range r.ids {
		met[id] = true
	}
	return slices.DeleteFunc(slices.Clone(history), func(e *ent.Change) bool { return r.kind.repeats(r, met, e) })
}

// keepPreviews keeps what the batch of a dry run would change, up to limits.Previews of the operation.
func (r *batch) keepPreviews(ctx context.Context, d *change.Tx) error {
	known, err := d.Ent.Preview.Query().Where(preview.OperationID(r.row.ID)).Modify(func(s *sql.Selector) { s.Limit(limits.Previews) }).Count(ctx)
	if err != nil {
		return fmt.Errorf("count the changes of a dry run: %w", err)
	}
	kept := r.entries[:min(len(r.entries), max(limits.Previews-known, 0))]
	rows := make([]*ent.Preview, 0, len(kept))
	for _, e := range kept {
		rows = append(rows, &ent.Preview{OperationID: r.row.ID, SubjectID: e.SubjectID, Field: e.Field, Before: e.Before, After: e.After})
	}
	return previews.Put(ctx, d.Ent, rows)
}

// counted adds what became of a batch, field by field, to the counts of its operation.
func (r *batch) counted(items []change.Item) []fact.FieldCount {
	type key struct{ field, outcome string }
	counts := map[key]int64{}
	for _, c := range r.row.Counts {
		counts[key{c.Field, c.Outcome}] = c.Count
	}
	for _, e := range r.entries {
		outcome := change.Changed
		switch e.Field {
		case change.CreatedField:
			outcome = change.Created
		case change.DeletedField:
			outcome = change.Deleted
		}
		counts[key{e.Field, string(outcome)}]++
	}
	for _, item := range slices.Concat(r.refused, items) {
		if item.Outcome != change.Failed {
			continue
		}
		var fields []string
		for _, f := range r.placed(item.Errors) {
			fields = append(fields, refusedField(f.Field))
		}
		slices.Sort(fields)
		for _, field := range slices.Compact(fields) {
			counts[key{field, string(change.Failed)}]++
		}
	}
	list := make([]fact.FieldCount, 0, len(counts))
	for k, n := range counts {
		list = append(list, fact.FieldCount{Field: k.field, Outcome: k.outcome, Count: n})
	}
	slices.SortFunc(list, func(a, b fact.FieldCount) int {
		return strings.Compare(a.Field+" "+a.Outcome, b.Field+" "+b.Outcome)
	})
	return list
}

// refusedField is the field that a refusal of an item is about, by its place; empty for the item as a
// whole. The places of an operation's refusals begin with the argument that has the change.
func refusedField(place []string) string {
	if len(place) > 0 && place[0] == "change" {
		place = place[1:]
	}
	if len(place) == 0 {
		return ""
	}
	return place[0]
}
