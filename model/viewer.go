package model

import "vodgraph/cost"

// Limits are how much a request may ask for.
type Limits struct {
	MaxTokens, MaxDepth, MaxAliases, MaxFields, MaxDirectives int
	MaxFilterMembers, MaxListValues, MaxNodes, MaxCost        int
	// CostPerMinute is what the requests of a caller may cost together in a minute, and
	// CostLeft what is left of it; nil where that is not limited.
	CostPerMinute, CostLeft *int
}

// LimitsOf are limits of cost as they are shown.
func LimitsOf(l cost.Limits) *Limits {
	return &Limits{MaxTokens: l.Tokens, MaxDepth: l.Depth, MaxAliases: l.Aliases, MaxFields: l.Fields, MaxDirectives: l.Directives,
		MaxFilterMembers: l.FilterMembers, MaxListValues: l.ListValues, MaxNodes: l.Nodes, MaxCost: l.Cost}
}
