// Package outbox is what must follow a commit: marks of what the search index must learn, the
// documents for it, and leases of those who work beside calls.
package outbox

import "vodgraph/change"

// Outbox serves the loops that follow commits.
type Outbox struct{ *change.Library }

// New returns the outbox of a library.
func New(l *change.Library) *Outbox { return &Outbox{l} }
