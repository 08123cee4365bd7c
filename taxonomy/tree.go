package taxonomy

import (
	"maps"
	"slices"
	"time"

	"vodgraph/ent"
	"vodgraph/fault"
	"vodgraph/limits"
	"vodgraph/media"
)

// Tree is the categories as an import or an undo leaves them, worked out before anything
// is written.
type Tree struct {
	Limits limits.Library
	Root   *Branch
	Known  map[string]*Branch // those of the library, by id
	// Leaving are those that are deleted, the deepest first; nothing stands below them in the end.
	Leaving []*Branch
}

// Branch is a category of a tree, or its root.
type Branch struct {
	Row   *ent.Category // as the library has it; nil for the root and for one to be made
	ID    string        // of one to be made; empty for any
	Name  string
	Since *time.Time         // when one to be made was made at first; nil for now
	Base  *Branch            // what it stands below in the library
	Above *Branch            // what it stands below in the tree; nil until it has a place
	Below map[string]*Branch // by name
	// lifted is the path that its row has while it moves; empty where it did not need one.
	lifted string
}

// NewTree makes a tree of rows, which are in the order of their paths. Those that lines list
// have no place yet; the others stand below what they stood below.
func NewTree(limits limits.Library, rows []*ent.Category, listed func(id string) bool) *Tree {
	t := &Tree{Limits: limits, Root: &Branch{}, Known: make(map[string]*Branch, len(rows))}
	for _, row := range rows {
		b := &Branch{Row: row, Name: row.Name, Base: t.Root}
		if row.ParentID != nil {
			b.Base = t.Known[*row.ParentID]
		}
		if t.Known[row.ID] = b; !listed(row.ID) {
			b.Base.Add(b)
		}
	}
	return t
}

// Add puts a branch below another.
func (b *Branch) Add(one *Branch) {
	if b.Below == nil {
		b.Below = map[string]*Branch{}
	}
	one.Above, b.Below[one.Name] = b, one
}

// Height is how many levels a branch has, itself among them.
func (b *Branch) Height() int {
	most := 0
	for _, one := range b.Below {
		most = max(most, one.Height())
	}
	return most + 1
}

// Level is that of a branch that has its place, 1 for one below the root.
func (b *Branch) Level() (n int) {
	for ; b.Above != nil; b = b.Above {
		n++
	}
	return n
}

// Top is the outermost of what a branch stands below, or itself: the root where it has its place.
func (b *Branch) Top() *Branch {
	for b.Above != nil {
		b = b.Above
	}
	return b
}

func (b *Branch) moved() bool {
	return b.Row != nil && (b.Above != b.Base || b.Name != b.Row.Name)
}

func (t *Tree) find(path []string) *Branch {
	b := t.Root
	for _, name := range path {
		if b = b.Below[name]; b == nil {
			return nil
		}
	}
	return b
}

// put gives a branch the place of a path, and makes what is missing above it. It returns what
// is made or renamed, from above. One that keeps its place is not checked again: it may be of a
// time of other limits.
func (t *Tree) put(b *Branch, path []string) (made []*Branch, refused *fault.Fault) {
	end, at := len(path)-1, 0
	above := t.Root
	for at < end && above.Below[path[at]] != nil {
		above, at = above.Below[path[at]], at+1
	}
	name := path[end]
	stays := at == end && above == b.Base && b.Row != nil
	if at == end && above.Below[name] != nil {
		return nil, fault.New(fault.CategoryNameTaken, "A category of this name stands there already.")
	}
	if most := t.Limits.CategoryDepth; !stays && end+b.Height() > most {
		return nil, fault.New(fault.CategoryTooDeep, "Categories stand at most %d levels deep.", most)
	}
	if most := t.Limits.CategoryChildren; !stays && len(above.Below) >= most {
		return nil, fault.New(fault.CategoryFull, "At most %d categories stand below one.", most)
	}
	for i := at; i <= end; i++ {
		if i == end && b.Row != nil && name == b.Row.Name {
			continue
		}
		if refused := CheckCategoryName(t.Limits, path[i]); refused != nil {
			return nil, refused
		}
		if i < end && b.Row != nil && media.JoinPath(path[:i+1]) == b.Row.Path {
			return nil, fault.New(fault.CategoryCycle, "A category cannot stand below itself.")
		}
	}
	for ; at < end; at++ {
		one := &Branch{Name: path[at]}
		above.Add(one)
		above, made = one, append(made, one)
	}
	if b.Row == nil || b.Name != name {
		made = append(made, b)
	}
	b.Name = name
	above.Add(b)
	return made, nil
}

func (t *Tree) levels() (levels [][]*Branch) {
	for level := []*Branch{t.Root}; len(level) > 0; {
		var next []*Branch
		for _, b := range level {
			for _, name := range slices.Sorted(maps.Keys(b.Below)) {
				next = append(next, b.Below[name])
			}
		}
		if len(next) > 0 {
			levels = append(levels, next)
		}
		level = next
	}
	return levels
}
