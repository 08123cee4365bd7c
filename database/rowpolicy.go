package database

import (
	"vodgraph/auth"
	"vodgraph/ent/migrate"
)

type rowPolicy struct {
	// reads are the other views that the view of this table reads.
	reads []string
	// view is the SQL of the view; empty where the caller sees all rows.
	view func(rowSecurity) string
}

// unfiltered are the tables without data of callers, and those that no caller reads.
var unfiltered = []string{"library", "leases", "index_builds", "idempotency_records"}

// policyOrder is such that no view reads a later one.
var policies, policyOrder = buildPolicies()

// buildPolicies makes the policy of each table. A row that belongs to an asset is visible
// where the asset is.
func buildPolicies() (map[string]rowPolicy, []string) {
	ofAsset := func(name, more string, of ...string) rowPolicy {
		const asset = "EXISTS (SELECT 1 FROM assets a WHERE a.id = t.asset_id)"
		return rowPolicy{append(of, "assets"), func(r rowSecurity) string { return r.filtered(name, r.limited(allOf(asset, more))) }}
	}
	ofOperation := func(name string, more string, of ...string) rowPolicy {
		const operation = "EXISTS (SELECT 1 FROM bulk_operations o WHERE o.id = t.operation_id)"
		return rowPolicy{append(of, "bulk_operations", "assets"), func(r rowSecurity) string {
			return r.filtered(name, allOf(r.ownOnly(operation), r.limited(more)))
		}}
	}
	tables := map[string]rowPolicy{
		"granted_categories": {nil, rowSecurity.grantedCategories},
		"assets": {[]string{"granted_categories"}, func(r rowSecurity) string {
			return r.filtered("assets", r.limited("EXISTS (SELECT 1 FROM "+r.table("asset_categories")+
				" l JOIN granted_categories g ON g.id = l.category_id WHERE l.asset_id = t.id)"))
		}},
		"categories":       {[]string{"granted_categories"}, rowSecurity.categories},
		"asset_categories": ofAsset("asset_categories", "EXISTS (SELECT 1 FROM granted_categories g WHERE g.id = t.category_id)", "granted_categories"),
		"attachment_links": ofAsset("attachment_links", "EXISTS (SELECT 1 FROM assets a WHERE a.id = t.attachment_id)"),
		"duplicates":       ofAsset("duplicates", "EXISTS (SELECT 1 FROM assets a WHERE a.id = t.other_id)"),
		"tags": {[]string{"asset_tags"}, func(r rowSecurity) string {
			return r.filtered("tags", r.limited("EXISTS (SELECT 1 FROM asset_tags l WHERE l.tag_id = t.id)"))
		}},
		"changes": {[]string{"assets", "granted_categories"}, func(r rowSecurity) string {
			return r.filtered("changes", r.limited("(EXISTS (SELECT 1 FROM assets a WHERE a.id = t.subject_id)"+
				" OR EXISTS (SELECT 1 FROM granted_categories g WHERE g.id = t.subject_id))"))
		}},
		"change_sets": {[]string{"changes"}, rowSecurity.changeSets},
		"bulk_operations": {nil, func(r rowSecurity) string {
			return r.filtered("bulk_operations", r.ownOnly("t.actor = "+literal(r.caller.Name)))
		}},
		"bulk_failures": ofOperation("bulk_failures", "(t.asset_id IS NULL OR EXISTS (SELECT 1 FROM assets a WHERE a.id = t.asset_id))"),
		// What a dry run would make has the prefix of its id alone.
		"previews": ofOperation("previews", "(length(t.subject_id) = 4 OR EXISTS (SELECT 1 FROM assets a WHERE a.id = t.subject_id)"+
			" OR EXISTS (SELECT 1 FROM granted_categories g WHERE g.id = t.subject_id))", "granted_categories"),
		"file_parts": ofOperation("file_parts", ""),
		"file_names": ofOperation("file_names", ""),
		"keys": {nil, func(r rowSecurity) string {
			if r.caller.Can(auth.Keys) {
				return ""
			}
			return r.filtered("keys", "1 = 0")
		}},
	}
	order := []string{"granted_categories", "assets"}
	for _, table := range migrate.Tables {
		if _, listed := tables[table.Name]; !listed && table.HasColumn("asset_id") {
			tables[table.Name] = ofAsset(table.Name, "")
		}
		if _, listed := tables[table.Name]; listed && table.HasColumn("asset_id") && !table.HasColumn("operation_id") {
			order = append(order, table.Name)
		}
	}
	return tables, append(order, "categories", "tags", "changes", "change_sets", "bulk_operations", "bulk_failures", "previews", "file_parts", "file_names", "keys")
}
