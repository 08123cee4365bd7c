package change

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
	NameField   = "name"
	ParentField = "parent"
	MergedField = "merged"
)

// SubjectState is what a tag or a category was at some time, as the history keeps it.
type SubjectState struct {
	Name string `json:"name"`
	// Of a category: the one above, none for a root; its path as the column has it; and
	// when it was made.
	ParentID  *string    `json:"parentId,omitempty"`
	Path      string     `json:"path,omitempty"`
	CreatedAt *time.Time `json:"createdAt,omitempty"`
}

// TagState is a tag as the history keeps it.
func TagState(name string) *SubjectState { return &SubjectState{Name: name} }

func categoryState(row *ent.Category) *SubjectState {
	return &SubjectState{Name: row.Name, ParentID: row.ParentID, Path: row.Path, CreatedAt: &row.CreatedAt}
}

// StateIn is a tag or category as an entry has it; null is an empty one.
func StateIn(m json.RawMessage) *SubjectState {
	s := &SubjectState{}
	_ = json.Unmarshal(m, s) // what this package wrote
	return s
}

// MadeTags records in the history tags that were made.
func (d *Tx) MadeTags(rows []*ent.Tag) {
	for _, row := range rows {
		d.History = append(d.History, d.Entry(row.ID, CreatedField, nil, TagState(row.Name)))
	}
}

// MadeCategories records in the history categories that were made.
func (d *Tx) MadeCategories(rows []*ent.Category) {
	for _, row := range rows {
		d.History = append(d.History, d.Entry(row.ID, CreatedField, nil, categoryState(row)))
	}
}

// GoneTags records in the history tags that are deleted.
func (d *Tx) GoneTags(rows []*ent.Tag) {
	for _, row := range rows {
		d.History = append(d.History, d.Entry(row.ID, DeletedField, TagState(row.Name), nil))
	}
}

// GoneCategories records in the history categories that are deleted.
func (d *Tx) GoneCategories(rows []*ent.Category) {
	for _, row := range rows {
		d.History = append(d.History, d.Entry(row.ID, DeletedField, categoryState(row), nil))
	}
}

// MovedCategory records in the history a category that gets a name and a place.
func (d *Tx) MovedCategory(row, parent *ent.Category, name string) {
	if row.Name != name {
		d.History = append(d.History, d.Entry(row.ID, NameField, row.Name, name))
	}
	var before, after *Linked
	if row.ParentID != nil {
		before = &Linked{ID: *row.ParentID, Path: row.Path[:len(row.Path)-len(media.PathSeparator+row.Name)]}
	}
	if parent != nil {
		after = &Linked{ID: parent.ID, Path: parent.Path}
	}
	if ValueOr(row.ParentID, "") != linkedID(after) {
		d.History = append(d.History, d.Entry(row.ID, ParentField, before, after))
	}
}

func linkedID(l *Linked) string {
	if l == nil {
		return ""
	}
	return l.ID
}

// AboutTaxonomy selects the entries about tags and categories. The ranges hold in every
// order of texts that a database may have, and can be found by an index.
func AboutTaxonomy() predicate.Change {
	return entries.Or(entries.And(entries.SubjectIDGTE("cat"), entries.SubjectIDLT("cau")),
		entries.And(entries.SubjectIDGTE("tag"), entries.SubjectIDLT("tah")))
}

// Made is how many categories and tags an import has made.
type Made struct{ Categories, Tags int64 }

// Add counts what entries of the history say was made.
func (m *Made) Add(entries []*ent.Change) {
	for _, e := range entries {
		switch {
		case e.Field != CreatedField:
		case strings.HasPrefix(e.SubjectID, media.CategoryPrefix):
			m.Categories++
		case strings.HasPrefix(e.SubjectID, media.TagPrefix):
			m.Tags++
		}
	}
}
