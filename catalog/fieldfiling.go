package catalog

import (
	"slices"
	"vodgraph/change"

	"github.com/99designs/gqlgen/graphql"
)

// linkedFields are the lists of things that assets share: the history keeps what went of
// them and what came, by id and by the name of that moment.
var linkedFields = []*field{
	{
		Name: TagsField, Part: change.WithTags,
		Create: []member[AssetCreateInput]{orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]string] { return &in.Tags },
			func(_ *Builder, k *change.Check, s *change.State, v []string, place []string) {
				s.Tags = checkTags(k, v, place...)
			}, TagsField)},
		update: []member[AssetUpdateInput]{orNull(func(in *AssetUpdateInput) *graphql.Omittable[*StringListChange] { return &in.Tags },
			func(_ *Builder, k *change.Check, s *change.State, v *StringListChange, place []string) {
				s.Tags = changedTags(k, s.Tags, v, place[0])
			}, TagsField)},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Tags = givenList(s.Tags) },
		values: func(named *change.LinkNames, old, next *change.State) (any, any) {
			return named.OfTags(change.Without(old.Tags, next.Tags)), named.OfTags(change.Without(next.Tags, old.Tags))
		},
		Join: joinLinks,
		Undo: (*Undoing).putTags,
	},
	{
		Name: CategoriesField, Part: change.WithCategories,
		Create: []member[AssetCreateInput]{naming(orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]*change.CategoryRef] { return &in.Categories },
			func(b *Builder, k *change.Check, s *change.State, v []*change.CategoryRef, place []string) {
				s.Categories = b.places(k, s.Kind, v, place...)
			}, CategoriesField), func(n *change.References, in *AssetCreateInput) change.Part {
			return n.Category(in.Categories.Value()...)
		})},
		update: []member[AssetUpdateInput]{naming(orNull(func(in *AssetUpdateInput) *graphql.Omittable[*CategoryListChange] { return &in.Categories },
			func(b *Builder, k *change.Check, s *change.State, v *CategoryListChange, place []string) {
				s.Categories = b.changeCategories(k, s, v, place[0])
			}, CategoriesField), func(n *change.References, in *AssetUpdateInput) change.Part {
			if ch := in.Categories.Value(); ch != nil {
				n.Category(slices.Concat(ch.Set, ch.Add, ch.Remove)...)
			}
			return 0
		})},
		export: exportCategories,
		values: func(named *change.LinkNames, old, next *change.State) (any, any) {
			return named.OfCategories(change.Without(old.Categories, next.Categories)), named.OfCategories(change.Without(next.Categories, old.Categories))
		},
		Join: joinLinks,
		Undo: (*Undoing).putCategories,
	},
}

// The names of the lists of things that assets share.
const (
	TagsField       = "tags"
	CategoriesField = "categories"
)
