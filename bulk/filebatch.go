package bulk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/filepart"
	"vodgraph/fault"
)

// The lines of a file are done in their order, as if each were a call of its own:
// what one has made or changed, the next ones find so. Lines that are about different
// assets are done together.

const runsAtOnce = 20

// nextLines finds the part of the file that the batch is to do. After the last one the lines are
// not needed any more.
func (r *batch) nextLines(ctx context.Context) error {
	last := int64(0)
	if r.row.Position != "" {
		var err error
		if last, err = strconv.ParseInt(r.row.Position, 10, 64); err != nil {
			return fmt.Errorf("read how far the operation is: %w", err)
		}
	}
	part, err := r.DB.FilePart.Query().Where(filepart.OperationID(r.row.ID), filepart.LastGT(last)).Order(filepart.ByFirst()).First(ctx)
	switch {
	case ent.IsNotFound(err):
		return r.clearFile(ctx, r.row.ID)
	case err != nil:
		return fmt.Errorf("find the next lines: %w", err)
	}
	items, err := readItems(r.row.Verb, part)
	items = slices.DeleteFunc(items, func(item fileItem) bool { return item.Number <= last })
	most := min(r.most, len(items))
	r.lines = &lines{part, items[:most], most == len(items)}
	return err
}

func readItems(verb bulkoperation.Verb, part *ent.FilePart) ([]fileItem, error) {
	var rows []FileLine
	if err := json.Unmarshal(part.Lines, &rows); err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	items := make([]fileItem, len(rows))
	for i, row := range rows {
		items[i].FileLine = row
		if row.Refused != nil {
			continue
		}
		var into any = &items[i].asset
		switch verb {
		case bulkoperation.VerbCREATE:
			items[i].create = &catalog.AssetCreateInput{}
			into = items[i].create
		case bulkoperation.VerbUPDATE:
			items[i].update = &catalog.AssetUpdateInput{}
			into = items[i].update
		default: // what names an asset is all that they have
		}
		if err := readStored(row.Item, into); err != nil {
			return nil, fmt.Errorf("read line %d: %w", row.Number, err)
		}
	}
	return items, nil
}

func (i *fileItem) target() *change.AssetRef {
	switch {
	case i.Refused != nil || i.create != nil:
		return nil
	case i.update != nil:
		return &change.AssetRef{ID: i.update.ID, ReferenceID: i.update.ReferenceID}
	}
	return &i.asset
}

// names are what calls the asset that a line makes or changes, before and after.
func (i *fileItem) names(found *change.Resolved) []string {
	switch target := i.target(); {
	case i.Refused != nil:
		return nil
	case target == nil:
		return change.NamesOf(nil, i.create.ID, i.create.ReferenceID.Value())
	default:
		row, _ := found.AssetOf(target)
		given := []*string{target.ID, target.ReferenceID}
		if i.update != nil {
			given = append(given, i.update.NewReferenceID.Value())
		}
		return change.NamesOf(row, given...)
	}
}

// doLines does the lines of the batch. In a dry run those before that matter to
// them are done first.
func (r *batch) doLines(ctx context.Context, d *change.Tx, out *change.Outcome) (err error) {
	if r.row.DryRun {
		before, err := r.linesBefore(ctx, d)
		if err != nil {
			return err
		}
		switch left, err := r.doInOrder(ctx, d, before, &change.Outcome{}, runsAgain); {
		case err != nil && !errors.Is(err, change.ErrUnchanged):
			return err
		case left > 0:
			return entangled()
		}
		r.begun = len(d.History)
	}
	left, err := r.doInOrder(ctx, d, r.lines.items, out, runsAtOnce)
	r.lines.items, r.lines.whole = r.lines.items[:len(r.lines.items)-left], r.lines.whole && left == 0
	return err
}

// doInOrder does lines, as many together as are about different assets, in so many runs
// at the most, and returns how many are left.
func (r *batch) doInOrder(ctx context.Context, d *change.Tx, items []fileItem, out *change.Outcome, runs int) (left int, result error) {
	result = change.ErrUnchanged
	for ; len(items) > 0 && runs > 0; runs-- {
		n := len(items)
		if r.row.Verb != bulkoperation.VerbCREATE { // which finds by itself what it has just made
			found, err := d.Resolve(ctx, targetsOf(items))
			if err != nil {
				return 0, err
			}
			n = change.Separate(len(items), func(i int) []string { return items[i].names(found) })
		}
		switch err := r.together(ctx, d, items[:n], out); {
		case err == nil:
			result = nil
		case !errors.Is(err, change.ErrUnchanged):
			return 0, err
		}
		items = items[n:]
	}
	return len(items), result
}

func targetsOf(items []fileItem) *change.References {
	n := &change.References{}
	for i := range items {
		n.Asset(items[i].target())
	}
	return n
}

// together does lines that are about different assets.
func (r *batch) together(ctx context.Context, d *change.Tx, items []fileItem, out *change.Outcome) error {
	var readable []fileItem
	for _, item := range items {
		if item.Refused == nil {
			readable = append(readable, item)
		}
	}
	done, err := &change.Outcome{}, change.ErrUnchanged
	before := len(d.History)
	if len(readable) > 0 {
		err = fileVerbs[r.row.Verb](r, ctx, d, readable, done)
		if err != nil && !errors.Is(err, change.ErrUnchanged) {
			return err
		}
	}
	changes := map[string][]*ent.Change{}
	for _, e := range d.History[before:] {
		changes[e.SubjectID] = append(changes[e.SubjectID], e)
	}
	for _, item := range items {
		if item.Refused != nil {
			out.Items = append(out.Items, change.Item{Outcome: change.Failed, Errors: []*fault.Fault{item.Refused}})
			continue
		}
		one := done.Items[0]
		for i, f := range one.Errors { // whose places begin with the list and the place in it
			one.Errors[i] = f.At(f.Field[2:]...)
		}
		one.Changes = changes[one.ID]
		out.Items, done.Items = append(out.Items, one), done.Items[1:]
	}
	return err
}

// keepResults keeps what became of the lines of the batch. Those are not needed any
// more, but for dry runs of the ones that follow.
func (r *batch) keepResults(ctx context.Context, d *change.Tx, items []change.Item) error {
	var text bytes.Buffer
	if before := r.lines.part.Results; before != nil { // the part was begun already
		text.Write(*before)
	}
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	for i, item := range items {
		result := FileResult{Line: r.lines.items[i].Number, Outcome: item.Outcome, ID: item.ID}
		if r.row.DryRun && item.Outcome == change.Created {
			result.ID = ""
		}
		if r.row.DryRun {
			for _, e := range change.Planned(item.Changes, r.made) {
				result.Changes = append(result.Changes, FileChange{e.Field, e.Before, e.After})
			}
		}
		for _, f := range item.Errors {
			refused := FileError{Code: f.Code, Message: f.Message, Field: f.Field}
			for _, u := range f.Users {
				refused.Users = append(refused.Users, FileUse(u))
			}
			result.Errors = append(result.Errors, refused)
		}
		if err := encoder.Encode(result); err != nil {
			return fmt.Errorf("write results down: %w", err)
		}
	}
	update := d.Ent.FilePart.UpdateOneID(r.lines.part.ID).SetResults(text.Bytes())
	if r.row.DryRun {
		if err := r.keepNames(ctx, d); err != nil {
			return err
		}
	} else if r.lines.whole {
		update.SetLines([]byte{})
	}
	if err := update.Exec(ctx); err != nil {
		return fmt.Errorf("write results down: %w", err)
	}
	return nil
}
