package search

// Filter is a condition on documents, of one form that every engine compiles.
// It is a tree; exactly one of its members is set, and a filter with none of
// them matches all.
type Filter struct {
	// And holds where all do, so an empty list holds; nil is not set.
	And []*Filter
	// Or holds where one does, so an empty list never holds; nil is not set.
	Or []*Filter
	// Not holds where its filter does not.
	Not *Filter
	// Terms holds where a set has one of the values.
	Terms *Terms
	// IDs holds for these documents.
	IDs []string
	// Range holds where a number is there and within the bounds.
	Range *Range
}

// Terms is a set and values.
type Terms struct {
	Field  TermField
	Values []string
}

// Range is a number and its bounds, both included; nil is none.
type Range struct {
	Field    NumberField
	Min, Max *int64
}
