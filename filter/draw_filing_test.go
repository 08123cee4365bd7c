package filter_test

import (
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"vodgraph/filter"
	"vodgraph/media"
)

func drawCategoryFilter(t *rapid.T, s *library) *filter.CategoryFilter {
	f := &filter.CategoryFilter{IncludeDescendants: maybe(t, "below", []bool{false, true})}
	if draw(t, "in", []bool{true, true, true, false}) {
		f.In = []*media.CategoryRef{}
		for range draw(t, "categories", []int{0, 1, 2, 3}) { // the same one twice, too
			f.In = append(f.In, drawCategoryRef(t, s))
		}
	} else {
		f.Empty = maybe(t, "empty", []bool{false, true})
	}
	return f
}

// drawCategoryRef draws the id or the path of a category that is there, or of one that is not.
func drawCategoryRef(t *rapid.T, s *library) *media.CategoryRef {
	i := draw(t, "category", indexes(make([]struct{}, len(s.categories)+1))) - 1
	switch byID := draw(t, "by id", []bool{true, false}); {
	case byID && i < 0:
		return &media.CategoryRef{ID: new(categoryID(9999))}
	case byID:
		return &media.CategoryRef{ID: &s.categories[i].id}
	case i < 0:
		return &media.CategoryRef{Path: draw(t, "unknown", [][]string{{}, {""}, {"Anime", "none"}, {"Anime\x1fAnime"}, {"none"}})}
	}
	path := s.path(i)
	path[0] = draw(t, "written", []string{path[0], " " + path[0] + "\u3000"})
	return &media.CategoryRef{Path: path}
}

func drawTagFilter(t *rapid.T) *filter.TagFilter {
	f := &filter.TagFilter{}
	names := func() []string {
		list := []string{}
		for range draw(t, "names", []int{0, 1, 2, 3}) { // the same one twice, too
			name := draw(t, "name", append([]string{"unknown", ""}, tagNames...))
			list = append(list, draw(t, "written",
				[]string{name, norm.NFD.String(name), " " + name + "\t", "\u3000" + name}))
		}
		return list
	}
	for _, member := range some(t, "members", []string{"any", "all", "none", "empty"}, 2) {
		switch member {
		case "any":
			f.Any = names()
		case "all":
			f.All = names()
		case "none":
			f.None = names()
		case "empty":
			f.Empty = new(rapid.Bool().Draw(t, "empty"))
		}
	}
	return f
}
