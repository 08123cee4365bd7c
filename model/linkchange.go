package model

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/category"
	"vodgraph/ent/tag"
	"vodgraph/media"
)

// Changes of the tags and categories of an asset are kept with what these were called
// then. Limited callers are shown what they are called today, and not those that they do not
// see: what a category was called has the names of those above it.

// The fields of an asset that are sets of links.
const (
	tagsField       = "tags"
	categoriesField = "categories"
	// coverField names an image, or a snapshot of the asset itself.
	coverField = "cover"
)

// keptLink is a link as it is kept. Earlier versions kept its id alone.
type keptLink struct{ ID, Name, Path string }

func (l *keptLink) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, &l.ID)
	}
	type plain keptLink
	return json.Unmarshal(text, (*plain)(l))
}

// linkedTag and linkedCategory are links as they are shown; one that is gone, and whose
// name was not kept, has none.
type (
	linkedTag struct {
		ID   *string `json:"id"`
		Name *string `json:"name"`
	}
	linkedCategory struct {
		ID   *string  `json:"id"`
		Path []string `json:"path"`
	}
)

type linkNames struct {
	tags  map[string]string
	paths map[string][]string
}

func (c Change) shown(ctx context.Context, stored json.RawMessage) (json.RawMessage, error) {
	if limited := !auth.From(ctx).Unlimited(); limited && c.Field == coverField {
		return c.coverSeen(ctx, stored)
	}
	if strings.HasPrefix(c.Change.SubjectID, media.CategoryPrefix) {
		return c.categoryShown(ctx, stored)
	}
	if len(stored) == 0 || c.Field != tagsField && c.Field != categoriesField {
		return stored, nil
	}
	kept, err := keptLinks(stored)
	if err != nil {
		return nil, err
	}
	limited := !auth.From(ctx).Unlimited()
	links, names := make([]any, 0, len(kept)), &linkNames{}
	if limited || slices.ContainsFunc(kept, func(l keptLink) bool { return l.Name+l.Path == "" }) {
		f := parentRow[ent.Change, *ent.Change]{c.Change, func(c *ent.Change) string { return strconv.FormatInt(c.ID, 10) }}
		names, err = share(f, "names of links", func() (*linkNames, error) { return loadLinkNames(ctx, c.Client(), c.Batch().Rows) })
		if err != nil {
			return nil, err
		}
	}
	for _, link := range kept {
		id := given(link.ID) // nil for what a dry run would make
		name, tagged := names.tags[link.ID]
		path, filed := names.paths[link.ID]
		switch {
		case limited && link.ID != "" && !tagged && !filed: // it is gone, or not for them
		case c.Field == categoriesField && (!limited || id == nil) && link.Path != "":
			links = append(links, linkedCategory{id, media.SplitPath(link.Path)})
		case c.Field == categoriesField:
			links = append(links, linkedCategory{id, path})
		case (!limited || id == nil) && link.Name != "":
			links = append(links, linkedTag{id, &link.Name})
		case tagged:
			links = append(links, linkedTag{id, &name})
		default:
			links = append(links, linkedTag{ID: id})
		}
	}
	return plainJSON(links)
}

func plainJSON(v any) (json.RawMessage, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(text.Bytes()), err
}

// coverSeen is a cover as it was, or null where it is an image that the caller does not see.
func (c Change) coverSeen(ctx context.Context, stored json.RawMessage) (json.RawMessage, error) {
	var cover struct{ Image string }
	if len(stored) == 0 || json.Unmarshal(stored, &cover) != nil || cover.Image == "" {
		return stored, nil
	}
	f := parentRow[ent.Change, *ent.Change]{c.Change, func(c *ent.Change) string { return strconv.FormatInt(c.ID, 10) }}
	seen, err := share(f, "covers", func() (map[string]bool, error) {
		var images []string
		for _, row := range c.Batch().Rows {
			for _, stored := range []json.RawMessage{row.Before, row.After} {
				var cover struct{ Image string }
				if row.Field == coverField && json.Unmarshal(stored, &cover) == nil && cover.Image != "" {
					images = append(images, cover.Image)
				}
			}
		}
		rows, err := assets.fetch(ctx, c.Client(), []string{asset.FieldID}, func(s *sql.Selector) { s.Where(among(s.C(asset.FieldID), images)) })
		seen := make(map[string]bool, len(rows))
		for _, row := range rows {
			seen[row.ID] = true
		}
		return seen, err
	})
	if err != nil || seen[cover.Image] {
		return stored, err
	}
	return json.RawMessage("null"), nil
}

func keptLinks(stored json.RawMessage) (links []keptLink, err error) {
	if err := json.Unmarshal(stored, &links); err != nil {
		return nil, fmt.Errorf("read the links of a change: %w", err)
	}
	return links, nil
}

// loadLinkNames loads what all links in changes are called, in one statement a table.
func loadLinkNames(ctx context.Context, c *ent.Client, rows []*ent.Change) (*linkNames, error) {
	ids := map[string][]string{} // by field
	for _, row := range rows {
		if strings.HasPrefix(row.SubjectID, media.CategoryPrefix) {
			for _, stored := range []json.RawMessage{row.Before, row.After} {
				if id := aboveIn(row.Field, stored); id != "" {
					ids[categoriesField] = append(ids[categoriesField], id)
				}
			}
			continue
		}
		if row.Field != tagsField && row.Field != categoriesField {
			continue
		}
		for _, stored := range []json.RawMessage{row.Before, row.After} {
			if len(stored) == 0 {
				continue
			}
			some, err := keptLinks(stored)
			if err != nil {
				return nil, err
			}
			for _, link := range some {
				ids[row.Field] = append(ids[row.Field], link.ID)
			}
		}
	}
	these := func(ids []string) func(*sql.Selector) {
		return func(s *sql.Selector) { s.Where(among(s.C("id"), ids)) }
	}
	names := &linkNames{tags: map[string]string{}, paths: map[string][]string{}}
	if list := ids[tagsField]; len(list) > 0 {
		found, err := tags.fetch(ctx, c, []string{tag.FieldID, tag.FieldName}, these(list))
		if err != nil {
			return nil, fmt.Errorf("load the tags of changes: %w", err)
		}
		for _, t := range found {
			names.tags[t.ID] = t.Name
		}
	}
	if list := ids[categoriesField]; len(list) > 0 {
		found, err := categories.fetch(ctx, c, []string{category.FieldID, category.FieldPath}, these(list))
		if err != nil {
			return nil, fmt.Errorf("load the categories of changes: %w", err)
		}
		for _, c := range found {
			names.paths[c.ID] = media.SplitPath(c.Path)
		}
	}
	return names, nil
}
