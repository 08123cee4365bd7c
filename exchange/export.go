package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"vodgraph/bulk"
	"vodgraph/media"
	"vodgraph/taxonomy"
)

// Export writes the library as it is now, so that an import of it into an empty
// one makes the same library: a line with the format, then categories by path, tags by
// name, assets by id, a line each. Each of those has its id. Changes that are committed
// meanwhile do not show.
func Export(ctx context.Context, c *bulk.Catalog, w io.Writer) (err error) {
	e, err := newReading(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	lines := lineWriter{w}
	if err := exportNames(ctx, e, lines); err != nil {
		return err
	}
	for {
		page, err := e.Assets(ctx)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, in := range page {
			if err := lines.write(in); err != nil {
				return err
			}
		}
	}
}

func exportNames(ctx context.Context, e *reading, lines lineWriter) error {
	categories, err := e.Categories(ctx)
	if err == nil {
		err = lines.write(formatLine{exported, Format})
	}
	if err != nil {
		return err
	}
	for _, row := range categories {
		one := map[string]taxonomy.CategoryLine{"category": {ID: row.ID, Path: media.SplitPath(row.Path)}}
		if err := lines.write(one); err != nil {
			return err
		}
	}
	for {
		page, err := e.Tags(ctx)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, row := range page {
			if err := lines.write(map[string]taxonomy.TagLine{"tag": {ID: row.ID, Name: row.Name}}); err != nil {
				return err
			}
		}
	}
}

type lineWriter struct{ io.Writer }

// write leaves out the escapes that encoding/json writes for the sake of HTML, which cannot be
// turned off for what is Omittable, and keeps those that may end a line elsewhere.
func (w lineWriter) write(value any) error {
	text, err := json.Marshal(value)
	if err == nil {
		text, err = jsontext.AppendFormat(nil, text, jsontext.AllowDuplicateNames(true), jsontext.EscapeForJS(true))
	}
	if err == nil {
		_, err = w.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write a line: %w", err)
	}
	return nil
}
