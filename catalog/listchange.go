package catalog

import (
	"encoding/json"
	"slices"
	"strconv"

	"vodgraph/change"
	"vodgraph/fault"
	"vodgraph/media"
	"vodgraph/taxonomy"
)

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
		ch = &CategoryListChange{Set: []*change.CategoryRef{}}
	}
	if !checkForm(k, ch.Set != nil, ch.Add != nil || ch.Remove != nil, field) {
		return s.Categories
	}
	if ch.Set != nil {
		return b.inGrants(k, slices.Concat(b.places(k, s.Kind, ch.Set, field, "set"), b.Granted.Hidden(s.Categories)), field, "set")
	}
	roomy := *k // how many there are in all is what counts
	roomy.Limits.Categories, roomy.Limits.AttachmentCategories, roomy.Faults = len(ch.Add)+len(ch.Remove), len(ch.Add)+len(ch.Remove), nil
	added := b.places(&roomy, s.Kind, ch.Add, field, "add")
	removed := b.places(&roomy, s.Kind, ch.Remove, field, "remove")
	k.Faults = append(k.Faults, roomy.Faults...)
	for _, id := range added {
		k.Require(!slices.Contains(removed, id), "A category is added or removed, not both.", field, "add")
	}
	next := listed(slices.Concat(s.Categories, added), removed)
	if len(next) > len(s.Categories) {
		k.Refuse(change.TooMany(len(next), k.Limits.CategoriesOf(s.Kind), fault.TooManyCategories, "categories"), field, "add")
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
	if !object || !checkCharacters(k, data, field...) {
		return nil
	}
	return data
}
