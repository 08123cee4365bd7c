package bulk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/collect"
	"vodgraph/ent/filename"
	"vodgraph/ent/filepart"
	"vodgraph/fault"
)

// A dry run takes each part of a file back at once, so that others do not wait for all of it.
// So that a line gets the result of the real run, the lines before it that
// make or change what it names are done anew in the same transaction, and those that matter
// to them. Each line leaves the names of its asset behind, to be found by.

// How much before is done anew for one part, at the most: others wait for it. Runs are
// lines that can be done together.
const (
	linesAgain = 5_000
	bytesAgain = 4 << 20
	runsAgain  = 100
)

// entangled is the refusal of a dry run that others would have to wait for too long.
func entangled() *fault.Fault {
	return fault.New(fault.Invalid, "Too many lines of the file depend on each other for a dry run of it; make one of parts of it, or run it.")
}

// FileNames is the table of names that lines of a file mention.
var FileNames = &change.Table[ent.FileName]{
	Name: filename.Table, Columns: []string{filename.FieldOperationID, filename.FieldName, filename.FieldLine},
	Values: func(n *ent.FileName) []any { return []any{n.OperationID, n.Name, n.Line} },
}

// keepNames keeps the names of the assets that the lines of the batch would make or
// change.
func (r *batch) keepNames(ctx context.Context, d *change.Tx) error {
	found, err := d.Resolve(ctx, targetsOf(r.lines.items))
	if err != nil {
		return err
	}
	var rows []*ent.FileName
	for _, item := range r.lines.items {
		own := item.names(found)
		slices.Sort(own)
		for _, name := range slices.Compact(own) {
			rows = append(rows, &ent.FileName{OperationID: r.row.ID, Name: keyOf(name), Line: item.Number})
		}
	}
	return FileNames.Put(ctx, d.Ent, rows)
}

// keyOf is what a name is found by, however long it is. Two that have the same do no
// harm but to be looked at.
func keyOf(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:16])
}

// linesBefore are the lines before the batch that matter to it, in their order.
func (r *batch) linesBefore(ctx context.Context, d *change.Tx) ([]fileItem, error) {
	asked, known := map[string]bool{}, map[int64]bool{}
	var before []fileItem
	bytes := 0
	for next := r.lines.items; len(next) > 0; {
		names, err := r.mentioned(ctx, d, next)
		if err != nil {
			return nil, err
		}
		names = slices.DeleteFunc(names, func(name string) bool { return asked[name] })
		for _, name := range names {
			asked[name] = true
		}
		var numbers []int64
		err = d.Ent.FileName.Query().Where(filename.OperationID(r.row.ID), collect.In[string](filename.FieldName, names)).
			Modify(func(s *sql.Selector) { s.Select(s.C(filename.FieldLine)).Distinct() }).Scan(ctx, &numbers)
		if err != nil {
			return nil, fmt.Errorf("find lines before: %w", err)
		}
		numbers = slices.DeleteFunc(numbers, func(n int64) bool { return known[n] })
		for _, n := range numbers {
			known[n] = true
		}
		if len(known) > linesAgain {
			return nil, entangled()
		}
		if next, err = r.readLines(ctx, d, numbers); err != nil {
			return nil, err
		}
		before = append(before, next...)
		for _, item := range next {
			if bytes += len(item.Item); bytes > bytesAgain {
				return nil, entangled()
			}
		}
	}
	slices.SortFunc(before, func(a, b fileItem) int { return int(a.Number - b.Number) })
	return before, nil
}

func (r *batch) mentioned(ctx context.Context, d *change.Tx, items []fileItem) ([]string, error) {
	var n change.References
	for i := range items {
		switch item := &items[i]; {
		case item.create != nil:
			catalog.NamesOfCreate(&n, item.create)
		case item.update != nil:
			catalog.NamesOfUpdate(&n, item.update)
		}
		n.Asset(items[i].target())
	}
	found, err := d.Resolve(ctx, &n)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(n.IDs, n.ReferenceIDs)
	for id, row := range found.ByID {
		all = append(all, change.NamesOf(row, &id)...)
	}
	if r.row.Verb == bulkoperation.VerbDELETE { // users keep an asset from being deleted
		users, err := catalog.FindUses(ctx, d, slices.Collect(maps.Keys(found.ByID)))
		if err != nil {
			return nil, err
		}
		for _, u := range users {
			all = append(all, u.By)
		}
	}
	for i, name := range all {
		all[i] = keyOf(name)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func (r *batch) readLines(ctx context.Context, d *change.Tx, numbers []int64) (items []fileItem, err error) {
	slices.Sort(numbers)
	for len(numbers) > 0 {
		part, err := d.Ent.FilePart.Query().Where(filepart.OperationID(r.row.ID), filepart.LastGTE(numbers[0])).Order(filepart.ByFirst()).First(ctx)
		if err != nil {
			return nil, fmt.Errorf("find lines before: %w", err)
		}
		all, err := readItems(r.row.Verb, part)
		if err != nil {
			return nil, err
		}
		for _, item := range all {
			if len(numbers) > 0 && item.Number == numbers[0] {
				items, numbers = append(items, item), numbers[1:]
			}
		}
	}
	return items, nil
}
