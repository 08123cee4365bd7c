package search

import "errors"

// The limits of a text. Past them it is refused.
const (
	MaxText  = 500 // code points
	MaxWords = 20
	MaxCJK   = 60 // Chinese, Japanese and Korean characters
)

// ErrUnavailable is an engine that cannot be asked now: down, frozen, filling.
var ErrUnavailable = errors.New("the search engine is not available")

// ErrCursor is a place that was not given for this query by this engine.
var ErrCursor = errors.New("the place is not of this query")
