package catalog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"vodgraph/ent"
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

// Categories makes categories, each with all above it that is missing, and with its id where
// one is given. One whose id is known is renamed or moved to its path, with all below; one
// whose path is there keeps its id. All lines are taken together, so their order does not
// matter: those above come first, and paths may change hands. Lines are refused one by one.
func (im *Importing) Categories(ctx context.Context, lines []CategoryLine) (*Outcome, error) {
	out := &Outcome{Items: make([]Item, len(lines))}
	revision, err := im.do(ctx, func(d *deed) error {
		b, err := d.maker(ctx, nil)
		if err != nil {
			return err
		}
		f := &filingLines{maker: b, lines: lines, items: out.Items}
		if err := f.find(ctx); err != nil {
			return err
		}
		return f.file(ctx)
	})
	out.Revision = revision
	return out, err
}

// filingLines are the lines of categories of an import.
type filingLines struct {
	*maker
	lines   []CategoryLine
	items   []Item
	changed bool
}

// find looks up all categories that the lines name, and those above them.
func (f *filingLines) find(ctx context.Context) error {
	var paths [][]string
	var ids []string
	for _, line := range f.lines {
		paths, ids = append(paths, line.Path), append(ids, line.ID)
	}
	clear(f.categories)
	clear(f.paths)
	return f.findAbove(ctx, paths, ids...)
}

// order is the order to take the lines in: what stands higher first, lines with an id before
// those without, and those of one id together.
func (f *filingLines) order() []int {
	level := map[string]int{} // that of the last line of an id
	for _, line := range f.lines {
		level[line.ID] = len(line.Path)
	}
	key := func(line CategoryLine) (int, int) {
		if line.ID == "" {
			return len(line.Path), 1
		}
		return level[line.ID], 0
	}
	order := make([]int, len(f.lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		levelI, lateI := key(f.lines[i])
		levelJ, lateJ := key(f.lines[j])
		return cmp.Or(levelI-levelJ, lateI-lateJ)
	})
	return order
}

// file files all lines. A line whose path another category has waits until that has moved;
// where they wait for each other, one is moved out of the way.
func (f *filingLines) file(ctx context.Context) error {
	rest := f.order()
	for len(rest) > 0 {
		waiting := make([]int, 0, len(rest))
		for _, i := range rest {
			err := f.line(ctx, i)
			var refused *fault.Fault
			switch {
			case errors.As(err, &refused) && refused.Code == fault.CategoryNameTaken && f.leaves(rest, i):
				waiting = append(waiting, i)
			case errors.As(err, &refused):
				f.items[i] = Item{Outcome: Failed, Errors: []*fault.Fault{refused}}
			case err != nil:
				return err
			}
		}
		if len(waiting) == len(rest) {
			if err := f.stepAside(ctx, f.holder(f.lines[waiting[0]])); err != nil {
				return err
			}
		}
		rest = waiting
	}
	if !f.changed {
		return errUnchanged
	}
	return nil
}

// holder is the category that has the path of a line.
func (f *filingLines) holder(line CategoryLine) *ent.Category { return f.paths[joinPath(line.Path)] }

// leaves tells whether the category that has the path of a line is to be moved by another.
func (f *filingLines) leaves(rest []int, i int) bool {
	holder := f.holder(f.lines[i])
	return holder != nil && slices.ContainsFunc(rest, func(j int) bool {
		return f.lines[j].ID == holder.ID && joinPath(f.lines[j].Path) != holder.Path
	})
}

// stepAside gives a category its id for a name, until its own line is met.
func (f *filingLines) stepAside(ctx context.Context, row *ent.Category) error {
	parent := f.categories[or(row.ParentID, "")]
	if err := f.moveCategory(ctx, row, parent, row.ID); err != nil {
		return fmt.Errorf("move a category out of the way: %w", err)
	}
	return f.find(ctx)
}

// line files one line.
func (f *filingLines) line(ctx context.Context, i int) error {
	line := f.lines[i]
	if len(line.Path) == 0 {
		return fault.New(fault.Required, "A category needs a path.").At("category", "path")
	}
	if line.ID != "" && !wellFormed(line.ID, categoryPrefix) {
		return fault.New(fault.Invalid, "The id must be %s and a ULID in capitals.", categoryPrefix).At("category", "id")
	}
	row := f.categories[line.ID]
	if row == nil || row.Path == joinPath(line.Path) {
		made, err := f.growPath(ctx, line.Path, line.ID)
		if err != nil {
			return placed(err, "category", "path")
		}
		f.madeCategories(made)
		f.done(i, len(made) > 0, Created)
		return nil
	}
	var parent *ent.Category
	if above := line.Path[:len(line.Path)-1]; len(above) > 0 {
		made, err := f.growPath(ctx, above, "")
		if err != nil {
			return placed(err, "category", "path")
		}
		f.madeCategories(made)
		parent = f.paths[joinPath(above)]
	}
	name := Clean(line.Path[len(line.Path)-1])
	err := error(nil)
	if refused := f.opts.Limits.categoryName(name); refused != nil {
		err = refused
	} else {
		err = f.moveCategory(ctx, row, parent, name)
	}
	var refused *fault.Fault
	if errors.As(err, &refused) {
		return fault.New(refused.Code, "%s", refused.Message).At("category", "path")
	}
	if err != nil {
		return err
	}
	f.done(i, true, Changed)
	return f.find(ctx)
}

// done notes what became of a line.
func (f *filingLines) done(i int, changed bool, outcome ItemOutcome) {
	f.items[i].Outcome = Unchanged
	if changed {
		f.items[i].Outcome, f.changed = outcome, true
	}
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
