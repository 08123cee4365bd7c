// Command errors makes docs/errors.md from the codes of the fault room and what
// schema.graphql says of them:
//
//	go run ./docs/errors schema.graphql > docs/errors.md
package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"vodgraph/fault"
)

//go:embed intro.md
var intro string

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "errors:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("name the schema")
	}
	schema, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	text, err := page(string(schema))
	if err != nil {
		return err
	}
	_, err = os.Stdout.WriteString(text)
	return err
}

// page is docs/errors.md. It fails where the schema does not have the codes of
// the fault room, or has others, or leaves one undescribed.
func page(schema string) (string, error) {
	described, err := descriptions(schema)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	out.WriteString(intro)
	out.WriteString("\n| code | meaning |\n|---|---|\n")
	for _, code := range fault.Codes() {
		meaning, ok := described[string(code)]
		if !ok {
			return "", fmt.Errorf("the schema's ErrorCode has no %s", code)
		}
		if meaning == "" {
			return "", fmt.Errorf("the schema does not describe %s", code)
		}
		fmt.Fprintf(&out, "| `%s` | %s |\n", code, strings.ReplaceAll(meaning, "|", `\|`))
		delete(described, string(code))
	}
	for code := range described {
		return "", fmt.Errorf("the schema's ErrorCode has %s, which no refusal has", code)
	}
	return out.String(), nil
}

// descriptions are the values of the schema's ErrorCode, with what it says of
// each, on one line.
func descriptions(schema string) (map[string]string, error) {
	document, err := parser.ParseSchema(&ast.Source{Name: "schema.graphql", Input: schema})
	if err != nil {
		return nil, fmt.Errorf("parse the schema: %w", err)
	}
	enum := document.Definitions.ForName("ErrorCode")
	if enum == nil {
		return nil, errors.New("the schema has no ErrorCode")
	}
	described := make(map[string]string, len(enum.EnumValues))
	for _, value := range enum.EnumValues {
		described[value.Name] = strings.Join(strings.Fields(value.Description), " ")
	}
	return described, nil
}
