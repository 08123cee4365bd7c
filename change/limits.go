package change

import "vodgraph/limits"

// Limits are how much of everything the library takes.
type Limits = limits.Library

// DefaultLimits are generous.
func DefaultLimits() Limits { return limits.DefaultLibrary() }

// VODLimits are those of ApsaraVideo VOD.
func VODLimits() Limits { return limits.VODLibrary() }
