// Package linetest checks lines of an import without importing them: against
// the schema's own input type, against the limits that a library has unless set
// otherwise, and against each other, since lines link to lines.
package linetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"golang.org/x/text/unicode/norm"

	"vodgraph/demo/line"
)

// Book is the lines that were checked.
type Book struct {
	schema    *ast.Schema
	operation *ast.OperationDefinition
	// Assets, Categories and Tags are the lines by id, by path and by name.
	Assets     map[string]*line.Asset
	Categories map[string]bool
	Tags       map[string]bool
	// Members counts how often each member of an asset has a value: such as
	// "playInfos" and "playInfos.watermark".
	Members    map[string]int
	references map[string]bool
}

// Open begins a book with the schema in a file.
func Open(t testing.TB, file string) *Book {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: file, Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	// It is parsed and not validated: that the variable is unused is meant.
	query, err := parser.ParseQuery(&ast.Source{Input: "query($x: AssetCreateInput!){__typename}"})
	if err != nil {
		t.Fatal(err)
	}
	operation := query.Operations[0]
	for _, variable := range operation.VariableDefinitions {
		variable.Definition = schema.Types[variable.Type.Name()]
	}
	return &Book{
		schema: schema, operation: operation, Assets: map[string]*line.Asset{}, Categories: map[string]bool{},
		Tags: map[string]bool{}, Members: map[string]int{}, references: map[string]bool{},
	}
}

// Add checks one line and keeps it.
func (b *Book) Add(t testing.TB, text []byte) {
	t.Helper()
	if err := b.add(text); err != nil {
		t.Errorf("%v in line %.300s", err, text)
	}
}

func (b *Book) add(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value map[string]any
	if err := decoder.Decode(&value); err != nil {
		return err
	}
	if err := plain(value); err != nil {
		return err
	}
	if category, ok := value["category"].(map[string]any); ok && value["kind"] == nil {
		return b.category(category)
	}
	if tag, ok := value["tag"].(map[string]any); ok && value["kind"] == nil {
		b.Tags[tag["name"].(string)] = true
		return formed(tag["id"].(string), "tag_")
	}
	if _, err := validator.VariableValues(b.schema, b.operation, map[string]any{"x": value}); err != nil {
		return fmt.Errorf("the schema: %w", err)
	}
	b.count("", value)
	asset := &line.Asset{}
	if err := json.Unmarshal(text, asset); err != nil {
		return err
	}
	if b.Assets[asset.ID] != nil || asset.ReferenceID != "" && b.references[asset.ReferenceID] {
		return fmt.Errorf("the id or the reference id is taken")
	}
	b.Assets[asset.ID] = asset
	b.references[asset.ReferenceID] = true
	return limits(asset)
}

// category checks that the one it is in came before.
func (b *Book) category(value map[string]any) error {
	var names []string
	for _, name := range value["path"].([]any) {
		names = append(names, name.(string))
	}
	parent := strings.Join(names[:len(names)-1], "\x1f")
	if parent != "" && !b.Categories[parent] {
		return fmt.Errorf("the category above comes later")
	}
	b.Categories[strings.Join(names, "\x1f")] = true
	return formed(value["id"].(string), "cat_")
}

// count goes through objects and lists. User data is the caller's and counts
// as one.
func (b *Book) count(path string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			at := strings.TrimPrefix(path+"."+name, ".")
			b.Members[at]++
			if at != "userData" {
				b.count(at, member)
			}
		}
	case []any:
		for _, member := range value {
			b.count(path, member)
		}
	}
}

// plain reports whether a text is not in NFC or holds what a title or a name may
// not, and of members that say nothing and should be left out.
func plain(value any) error {
	switch value := value.(type) {
	case nil:
		return fmt.Errorf("a member is null")
	case string:
		if !norm.NFC.IsNormalString(value) || strings.TrimSpace(value) != value || value == "" {
			return fmt.Errorf("%q is not in NFC, not trimmed, or empty", value)
		}
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return fmt.Errorf("%q holds control characters", value)
		}
	case []any:
		if len(value) == 0 {
			return fmt.Errorf("a list is empty")
		}
		for _, member := range value {
			if err := plain(member); err != nil {
				return err
			}
		}
	case map[string]any:
		for name, member := range value {
			if err := plain(member); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}
