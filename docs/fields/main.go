// Command fields makes docs/fields.md from the table of fields of the catalog:
//
//	go run ./docs/fields > docs/fields.md
package main

import (
	_ "embed"
	"fmt"
	"os"
	"strings"

	"vodgraph/catalog"
)

//go:embed intro.md
var intro string

func main() {
	if _, err := os.Stdout.WriteString(page()); err != nil {
		fmt.Fprintln(os.Stderr, "fields:", err)
		os.Exit(1)
	}
}

// histories are the words for what the history keeps.
var histories = map[catalog.History]string{
	catalog.KeepsValues: "values", catalog.KeepsDifferences: "differences", catalog.KeepsPut: "that it was put",
}

// page is docs/fields.md.
func page() string {
	var out strings.Builder
	out.WriteString(intro)
	out.WriteString("\n| field | kinds | set by creating and importing | set by updating | history |\n|---|---|---|---|---|\n")
	for _, f := range catalog.Fields() {
		kinds := "all"
		if f.Kinds != nil {
			names := make([]string, len(f.Kinds))
			for i, k := range f.Kinds {
				names[i] = strings.ToLower(string(k))
			}
			kinds = strings.Join(names, ", ")
		}
		create := members(f.Create)
		if f.Imported {
			create += " (imports alone)"
		}
		name := "`" + f.Name + "`"
		if f.Follows != "" {
			name += ", follows `" + f.Follows + "`"
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s |\n", name, kinds, create, members(append(f.Update, f.File...)), histories[f.History])
	}
	return out.String()
}

// members are names of members as a cell of a table.
func members(names []string) string {
	if len(names) == 0 {
		return "–"
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
