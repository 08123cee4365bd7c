package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"vodgraph/change"
	"vodgraph/ent/bulkfailure"
	"vodgraph/ent/bulkoperation"
	"vodgraph/fault"
	"vodgraph/library"
)

type undoCommand struct {
	library.Store `embed:""`
	DryRun        bool   `env:"-" help:"Show how many assets would change, and write nothing."`
	Note          string `env:"-" placeholder:"TEXT" help:"A note for the history."`
	Set           string `arg:"" name:"set" help:"The change set, chs_…, as import and apply print it and the history has it."`
}

// Run undoes a change set, and shows how far that is. It may run beside servers on the same
// library, which may do it in its place. Undoing is a change set itself, and can be undone.
func (c *undoCommand) Run(ctx context.Context, streams Streams) (err error) {
	settings := library.DefaultSettings(c.Store)
	if err := settings.Exists(); err != nil {
		return err
	}
	opened, err := library.Open(ctx, settings, library.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	options := &change.BulkOptions{DryRun: &c.DryRun}
	if c.Note != "" {
		options.Note = &c.Note
	}
	id, err := opened.Catalog.ChangeSetUndo(ctx, c.Set, options)
	if err != nil {
		return err
	}
	over, err := runOperation(ctx, opened, id, "Undoing", streams)
	if err != nil {
		return err
	}
	dry := ""
	if c.DryRun {
		dry = "Dry run: "
	}
	fmt.Fprintf(streams.Out, "%s%d changed, %d unchanged, %d not undone or in part.\n", dry, over.Changed, max(0, over.Done-over.Changed-over.Failed), over.Failed)
	if over.ChangeSetID != nil {
		fmt.Fprintf(streams.Out, "To undo this: vodgraph undo %s\n", *over.ChangeSetID)
	}
	switch {
	case over.Status == bulkoperation.StatusFAILED:
		return fmt.Errorf("the undo failed: %s", *over.Failure)
	case over.Status == bulkoperation.StatusCANCELLED:
		return errors.New("the undo was cancelled")
	case over.Failed > 0:
		return showFailures(ctx, opened, id, streams)
	}
	return nil
}

const shownFailures = 100

func showFailures(ctx context.Context, l *library.Library, id string, streams Streams) error {
	rows, err := l.DB.Client.BulkFailure.Query().Where(bulkfailure.OperationID(id)).Order(bulkfailure.ByID()).Limit(shownFailures + 1).All(ctx)
	if err != nil {
		return fmt.Errorf("read what was refused: %w", err)
	}
	for i, row := range rows {
		if i == shownFailures {
			fmt.Fprintf(streams.Err, "More: { node(id: %q) { ... on BulkOperation { failures { edges { node { assetId errors { message } } } } } } }\n", id)
			break
		}
		var faults []*fault.Fault
		if err := json.Unmarshal(row.Errors, &faults); err != nil {
			return fmt.Errorf("read what was refused: %w", err)
		}
		var subject []string
		if row.AssetID != nil {
			subject = []string{*row.AssetID}
		}
		for _, f := range faults {
			fmt.Fprintf(streams.Err, "%s: %s (%s)\n", strings.Join(append(subject, f.Field...), " "), f.Message, f.Code)
		}
	}
	return errSomeRefused
}
