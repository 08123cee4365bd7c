package limits

import "time"

// Calls of mutations, and what they name.
const (
	// IdempotencyKey is the longest key of a call, in code points, and IdempotencyKept how long
	// its answer is kept.
	IdempotencyKey  = 255
	IdempotencyKept = 24 * time.Hour
	// Note is the longest note of a call, in code points.
	Note = 1_000
	// Mutations is how many fields of Mutation an operation may have.
	Mutations = 10
	// FileName is the longest name of a file, in code points.
	FileName = 1_024
	// Uses is how many uses a refusal with IN_USE lists.
	Uses = 10
	// Confirmed is from how many assets on a change of all that there are, and a purge of more than a
	// tenth of them, takes the argument that confirms it.
	Confirmed = 100
	// KeyName is the longest name of a key, in code points, and KeyGrants how many categories
	// one may be limited to.
	KeyName   = 100
	KeyGrants = 100
)
