// Command figures writes docs/rooms.svg, and what the code has in tables into pages: the limits into the
// sentences that state them, and whole tables between the marks
//
//	<!-- made by docs/figures: NAME -->
//	<!-- made until here -->
//
// It is run from the top of the repository:
//
//	go run ./docs/figures
package main

import (
	"fmt"
	"os"
	"strings"

	"vodgraph/auth"
	"vodgraph/docs/rooms"
)

// The marks of a part that is made; between them the name of a table.
const (
	begin = "<!-- made by docs/figures: "
	named = " -->\n"
	end   = "<!-- made until here -->"
)

// pages have sentences and parts that are made.
var pages = []string{"schema.graphql", "README.md", "docs/security.md", "docs/operating.md"}

// tables are the parts by their names.
var tables = map[string]func() string{"rights": rights}

// drawing is where the drawing of the rooms is.
const drawing = "docs/rooms.svg"

func main() {
	if err := os.WriteFile(drawing, []byte(rooms.Drawing()), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
	for _, page := range pages {
		if err := write(page); err != nil {
			fmt.Fprintln(os.Stderr, "figures:", err)
			os.Exit(1)
		}
	}
}

// write makes the parts of a page anew.
func write(page string) error {
	is, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	text, err := made(string(is))
	if err != nil || text == string(is) {
		return err
	}
	return os.WriteFile(page, []byte(text), 0o644)
}

// made is a page with its sentences and its parts made anew.
func made(page string) (string, error) {
	for _, s := range sentences {
		page, _ = s.stated(page)
	}
	var out strings.Builder
	for {
		before, after, found := strings.Cut(page, begin)
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		name, after, found := strings.Cut(after, named)
		table := tables[name]
		_, after, ended := strings.Cut(after, end)
		if !found || !ended || table == nil {
			return "", fmt.Errorf("the part %q has no end, or no such table is known", name)
		}
		out.WriteString(begin + name + named + table() + end)
		page = after
	}
}

// rights is the table of rights.
func rights() string {
	var out strings.Builder
	out.WriteString("| verb | role | limited callers |\n|---|---|---|\n")
	for _, r := range auth.Rights() {
		limited := "yes"
		switch {
		case r.Unlimited && r.Argument != "":
			limited = "no, refused at `" + r.Argument + "`"
		case r.Unlimited:
			limited = "no"
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", r.Verb, strings.ToLower(string(r.Role)), limited)
	}
	return out.String()
}
