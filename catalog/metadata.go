package catalog

import (
	"slices"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
)

// What people write about an asset: titles, description, tags, categories. The
// functions return what is kept, and refuse what is not.

// title is a title after NFC and trimming.
func (k *check) title(title string, field ...string) string {
	kept := media.Clean(title)
	if kept == "" {
		k.refuse(fault.New(fault.Required, "A title is not empty."), field...)
	}
	k.newly(media.Invisible(kept), field...)
	k.refuse(k.limits.fits(kept, k.limits.Title, fault.TitleTooLong, "The title"), field...)
	return kept
}

// titles are each once, in the order given.
func (k *check) titles(titles []string, field string) []string {
	kept := make([]string, 0, len(titles))
	for i, title := range titles {
		if t := k.title(title, field, strconv.Itoa(i)); !slices.Contains(kept, t) {
			kept = append(kept, t)
		}
	}
	k.refuse(tooMany(len(kept), k.limits.AlternativeTitles, fault.TooManyTitles, "alternative titles"), field)
	return kept
}

func (k *check) description(text *string, field string) *string {
	if text == nil {
		return nil
	}
	kept := norm.NFC.String(*text)
	k.refuse(k.limits.fits(kept, k.limits.Description, fault.DescriptionTooLong, "The description"), field)
	return &kept
}

// tags are each once, by code point.
func (k *check) tags(names []string, field ...string) []string {
	kept := make([]string, 0, len(names))
	for i, name := range names {
		kept = append(kept, k.tag(name, append(slices.Clone(field), strconv.Itoa(i))...))
	}
	slices.Sort(kept)
	kept = slices.Compact(kept)
	k.refuse(tooMany(len(kept), k.limits.Tags, fault.TooManyTags, "tags"), field...)
	return kept
}

// places are the ids of categories, each once, in order.
func (b *maker) places(k *check, kind asset.Kind, refs []*CategoryRef, field ...string) []string {
	kept := make([]string, 0, len(refs))
	for i, ref := range refs {
		row, refused := b.place(ref)
		if refused != nil {
			k.refuse(refused, append(slices.Clone(field), strconv.Itoa(i))...)
			continue
		}
		kept = append(kept, row.ID)
	}
	slices.Sort(kept)
	kept = slices.Compact(kept)
	k.refuse(tooMany(len(kept), k.limits.categories(kind), fault.TooManyCategories, "categories"), field...)
	return kept
}
