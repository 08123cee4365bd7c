package search

import (
	"context"
	"fmt"
)

const comparePageSize = 1000

// compare finds the differences of engine and library by ids and revisions, both ways
// and page by page.
type compare struct {
	engine Engine
	source Source
	after  string // the last id that was compared
	found  int
}

// page compares the next page. It returns the ids that differ: of documents that are
// missing, of another revision, or of no asset. done reports the last page.
func (c *compare) page(ctx context.Context) (differ []string, done bool, err error) {
	theirs, err := c.engine.Revisions(ctx, c.after, comparePageSize)
	if err != nil {
		return nil, false, fmt.Errorf("list the documents: %w", err)
	}
	ours, err := c.source.Revisions(ctx, c.after, comparePageSize)
	if err != nil {
		return nil, false, err
	}
	// Nothing is known of what comes after the end of a full list.
	end, cut := "", false
	for _, list := range [][]Revision{theirs, ours} {
		if len(list) == comparePageSize {
			if last := list[len(list)-1].ID; !cut || last < end {
				end, cut = last, true
			}
		}
	}
	within := func(r Revision) bool { return !cut || r.ID <= end }
	for len(theirs) > 0 && within(theirs[0]) || len(ours) > 0 && within(ours[0]) {
		switch {
		case len(ours) == 0 || len(theirs) > 0 && theirs[0].ID < ours[0].ID:
			differ, theirs = append(differ, theirs[0].ID), theirs[1:]
		case len(theirs) == 0 || ours[0].ID < theirs[0].ID:
			differ, ours = append(differ, ours[0].ID), ours[1:]
		default:
			if theirs[0].Revision != ours[0].Revision {
				differ = append(differ, ours[0].ID)
			}
			theirs, ours = theirs[1:], ours[1:]
		}
	}
	c.after = end
	return differ, !cut, nil
}
