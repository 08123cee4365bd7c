package database

import (
	"vodgraph/auth"
	"vodgraph/ent/migrate"
)

// seen is how a table is seen.
type seen struct {
	// of are what the view reads, as it is seen.
	of []string
	// view is the view of a caller; empty for the table as it is.
	view func(sight) string
}

// unseen are the tables that hold nothing of anybody, or that no caller reads.
var unseen = []string{"library", "leases", "index_builds", "kept_answers"}

// The tables as they are seen, and an order in which none is made of a later one.
var seenThrough, seenInOrder = seeing()

// seeing says of each table how it is seen. One that belongs to an asset is seen where
// that is.
func seeing() (map[string]seen, []string) {
	ofAsset := func(name, more string, of ...string) seen {
		const asset = "EXISTS (SELECT 1 FROM assets a WHERE a.id = t.asset_id)"
		return seen{append(of, "assets"), func(s sight) string { return s.kept(name, s.limited(both(asset, more))) }}
	}
	ofOperation := func(name string, more string, of ...string) seen {
		const operation = "EXISTS (SELECT 1 FROM bulk_operations o WHERE o.id = t.operation_id)"
		return seen{append(of, "bulk_operations", "assets"), func(s sight) string {
			return s.kept(name, both(s.ours(operation), s.limited(more)))
		}}
	}
	tables := map[string]seen{
		"sight_granted": {nil, sight.granted},
		"assets": {[]string{"sight_granted"}, func(s sight) string {
			return s.kept("assets", s.limited("EXISTS (SELECT 1 FROM "+s.table("asset_categories")+
				" l JOIN sight_granted g ON g.id = l.category_id WHERE l.asset_id = t.id)"))
		}},
		"categories":       {[]string{"sight_granted"}, sight.categories},
		"asset_categories": ofAsset("asset_categories", "EXISTS (SELECT 1 FROM sight_granted g WHERE g.id = t.category_id)", "sight_granted"),
		"attachment_links": ofAsset("attachment_links", "EXISTS (SELECT 1 FROM assets a WHERE a.id = t.attachment_id)"),
		"duplicates":       ofAsset("duplicates", "EXISTS (SELECT 1 FROM assets a WHERE a.id = t.other_id)"),
		"tags": {[]string{"asset_tags"}, func(s sight) string {
			return s.kept("tags", s.limited("EXISTS (SELECT 1 FROM asset_tags l WHERE l.tag_id = t.id)"))
		}},
		"changes": {[]string{"assets", "sight_granted"}, func(s sight) string {
			return s.kept("changes", s.limited("(EXISTS (SELECT 1 FROM assets a WHERE a.id = t.subject_id)"+
				" OR EXISTS (SELECT 1 FROM sight_granted g WHERE g.id = t.subject_id))"))
		}},
		"change_sets": {[]string{"changes"}, sight.changeSets},
		"bulk_operations": {nil, func(s sight) string {
			return s.kept("bulk_operations", s.ours("t.actor = "+literal(s.caller.Name)))
		}},
		"bulk_failures": ofOperation("bulk_failures", "(t.asset_id IS NULL OR EXISTS (SELECT 1 FROM assets a WHERE a.id = t.asset_id))"),
		// What a dry run would make has the prefix of its id alone.
		"previews": ofOperation("previews", "(length(t.subject_id) = 4 OR EXISTS (SELECT 1 FROM assets a WHERE a.id = t.subject_id)"+
			" OR EXISTS (SELECT 1 FROM sight_granted g WHERE g.id = t.subject_id))", "sight_granted"),
		"file_parts": ofOperation("file_parts", ""),
		"file_names": ofOperation("file_names", ""),
		"keys": {nil, func(s sight) string {
			if s.caller.Can(auth.Keys) {
				return ""
			}
			return s.kept("keys", "1 = 0")
		}},
	}
	order := []string{"sight_granted", "assets"}
	for _, table := range migrate.Tables {
		if _, told := tables[table.Name]; !told && table.HasColumn("asset_id") {
			tables[table.Name] = ofAsset(table.Name, "")
		}
		if _, told := tables[table.Name]; told && table.HasColumn("asset_id") && !table.HasColumn("operation_id") {
			order = append(order, table.Name)
		}
	}
	return tables, append(order, "categories", "tags", "changes", "change_sets", "bulk_operations", "bulk_failures", "previews", "file_parts", "file_names", "keys")
}
