package change

import "encoding/json"

// Linked is a tag or a category in the history of an asset.
type Linked struct {
	ID string `json:"id"`
	// Name is the tag's of that moment; empty in entries of earlier versions.
	Name string `json:"name,omitempty"`
	// Path is the category's of that moment, as the column has it; empty in entries of
	// earlier versions.
	Path string `json:"path,omitempty"`
}

// UnmarshalJSON reads also what earlier versions wrote, which is the id alone.
func (l *Linked) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, &l.ID)
	}
	type plain Linked
	return json.Unmarshal(text, (*plain)(l))
}

// LinksIn are the links of an entry; null has none.
func LinksIn(m json.RawMessage) (list []Linked) {
	_ = json.Unmarshal(m, &list) // what this package wrote
	return list
}

// LinkNames are what the tags and categories of some changes are called, and the ids of
// the tags.
type LinkNames struct {
	tags  map[string]string // ids by name
	paths map[string]string // columns path by id
}

// OfTags are tags by their names, as the history keeps them.
func (n *LinkNames) OfTags(names []string) []Linked {
	list := make([]Linked, len(names))
	for i, name := range names {
		list[i] = Linked{ID: n.tags[name], Name: name}
	}
	return list
}

// OfCategories are categories by their ids, as the history keeps them.
func (n *LinkNames) OfCategories(ids []string) []Linked {
	list := make([]Linked, len(ids))
	for i, id := range ids {
		list[i] = Linked{ID: id, Path: n.paths[id]}
	}
	return list
}
