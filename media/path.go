package media

import (
	"strings"

	"vodgraph/fault"
)

// CategoryRef names a category by exactly one of its members.
type CategoryRef struct {
	ID *string `json:"id,omitzero"`
	// Path has the names from the root down to the category, compared as JoinPath does.
	Path []string `json:"path,omitzero"`
}

// Refused refuses with INVALID a reference that names no category or two; nil is such a one.
func (r *CategoryRef) Refused() *fault.Fault {
	if r == nil || (r.ID == nil) == (r.Path == nil) {
		return fault.New(fault.Invalid, "Name the category by its id or its path, exactly one of them.")
	}
	return nil
}

// PathSeparator stands between the names of a category's path. It sorts before all that a
// name may hold.
const PathSeparator = "\x1f"

// rootMark begins what tells categories of one name apart for a caller who is granted several;
// see package database. No name has it.
const rootMark = "\x1e"

// withoutSeparator takes out of a name what no category's name has and a path cannot hold,
// so that the path is of none.
var withoutSeparator = strings.NewReplacer(PathSeparator, PathSeparator+PathSeparator, "\x00", PathSeparator+PathSeparator)

// JoinPath is the column path of a category's names, from the root down. Names are compared
// as they are kept: see Clean.
func JoinPath(path []string) string {
	names := make([]string, len(path))
	for i, name := range path {
		names[i] = withoutSeparator.Replace(Clean(name))
	}
	return strings.Join(names, PathSeparator)
}

// SplitPath is the names of a column path.
func SplitPath(path string) []string {
	names := strings.Split(path, PathSeparator)
	names[0], _, _ = strings.Cut(names[0], rootMark)
	return names
}

// ShownPath is a column path for people.
func ShownPath(path string) string { return strings.Join(SplitPath(path), " / ") }
