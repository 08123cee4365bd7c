// Package outbox is what must follow a commit: marks of what the search index must learn, the
// documents for it, and leases of those who work beside calls.
package outbox

import "vodgraph/change"

// Outbox is what must follow a commit: marks of what the search index must learn, the documents
// for it, and leases of those who write them.
type Outbox struct{ *change.Library }

// New makes the outbox of a library.
func New(l *change.Library) *Outbox { return &Outbox{l} }
