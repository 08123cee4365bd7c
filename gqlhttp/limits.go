package gqlhttp

import (
	"math"

	"vodgraph/fault"
	"vodgraph/limits"
)

// RequestLimits is the part of Config that says how much a request may ask for. What is over a
// limit is refused before anything is done.
type RequestLimits struct {
	// MaxTokens is how many names, values and signs a document may have.
	MaxTokens int `default:"5000" placeholder:"N" help:"The most names, values and signs in a document (default ${default})."`
	// MaxDepth is how deep fields may stand in each other.
	MaxDepth int `default:"15" placeholder:"N" help:"How deep fields may stand in each other (default ${default})."`
	// MaxAliases is how many aliases a document may have.
	MaxAliases int `default:"100" placeholder:"N" help:"The most aliases in a document (default ${default})."`
	// MaxFields is how many fields may stand beside each other, with those of fragments as
	// often as these are spread. Validation takes time that grows with its square.
	MaxFields int `default:"100" placeholder:"N" help:"The most fields beside each other, those of fragments counted (default ${default})."`
	// MaxDirectives is how many directives a document may have.
	MaxDirectives int `default:"50" placeholder:"N" help:"The most directives in a document (default ${default})."`
	// MaxFilterMembers is how many members the filters of an operation may have together;
	// each filter may have 500 in any case.
	MaxFilterMembers int `default:"200" placeholder:"N" help:"The most members of all filters of an operation (default ${default})."`
	// MaxListValues is how many values a list in a filter may have; 2000 in any case, and 100
	// with the limits of ApsaraVideo VOD.
	MaxListValues int `default:"2000" placeholder:"N" help:"The most values of a list in a filter (default ${default})."`
	// MaxNodes is how many objects an answer may have, at worst and as they are read.
	MaxNodes int `default:"100000" placeholder:"N" help:"The most objects of an answer (default ${default})."`
	// MaxCost is how much an answer may cost at worst.
	MaxCost int `default:"200000" placeholder:"N" help:"The most that an answer may cost at worst (default ${default})."`

	// IncludeCost adds to the extensions of every response what it may cost, and the limits; by
	// default only where the request has the header Vodgraph-Cost.
	IncludeCost bool `name:"tell-cost" help:"Add to every response what it may cost (default only where the header Vodgraph-Cost asks)."`
}

// requestLimits has each limit by its flag: where it is set, where it is kept, and the most
// that it can be set to.
var requestLimits = []struct {
	flag string
	set  func(*RequestLimits) *int
	kept func(*limits.Request) *int
	most int
}{
	{"max-tokens", func(a *RequestLimits) *int { return &a.MaxTokens }, func(r *limits.Request) *int { return &r.Tokens }, math.MaxInt32},
	{"max-depth", func(a *RequestLimits) *int { return &a.MaxDepth }, func(r *limits.Request) *int { return &r.Depth }, maxAllowedDepth},
	{"max-aliases", func(a *RequestLimits) *int { return &a.MaxAliases }, func(r *limits.Request) *int { return &r.Aliases }, math.MaxInt32},
	{"max-fields", func(a *RequestLimits) *int { return &a.MaxFields }, func(r *limits.Request) *int { return &r.Fields }, math.MaxInt32},
	{"max-directives", func(a *RequestLimits) *int { return &a.MaxDirectives }, func(r *limits.Request) *int { return &r.Directives }, math.MaxInt32},
	{"max-filter-members", func(a *RequestLimits) *int { return &a.MaxFilterMembers }, func(r *limits.Request) *int { return &r.FilterMembers }, limits.MostFilterMembers},
	{"max-list-values", func(a *RequestLimits) *int { return &a.MaxListValues }, func(r *limits.Request) *int { return &r.ListValues }, limits.FilterList},
	{"max-nodes", func(a *RequestLimits) *int { return &a.MaxNodes }, func(r *limits.Request) *int { return &r.Nodes }, math.MaxInt32 - 1},
	{"max-cost", func(a *RequestLimits) *int { return &a.MaxCost }, func(r *limits.Request) *int { return &r.Cost }, math.MaxInt32 - 1},
}

// CostLimits are the limits that are set.
func (a RequestLimits) CostLimits() (r limits.Request) {
	for _, l := range requestLimits {
		*l.kept(&r) = *l.set(&a)
	}
	return r
}

func defaultLimits() (a RequestLimits) {
	r := limits.DefaultRequest()
	for _, l := range requestLimits {
		*l.set(&a) = *l.kept(&r)
	}
	return a
}

// maxAllowedDepth is how deep fields can be allowed to stand: what walks through them calls
// itself for each.
const maxAllowedDepth = 200

// check refuses limits that nothing could keep, and those that something else would refuse
// before.
func (a RequestLimits) check() error {
	for _, l := range requestLimits {
		if set := *l.set(&a); set < 1 || set > l.most {
			return fault.New(fault.Invalid, "--%s must be a number from 1 to %d, and is %d.", l.flag, l.most, set).At(l.flag)
		}
	}
	return nil
}
