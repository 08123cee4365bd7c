// Package auth says who asks, and what role and grants they have. It finds nobody
// out: whoever does puts the caller into the context of the request, and rules and
// databases read it there. It knows no keys, no tokens and no tables.
package auth

import (
	"context"
	"slices"
	"time"
)

// Role is what a caller may do at all. Each may do what the one before may.
type Role string

// The roles.
const (
	// Viewer reads.
	Viewer Role = "VIEWER"
	// Editor writes, in bulk too, and moves to the trash.
	Editor Role = "EDITOR"
	// Admin deletes for good, and makes keys.
	Admin Role = "ADMIN"
)

var roles = []Role{Viewer, Editor, Admin}

// Roles are all roles, from the lowest.
func Roles() []Role { return slices.Clone(roles) }

// Known reports whether it is one of the roles.
func (r Role) Known() bool { return slices.Contains(roles, r) }

// Local is what callers are called where nobody needs a key.
const Local = "local"

// Caller is who asks. Nothing of it changes.
type Caller struct {
	// Name is what history and operations call them, and tells them from all others.
	Name string
	// Role is what they may do.
	Role Role
	// Limited says that they see only the assets in the categories of Grants, and below
	// those: without one, none.
	Limited bool
	// Grants are ids of categories. Some may be gone.
	Grants []string
	// Key is the id of the key that they showed; empty for none.
	Key string
	// Expires is when they are nobody any more; nil is never.
	Expires *time.Time
}

// May tells whether a caller has a role, or more. The process itself, which is nil, may
// do everything.
func (c *Caller) May(role Role) bool {
	return c == nil || slices.Index(roles, c.Role) >= slices.Index(roles, role)
}

// Unlimited tells whether a caller sees everything. The process itself does.
func (c *Caller) Unlimited() bool { return c == nil || !c.Limited }

// Actor is what history calls who has done something.
func (c *Caller) Actor() string {
	if c == nil {
		return Local
	}
	return c.Name
}

// callerKey and sightedKey are places in a context.
type (
	callerKey  struct{}
	sightedKey struct{}
)

// With is a context in which the caller asks; nil is the process itself.
func With(ctx context.Context, c *Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// From is who asks in a context; nil is the process itself: commands, and what the
// server does of its own accord.
func From(ctx context.Context) *Caller {
	c, _ := ctx.Value(callerKey{}).(*Caller)
	return c
}

// Sighted is a context in which the caller sees no more within a transaction than
// outside. There rules see everything otherwise, as they have to.
func Sighted(ctx context.Context) context.Context {
	return context.WithValue(ctx, sightedKey{}, true)
}

// IsSighted tells of a context that Sighted has made.
func IsSighted(ctx context.Context) bool {
	sighted, _ := ctx.Value(sightedKey{}).(bool)
	return sighted
}
