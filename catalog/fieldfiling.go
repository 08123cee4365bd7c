package catalog

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
)

// linkedFields are the lists of things that assets share: the history keeps what went of
// them and what came, by id and by the name of that moment.
var linkedFields = []*field{
	{
		name: tagsField, part: withTags,
		create: []member[AssetCreateInput]{orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]string] { return &in.Tags },
			func(_ *maker, k *check, s *state, v []string, place []string) { s.tags = k.tags(v, place...) }, tagsField)},
		update: []member[AssetUpdateInput]{orNull(func(in *AssetUpdateInput) *graphql.Omittable[*StringListChange] { return &in.Tags },
			func(_ *maker, k *check, s *state, v *StringListChange, place []string) {
				s.tags = k.changeTags(s.tags, v, place[0])
			}, tagsField)},
		export: func(_ paths, s *state, in *AssetCreateInput) { in.Tags = givenList(s.tags) },
		values: func(named *linkNames, old, next *state) (any, any) {
			return named.ofTags(apart(old.tags, next.tags)), named.ofTags(apart(next.tags, old.tags))
		},
		join: joinLinks,
		undo: (*undoing).putTags,
	},
	{
		name: categoriesField, part: withCategories,
		create: []member[AssetCreateInput]{naming(orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]*CategoryRef] { return &in.Categories },
			func(b *maker, k *check, s *state, v []*CategoryRef, place []string) {
				s.categories = b.places(k, s.Kind, v, place...)
			}, categoriesField), func(n *names, in *AssetCreateInput) part { return n.category(in.Categories.Value()...) })},
		update: []member[AssetUpdateInput]{naming(orNull(func(in *AssetUpdateInput) *graphql.Omittable[*CategoryListChange] { return &in.Categories },
			func(b *maker, k *check, s *state, v *CategoryListChange, place []string) {
				s.categories = b.changeCategories(k, s, v, place[0])
			}, categoriesField), func(n *names, in *AssetUpdateInput) part {
			if ch := in.Categories.Value(); ch != nil {
				n.category(slices.Concat(ch.Set, ch.Add, ch.Remove)...)
			}
			return 0
		})},
		export: exportCategories,
		values: func(named *linkNames, old, next *state) (any, any) {
			return named.ofCategories(apart(old.categories, next.categories)), named.ofCategories(apart(next.categories, old.categories))
		},
		join: joinLinks,
		undo: (*undoing).putCategories,
	},
}

// The names of the lists of things that assets share.
const (
	tagsField       = "tags"
	categoriesField = "categories"
)
