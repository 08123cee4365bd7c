package model

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/media"
)

// parentField is the field of the history of a category that has the one above.
const parentField = "parent"

// keptCategory is a category in its history: all that it was, or, in the field parent, the
// one above it.
type keptCategory struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	ParentID  *string    `json:"parentId"`
	Path      string     `json:"path"`
	CreatedAt *time.Time `json:"createdAt"`
}

// aboveIn is the id of the category above, which a value in the history of a category names;
// empty for none.
func aboveIn(field string, stored json.RawMessage) string {
	var kept keptCategory
	switch {
	case field == "name" || len(stored) == 0 || json.Unmarshal(stored, &kept) != nil:
		return ""
	case field == parentField:
		return kept.ID
	}
	return deref(kept.ParentID)
}

// categoryShown is a value in the history of a category as it is shown. Who is limited to
// some categories is shown no path of before, and of the categories above only those that
// they see, with their paths of now.
func (c Change) categoryShown(ctx context.Context, stored json.RawMessage) (json.RawMessage, error) {
	if len(stored) == 0 || c.Field == "name" {
		return stored, nil
	}
	var kept keptCategory
	if err := json.Unmarshal(stored, &kept); err != nil {
		return nil, fmt.Errorf("read a change of a category: %w", err)
	}
	path := media.SplitPath(kept.Path)
	if !auth.From(ctx).Unlimited() {
		f := parentRow[ent.Change, *ent.Change]{c.Change, func(c *ent.Change) string { return strconv.FormatInt(c.ID, 10) }}
		names, err := share(f, "names of links", func() (*linkNames, error) { return loadLinkNames(ctx, c.Client(), c.Batch().Rows) })
		if err != nil {
			return nil, err
		}
		above, seen := names.paths[aboveIn(c.Field, stored)]
		switch {
		case !seen && c.Field == parentField:
			return nil, nil
		case c.Field == parentField:
			path = above
		default:
			path = append(append([]string{}, above...), kept.Name)
			if !seen {
				kept.ParentID = nil
			}
		}
	}
	if c.Field == parentField {
		return plainJSON(linkedCategory{given(kept.ID), path})
	}
	shown := struct {
		Name      string   `json:"name"`
		ParentID  *string  `json:"parentId"`
		Path      []string `json:"path"`
		CreatedAt *string  `json:"createdAt"`
	}{kept.Name, kept.ParentID, path, nil}
	if kept.CreatedAt != nil {
		shown.CreatedAt = new(kept.CreatedAt.UTC().Format(timeLayout)) // as a Time of the API
	}
	return plainJSON(shown)
}
