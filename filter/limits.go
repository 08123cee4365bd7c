package filter

import "vodgraph/limits"

// Limits are how much a filter may ask for.
type Limits = limits.Filter

// DefaultLimits are generous.
func DefaultLimits() Limits { return limits.DefaultFilter() }

// maxPlays is how many combinations of what a play info is a filter may name together: an
// engine is asked for each. What answers does not change what is refused, so it is one for
// all.
const maxPlays = 20_000
