package demo

import (
	"slices"
	"strings"
	"time"

	"vodgraph/demo/line"
)

// founded is when the demo's categories and tags were made.
var founded = time.Date(2003, 12, 1, 9, 0, 0, 0, time.UTC)

// unused is categories and tags that no asset of the demo is filed under, so
// that it shows such as well.
var unused = &line.Asset{
	Tags:       []string{"to be reviewed", "待审核"},
	Categories: []line.CategoryRef{{Path: []string{"Seasons", "Next"}}, {Path: []string{"Unsorted"}}},
}

// under files an asset: paths written with slashes, sorted.
func under(paths ...string) []line.CategoryRef {
	slices.Sort(paths)
	refs := make([]line.CategoryRef, len(paths))
	for i, path := range paths {
		refs[i] = line.CategoryRef{Path: strings.Split(path, "/")}
	}
	return refs
}

// sorted is the tags once each, by code point.
func sorted(tags ...string) []string {
	slices.Sort(tags)
	return slices.Compact(tags)
}
