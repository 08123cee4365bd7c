package bulk

import (
	"context"
	"fmt"

	"vodgraph/ent"
	"vodgraph/ent/filename"
	"vodgraph/ent/filepart"
)

const clearAtOnce = 5_000

// clearFile forgets what only the doing of a file needed: the lines, and of a dry run
// their names. It does so bit by bit, so that nobody has to wait.
func (c *Catalog) clearFile(ctx context.Context, id string) error {
	for left := true; left; {
		err := c.Aside(ctx, func(tx *ent.Tx) error {
			ids, err := tx.FileName.Query().Where(filename.OperationID(id)).Order(filename.ByID()).Limit(clearAtOnce).IDs(ctx)
			if err == nil && len(ids) > 0 {
				_, err = tx.FileName.Delete().Where(filename.OperationID(id), filename.IDLTE(ids[len(ids)-1])).Exec(ctx)
			}
			left = len(ids) == clearAtOnce
			return err
		})
		if err != nil {
			return fmt.Errorf("forget the names of lines: %w", err)
		}
	}
	for left := true; left; {
		err := c.Aside(ctx, func(tx *ent.Tx) error {
			ids, err := tx.FilePart.Query().Where(filepart.OperationID(id), filepart.LinesNEQ([]byte{})).Limit(clearAtOnce / MaxFilePart).IDs(ctx)
			if err == nil && len(ids) > 0 {
				err = tx.FilePart.Update().Where(filepart.IDIn(ids...)).SetLines([]byte{}).Exec(ctx)
			}
			left = len(ids) > 0
			return err
		})
		if err != nil {
			return fmt.Errorf("forget lines: %w", err)
		}
	}
	return nil
}
