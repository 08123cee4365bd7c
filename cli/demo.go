package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"vodgraph/bulk"
	"vodgraph/demo"
	"vodgraph/exchange"
	"vodgraph/fault"
)

// FilledFile is in the data folder of a demo that was loaded to its end, so that changes
// in it are not reset at the next start.
const FilledFile = "demo-is-complete"

// ClaimDemo marks an empty library as that of the demo, and refuses one that the demo did
// not make and that is not empty.
func ClaimDemo(ctx context.Context, c *bulk.Catalog, data string) error {
	if err := os.MkdirAll(data, 0o750); err != nil { // with Postgres there is none yet
		return fmt.Errorf("make the folder of the demo: %w", err)
	}
	ours, _, err := c.Demo(ctx)
	if err != nil || ours {
		return err
	}
	// A folder may have outlived its database.
	if err := os.Remove(filledPath(data)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("begin the demo: %w", err)
	}
	err = c.MarkDemo(ctx)
	var refused *fault.Fault
	if errors.As(err, &refused) {
		return fault.New(fault.InUse, "The library in %s is not empty, and was not made by --demo. "+
			"Name another folder with --data, or leave --demo out.", data).At("demo")
	}
	return err
}

func filledPath(data string) string { return filepath.Join(data, FilledFile) }

// FillDemo loads the demo where it isn't there yet, and writes its progress to out. An
// interrupted load is continued: a line that is in the library already changes nothing.
func FillDemo(ctx context.Context, c *bulk.Catalog, data string, out io.Writer) error {
	if _, err := os.Stat(filledPath(data)); err == nil {
		return nil
	}
	lines, err := demo.New()
	if err != nil {
		return err
	}
	total := int64(lines.Count())
	shown := newProgress(out, "Loading the demo", total, time.Now)
	fmt.Fprintf(out, "Loading the demo: %d items.\n", total)
	began := time.Now()
	summary, err := exchange.Import(ctx, c, []exchange.Source{{
		Name: "demo",
		Open: func() (io.ReadCloser, error) { return io.NopCloser(lines.Reader()), nil },
	}}, exchange.Options{
		Progress: func(done, _ int64) { shown.step(done, done) },
		Report:   shown,
	})
	shown.end()
	if err != nil {
		return fmt.Errorf("load the demo: %w", err)
	}
	if summary.Refused+summary.LeftOut > 0 {
		return fmt.Errorf("load the demo: %d of its lines were refused", summary.Refused+summary.LeftOut)
	}
	if err := os.WriteFile(filledPath(data), nil, 0o640); err != nil {
		return fmt.Errorf("mark the demo as loaded: %w", err)
	}
	fmt.Fprintf(out, "Loaded the demo in %s.\n", time.Since(began).Round(100*time.Millisecond))
	return nil
}
