package model

import (
	"context"

	"vodgraph/keyset"
)

// Page is a page of a list of any type, a connection. What costs a statement of
// its own, the count, is loaded when it is asked for.
type Page[N any] struct {
	// Nodes are the entries, in the order of the list.
	Nodes []N

	next, previous bool
	binding        keyset.Binding
	order          keyset.Order
	place          func(i int) []any
	count          func(context.Context) (int, error)
}

// Edge is an entry of a list with its place.
type Edge[N any] struct {
	// Node is the entry itself.
	Node N

	page interface{ cursor(i int) string }
	i    int
}

// Cursor is the place of the entry in its list.
func (e Edge[N]) Cursor() string { return e.page.cursor(e.i) }

// PageInfo returns whether more lies on either side of a page.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *string
}

// Edges are the entries with their places.
func (p *Page[N]) Edges() []Edge[N] {
	edges := make([]Edge[N], len(p.Nodes))
	for i, n := range p.Nodes {
		edges[i] = Edge[N]{Node: n, page: p, i: i}
	}
	return edges
}

// PageInfo returns whether more lies on either side.
func (p *Page[N]) PageInfo() PageInfo {
	info := PageInfo{HasNextPage: p.next, HasPreviousPage: p.previous}
	if n := len(p.Nodes); n > 0 {
		start, end := p.cursor(0), p.cursor(n-1)
		info.StartCursor, info.EndCursor = &start, &end
	}
	return info
}

// TotalCount is the length of the whole list, at one statement for all lists of
// one place of the request.
func (p *Page[N]) TotalCount(ctx context.Context) (int, error) { return p.count(ctx) }

func (p *Page[N]) cursor(i int) string { return p.binding.Cursor(p.order, p.place(i)) }

// The connections of the schema and their edges.
type (
	AssetConnection         = Page[Asset]
	AssetEdge               = Edge[Asset]
	VideoConnection         = Page[Video]
	VideoEdge               = Edge[Video]
	AudioConnection         = Page[Audio]
	AudioEdge               = Edge[Audio]
	ImageConnection         = Page[Image]
	ImageEdge               = Edge[Image]
	AttachmentConnection    = Page[Attachment]
	AttachmentEdge          = Edge[Attachment]
	PlayInfoConnection      = Page[PlayInfo]
	PlayInfoEdge            = Edge[PlayInfo]
	SnapshotConnection      = Page[Snapshot]
	SnapshotEdge            = Edge[Snapshot]
	TagConnection           = Page[Tag]
	TagEdge                 = Edge[Tag]
	AILabelConnection       = Page[AILabel]
	AILabelEdge             = Edge[AILabel]
	CueConnection           = Page[Cue]
	CueEdge                 = Edge[Cue]
	DuplicateConnection     = Page[Duplicate]
	DuplicateEdge           = Edge[Duplicate]
	BulkOperationConnection = Page[BulkOperation]
	BulkOperationEdge       = Edge[BulkOperation]
	BulkFailureConnection   = Page[BulkFailure]
	BulkFailureEdge         = Edge[BulkFailure]
	ReviewFindingConnection = Page[ReviewFinding]
	ReviewFindingEdge       = Edge[ReviewFinding]
	ChangeSetConnection     = Page[ChangeSet]
	ChangeSetEdge           = Edge[ChangeSet]
	ChangeConnection        = Page[Change]
	ChangeEdge              = Edge[Change]
	KeyConnection           = Page[Key]
	KeyEdge                 = Edge[Key]
)
