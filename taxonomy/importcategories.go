package taxonomy

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/fault"
	"vodgraph/media"
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

// ImportCategories makes categories, each with all above it that is missing, and with its id where
// one is given. One whose id is known is renamed or moved to its path, with all below; one
// whose path is there keeps its id. All lines are taken together, and checked against the tree
// that they lead to, so their order does not matter: names and places may change hands. Of
// the lines of one id the last one counts. Lines are refused one by one.
func ImportCategories(ctx context.Context, do change.Do, lines []CategoryLine) (*change.Outcome, error) {
	out := &change.Outcome{Items: make([]change.Item, len(lines))}
	revision, err := do(ctx, func(d *change.Tx) error {
		rows, err := d.Ent.Category.Query().Order(category.ByPath()).All(ctx)
		if err != nil {
			return fmt.Errorf("read the categories: %w", err)
		}
		f := &categoryLines{Tx: d, rows: rows, known: make(map[string]bool, len(rows)), lines: lines, items: out.Items}
		for _, row := range rows {
			f.known[row.ID] = true
		}
		return WriteTree(ctx, d, f.settle())
	})
	out.Revision = revision
	return out, err
}

type categoryLines struct {
	*change.Tx
	rows   []*ent.Category // all of the library, by path
	known  map[string]bool // by id
	lines  []CategoryLine
	names  [][]string // the paths as they are kept
	barred []bool     // lines that are refused, whatever becomes of the others
	items  []change.Item
}

// settle works out the tree. A line that is refused leaves its category where it was, or where
// the line before about it puts it. Others may have counted on its place, so they are
// checked anew.
func (f *categoryLines) settle() *Tree {
	f.barred = make([]bool, len(f.lines))
	for i, line := range f.lines {
		f.names = append(f.names, make([]string, len(line.Path)))
		for j, name := range line.Path {
			f.names[i][j] = media.Clean(name)
		}
		if refused := line.check(); refused != nil {
			f.barred[i] = true
			f.refuse(i, refused)
		}
	}
	for {
		t, refused := f.grow()
		if refused < 0 {
			return t
		}
		f.barred[refused] = true
	}
}

func (line CategoryLine) check() *fault.Fault {
	switch {
	case len(line.Path) == 0:
		return fault.New(fault.Required, "A category needs a path.").At("path")
	case line.ID != "" && !media.WellFormed(line.ID, media.CategoryPrefix):
		return fault.New(fault.Invalid, "The id must be %s and a ULID in capitals.", media.CategoryPrefix).At("id")
	}
	return nil
}

func (f *categoryLines) refuse(i int, refused *fault.Fault) {
	f.items[i] = change.Item{Outcome: change.Failed, Errors: []*fault.Fault{refused.Under("category")}}
}

// grow makes a tree of the lines, level by level. It returns the first line that is refused and
// is not the only word about its category; -1 for none.
func (f *categoryLines) grow() (t *Tree, refused int) {
	last, again := map[string]int{}, map[string]bool{} // by id
	for i, line := range f.lines {
		if line.ID != "" && !f.barred[i] {
			_, again[line.ID] = last[line.ID]
			last[line.ID] = i
		}
	}
	t = NewTree(f.Options.Limits, f.rows, func(id string) bool { _, listed := last[id]; return listed })
	var levels [][]int
	for i, line := range f.lines {
		if f.barred[i] {
			continue
		}
		f.items[i] = change.Item{Outcome: change.Unchanged}
		if line.ID == "" || last[line.ID] == i {
			levels = append(levels, make([][]int, max(0, len(line.Path)-len(levels)))...)
			levels[len(line.Path)-1] = append(levels[len(line.Path)-1], i)
		}
	}
	for _, level := range levels {
		f.order(t, level)
		for _, i := range level {
			placed := f.place(t, i)
			if id := f.lines[i].ID; !placed && (f.known[id] || again[id]) {
				return t, i
			}
		}
	}
	return t, -1
}

// order puts the lines of a level into the order in which they have the first say, which is
// that of no file: categories that stay below the same one, others that are there, new
// ones with an id, and those without; and by path.
func (f *categoryLines) order(t *Tree, level []int) {
	rank := map[int]int{}
	for _, i := range level {
		switch b := t.Known[f.lines[i].ID]; {
		case b != nil && b.Base == t.find(f.above(i)):
		case b != nil:
			rank[i] = 1
		case f.lines[i].ID != "":
			rank[i] = 2
		default:
			rank[i] = 3
		}
	}
	slices.SortStableFunc(level, func(i, j int) int {
		return cmp.Or(rank[i]-rank[j], slices.Compare(f.names[i], f.names[j]), cmp.Compare(f.lines[i].ID, f.lines[j].ID))
	})
}

func (f *categoryLines) above(i int) []string { return f.names[i][:len(f.names[i])-1] }

func (f *categoryLines) place(t *Tree, i int) bool {
	b := t.Known[f.lines[i].ID]
	if b == nil {
		if t.find(f.names[i]) != nil {
			return true
		}
		b = &Branch{ID: f.lines[i].ID}
	}
	made, refused := t.put(b, f.names[i])
	if refused != nil {
		f.refuse(i, refused.At("path"))
		return false
	}
	for _, one := range made {
		if hidden := media.Invisible(one.Name); hidden != nil {
			f.items[i].Warnings = append(f.items[i].Warnings, hidden.At("category", "path"))
		}
	}
	switch {
	case b.Row == nil:
		f.items[i].Outcome = change.Created
	case b.moved():
		f.items[i].Outcome = change.Changed
	}
	return true
}

// FindAbove looks up the categories of paths and all that they stand below, and
// those of ids.
func FindAbove(ctx context.Context, d *change.Tx, f *change.Resolved, paths [][]string, ids ...string) error {
	n := change.References{CategoryIDs: ids}
	for _, path := range paths {
		for i := range path {
			n.Paths = append(n.Paths, media.JoinPath(path[:i+1]))
		}
	}
	found, err := d.Resolve(ctx, &n)
	if err != nil {
		return err
	}
	for _, row := range found.Categories {
		f.AddCategory(row)
	}
	return nil
}

// GrowPath makes a path as far as it is missing, the last of it with the id if
// one is given. What is there of it has been looked up. It makes all or nothing.
func GrowPath(ctx context.Context, d *change.Tx, f *change.Resolved, path []string, id string) (made []*ent.Category, err error) {
	there := 0
	for there < len(path) && f.ByPath[media.JoinPath(path[:there+1])] != nil {
		there++
	}
	for _, name := range path[there:] {
		if refused := CheckCategoryName(d.Options.Limits, media.Clean(name)); refused != nil {
			return nil, refused.At()
		}
	}
	if most := d.Options.Limits.CategoryDepth; there < len(path) && len(path) > most {
		return nil, fault.New(fault.CategoryTooDeep, "Categories stand at most %d levels deep.", most)
	}
	var parent *ent.Category
	for i, name := range path {
		row := f.ByPath[media.JoinPath(path[:i+1])]
		if row == nil {
			one := d.Options.NewID(media.CategoryPrefix)
			if i == len(path)-1 && id != "" {
				one = id
			}
			// Only the first can be refused, as the others stand below new ones.
			row, err = addCategory(ctx, d, parent, name, one)
			if err != nil {
				return nil, err
			}
			f.AddCategory(row)
			made = append(made, row)
		}
		parent = row
	}
	return made, nil
}
