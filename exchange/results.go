package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"vodgraph/bulk"
	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
)

// ChangesSummary is what became of a file of changes as a whole, the last line of its results.
type ChangesSummary struct {
	// ID is that of the operation.
	ID string `json:"id"`
	// Status is how it ended: DONE, CANCELLED or FAILED.
	Status bulkoperation.Status `json:"status"`
	DryRun bool                 `json:"dryRun"`
	// Lines is how many the file has, and Done how many of them were met.
	Lines int64 `json:"lines"`
	Done  int64 `json:"done"`
	// Changed lines have made, changed or deleted an asset.
	Changed   int64 `json:"changed"`
	Unchanged int64 `json:"unchanged"`
	Failed    int64 `json:"failed"`
	// ChangeSet is what they have changed, to be undone; empty where that is nothing.
	ChangeSet string `json:"changeSet,omitempty"`
	// Failure is why it was given up: a sentence, or a reference for the log of the
	// server.
	Failure string `json:"failure,omitempty"`
}

// ResultLine is a line of results: one of the file, or the summary, which is the last.
type ResultLine struct {
	bulk.FileResult
	Summary *ChangesSummary `json:"summary"`
}

// ResultsOf says which results are wanted: those of an operation, of lines after one.
type ResultsOf struct {
	ID    string
	After int64
}

// Results writes what became of each line of a file of changes, in order, as JSON Lines
// of bulk.FileResult, and then {"summary": ChangesSummary}. It follows
// an operation that is under way to its end: where nothing is to be written, wait is
// called, which may report the progress, and whose error ends it.
// It refuses as bulk.FileResults does.
func Results(ctx context.Context, c *bulk.Catalog, of ResultsOf, out io.Writer, wait func(context.Context) error) error {
	for from := of.After; ; {
		found, err := c.FileResults(ctx, of.ID, from)
		if err != nil {
			return err
		}
		if found.Last > from {
			if err := writeAfter(out, found.Lines, from); err != nil {
				return err
			}
			from = found.Last
			continue
		}
		if found.Operation.FinishedAt != nil {
			return writeSummary(out, found.Operation)
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
}

func writeAfter(out io.Writer, results []byte, after int64) error {
	for len(results) > 0 {
		end := bytes.IndexByte(results, '\n') + 1
		var line struct{ Line int64 }
		if err := json.Unmarshal(results[:end], &line); err != nil {
			return fmt.Errorf("read results: %w", err)
		}
		if line.Line > after {
			break
		}
		results = results[end:]
	}
	_, err := out.Write(results)
	return err
}

func writeSummary(out io.Writer, o *ent.BulkOperation) error {
	s := ChangesSummary{ID: o.ID, Status: o.Status, DryRun: o.DryRun, Lines: o.Matched, Done: o.Done,
		Changed: o.Changed, Unchanged: o.Done - o.Changed - o.Failed, Failed: o.Failed}
	if o.ChangeSetID != nil {
		s.ChangeSet = *o.ChangeSetID
	}
	if o.Failure != nil {
		s.Failure = *o.Failure
	}
	return json.NewEncoder(out).Encode(struct {
		Summary ChangesSummary `json:"summary"`
	}{s})
}
