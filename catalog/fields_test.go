package catalog

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"vodgraph/ent/asset"
	"vodgraph/ent/attachmentlink"
	"vodgraph/ent/mezzanine"
)

// Columns that no field has, and why.
var internalColumns = map[string]string{
	asset.FieldID:        "given once",
	asset.FieldKind:      "never changes",
	asset.FieldRevision:  "of the last transaction",
	asset.FieldUpdatedAt: "set with each change; an import sets it with the fields of a line",
}

// TestEveryColumnOfAnAssetHasAField wants each column of the table in one row of the table
// of fields, or a reason why it is in none.
func TestEveryColumnOfAnAssetHasAField(t *testing.T) {
	t.Parallel()
	rows := map[string][]string{}
	for _, f := range AllFields {
		for _, c := range f.columns {
			rows[c] = append(rows[c], f.Name)
		}
	}
	for _, c := range asset.Columns {
		if internal := internalColumns[c] != ""; len(rows[c]) > 1 || internal == (len(rows[c]) == 1) {
			t.Errorf("the column %s is of the fields %q, and internal: %v", c, rows[c], internal)
		}
		delete(rows, c)
	}
	for c, names := range rows {
		t.Errorf("the fields %q have a column %s that there is not", names, c)
	}
}

// TestEveryColumnOfAPartIsKept wants what the history keeps of a source file and of a link
// to an attachment to have each column of its table.
func TestEveryColumnOfAPartIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kept     reflect.Type
		columns  []string
		internal []string // by which the row is found
	}{
		{reflect.TypeFor[keptMezzanine](), mezzanine.Columns, []string{mezzanine.FieldAssetID}},
		{reflect.TypeFor[AttachmentRef](), attachmentlink.Columns, []string{attachmentlink.FieldAssetID}},
	} {
		var names []string
		for _, f := range reflect.VisibleFields(c.kept) {
			if !f.Anonymous {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				names = append(names, strings.ToLower(name))
			}
		}
		for _, column := range c.columns {
			name := strings.TrimSuffix(strings.ReplaceAll(column, "_", ""), "id")
			if name == "" {
				name = "id"
			}
			if !slices.Contains(c.internal, column) && !slices.Contains(names, name) {
				t.Errorf("%s has no member for the column %s", c.kept, column)
			}
		}
	}
}

// Members that set no field, and why.
var memberless = map[string]string{
	"AssetCreateInput.ID":          "names the asset",
	"AssetCreateInput.Kind":        "never changes",
	"AssetCreateInput.UpdatedAt":   "only an import has it, for the change as a whole",
	"AssetUpdateInput.ID":          "names the asset",
	"AssetUpdateInput.ReferenceID": "names the asset",
	"AssetUpdateInput.IfRevision":  "is a condition",
	"AssetUpdateInput.File":        "has members of its own",
}

// TestEveryMemberSetsOneField wants each member of an input to be a member of one row.
func TestEveryMemberSetsOneField(t *testing.T) {
	t.Parallel()
	var create AssetCreateInput
	var update AssetUpdateInput
	var file FileInput
	named := map[any][]string{}
	for _, f := range AllFields {
		for _, m := range f.Create {
			named[m.at(&create)] = append(named[m.at(&create)], f.Name)
		}
		for _, m := range f.update {
			named[m.at(&update)] = append(named[m.at(&update)], f.Name)
		}
		for _, m := range f.file {
			named[m.at(&file)] = append(named[m.at(&file)], f.Name)
		}
		if f.export == nil || len(f.Create) == 0 {
			t.Errorf("the field %s is not in files", f.Name)
		}
		if (f.values == nil) != (f.Undo == nil) {
			t.Errorf("the field %s is kept and cannot be undone, or the reverse", f.Name)
		}
	}
	for _, in := range []any{&create, &update, &file} {
		of := reflect.ValueOf(in).Elem()
		for _, f := range reflect.VisibleFields(of.Type()) {
			name := of.Type().Name() + "." + f.Name
			if f.Anonymous {
				continue
			}
			rows := named[of.FieldByIndex(f.Index).Addr().Interface()]
			if why := memberless[name]; len(rows) > 1 || (why != "") == (len(rows) == 1) {
				t.Errorf("%s sets the fields %q; the reason for none: %q", name, rows, why)
			}
		}
	}
}
