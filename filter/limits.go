package filter

// Limits are how much a filter may ask for.
type Limits struct {
	// Depth is how many levels of and, or and not a filter may have.
	Depth int
	// Members is how many members it may have in all: each name that is given, on every
	// level, and each filter in and, or.
	Members int
	// List is how many values one of its lists may have, Values all of them together.
	List, Values int
	// Links is how many members may ask other tables: for categories, tags, play infos, and
	// the size of a picture.
	Links int
}

// DefaultLimits are generous.
func DefaultLimits() Limits {
	return Limits{Depth: 5, Members: 500, List: 2000, Values: 20_000, Links: 40}
}

// maxPlays is how many combinations of what a play info is a filter may name together: an
// engine is asked for each. What answers does not change what is refused, so it is one for
// all.
const maxPlays = 20_000
