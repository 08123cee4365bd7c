package catalog

import "strings"

// pathSeparator stands between the names of a path. It sorts before all that a
// name may hold.
const pathSeparator = "\x1f"

// joinPath is the column path of a category's names.
func joinPath(path []string) string {
	names := make([]string, len(path))
	for i, name := range path {
		names[i] = unnamed.Replace(Clean(name))
	}
	return strings.Join(names, pathSeparator)
}

// SplitPath is the names of a column path.
func SplitPath(path string) []string { return strings.Split(path, pathSeparator) }

// shownPath is a column path as a refusal shows it; empty for none.
func shownPath(path string) string { return strings.ReplaceAll(path, pathSeparator, " / ") }

// unnamed takes out of a name what no category's name has and a path cannot hold,
// so that the path is of none.
var unnamed = strings.NewReplacer(pathSeparator, pathSeparator+pathSeparator, "\x00", pathSeparator+pathSeparator)
