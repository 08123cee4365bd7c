package cli

import (
	"context"
	"errors"
	"fmt"

	"vodgraph/ent/bulkoperation"
	"vodgraph/library"
)

type purgeCommand struct {
	library.Store `embed:""`
	All           bool `env:"-" help:"Also where that is more than a tenth of the library and more than 100 assets."`
}

// Run deletes what is in the trash for good, and shows how far that is. It may run
// beside servers on the same library, which may do it in its place.
func (c *purgeCommand) Run(ctx context.Context, streams Streams) (err error) {
	settings := library.DefaultSettings(c.Store)
	if err := settings.Exists(); err != nil {
		return err
	}
	opened, err := library.Open(ctx, settings, library.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	id, err := opened.Catalog.TrashPurge(ctx, c.All, nil)
	if err != nil {
		return err
	}
	over, err := runOperation(ctx, opened, id, "Emptying the trash", streams)
	if err != nil {
		return err
	}
	fmt.Fprintf(streams.Out, "%d assets deleted for good, %d refused.\n", over.Changed, over.Failed)
	switch {
	case over.Status == bulkoperation.StatusFAILED:
		return fmt.Errorf("the purge failed: %s", *over.Failure)
	case over.Status == bulkoperation.StatusCANCELLED:
		return errors.New("the purge was cancelled")
	case over.Failed > 0:
		fmt.Fprintf(streams.Err, "Why: { node(id: %q) { ... on BulkOperation { failures { edges { node { assetId errors { message } } } } } } }\n", id)
		return errSomeRefused
	}
	return nil
}
