package catalog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"vodgraph/ent"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/fault"
)

// CategoryLine is a category of a file, with its names from the root.
type CategoryLine struct {
	ID   string   `json:"id"`
	Path []string `json:"path"`
}

// TagLine is a tag of a file.
type TagLine struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ImportCategories makes categories, each with all above it that is missing, and
// with its id where one is given, as one deed. One that stands keeps its id.
// Lines are refused one by one.
func (c *Catalog) ImportCategories(ctx context.Context, lines []CategoryLine) (*Outcome, error) {
	out := &Outcome{Items: make([]Item, len(lines))}
	revision, err := c.do(ctx, func(d *deed) error {
		b, err := d.maker(ctx, nil)
		if err != nil {
			return err
		}
		var paths [][]string
		var ids []string
		for _, line := range lines {
			paths, ids = append(paths, line.Path), append(ids, line.ID)
		}
		if err := b.findAbove(ctx, paths, ids...); err != nil {
			return err
		}
		return eachLine(out, func(i int) (int, error) {
			made, err := b.importCategory(ctx, lines[i])
			d.madeCategories(made)
			return len(made), err
		})
	})
	out.Revision = revision
	return out, err
}

// eachLine runs put for each item, which tells how many rows it made, and tells
// the items what became of them.
func eachLine(out *Outcome, put func(i int) (int, error)) error {
	made := 0
	for i := range out.Items {
		n, err := put(i)
		var one *fault.Fault
		var several fault.List
		switch {
		case errors.As(err, &one):
			out.Items[i] = Item{Outcome: Failed, Errors: []*fault.Fault{one}}
		case errors.As(err, &several):
			out.Items[i] = Item{Outcome: Failed, Errors: several}
		case err != nil:
			return err
		case n == 0:
			out.Items[i].Outcome = Unchanged
		default:
			out.Items[i].Outcome = Created
		}
		made += n
	}
	if made == 0 {
		return errUnchanged
	}
	return nil
}

func (b *maker) importCategory(ctx context.Context, line CategoryLine) ([]*ent.Category, error) {
	if len(line.Path) == 0 {
		return nil, fault.New(fault.Required, "A category needs a path.").At("category", "path")
	}
	if line.ID != "" && !wellFormed(line.ID, categoryPrefix) {
		return nil, fault.New(fault.Invalid, "The id must be %s and a ULID in capitals.", categoryPrefix).At("category", "id")
	}
	if row := b.categories[line.ID]; row != nil && row.Path != joinPath(line.Path) {
		return nil, fault.New(fault.IDTaken, "Another category has this id.").At("category", "id")
	}
	made, err := b.growPath(ctx, line.Path, line.ID)
	return made, placed(err, "category", "path")
}

// findAbove looks up the categories of paths and all that they stand below, and
// those of ids.
func (b *maker) findAbove(ctx context.Context, paths [][]string, ids ...string) error {
	n := names{categories: ids}
	for _, path := range paths {
		for i := range path {
			n.paths = append(n.paths, joinPath(path[:i+1]))
		}
	}
	found, err := b.find(ctx, &n)
	if err != nil {
		return err
	}
	for _, row := range found.categories {
		b.category(row)
	}
	return nil
}

// growPath makes a path as far as it is missing, the last of it with the id if
// one is given. What is there of it has been looked up. It makes all or nothing.
func (b *maker) growPath(ctx context.Context, path []string, id string) (made []*ent.Category, err error) {
	for _, name := range path {
		if refused := b.opts.Limits.categoryName(Clean(name)); refused != nil {
			return nil, refused.At()
		}
	}
	if most := b.opts.Limits.CategoryDepth; len(path) > most {
		return nil, fault.New(fault.CategoryTooDeep, "Categories stand at most %d levels deep.", most)
	}
	var parent *ent.Category
	for i, name := range path {
		row := b.paths[joinPath(path[:i+1])]
		if row == nil {
			one := b.opts.NewID(categoryPrefix)
			if i == len(path)-1 && id != "" {
				one = id
			}
			// Only the first can be refused, as the others stand below new ones.
			row, err = b.addCategory(ctx, parent, name, one)
			if err != nil {
				return nil, err
			}
			b.category(row)
			made = append(made, row)
		}
		parent = row
	}
	return made, nil
}

// ImportTags makes tags, each with its id where one is given, as one deed. One
// that stands keeps its id. Lines are refused one by one.
func (c *Catalog) ImportTags(ctx context.Context, lines []TagLine) (*Outcome, error) {
	out := &Outcome{Items: make([]Item, len(lines))}
	revision, err := c.do(ctx, func(d *deed) error {
		known, err := d.findTags(ctx, lines)
		if err != nil {
			return err
		}
		var made []*ent.Tag
		err = eachLine(out, func(i int) (int, error) {
			rows, err := d.importTag(known, lines[i])
			made = append(made, rows...)
			return len(rows), err
		})
		if err != nil {
			return err
		}
		d.madeTags(made)
		return tags.put(ctx, d.tx, made)
	})
	out.Revision = revision
	return out, err
}

// knownTags are the names and the ids that tags have.
type knownTags struct {
	names, ids map[string]bool
}

func (t knownTags) add(row *ent.Tag) { t.names[row.Name], t.ids[row.ID] = true, true }

// findTags finds the tags that have a name or an id of the lines.
func (d *deed) findTags(ctx context.Context, lines []TagLine) (knownTags, error) {
	known := knownTags{map[string]bool{}, map[string]bool{}}
	var names, ids []string
	for _, line := range lines {
		if !strings.ContainsRune(line.Name+line.ID, 0) {
			names, ids = append(names, Clean(line.Name)), append(ids, line.ID)
		}
	}
	rows, err := d.tx.Tag.Query().
		Where(tag.Or(collect.In[string](tag.FieldName, names), collect.In[string](tag.FieldID, ids))).All(ctx)
	if err != nil {
		return known, fmt.Errorf("find tags: %w", err)
	}
	for _, row := range rows {
		known.add(row)
	}
	return known, nil
}

// importTag makes a tag where none of the name stands.
func (d *deed) importTag(known knownTags, line TagLine) (made []*ent.Tag, err error) {
	k := &check{limits: d.opts.Limits}
	k.nul(&struct{ Tag TagLine }{line})
	name := k.tag(line.Name, "tag", "name")
	k.require(line.ID == "" || wellFormed(line.ID, tagPrefix), "The id must be tag_ and a ULID in capitals.", "tag", "id")
	switch {
	case !k.ok():
		return nil, fault.List(k.faults)
	case known.names[name]:
		return nil, nil
	case known.ids[line.ID]:
		return nil, fault.New(fault.IDTaken, "Another tag has this id.").At("tag", "id")
	}
	row := &ent.Tag{ID: line.ID, Name: name}
	if row.ID == "" {
		row.ID = d.opts.NewID(tagPrefix)
	}
	known.add(row)
	return []*ent.Tag{row}, nil
}
