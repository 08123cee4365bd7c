// Package limits has every number that limits or pages, once, and measures requests by
// them, before anything of a request is done: by one walk over the document as it stands,
// which does not trust it to be valid, and one over the operation with its variables, once
// it is. Each takes time that grows with the document and no faster. Whatever is over a
// limit is refused with a fault that has the figure and the limit.
package limits

// Pages.
const (
	// DefaultPage is how many entries a page has where no size is given, and how many values
	// a facet.
	DefaultPage = 20
	// LongestPage is the longest page of most lists.
	LongestPage = 100
	// LongestEntries is the longest page of cues and of findings: small entries in the order of
	// time, of which an asset has thousands.
	LongestEntries = 1_000
	// Facets is how many facets a search may have, and LongestBuckets how many values each.
	Facets         = 5
	LongestBuckets = 200
	// OrderKeys is how many keys an order may have.
	OrderKeys = 3
	// Previews is how many changes of the dry run of an operation are kept.
	Previews = 1_000
	// HistoryDays is for how many days history is kept where nothing else is set.
	HistoryDays = 90
	// Errors is how many errors of a document are explained: a small one can have very many.
	Errors = 20
)

// Texts that are read for the highlights of a page of a search.
const (
	// Highlights is how many of them an asset has for one field.
	Highlights = 5
	// TextLabels is how many labels are read of an asset, TextCues how many cues of a page, and
	// TextBytes how many bytes of these, and of those.
	TextLabels = 2_000
	TextCues   = 20_000
	TextBytes  = 2_000_000
)

// Lists among the arguments. What is longer is refused before the request is executed; the
// library refuses a field of Mutation by limits of its own, which are lower.
const (
	// IDs is how many ids, or reference ids, a query may name.
	IDs = 250
	// Items is how many items a call may have, and so how many results, by the default limits
	// of the library.
	Items = 1_000
	// MutationList is how long a list may be that an argument of a mutation is.
	MutationList = 10_000
	// Parts is how many cues, labels, findings and snapshots a request may bring, and how many
	// of one sort a call may put.
	Parts = 100_000
)

// Filters.
const (
	// FilterMembers is how many members all filters of an operation may have together, where
	// nothing else is set, and MostFilterMembers how many one filter may have at all.
	FilterMembers     = 200
	MostFilterMembers = 500
	// FilterList is how many values one list of a filter may have, and FilterValues how many
	// all lists of a filter together.
	FilterList   = 2_000
	FilterValues = 20_000
	// FilterPlays is how many combinations of what a play info is a filter may name together:
	// an engine is asked for each. What answers does not change what is refused, so it is one
	// for all.
	FilterPlays = 20_000
)

var entries = map[string]bool{"CueConnection": true, "ReviewFindingConnection": true}

// PageOf is how many entries a page of a connection can have, by the name of its type, such
// as "CueConnection".
func PageOf(connection string) int {
	if entries[connection] {
		return LongestEntries
	}
	return LongestPage
}
