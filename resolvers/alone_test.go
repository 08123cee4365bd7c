package resolvers_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/dbtest"
	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/key"
	"vodgraph/graph"
)

// Columns are chosen by what is selected. Each field of each node, selected
// alone, must report the same as among all others: else it reads a column that is
// not known to be its own.
func TestEachFieldAlone(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	s := serve(t, db)
	build(t, db, 4)
	remember(t, db, 2, 2)
	db.Client.BulkOperation.Create().SetID(id("blk", 1)).SetStatus(bulkoperation.StatusDONE).SetVerb(bulkoperation.VerbTRASH).
		SetInput([]byte("{}")).SetActor("somebody").SetNote("note").SetDryRun(true).SetMatched(3).SetDone(2).SetChanged(1).SetFailed(1).
		SetPosition("").SetBound("").SetHeldUntil(0).SetCreatedAt(epoch).SetStartedAt(epoch).SetFinishedAt(epoch).
		SetChangeSetID(id("chs", 1)).ExecX(t.Context())
	db.Client.BulkFailure.Create().SetOperationID(id("blk", 1)).SetAssetID(id("vid", 1)).SetErrors([]byte("[]")).ExecX(t.Context())
	db.Client.Key.Create().SetID(id("key", 1)).SetName("somebody").SetPrefix("vg_12345678").SetHash("x").SetRole(key.RoleEDITOR).
		SetLimited(true).SetGrants([]string{id("cat", 11), id("cat", 99), id("cat", 1)}).SetCreatedAt(epoch).SetExpiresAt(epoch).
		SetLastUsedAt(epoch).SetRevokedAt(epoch).ExecX(t.Context())
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	ids := map[string]string{
		"Video": id("vid", 2), "Audio": id("aud", 1), "Image": id("img", 2), "Attachment": id("att", 1),
		"Category": id("cat", 11), "Tag": id("tag", 1), "BulkOperation": id("blk", 1), "ChangeSet": id("chs", 1), "Key": id("key", 1),
		"Mezzanine": db.Client.Mezzanine.Query().FirstIDX(t.Context()),
		"PlayInfo":  db.Client.PlayInfo.Query().FirstIDX(t.Context()),
		"Snapshot":  db.Client.Snapshot.Query().FirstIDX(t.Context()),
	}
	for _, node := range schema.GetPossibleTypes(schema.Types["Node"]) {
		if node.Kind != ast.Object {
			continue
		}
		name, known := ids[node.Name]
		if !known {
			t.Fatalf("there is no %s to ask", node.Name)
		}
		read := func(selected string) map[string]any {
			t.Helper()
			var got struct{ Node map[string]any }
			s.ask("query($id: ID!) { node(id: $id) { ... on "+node.Name+" { "+selected+" } } }", map[string]any{"id": name}, &got)
			return got.Node
		}
		var fields []string
		for _, f := range node.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				fields = append(fields, f.Name+below(schema, f))
			}
		}
		all := read(strings.Join(fields, " "))
		for _, f := range fields {
			for field, got := range read(f) {
				if diff := cmp.Diff(all[field], got); diff != "" {
					t.Errorf("%s.%s alone: %s", node.Name, field, diff)
				}
			}
		}
	}
}

// below selects something below a field that must have a selection.
func below(schema *ast.Schema, f *ast.FieldDefinition) string {
	switch d := schema.Types[f.Type.Name()]; {
	case d.IsLeafType():
		return ""
	case d.Fields.ForName("totalCount") != nil:
		return " { totalCount nodes { __typename } pageInfo { startCursor } }"
	case d.Fields.ForName("id") != nil:
		return " { id }"
	default:
		return " { __typename }"
	}
}
