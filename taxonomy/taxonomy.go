// Package taxonomy is the verbs on tags and on the tree of categories: create, rename, move, merge
// and delete, by calls and by lines of files. Each is one transaction.
package taxonomy

import "vodgraph/change"

// Taxonomy does the verbs on tags and categories.
type Taxonomy struct{ *change.Library }
