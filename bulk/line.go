package bulk

import (
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
)

// lines are what a batch does of a part of a file: all that is left of it, or as much
// a step may do.
type lines struct {
	part  *ent.FilePart
	items []fileItem
	whole bool // whether the part is done then
}

// last is the number of the last line that is done then.
func (l *lines) last() int64 {
	if l.whole {
		return l.part.Last
	}
	return l.items[len(l.items)-1].Number
}

// fileItem is a line, read: one of the three, or refused.
type fileItem struct {
	FileLine
	create *catalog.AssetCreateInput
	update *catalog.AssetUpdateInput
	asset  change.AssetRef // for the other verbs
}
