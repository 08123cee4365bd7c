package catalog

import (
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

// places are the ids of categories, each once, in order.
func (b *Builder) places(k *change.Check, kind asset.Kind, refs []*change.CategoryRef, field ...string) []string {
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
	k.Refuse(change.TooMany(len(kept), k.Limits.CategoriesOf(kind), fault.TooManyCategories, "categories"), field...)
	return kept
}
