package taxonomy

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/fault"
	"vodgraph/media"
)

// ImportTags makes tags, each with its id where one is given. One whose id is known is renamed; one
// whose name is there keeps its id. All lines are taken together, so their order does not
// matter, and names may change hands. Lines are refused one by one.
func ImportTags(ctx context.Context, do change.Do, lines []TagLine) (*change.Outcome, error) {
	out := &change.Outcome{Items: make([]change.Item, len(lines))}
	revision, err := do(ctx, func(d *change.Tx) error {
		t := &tagLines{Tx: d, lines: lines, items: out.Items, last: map[string]int{}}
		if err := t.find(ctx); err != nil {
			return err
		}
		return t.file(ctx)
	})
	out.Revision = revision
	return out, err
}

type tagLines struct {
	*change.Tx
	lines   []TagLine
	items   []change.Item
	cleaned []string            // names as they are kept
	names   map[string]*ent.Tag // by name, as they will be
	ids     map[string]*ent.Tag
	last    map[string]int // the last line of each id that is not refused
}

func (t *tagLines) find(ctx context.Context) error {
	var names, ids []string
	for i, line := range t.lines {
		t.cleaned = append(t.cleaned, media.Clean(line.Name))
		if !strings.ContainsRune(line.Name+line.ID, 0) {
			names, ids = append(names, t.cleaned[i]), append(ids, line.ID)
		}
	}
	rows, err := t.Ent.Tag.Query().
		Where(tag.Or(collect.In[string](tag.FieldName, names), collect.In[string](tag.FieldID, ids))).All(ctx)
	if err != nil {
		return fmt.Errorf("find tags: %w", err)
	}
	t.names, t.ids = map[string]*ent.Tag{}, map[string]*ent.Tag{}
	for _, row := range rows {
		t.names[row.Name], t.ids[row.ID] = row, row
	}
	return nil
}

func (t *tagLines) check(i int) *change.Check {
	line, k := t.lines[i], &change.Check{Limits: t.Options.Limits, Importing: true}
	k.RefuseNUL(&struct{ Tag TagLine }{line})
	CheckTag(k, line.Name, "tag", "name")
	k.Require(line.ID == "" || media.WellFormed(line.ID, media.TagPrefix), "The id must be tag_ and a ULID in capitals.", "tag", "id")
	return k
}

func (t *tagLines) file(ctx context.Context) error {
	for i := range t.lines {
		k := t.check(i)
		if !k.Ok() {
			t.items[i] = change.Item{Outcome: change.Failed, Errors: k.Faults}
			continue
		}
		t.items[i] = change.Item{Outcome: change.Unchanged, Warnings: k.Warnings}
	}
	moved, err := t.rename(ctx)
	if err != nil {
		return err
	}
	made := t.make()
	if len(moved)+len(made) == 0 {
		return change.ErrUnchanged
	}
	return t.put(ctx, made)
}

// words are the lines that count, the last one about each id that is not refused, in the order
// of names and ids, so that which of two has a name is the same in any order of lines.
func (t *tagLines) words() (lines []int) {
	clear(t.last)
	for i, line := range t.lines {
		if line.ID != "" && t.items[i].Outcome != change.Failed {
			t.last[line.ID] = i
		}
	}
	lines = slices.Collect(maps.Values(t.last))
	slices.SortFunc(lines, func(i, j int) int {
		return cmp.Or(cmp.Compare(t.cleaned[i], t.cleaned[j]), cmp.Compare(t.lines[i].ID, t.lines[j].ID))
	})
	return lines
}

// renames are the lines that give a tag another name, and what they give. It refuses those of
// which another tag keeps the name.
func (t *tagLines) renames() (lines []int, list []Rename) {
	for {
		lines, list = t.words(), nil
		lines = slices.DeleteFunc(lines, func(i int) bool {
			row := t.ids[t.lines[i].ID]
			return row == nil || row.Name == t.cleaned[i]
		})
		for _, i := range lines {
			list = append(list, Rename{t.ids[t.lines[i].ID], t.cleaned[i]})
		}
		refused := Taken(list, t.names)
		if len(refused) == 0 {
			return lines, list
		}
		for i := range refused { // one that is refused keeps its name, which others may want
			t.items[lines[i]] = change.Item{Outcome: change.Failed, Errors: []*fault.Fault{
				fault.New(fault.TagExists, "Another tag has this name.").At("tag", "name")}}
		}
	}
}

func (t *tagLines) rename(ctx context.Context) (renamed []int, err error) {
	renamed, list := t.renames()
	if err := RenameTags(ctx, t.Tx, list); err != nil {
		return nil, err
	}
	for _, one := range list {
		delete(t.names, one.Row.Name)
	}
	for n, one := range list {
		one.Row.Name, t.names[one.To] = one.To, one.Row
		t.items[renamed[n]].Outcome = change.Changed
	}
	return renamed, nil
}

func (t *tagLines) make() (made []*ent.Tag) {
	lines := t.words()
	for i, line := range t.lines {
		if line.ID == "" {
			lines = append(lines, i)
		}
	}
	for _, i := range lines {
		if t.items[i].Outcome != change.Unchanged || t.ids[t.lines[i].ID] != nil || t.names[t.cleaned[i]] != nil {
			continue
		}
		row := &ent.Tag{ID: t.lines[i].ID, Name: t.cleaned[i]}
		if row.ID == "" {
			row.ID = t.Options.NewID(media.TagPrefix)
		}
		t.names[row.Name], t.ids[row.ID] = row, row
		t.items[i].Outcome = change.Created
		made = append(made, row)
	}
	return made
}

func (t *tagLines) put(ctx context.Context, made []*ent.Tag) error {
	t.MadeTags(made)
	return change.Tags.Put(ctx, t.Ent, made)
}
