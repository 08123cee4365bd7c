package catalog

import (
	"encoding/json"
	"slices"
	"strconv"

	"vodgraph/fault"
	"vodgraph/media"
)

// changeTags is a list of tags after a change; no change is none left.
func (k *check) changeTags(tags []string, ch *StringListChange, field string) []string {
	if ch == nil {
		return nil
	}
	if !k.form(ch.Set != nil, ch.Add != nil || ch.Remove != nil, field) {
		return tags
	}
	if ch.Set != nil {
		return k.tags(ch.Set, field, "set")
	}
	var removed []string
	for _, name := range ch.Remove {
		removed = append(removed, media.Clean(name))
	}
	next := slices.Clone(tags)
	for i, name := range ch.Add {
		name = k.tag(name, field, "add", strconv.Itoa(i))
		k.require(!slices.Contains(removed, name), "A tag is added or removed, not both.", field, "add", strconv.Itoa(i))
		next = append(next, name)
	}
	next = listed(next, removed)
	if len(next) > len(tags) {
		k.refuse(tooMany(len(next), k.limits.Tags, fault.TooManyTags, "tags"), field, "add")
	}
	return next
}

// changeCategories is a list of categories after a change; no change is none
// left.
func (b *maker) changeCategories(k *check, s *state, ch *CategoryListChange, field string) []string {
	if ch == nil {
		ch = &CategoryListChange{Set: []*CategoryRef{}}
	}
	if !k.form(ch.Set != nil, ch.Add != nil || ch.Remove != nil, field) {
		return s.categories
	}
	if ch.Set != nil {
		return b.inGrants(k, slices.Concat(b.places(k, s.Kind, ch.Set, field, "set"), b.granted.hidden(s.categories)), field, "set")
	}
	roomy := *k // how many there are in all is what counts
	roomy.limits.Categories, roomy.limits.AttachmentCategories, roomy.faults = len(ch.Add)+len(ch.Remove), len(ch.Add)+len(ch.Remove), nil
	added := b.places(&roomy, s.Kind, ch.Add, field, "add")
	removed := b.places(&roomy, s.Kind, ch.Remove, field, "remove")
	k.faults = append(k.faults, roomy.faults...)
	for _, id := range added {
		k.require(!slices.Contains(removed, id), "A category is added or removed, not both.", field, "add")
	}
	next := listed(slices.Concat(s.categories, added), removed)
	if len(next) > len(s.categories) {
		k.refuse(tooMany(len(next), k.limits.categories(s.Kind), fault.TooManyCategories, "categories"), field, "add")
	}
	return b.inGrants(k, next, field, "remove")
}

// inGrants are the categories that an asset is to have, in order. It refuses such of which
// the caller sees none.
func (b *maker) inGrants(k *check, categories []string, field ...string) []string {
	slices.Sort(categories)
	b.granted.keep(k, categories, field...)
	return categories
}

// form refuses a change that is neither set alone nor add and remove.
func (k *check) form(set, alter bool, field string) bool {
	k.require(set != alter, "Give set alone, or add and remove.", field)
	return set != alter
}

// listed is a list in order, each once, without those removed.
func listed(list, removed []string) []string {
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(one string) bool { return slices.Contains(removed, one) })
}

// changeJSON is user data after a change; no change is none left.
func (k *check) changeJSON(data json.RawMessage, ch *JSONChange, field string) json.RawMessage {
	if ch == nil {
		return nil
	}
	if ch.Set.IsSet() == ch.Merge.IsSet() {
		k.require(false, "Give set or merge, exactly one of them.", field)
		return data
	}
	next := data
	if ch.Set.IsSet() {
		next = k.compact(ch.Set.Value(), field, "set")
	} else if patch := k.patch(ch.Merge.Value(), field, "merge"); patch != nil {
		merged, err := mergeJSON(data, patch)
		k.require(err == nil, "The patch is not JSON.", field, "merge")
		next = k.compact(merged, field, "merge")
	}
	if sameJSON(data, next) {
		return data
	}
	return next
}

// patch is a merge patch: an object, whatever its size.
func (k *check) patch(data json.RawMessage, field ...string) json.RawMessage {
	v, err := decode(data)
	_, object := v.(map[string]any)
	k.require(err == nil && object, "A merge patch is an object.", field...)
	if !object || !k.characters(data, field...) {
		return nil
	}
	return data
}
