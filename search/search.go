// Package search finds assets by what people remember of them: words misspelt,
// cut short, in any language. An engine is a copy of the library that is made
// for finding and can be thrown away; the database stays the only truth. What a
// text is made of is decided here, once, before any engine, so that engines
// differ in speed and not in what they find: they know words, grams, ids and
// numbers, and answer ids and scores. Snippets, names and rights are not theirs.
package search

import (
	"context"
	"slices"
)

// Finder finds documents, or what stands for them. Its method may be called from several
// goroutines. An implementation passes the groups of searchtest that it does not list as
// left out, with the reason.
type Finder interface {
	// Search answers a query. It fails with ErrCursor on a place that this finder
	// did not give for this query, and with ErrUnavailable when it cannot be asked now.
	Search(ctx context.Context, q *Query) (*Hits, error)
}

// Engine keeps documents and finds them. Its methods may be called from several
// goroutines. Every implementation passes all of searchtest.
type Engine interface {
	Finder
	// Put writes documents, each in place of the one of its id. They are found when it
	// returns. After an error some may not have been written; writing again does no harm.
	Put(ctx context.Context, docs []*Document) error
	// Remove takes documents out by their ids. One that is not there is no error.
	Remove(ctx context.Context, ids []string) error
	// Revisions lists the id and revision of up to limit documents whose ids come
	// after one, in order of id; from the first for "".
	Revisions(ctx context.Context, after string, limit int) ([]Revision, error)
	// Count is how many documents there are. It is the only proof of an engine's
	// health: one that lost half its documents may well call itself healthy.
	Count(ctx context.Context) (int64, error)
}

// Rebuilder is an engine that can be rebuilt beside itself. All have it.
type Rebuilder interface {
	// Rebuild makes an empty engine beside this one, which goes on answering. It removes what
	// an earlier rebuild left behind.
	Rebuild(ctx context.Context) (Rebuild, error)
	// Shape is the document shape that the engine holds; empty where it holds
	// none yet. Where it differs from Shape, the engine must be rebuilt.
	Shape(ctx context.Context) (string, error)
}

// Rebuild is an engine that is being filled.
type Rebuild interface {
	Engine
	// Switch makes the engine it was made from answer from it, in one step, and removes the
	// old documents.
	Switch(ctx context.Context) error
	// Discard removes it.
	Discard(ctx context.Context) error
}

// Shape names what documents are made of. It changes with every change of
// Document, of the normaliser, or of how an engine keeps either, so that engines
// are rebuilt.
const Shape = "5"

// Revision is a document's id, and the index revision of the asset it shows.
type Revision struct {
	ID       string
	Revision int64
}

// Document is an asset as an engine keeps it.
type Document struct {
	ID string
	// Revision is the asset's index revision.
	Revision int64
	// Seq rises in the order in which documents were first written, and stays
	// when they are written again. It bounds a walk, so that what is added
	// meanwhile moves nothing.
	Seq int64
	// TitleKey is what the order by title compares, by code point: as the database has it,
	// so that all sort alike. It has up to 800 bytes and no U+0000.
	TitleKey string
	// Texts are the original texts of each field. Engines index what Normalise
	// makes of them.
	Texts map[TextField][]string
	// Terms are ids, names of enums and short values or hashes, which filters and
	// facets name.
	Terms map[TermField][]string
	// Numbers are what filters compare and sorts order by; one that is absent is
	// not in the map.
	Numbers map[NumberField]int64
}

// TextField is a text that can be found.
type TextField string

// The texts, from the one that counts most.
const (
	Title             TextField = "TITLE"
	AlternativeTitles TextField = "ALTERNATIVE_TITLES"
	Tags              TextField = "TAGS"
	Categories        TextField = "CATEGORIES"
	FileName          TextField = "FILE_NAME"
	ReferenceID       TextField = "REFERENCE_ID"
	Labels            TextField = "LABELS"
	Description       TextField = "DESCRIPTION"
	Speech            TextField = "SPEECH"
	ScreenText        TextField = "SCREEN_TEXT"
)

// TermField is a set of exact values.
type TermField string

// The sets. A value that people wrote is itself after a sign where it is short, and
// a hash of it after another sign where it is not, so that none is too long. An
// engine must encode what it has no full escape for: nothing of theirs ever stands
// in its filter syntax.
const (
	TermKind           TermField = "kind"
	TermStatus         TermField = "status"
	TermReference      TermField = "reference"    // short values, or hashes
	TermCategory       TermField = "category"     // ids, those above included
	TermOwnCategory    TermField = "own_category" // ids, those it is filed in
	TermTag            TermField = "tag"          // ids
	TermAttachmentType TermField = "attachment_type"
	TermLocation       TermField = "location" // of the storage, as reference
	TermClass          TermField = "class"
	TermSource         TermField = "source"
	TermPlay           TermField = "play"       // what one play info is, in each combination that a filter may name
	TermDefinition     TermField = "definition" // for facets
	TermCodec          TermField = "codec"      // as reference, for facets
	TermFlag           TermField = "flag"       // "cover", "tagged", "filed", "trashed" and others, where it is so
	TermFact           TermField = "fact"       // a name and a value as reference, of what only filters name
)

// NumberField is a number.
type NumberField string

// The numbers.
const (
	NumberSize     NumberField = "size"     // bytes
	NumberDuration NumberField = "duration" // milliseconds, as long as floats of seconds are exact
	NumberWidth    NumberField = "width"
	NumberHeight   NumberField = "height"
	NumberCreated  NumberField = "created" // milliseconds since 1970, as Updated
	NumberUpdated  NumberField = "updated"
)

// Query is what is asked of a finder.
type Query struct {
	// Text is what people typed; nil matches all. One without a word or gram, such as
	// "?!", matches nothing.
	Text *Text
	// WithoutCategories leaves the names of categories out of what a text is looked
	// for in, and out of scores.
	WithoutCategories bool
	// Filter narrows the documents; nil does not.
	Filter *Filter
	// Sort is up to MaxSort keys. Empty is by relevance with a text, and the newest first
	// without; see Order, and Ties for documents that are equal. Those without the number
	// come last in both directions.
	Sort []Sort
	// After is the place of a hit of an earlier answer to the same query; empty
	// is from the start.
	After string
	// Limit is how many hits are wanted, 0 to 250.
	Limit int
	// WithTotal asks for Hits.Total. Engines return it always.
	WithTotal bool
	// Facets are to be counted over the whole result.
	Facets []Facet
	// Freshness is for an Index; engines do not know it.
	Freshness Freshness
}

// Freshness is how recent an answer must be.
type Freshness struct {
	// AtLeast is a revision that must be in the engine; 0 is none.
	AtLeast int64
	// WithRevision asks for Hits.Revision.
	WithRevision bool
}

// Order is the sort of a query: its own, or the default. Relevance means nothing without
// a text, and is left out then.
func (q *Query) Order() []Sort {
	sort := q.Sort
	switch {
	case len(sort) == 0 && q.Text != nil:
		return []Sort{{Relevance: true}}
	case q.Text == nil:
		sort = slices.DeleteFunc(slices.Clone(sort), func(s Sort) bool { return s.Relevance })
	}
	if len(sort) == 0 {
		return []Sort{{Number: NumberCreated}}
	}
	return sort
}

// MaxSort is how many keys the order of a query has at most.
const MaxSort = 2

// Sort is one key of an order.
type Sort struct {
	Relevance bool        // best first, or worst first with Asc
	Title     bool        // by Document.TitleKey, where Relevance is not set
	Number    NumberField // where neither is set
	Asc       bool
}

// Ties is how documents are sorted that are equal in all keys, as the database does it: by
// id, in the direction of the first key that is not the relevance. An order by relevance
// alone has no such key, and sorts by Seq, the latest first.
//
// An engine that cannot compare whole ids may compare their first three letters, which are
// the kind, and then Seq: ids rise with it unless they were given by an import.
func (q *Query) Ties() (byID, asc bool) {
	for _, s := range q.Order() {
		if !s.Relevance {
			return true, s.Asc
		}
	}
	return false, false
}

// Facet asks how often each value of a set stands in the result.
type Facet struct {
	Field TermField
	First int // how many values, the most frequent first, then by value
	// Among are the only values that there are to the facet; nil is all.
	Among []string
}

// Hits is an answer.
type Hits struct {
	Hits []Hit
	// Total is how many documents match, where it was asked for.
	Total int64
	// More reports hits after these.
	More bool
	// Facets are in the order asked.
	Facets [][]Bucket
	// Revision is the one up to which all transactions were in the engine when it was
	// asked. Index sets it, where that is wanted.
	Revision int64
}

// Hit is a document found.
type Hit struct {
	ID string
	// Score is greater for the better, the same whatever else is in the engine;
	// 0 without a text.
	Score float64
	// Place is where an answer goes on after this hit.
	Place string
}

// Bucket is a value and how many documents of the result have it.
type Bucket struct {
	Value string
	Count int64
	// Text is what the value stands for, where the finder has it: the name of a tag, the path
	// of a category, a text that people wrote. Engines have none.
	Text string
}
