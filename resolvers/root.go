// Package resolvers answers the root fields of the graph: arguments in, answers
// out. It decides nothing. What hangs below the roots is loaded by model, and
// what may be done is decided by catalog.
//
// Bad arguments of a query are refused with a *fault.Fault.
package resolvers

import (
	"vodgraph/auth"
	"vodgraph/bulk"
	"vodgraph/ent"
	"vodgraph/filter"
	"vodgraph/graph"
	"vodgraph/limits"
	"vodgraph/model"
	"vodgraph/subscribe"
)

// Root is the resolvers of the whole graph.
type Root struct {
	// Client reads.
	Client *ent.Client
	// Catalog writes.
	Catalog *bulk.Catalog
	// Limits are those of filters.
	Limits limits.Library
	// Subscriptions have the topics that clients subscribe to.
	Subscriptions *subscribe.Broker
	// Explain measures a request of which nothing is done.
	Explain func(limits.Asked) limits.Explanation
	// Cost is how much a request may ask for.
	Cost limits.Request
	// Spending returns how much a caller's requests of a minute may cost together, and what is
	// left of it; nil, or nils, where that is not limited.
	Spending func(*auth.Caller) (perMinute, left *int)
	// Index finds texts; nil for the database alone.
	Index model.Index
}

type query struct{ *Root }

// Query answers the fields of Query.
func (r *Root) Query() graph.QueryResolver { return query{r} }

// Category answers the fields of Category that need a filter.
func (r *Root) Category() graph.CategoryResolver { return categoryFields{r} }

// Tag answers the fields of Tag that need a filter.
func (r *Root) Tag() graph.TagResolver { return tagFields{r} }

func (r *Root) which(filter *filter.AssetFilter, orderBy []*model.AssetOrder) model.Which {
	return model.Which{Filter: filter, Limits: r.Limits.Filter, OrderBy: orderBy}
}
