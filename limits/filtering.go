package limits

// Filter is how much a filter may ask for.
type Filter struct {
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

// DefaultFilter are generous.
func DefaultFilter() Filter {
	return Filter{Depth: 5, Members: MostFilterMembers, List: FilterList, Values: FilterValues, Links: 40}
}
