package database

import "slices"

// RowPolicies names the tables with a row policy, and those that need none.
func RowPolicies() []string { return append(slices.Clone(policyOrder), unfiltered...) }
