package media

import "strings"

// PathSeparator stands between the names of a category's path. It sorts before all that a
// name may hold.
const PathSeparator = "\x1f"

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
func SplitPath(path string) []string { return strings.Split(path, PathSeparator) }

// ShownPath is a column path for people.
func ShownPath(path string) string { return strings.ReplaceAll(path, PathSeparator, " / ") }
