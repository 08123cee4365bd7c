// Package auth has the caller of a request, with role and grants, and the table of rights.
// It authenticates nobody: who does puts the caller into the context of the request, where
// rules and database read it. It knows no keys, no tokens and no tables.
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
	// Name is the actor in history and operations. It is unique.
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

// May reports whether a caller has a role, or a higher one. The process itself, which is nil, may
// do everything.
func (c *Caller) May(role Role) bool {
	return c == nil || slices.Index(roles, c.Role) >= slices.Index(roles, role)
}

// Unlimited reports whether a caller sees everything. The process itself does.
func (c *Caller) Unlimited() bool { return c == nil || !c.Limited }

// Actor is what history calls who has done something.
func (c *Caller) Actor() string {
	if c == nil {
		return Local
	}
	return c.Name
}

type (
	callerKey      struct{}
	rowSecurityKey struct{}
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

// WithRowSecurity is a context in which row-level security applies within transactions
// too. Without it, queries within a transaction see all rows, as the rules need.
func WithRowSecurity(ctx context.Context) context.Context {
	return context.WithValue(ctx, rowSecurityKey{}, true)
}

// HasRowSecurity reports whether a context is of WithRowSecurity.
func HasRowSecurity(ctx context.Context) bool {
	on, _ := ctx.Value(rowSecurityKey{}).(bool)
	return on
}
