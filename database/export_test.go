package database

import "slices"

// Seen names the tables with a rule on who sees their rows, and those that no caller reads.
func Seen() []string { return append(slices.Clone(seenInOrder), unseen...) }
