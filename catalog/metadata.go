package catalog

import (
	"encoding/json"
	"slices"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"vodgraph/change"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
	"vodgraph/taxonomy"
)

// What people write about an asset: titles, description, tags, categories. The
// functions return what is kept, and refuse what is not.

// checkTitle is a title after NFC and trimming.
func checkTitle(k *change.Check, title string, field ...string) string {
	kept := media.Clean(title)
	if kept == "" {
		k.Refuse(fault.New(fault.Required, "A title is not empty."), field...)
	}
	k.Newly(media.Invisible(kept), field...)
	k.Refuse(k.Limits.Fits(kept, k.Limits.Title, fault.TitleTooLong, "The title"), field...)
	return kept
}

// checkTitles are each once, in the order given.
func checkTitles(k *change.Check, titles []string, field string) []string {
	kept := make([]string, 0, len(titles))
	for i, title := range titles {
		if t := checkTitle(k, title, field, strconv.Itoa(i)); !slices.Contains(kept, t) {
			kept = append(kept, t)
		}
	}
	k.Refuse(change.TooMany(len(kept), k.Limits.AlternativeTitles, fault.TooManyTitles, "alternative titles"), field)
	return kept
}

func checkDescription(k *change.Check, text *string, field string) *string {
	if text == nil {
		return nil
	}
	kept := norm.NFC.String(*text)
	k.Refuse(k.Limits.Fits(kept, k.Limits.Description, fault.DescriptionTooLong, "The description"), field)
	return &kept
}

// checkTags are each once, by code point.
func checkTags(k *change.Check, names []string, field ...string) []string {
	kept := make([]string, 0, len(names))
	for i, name := range names {
		kept = append(kept, taxonomy.CheckTag(k, name, append(slices.Clone(field), strconv.Itoa(i))...))
	}
	slices.Sort(kept)
	kept = slices.Compact(kept)
	k.Refuse(change.TooMany(len(kept), k.Limits.Tags, fault.TooManyTags, "tags"), field...)
	return kept
}

func (b *Builder) places(k *change.Check, kind asset.Kind, refs []*media.CategoryRef, field ...string) []string {
	kept := make([]string, 0, len(refs))
	for i, ref := range refs {
		row, refused := b.CategoryOf(ref)
		if refused != nil {
			k.Refuse(refused, append(slices.Clone(field), strconv.Itoa(i))...)
			continue
		}
		kept = append(kept, row.ID)
	}
	slices.Sort(kept)
	kept = slices.Compact(kept)
	k.Refuse(change.TooMany(len(kept), k.Limits.Categories[string(kind)], fault.TooManyCategories, "categories"), field...)
	return kept
}

// changedTags is a list of tags after a change; no change is none left.
func changedTags(k *change.Check, tags []string, ch *StringListChange, field string) []string {
	if ch == nil {
		return nil
	}
	if !checkForm(k, ch.Set != nil, ch.Add != nil || ch.Remove != nil, field) {
		return tags
	}
	if ch.Set != nil {
		return checkTags(k, ch.Set, field, "set")
	}
	var removed []string
	for _, name := range ch.Remove {
		removed = append(removed, media.Clean(name))
	}
	next := slices.Clone(tags)
	for i, name := range ch.Add {
		name = taxonomy.CheckTag(k, name, field, "add", strconv.Itoa(i))
		k.Require(!slices.Contains(removed, name), "A tag is added or removed, not both.", field, "add", strconv.Itoa(i))
		next = append(next, name)
	}
	next = listed(next, removed)
	if len(next) > len(tags) {
		k.Refuse(change.TooMany(len(next), k.Limits.Tags, fault.TooManyTags, "tags"), field, "add")
	}
	return next
}

// changeCategories is a list of categories after a change; no change is none
// left.
func (b *Builder) changeCategories(k *change.Check, s *change.State, ch *CategoryListChange, field string) []string {
	if ch == nil {
		ch = &CategoryListChange{Set: []*media.CategoryRef{}}
	}
	if !checkForm(k, ch.Set != nil, ch.Add != nil || ch.Remove != nil, field) {
		return s.Categories
	}
	if ch.Set != nil {
		return b.inGrants(k, slices.Concat(b.places(k, s.Kind, ch.Set, field, "set"), b.Granted.Hidden(s.Categories)), field, "set")
	}
	roomy := *k // how many there are in all is what counts
	roomy.Limits.Categories, roomy.Faults = map[string]int{string(s.Kind): len(ch.Add) + len(ch.Remove)}, nil
	added := b.places(&roomy, s.Kind, ch.Add, field, "add")
	removed := b.places(&roomy, s.Kind, ch.Remove, field, "remove")
	k.Faults = append(k.Faults, roomy.Faults...)
	for _, id := range added {
		k.Require(!slices.Contains(removed, id), "A category is added or removed, not both.", field, "add")
	}
	next := listed(slices.Concat(s.Categories, added), removed)
	if len(next) > len(s.Categories) {
		k.Refuse(change.TooMany(len(next), k.Limits.Categories[string(s.Kind)], fault.TooManyCategories, "categories"), field, "add")
	}
	return b.inGrants(k, next, field, "remove")
}

// inGrants are the categories that an asset is to have, in order. It refuses such of which
// the caller sees none.
func (b *Builder) inGrants(k *change.Check, categories []string, field ...string) []string {
	slices.Sort(categories)
	b.Granted.Keep(k, categories, field...)
	return categories
}

// checkForm refuses a change that is neither set alone nor add and remove.
func checkForm(k *change.Check, set, alter bool, field string) bool {
	k.Require(set != alter, "Give set alone, or add and remove.", field)
	return set != alter
}

// listed is a list in order, each once, without those removed.
func listed(list, removed []string) []string {
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(one string) bool { return slices.Contains(removed, one) })
}

// changedJSON is user data after a change; no change is none left.
func changedJSON(k *change.Check, data json.RawMessage, ch *JSONChange, field string) json.RawMessage {
	if ch == nil {
		return nil
	}
	if ch.Set.IsSet() == ch.Merge.IsSet() {
		k.Require(false, "Give set or merge, exactly one of them.", field)
		return data
	}
	next := data
	if ch.Set.IsSet() {
		next = compactJSON(k, ch.Set.Value(), field, "set")
	} else if patch := checkPatch(k, ch.Merge.Value(), field, "merge"); patch != nil {
		merged, err := mergeJSON(data, patch)
		k.Require(err == nil, "The patch is not JSON.", field, "merge")
		next = compactJSON(k, merged, field, "merge")
	}
	if sameJSON(data, next) {
		return data
	}
	return next
}

// checkPatch is a merge patch: an object, whatever its size.
func checkPatch(k *change.Check, data json.RawMessage, field ...string) json.RawMessage {
	v, err := change.Decode(data)
	_, object := v.(map[string]any)
	k.Require(err == nil && object, "A merge patch is an object.", field...)
	if !object || !checkJSON(k, data, field...) {
		return nil
	}
	return data
}
