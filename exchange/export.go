package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"vodgraph/catalog"
)

// Export writes the library as it is now, so that an import of it into an empty
// one makes the same library: categories by path, tags by name, assets by id,
// a line each. Every line has its id. Deeds that come meanwhile do not show.
func Export(ctx context.Context, c *catalog.Catalog, w io.Writer) (err error) {
	e, err := c.Export(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	if err := exportNames(ctx, e, lines); err != nil {
		return err
	}
	for {
		page, err := e.Assets(ctx)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, in := range page {
			if err := lines.Encode(in); err != nil {
				return fmt.Errorf("write a line: %w", err)
			}
		}
	}
}

func exportNames(ctx context.Context, e *catalog.Export, lines *json.Encoder) error {
	categories, err := e.Categories(ctx)
	if err != nil {
		return err
	}
	for _, row := range categories {
		one := map[string]categoryLine{"category": {ID: row.ID, Path: catalog.SplitPath(row.Path)}}
		if err := lines.Encode(one); err != nil {
			return fmt.Errorf("write a line: %w", err)
		}
	}
	for {
		page, err := e.Tags(ctx)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, row := range page {
			if err := lines.Encode(map[string]tagLine{"tag": {ID: row.ID, Name: row.Name}}); err != nil {
				return fmt.Errorf("write a line: %w", err)
			}
		}
	}
}
