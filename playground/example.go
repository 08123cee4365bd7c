package playground

import (
	"embed"
	"errors"
	"io/fs"
	"strings"
)

//go:embed examples
var exampleFiles embed.FS

// Example is one query that runs on the demo library, as the playground opens it in a tab of its own.
type Example struct {
	// Name is that of its file, such as "2-nested-lists": the order, then what it shows.
	Name string `json:"name"`
	// Query is a document of one named operation; the comment above it says what it shows.
	Query string `json:"query"`
	// Variables is a JSON object, or empty where the operation takes none.
	Variables string `json:"variables"`
}

// Examples returns the examples in the order of the tabs. They name nothing that differs from one demo library
// to the next, such as an id.
func Examples() []Example {
	entries, err := fs.Glob(exampleFiles, "examples/*.graphql")
	if err != nil {
		panic(err) // The pattern is wrong, and it stands in the line above.
	}
	examples := make([]Example, len(entries))
	for i, name := range entries {
		base := strings.TrimSuffix(name, ".graphql")
		examples[i] = Example{
			Name:      strings.TrimPrefix(base, "examples/"),
			Query:     string(embedded(exampleFiles, name)),
			Variables: variables(base + ".json"),
		}
	}
	return examples
}

func variables(name string) string {
	if _, err := fs.Stat(exampleFiles, name); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return string(embedded(exampleFiles, name))
}
