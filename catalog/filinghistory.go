package catalog

import (
	"encoding/json"
	"strings"
	"time"

	"vodgraph/ent"
	entries "vodgraph/ent/change"
	"vodgraph/ent/predicate"
	"vodgraph/media"
)

// The history of tags and categories: created and deleted have all that they were, name is
// the name, parent the category above. A tag that was merged into another is deleted, too,
// and has an entry merged in place of that, which names the other.

// The fields of the history of tags and categories, beside created and deleted.
const (
	nameField   = "name"
	parentField = "parent"
	mergedField = "merged"
)

// filedState is what a tag or a category was at some time, as the history keeps it.
type filedState struct {
	Name string `json:"name"`
	// Of a category: the one above, none for a root; its path as the column has it; and
	// when it was made.
	ParentID  *string    `json:"parentId,omitempty"`
	Path      string     `json:"path,omitempty"`
	CreatedAt *time.Time `json:"createdAt,omitempty"`
}

func tagState(name string) *filedState { return &filedState{Name: name} }

func categoryState(row *ent.Category) *filedState {
	return &filedState{Name: row.Name, ParentID: row.ParentID, Path: row.Path, CreatedAt: &row.CreatedAt}
}

func stateIn(m json.RawMessage) *filedState {
	s := &filedState{}
	_ = json.Unmarshal(m, s) // what this package wrote
	return s
}

// madeTags has the history tell of tags that were made.
func (d *deed) madeTags(rows []*ent.Tag) {
	for _, row := range rows {
		d.history = append(d.history, d.changed(row.ID, createdField, nil, tagState(row.Name)))
	}
}

// madeCategories has the history tell of categories that were made.
func (d *deed) madeCategories(rows []*ent.Category) {
	for _, row := range rows {
		d.history = append(d.history, d.changed(row.ID, createdField, nil, categoryState(row)))
	}
}

// goneTags has the history tell of tags that are deleted.
func (d *deed) goneTags(rows []*ent.Tag) {
	for _, row := range rows {
		d.history = append(d.history, d.changed(row.ID, deletedField, tagState(row.Name), nil))
	}
}

// goneCategories has the history tell of categories that are deleted.
func (d *deed) goneCategories(rows []*ent.Category) {
	for _, row := range rows {
		d.history = append(d.history, d.changed(row.ID, deletedField, categoryState(row), nil))
	}
}

// movedCategory has the history tell of a category that gets a name and a place.
func (d *deed) movedCategory(row, parent *ent.Category, name string) {
	if row.Name != name {
		d.history = append(d.history, d.changed(row.ID, nameField, row.Name, name))
	}
	var before, after *linked
	if row.ParentID != nil {
		before = &linked{ID: *row.ParentID, Path: row.Path[:len(row.Path)-len(media.PathSeparator+row.Name)]}
	}
	if parent != nil {
		after = &linked{ID: parent.ID, Path: parent.Path}
	}
	if or(row.ParentID, "") != linkedID(after) {
		d.history = append(d.history, d.changed(row.ID, parentField, before, after))
	}
}

// linkedID is the id of a link; empty for none.
func linkedID(l *linked) string {
	if l == nil {
		return ""
	}
	return l.ID
}

// aboutFiling selects the entries about tags and categories. The ranges hold in every
// order of texts that a database may have, and can be found by an index.
func aboutFiling() predicate.Change {
	return entries.Or(entries.And(entries.SubjectIDGTE("cat"), entries.SubjectIDLT("cau")),
		entries.And(entries.SubjectIDGTE("tag"), entries.SubjectIDLT("tah")))
}

// Made is how many categories and tags an import has made.
type Made struct{ Categories, Tags int64 }

// add counts what entries of the history say was made.
func (m *Made) add(entries []*ent.Change) {
	for _, e := range entries {
		switch {
		case e.Field != createdField:
		case strings.HasPrefix(e.SubjectID, media.CategoryPrefix):
			m.Categories++
		case strings.HasPrefix(e.SubjectID, media.TagPrefix):
			m.Tags++
		}
	}
}
