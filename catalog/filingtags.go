package catalog

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vodgraph/ent"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/fault"
	"vodgraph/media"
)

// importTags makes tags, each with its id where one is given. One whose id is known is renamed; one
// whose name is there keeps its id. All lines are taken together, so their order does not
// matter, and names may change hands. Lines are refused one by one.
func importTags(ctx context.Context, do Do, lines []TagLine) (*Outcome, error) {
	out := &Outcome{Items: make([]Item, len(lines))}
	revision, err := do(ctx, func(d *deed) error {
		t := &tagLines{deed: d, lines: lines, items: out.Items, last: map[string]int{}}
		if err := t.find(ctx); err != nil {
			return err
		}
		return t.file(ctx)
	})
	out.Revision = revision
	return out, err
}

// tagLines are the lines of tags of an import.
type tagLines struct {
	*deed
	lines   []TagLine
	items   []Item
	cleaned []string            // names as they are kept
	names   map[string]*ent.Tag // by name, as they will be
	ids     map[string]*ent.Tag
	last    map[string]int // the last line of each id that is not refused
}

// find finds the tags that have a name or an id of the lines.
func (t *tagLines) find(ctx context.Context) error {
	var names, ids []string
	for i, line := range t.lines {
		t.cleaned = append(t.cleaned, media.Clean(line.Name))
		if !strings.ContainsRune(line.Name+line.ID, 0) {
			names, ids = append(names, t.cleaned[i]), append(ids, line.ID)
		}
	}
	rows, err := t.tx.Tag.Query().
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

// check judges a line by what it says itself.
func (t *tagLines) check(i int) *check {
	line, k := t.lines[i], &check{limits: t.opts.Limits, importing: true}
	k.nul(&struct{ Tag TagLine }{line})
	k.tag(line.Name, "tag", "name")
	k.require(line.ID == "" || media.WellFormed(line.ID, media.TagPrefix), "The id must be tag_ and a ULID in capitals.", "tag", "id")
	return k
}

// file renames what is known by its id, and makes what is not there.
func (t *tagLines) file(ctx context.Context) error {
	for i := range t.lines {
		k := t.check(i)
		if !k.ok() {
			t.items[i] = Item{Outcome: Failed, Errors: k.faults}
			continue
		}
		t.items[i] = Item{Outcome: Unchanged, Warnings: k.warnings}
	}
	moved, err := t.rename(ctx)
	if err != nil {
		return err
	}
	made := t.make()
	if len(moved)+len(made) == 0 {
		return errUnchanged
	}
	return t.put(ctx, made)
}

// words are the lines that count, the last one about each id that is not refused, in the order
// of names and ids, so that which of two has a name is the same in any order of lines.
func (t *tagLines) words() (lines []int) {
	clear(t.last)
	for i, line := range t.lines {
		if line.ID != "" && t.items[i].Outcome != Failed {
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
func (t *tagLines) renames() (lines []int, list []tagName) {
	for {
		lines, list = t.words(), nil
		lines = slices.DeleteFunc(lines, func(i int) bool {
			row := t.ids[t.lines[i].ID]
			return row == nil || row.Name == t.cleaned[i]
		})
		for _, i := range lines {
			list = append(list, tagName{t.ids[t.lines[i].ID], t.cleaned[i]})
		}
		refused := taken(list, t.names)
		if len(refused) == 0 {
			return lines, list
		}
		for i := range refused { // one that is refused keeps its name, which others may want
			t.items[lines[i]] = Item{Outcome: Failed, Errors: []*fault.Fault{
				fault.New(fault.TagExists, "Another tag has this name.").At("tag", "name")}}
		}
	}
}

// rename gives tags the names of their lines.
func (t *tagLines) rename(ctx context.Context) (renamed []int, err error) {
	renamed, list := t.renames()
	if err := t.renameTags(ctx, list); err != nil {
		return nil, err
	}
	for _, one := range list {
		delete(t.names, one.row.Name)
	}
	for n, one := range list {
		one.row.Name, t.names[one.to] = one.to, one.row
		t.items[renamed[n]].Outcome = Changed
	}
	return renamed, nil
}

// make makes the tags whose names are not there, those with an id first.
func (t *tagLines) make() (made []*ent.Tag) {
	lines := t.words()
	for i, line := range t.lines {
		if line.ID == "" {
			lines = append(lines, i)
		}
	}
	for _, i := range lines {
		if t.items[i].Outcome != Unchanged || t.ids[t.lines[i].ID] != nil || t.names[t.cleaned[i]] != nil {
			continue
		}
		row := &ent.Tag{ID: t.lines[i].ID, Name: t.cleaned[i]}
		if row.ID == "" {
			row.ID = t.opts.NewID(media.TagPrefix)
		}
		t.names[row.Name], t.ids[row.ID] = row, row
		t.items[i].Outcome = Created
		made = append(made, row)
	}
	return made
}

// put writes new tags.
func (t *tagLines) put(ctx context.Context, made []*ent.Tag) error {
	t.madeTags(made)
	return tags.put(ctx, t.tx, made)
}
