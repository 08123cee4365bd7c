package catalog

// Outbox is what must follow a commit: marks of what the search index must learn, the documents
// for it, and leases of those who write them.
type Outbox struct{ *Library }

// NewOutbox makes the outbox of a library.
func NewOutbox(l *Library) *Outbox { return &Outbox{l} }
