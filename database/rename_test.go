package database_test

import (
	"testing"
	"time"

	"vodgraph/database"
)

// beforeNames is the last version with the table kept_answers and the columns leases.token and
// bulk_operations.complete.
const beforeNames = 20261130231945

func TestRenamedTablesKeepTheirRows(t *testing.T) {
	t.Parallel()
	since(t, beforeNames, func(t *testing.T, db *database.DB) {
		for _, query := range []string{
			"INSERT INTO kept_answers (actor, mutation, key, digest, answer, created_at) VALUES ('ann', 'tagDelete', 'k', 'd', '{}', '2026-11-30 12:00:00')",
			"INSERT INTO leases (id, holder, token, until) VALUES ('index', 'h', 'bleve', 7)",
			"INSERT INTO bulk_operations (id, status, verb, input, actor, dry_run, matched, done, changed, failed, position, bound, complete, held_until, created_at) " +
				"VALUES ('blk_1', 'QUEUED', 'UPDATE', '{}', 'ann', false, 0, 0, 0, 0, '', '', false, 7, '2026-11-30 12:00:00')",
		} {
			if _, err := db.SQL.ExecContext(t.Context(), query); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		record := db.Client.IdempotencyRecord
		if row := record.Query().OnlyX(t.Context()); row.Key != "k" || row.Response != "{}" {
			t.Errorf("the idempotency record is %v", row)
		}
		next := record.Create().SetActor("ann").SetMutation("tagDelete").SetDigest("d").SetResponse("{}").SetCreatedAt(time.Unix(0, 0))
		if row := next.SetKey("l").SaveX(t.Context()); row.ID != 2 {
			t.Errorf("the next record has the id %d", row.ID)
		}
		if err := next.SetKey("k").Exec(t.Context()); err == nil {
			t.Error("a key was recorded twice")
		}
		if row := db.Client.Lease.Query().OnlyX(t.Context()); row.Holder != "h" || row.Synced != "bleve" || row.Until != 7 {
			t.Errorf("the lease is %v", row)
		}
		if row := db.Client.BulkOperation.Query().OnlyX(t.Context()); row.FileComplete {
			t.Errorf("the operation is %v", row)
		}
	})
}
