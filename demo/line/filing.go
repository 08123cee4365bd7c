package line

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Filing is the lines that make all categories and tags the assets are filed
// under, as an export writes them: the categories by path, so that each comes
// after the one it is in, then the tags by name. Their ids are of a time from at
// on, a second apart, and of what r draws.
func Filing(assets []*Asset, at time.Time, r *rand.Rand) []Of {
	var names []string
	var paths [][]string
	for _, asset := range assets {
		names = append(names, asset.Tags...)
		for _, category := range asset.Categories {
			for depth := range category.Path {
				paths = append(paths, category.Path[:depth+1])
			}
		}
	}
	slices.SortFunc(paths, slices.Compare)
	paths = slices.CompactFunc(paths, slices.Equal)
	slices.Sort(names)
	names = slices.Compact(names)

	lines := make([]Of, 0, len(paths)+len(names))
	next := func(prefix string) string {
		return NewID(prefix, at.Add(time.Duration(len(lines))*time.Second), r)
	}
	for _, path := range paths {
		lines = append(lines, Of{Category: &Category{ID: next("cat_"), Path: path}})
	}
	for _, name := range names {
		lines = append(lines, Of{Tag: &Tag{ID: next("tag_"), Name: name}})
	}
	return lines
}
