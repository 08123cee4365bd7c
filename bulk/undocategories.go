package bulk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/fault"
	"vodgraph/media"
	"vodgraph/taxonomy"
)

// Categories go back together, checked against the tree that they lead to: names and places that the
// set handed in a circle come back, and whoever wants what another does not give up stays, too.

type home struct {
	*subjectChange
	row    *ent.Category // as it is; nil where it is gone
	name   string
	parent *string
}

type placing struct {
	*taxonomyUndo
	rows []*ent.Category // all of the library, by path
	byID map[string]*ent.Category
	// homes are those that go back, those that come back before the others. Who comes first
	// gets what two want.
	homes  []*home
	going  map[string]bool // by id
	idle   map[string]bool // made by the set, in no use
	ending map[string]bool // made by the set, in no use when its assets have lost them
	faults map[string][]*fault.Fault
}

// backCategories brings the categories back that the set deleted, and puts those that it renamed or
// moved back.
func (u *taxonomyUndo) backCategories(ctx context.Context) error {
	list := append(u.of(false, (*subjectChange).gone), u.of(false, (*subjectChange).stayed)...)
	if len(list) == 0 {
		return nil
	}
	h, err := u.placing(ctx, list)
	if err != nil {
		return err
	}
	if u.defers(list) {
		h.deferHomes()
	}
	return h.write(ctx, list)
}

func (u *taxonomyUndo) placing(ctx context.Context, list []*subjectChange) (*placing, error) {
	rows, err := u.Ent.Category.Query().Order(category.ByPath()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the categories: %w", err)
	}
	h := &placing{taxonomyUndo: u, rows: rows, byID: map[string]*ent.Category{}, going: map[string]bool{}, faults: map[string][]*fault.Fault{}}
	for _, row := range rows {
		h.byID[row.ID] = row
	}
	for _, t := range list {
		h.want(t)
	}
	return h, h.findIdle(ctx)
}

func (h *placing) write(ctx context.Context, list []*subjectChange) error {
	u := h.taxonomyUndo
	if err := taxonomy.WriteTree(ctx, u.Tx, h.settle()); err != nil && !errors.Is(err, change.ErrUnchanged) {
		return err
	}
	for _, t := range list {
		for _, refused := range h.faults[t.id] {
			u.refuse(t, refused)
		}
	}
	for _, one := range h.homes {
		if u.Granted != nil && one.row == nil {
			u.Granted[one.id] = &ent.Category{ID: one.id, Name: one.name, ParentID: one.parent}
		}
	}
	return nil
}

func depthOf(t *subjectChange) int { return strings.Count(t.was.Path, media.PathSeparator) }

// refuse notes why a category, or a field of it, does not go back.
func (h *placing) refuse(t *subjectChange, refused *fault.Fault) {
	h.faults[t.id] = append(h.faults[t.id], refused)
}

// want finds where a category goes back to, its name and the one above each by itself: what
// was changed since is as it is.
func (h *placing) want(t *subjectChange) {
	row := h.byID[t.id]
	one := &home{subjectChange: t, row: row, name: t.was.Name, parent: t.was.ParentID}
	switch {
	case t.gone() && row != nil: // an undo before has brought it back
		return
	case t.gone() && !h.may(h.Granted, t):
		h.refuse(t, fault.New(fault.Forbidden, "The category stood below one that you do not see."))
		return
	case t.gone():
	case row == nil:
		h.refuse(t, fault.New(fault.NotFound, "The category was deleted since."))
		return
	case !h.may(h.Granted, t):
		h.refuse(t, fault.New(fault.NotFound, "There is no such category."))
		return
	default:
		if t.renamed && row.Name != t.is.Name {
			h.refuse(t, catalog.ChangedSince().At(change.NameField))
		}
		if !t.renamed || row.Name != t.is.Name {
			one.name = row.Name
		}
		above := change.ValueOr(row.ParentID, "") == change.ValueOr(t.is.ParentID, "")
		if t.moved && !above {
			h.refuse(t, catalog.ChangedSince().At(change.ParentField))
		}
		if !t.moved || !above {
			one.parent = row.ParentID
		}
	}
	if !one.stays() {
		h.homes, h.going[t.id] = append(h.homes, one), true
	}
}

func (one *home) stays() bool {
	return one.row != nil && one.name == one.row.Name && change.ValueOr(one.parent, "") == change.ValueOr(one.row.ParentID, "")
}

// findIdle finds the categories that the set made, as it made them, and that no asset is in. They
// leave their places to those that go back.
func (h *placing) findIdle(ctx context.Context) error {
	h.idle, h.ending = map[string]bool{}, map[string]bool{}
	if len(h.homes) == 0 {
		return nil
	}
	made := slices.DeleteFunc(h.of(false, (*subjectChange).made), func(t *subjectChange) bool {
		row := h.byID[t.id]
		return row == nil || !h.may(h.Granted, t) || row.Name != t.is.Name || change.ValueOr(row.ParentID, "") != change.ValueOr(t.is.ParentID, "")
	})
	if len(made) == 0 {
		return nil
	}
	used, outside, err := h.users(ctx, change.CategoryLinks, idsOf(made))
	if err != nil {
		return err
	}
	for _, t := range made {
		h.idle[t.id], h.ending[t.id] = !used[t.id], !outside[t.id]
	}
	return nil
}

// settle works out the tree. A category that is refused stays where it is, which others may have
// counted on, so they are checked anew.
func (h *placing) settle() *taxonomy.Tree {
	for {
		t := taxonomy.NewTree(h.Options.Limits, h.rows, func(id string) bool { return h.idle[id] || h.going[id] })
		if h.leave(t) && h.place(t) && h.measure(t) {
			return t
		}
		h.homes = slices.DeleteFunc(h.homes, func(one *home) bool { return !h.going[one.id] })
	}
}

// leave has the idle categories leave, but for those below which something stands in the end.
func (h *placing) leave(t *taxonomy.Tree) bool {
	var stay []string
	for id, idle := range h.idle {
		if b := t.Known[id]; idle && len(b.Below) > 0 {
			stay = append(stay, id)
		} else if idle {
			t.Leaving = append(t.Leaving, b)
		}
	}
	for _, one := range h.homes {
		if above := change.ValueOr(one.parent, ""); h.idle[above] {
			stay = append(stay, above)
		}
	}
	for _, id := range stay {
		h.idle[id] = false
	}
	slices.SortFunc(t.Leaving, func(a, b *taxonomy.Branch) int {
		return cmp.Or(cmp.Compare(b.Row.Level, a.Row.Level), cmp.Compare(a.Row.ID, b.Row.ID))
	})
	return len(stay) == 0
}

// place gives the categories their places in the tree, and refuses those of which another has
// the place, or the one above is gone.
func (h *placing) place(t *taxonomy.Tree) bool {
	for _, one := range h.homes {
		if one.row == nil {
			t.Known[one.id] = &taxonomy.Branch{ID: one.id, Since: one.was.CreatedAt}
		}
	}
	all, left := true, slices.Clone(h.homes)
	for placed := true; placed; {
		placed = false
		left = slices.DeleteFunc(left, func(one *home) bool {
			above, b := t.Root, t.Known[one.id]
			if one.parent != nil {
				above = t.Known[*one.parent]
			}
			switch {
			case above == nil:
				all = false
				h.orphan(one)
			case above.Top() != t.Root:
				return false
			case above.Below[one.name] != nil:
				all = false
				h.cannot(one, "another of its name stands in its place")
			default:
				b.Name = one.name
				above.Add(b)
			}
			placed = true
			return true
		})
	}
	return h.unlink(t, left) && all
}

// unlink refuses the first of those that would stand below itself.
func (h *placing) unlink(t *taxonomy.Tree, left []*home) bool {
	above := map[*taxonomy.Branch]*taxonomy.Branch{} // what those without a place hang on
	for _, one := range left {
		above[t.Known[one.id]] = t.Known[*one.parent].Top()
	}
	for _, one := range left {
		b := t.Known[one.id]
		at := above[b]
		for range left {
			if at == b || at == nil {
				break
			}
			at = above[at]
		}
		if at == b {
			h.cannot(one, "it would stand below itself")
			return false
		}
	}
	return len(left) == 0
}

// measure refuses categories that would stand too deep, or where there is no room for more.
func (h *placing) measure(t *taxonomy.Tree) bool {
	most, all := t.Limits.CategoryDepth, true
	var come []*home // those that come to stand below another
	for _, one := range h.homes {
		b := t.Known[one.id]
		if b.Above == b.Base {
			continue
		}
		if come = append(come, one); b.Level() > most {
			all = false
			h.cannot(one, fmt.Sprintf("categories stand at most %d levels deep", most))
		}
	}
	if !all {
		return false
	}
	fewer := map[*taxonomy.Branch]int{}
	for _, one := range slices.Backward(come) {
		switch b := t.Known[one.id]; {
		case b.Level()+b.Height()-1 > most:
			h.cannot(one, fmt.Sprintf("categories stand at most %d levels deep", most))
			return false
		case len(b.Above.Below)-fewer[b.Above] > t.Limits.CategoryChildren:
			all = false
			fewer[b.Above]++
			h.cannot(one, fmt.Sprintf("at most %d categories stand below one", t.Limits.CategoryChildren))
		}
	}
	return all
}

func (h *placing) cannot(one *home, why string) {
	called, does := media.ShownPath(one.was.Path), "does not come back"
	switch {
	case one.row != nil:
		called, does = one.row.Name, "stays"
	case h.Granted != nil:
		called = one.was.Name
	}
	delete(h.going, one.id)
	h.refuse(one.subjectChange, fault.New(fault.NotUndoable, "The category %q %s: %s.", called, does, why))
}

// orphan has a category stay where it is, as what it stood below is gone. It may have its name
// again.
func (h *placing) orphan(one *home) {
	if one.row == nil {
		h.cannot(one, "the one above it is gone")
		return
	}
	h.refuse(one.subjectChange, fault.New(fault.NotUndoable, "The category that it stood below is gone.").At(change.ParentField))
	if one.parent = one.row.ParentID; one.stays() {
		delete(h.going, one.id)
	}
}
