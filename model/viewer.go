package model

import "vodgraph/limits"

// Limits are how much a request may ask for.
type Limits struct {
	MaxTokens, MaxDepth, MaxAliases, MaxFields, MaxDirectives int
	MaxFilterMembers, MaxListValues, MaxNodes, MaxCost        int
	// MaxItems is how many items the library takes in one call.
	MaxItems int
	// CostPerMinute is what the requests of a caller may cost together in a minute, and
	// CostLeft what is left of it; nil where that is not limited.
	CostPerMinute, CostLeft *int
}

// LimitsOf are the limits in force: where a request and the library limit the same, the
// lower one.
func LimitsOf(r limits.Request, l limits.Library) *Limits {
	return &Limits{MaxTokens: r.Tokens, MaxDepth: r.Depth, MaxAliases: r.Aliases, MaxFields: r.Fields, MaxDirectives: r.Directives,
		MaxFilterMembers: min(r.FilterMembers, l.Filter.Members), MaxListValues: min(r.ListValues, l.Filter.List),
		MaxNodes: r.Nodes, MaxCost: r.Cost, MaxItems: l.Items}
}
