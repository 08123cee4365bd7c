package auth

import "slices"

// Verb names what a caller may or may not do: a field of Mutation, or one of the constants.
type Verb string

// What is no field of Mutation.
const (
	// Read is every other field of Query and Subscription, and the results of files.
	Read Verb = "read"
	// Keys is the field keys of Query.
	Keys Verb = "keys"
	// Metrics is the address of the metrics, where the graph is served.
	Metrics Verb = "/metrics"
	// OthersOperations and OthersChangeSets are those of other callers.
	OthersOperations Verb = "operations of others"
	OthersChangeSets Verb = "change sets of others"
	// RootCategories is what categoryCreate and categoryUpdate do at the root of the tree.
	RootCategories Verb = "categories at the root"
)

// Fields of Mutation that are named in the code: by viewerCan…, by the verbs of files of
// changes, and by rules of their own on limited callers.
const (
	AssetsCreate  Verb = "assetsCreate"
	AssetsUpdate  Verb = "assetsUpdate"
	AssetsTrash   Verb = "assetsTrash"
	AssetsRestore Verb = "assetsRestore"
	AssetsDelete  Verb = "assetsDelete"
	TagRename     Verb = "tagRename"
	TagsMerge     Verb = "tagsMerge"
	TagDelete     Verb = "tagDelete"
)

// Right is what a verb takes.
type Right struct {
	Verb Verb
	// Role is the lowest role that may.
	Role Role
	// Unlimited takes a caller who sees everything.
	Unlimited bool
	// Argument is where the mutation itself refuses a limited caller; empty where the
	// operation is refused before it begins.
	Argument string
}

// rights is the one table of them, in the order of the page on security. A field of
// Mutation without a row is refused to everyone.
var rights = []Right{
	{Verb: Read, Role: Viewer},
	{Verb: AssetsCreate, Role: Editor},
	{Verb: AssetsUpdate, Role: Editor},
	{Verb: "assetUpdate", Role: Editor},
	{Verb: "assetsSetStatus", Role: Editor},
	{Verb: AssetsTrash, Role: Editor},
	{Verb: AssetsRestore, Role: Editor},
	{Verb: "assetsUpdateWhere", Role: Editor},
	{Verb: "assetsTrashWhere", Role: Editor},
	{Verb: "assetsRestoreWhere", Role: Editor},
	{Verb: "bulkOperationCancel", Role: Editor},
	{Verb: "changeSetUndo", Role: Editor},
	{Verb: "mezzaninePut", Role: Editor},
	{Verb: "mezzanineDelete", Role: Editor},
	{Verb: "playInfosPut", Role: Editor},
	{Verb: "playInfosDelete", Role: Editor},
	{Verb: "snapshotsPut", Role: Editor},
	{Verb: "snapshotsDelete", Role: Editor},
	{Verb: "attachmentLink", Role: Editor},
	{Verb: "attachmentUnlink", Role: Editor},
	{Verb: "aiDataPut", Role: Editor},
	{Verb: "aiDataDelete", Role: Editor},
	{Verb: "categoryCreate", Role: Editor},
	{Verb: "categoryUpdate", Role: Editor},
	{Verb: "categoryDelete", Role: Editor},
	{Verb: RootCategories, Role: Editor, Unlimited: true, Argument: "parentId"},
	{Verb: TagRename, Role: Editor, Unlimited: true, Argument: "name"},
	{Verb: TagsMerge, Role: Editor, Unlimited: true, Argument: "from"},
	{Verb: TagDelete, Role: Editor, Unlimited: true, Argument: "name"},
	{Verb: AssetsDelete, Role: Admin},
	{Verb: "trashPurge", Role: Admin},
	{Verb: Keys, Role: Admin, Unlimited: true},
	{Verb: "keyCreate", Role: Admin, Unlimited: true},
	{Verb: "keyRevoke", Role: Admin, Unlimited: true},
	{Verb: OthersChangeSets, Role: Admin},
	{Verb: OthersOperations, Role: Admin, Unlimited: true},
	{Verb: Metrics, Role: Admin},
}

// Rights are all rows of the table of rights.
func Rights() []Right { return slices.Clone(rights) }

// RightTo is the row of a verb; false where there is none, and nobody may.
func RightTo(verb Verb) (Right, bool) {
	i := slices.IndexFunc(rights, func(r Right) bool { return r.Verb == verb })
	if i < 0 {
		return Right{}, false
	}
	return rights[i], true
}

// Can reports whether a caller has the role that a verb takes, and sees everything where it
// takes that. The process itself, which is nil, can do all that has a row.
func (c *Caller) Can(verb Verb) bool {
	right, known := RightTo(verb)
	return known && c.May(right.Role) && (!right.Unlimited || c.Unlimited())
}
