package catalog

import (
	"maps"
	"slices"
	"time"

	"vodgraph/ent"
	"vodgraph/fault"
	"vodgraph/media"
)

// filingTree is the categories as an import or an undo leaves them, worked out before anything
// is written.
type filingTree struct {
	limits Limits
	root   *branch
	known  map[string]*branch // those of the library, by id
	// leaving are those that are deleted, the deepest first; nothing stands below them in the end.
	leaving []*branch
}

// branch is a category of a tree, or its root.
type branch struct {
	row   *ent.Category // as the library has it; nil for the root and for one to be made
	id    string        // of one to be made; empty for any
	name  string
	since *time.Time         // when one to be made was made at first; nil for now
	base  *branch            // what it stands below in the library
	above *branch            // what it stands below in the tree; nil until it has a place
	below map[string]*branch // by name
	// lifted is the path that its row has while it moves; empty where it did not need one.
	lifted string
}

// newTree makes a tree of rows, which are in the order of their paths. Those that lines list
// have no place yet; the others stand below what they stood below.
func newTree(limits Limits, rows []*ent.Category, listed func(id string) bool) *filingTree {
	t := &filingTree{limits: limits, root: &branch{}, known: make(map[string]*branch, len(rows))}
	for _, row := range rows {
		b := &branch{row: row, name: row.Name, base: t.root}
		if row.ParentID != nil {
			b.base = t.known[*row.ParentID]
		}
		if t.known[row.ID] = b; !listed(row.ID) {
			b.base.add(b)
		}
	}
	return t
}

// add puts a branch below another.
func (b *branch) add(one *branch) {
	if b.below == nil {
		b.below = map[string]*branch{}
	}
	one.above, b.below[one.name] = b, one
}

// height is how many levels a branch has, itself among them.
func (b *branch) height() int {
	most := 0
	for _, one := range b.below {
		most = max(most, one.height())
	}
	return most + 1
}

// level is that of a branch that has its place, 1 for one below the root.
func (b *branch) level() (n int) {
	for ; b.above != nil; b = b.above {
		n++
	}
	return n
}

// top is the outermost of what a branch stands below, or itself: the root where it has its place.
func (b *branch) top() *branch {
	for b.above != nil {
		b = b.above
	}
	return b
}

// moved reports whether a category of the library has another place or name.
func (b *branch) moved() bool {
	return b.row != nil && (b.above != b.base || b.name != b.row.Name)
}

// find is the branch of a path that has its place; nil where there is none.
func (t *filingTree) find(path []string) *branch {
	b := t.root
	for _, name := range path {
		if b = b.below[name]; b == nil {
			return nil
		}
	}
	return b
}

// put gives a branch the place of a path, and makes what is missing above it. It returns what
// is made or renamed, from above. One that keeps its place is not judged again: it may be of a
// time of other limits.
func (t *filingTree) put(b *branch, path []string) (made []*branch, refused *fault.Fault) {
	end, at := len(path)-1, 0
	above := t.root
	for at < end && above.below[path[at]] != nil {
		above, at = above.below[path[at]], at+1
	}
	name := path[end]
	stays := at == end && above == b.base && b.row != nil
	if at == end && above.below[name] != nil {
		return nil, fault.New(fault.CategoryNameTaken, "A category of this name stands there already.")
	}
	if most := t.limits.CategoryDepth; !stays && end+b.height() > most {
		return nil, fault.New(fault.CategoryTooDeep, "Categories stand at most %d levels deep.", most)
	}
	if most := t.limits.CategoryChildren; !stays && len(above.below) >= most {
		return nil, fault.New(fault.CategoryFull, "At most %d categories stand below one.", most)
	}
	for i := at; i <= end; i++ {
		if i == end && b.row != nil && name == b.row.Name {
			continue
		}
		if refused := t.limits.categoryName(path[i]); refused != nil {
			return nil, refused
		}
		if i < end && b.row != nil && media.JoinPath(path[:i+1]) == b.row.Path {
			return nil, fault.New(fault.CategoryCycle, "A category cannot stand below itself.")
		}
	}
	for ; at < end; at++ {
		one := &branch{name: path[at]}
		above.add(one)
		above, made = one, append(made, one)
	}
	if b.row == nil || b.name != name {
		made = append(made, b)
	}
	b.name = name
	above.add(b)
	return made, nil
}

// levels are the branches of a tree by their levels, each level in the order of names.
func (t *filingTree) levels() (levels [][]*branch) {
	for level := []*branch{t.root}; len(level) > 0; {
		var next []*branch
		for _, b := range level {
			for _, name := range slices.Sorted(maps.Keys(b.below)) {
				next = append(next, b.below[name])
			}
		}
		if len(next) > 0 {
			levels = append(levels, next)
		}
		level = next
	}
	return levels
}
