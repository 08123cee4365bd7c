// Package resolvers answers the root fields of the graph: arguments in, answers
// out. It decides nothing. What hangs below the roots is loaded by model, and
// what may be done is decided by catalog.
//
// Bad arguments of a query are refused with a *fault.Fault.
package resolvers

import (
	"vodgraph/auth"
	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/predicate"
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
	Limits change.Limits
	// Subscriptions have the topics that clients subscribe to.
	Subscriptions *subscribe.Broker
	// Explain measures a request of which nothing is done.
	Explain func(limits.Asked) limits.Explanation
	// Cost is how much a request may ask for.
	Cost limits.Request
	// Spending returns how much a caller's requests of a minute may cost together, and what is
	// left of it; nil, or nils, where that is not limited.
	Spending func(*auth.Caller) (perMinute, left *int)
	// Index finds; without one, texts are looked for in the database.
	Index Finder
}

// Finder finds by an engine.
type Finder = model.Finder

type query struct{ *Root }

// Query answers the fields of Query.
func (r *Root) Query() graph.QueryResolver { return query{r} }

// Category answers the fields of Category that need a filter.
func (r *Root) Category() graph.CategoryResolver { return categoryFields{r} }

// Tag answers the fields of Tag that need a filter.
func (r *Root) Tag() graph.TagResolver { return tagFields{r} }

// which is the assets of a filter, which is compiled when it is needed, in an order.
func (r *Root) which(filter *filter.AssetFilter, orderBy []*model.AssetOrder) model.Which {
	w := model.Which{OrderBy: orderBy}
	if filter != nil {
		w.Narrow = func() (predicate.Asset, error) { return filter.Predicate(r.Limits.Filter) }
	}
	return w
}
