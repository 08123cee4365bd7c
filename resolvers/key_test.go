package resolvers_test

import (
	"strings"
	"testing"
	"time"

	"vodgraph/auth"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent/bulkoperation"
)

// TestKeyCreate makes keys, and refuses what no key may be.
func TestKeyCreate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		now := epoch
		d := write(t, db, func(o *change.Options) { o.Now = func() time.Time { return now } })
		films := d.grow("Films", "")
		new := d.grow("New", films)
		for args, want := range map[string]string{
			`{"input": {"name": " ", "role": "VIEWER"}}`:                                                           "INVALID input.name",
			`{"input": {"name": "` + strings.Repeat("x", 101) + `", "role": "VIEWER"}}`:                            "INVALID input.name",
			`{"input": {"name": "a\tb", "role": "VIEWER"}}`:                                                        "INVALID input.name",
			`{"input": {"name": "jwt:ann", "role": "VIEWER"}}`:                                                     "INVALID input.name",
			`{"input": {"name": "a", "role": "VIEWER", "expiresAt": "2020-01-01T00:00:00Z"}}`:                      "INVALID input.expiresAt",
			`{"input": {"name": "a", "role": "VIEWER", "categoryIds": ["` + films + `", "cat_"]}}`:                 "NOT_FOUND input.categoryIds.1",
			`{"input": {"name": "a", "role": "VIEWER", "categoryIds": [` + strings.Repeat(`"x", `, 100) + `"x"]}}`: "LIST_TOO_LONG input.categoryIds",
		} {
			if got := strings.Join(d.call("keyCreate", args).errors(), ", "); got != want {
				t.Errorf("%s is refused with %q, not %q", args, got, want)
			}
		}
		var made struct {
			KeyCreate struct {
				Key    record
				Secret string
			}
		}
		d.ask(`mutation($ids: [ID!]) { keyCreate(input: {name: " ann ", role: EDITOR, categoryIds: $ids, expiresAt: "2030-01-01T00:00:00Z"}) {
			secret key { id name prefix role limited grants { name path { name } } createdAt expiresAt lastUsedAt revokedAt } } }`,
			map[string]any{"ids": []string{new, films, new}}, &made)
		secret := made.KeyCreate.Secret
		d.same(made.KeyCreate.Key, `{"name": "ann", "prefix": "`+secret[:11]+`", "role": "EDITOR", "limited": true, "expiresAt": "2030-01-01T00:00:00.000Z",
			"createdAt": "`+epoch.Format("2006-01-02T15:04:05.000Z")+`", "lastUsedAt": null, "revokedAt": null, "id": "`+made.KeyCreate.Key.id()+`",
			"grants": [{"name": "Films", "path": [{"name": "Films"}]}, {"name": "New", "path": [{"name": "Films"}, {"name": "New"}]}]}`, "the key")
		if got := strings.Join(d.call("keyCreate", `{"input": {"name": "ann", "role": "VIEWER"}}`).errors(), ", "); got != "INVALID input.name" {
			t.Errorf("a name that was given is refused with %q", got)
		}
		row, err := d.catalog.Keys.BySecret(t.Context(), secret)
		if err != nil || row == nil || row.ID != made.KeyCreate.Key.id() || strings.Contains(row.String(), secret) {
			t.Errorf("the secret is of %v: %v", row, err)
		}
		for _, other := range []string{"", "vg_", secret[:25], secret + "x", strings.ToLower(secret)} {
			if row, err := d.catalog.Keys.BySecret(t.Context(), other); row != nil || err != nil {
				t.Errorf("%q is of %v: %v", other, row, err)
			}
		}
		// Its use is noted to the minute.
		for _, step := range []struct {
			on   time.Duration
			want time.Time
		}{{time.Second, epoch.Add(time.Second)}, {59 * time.Second, epoch.Add(time.Second)}, {2 * time.Second, epoch.Add(62 * time.Second)}} {
			now = now.Add(step.on)
			if err := d.catalog.Keys.Used(t.Context(), row.ID); err != nil {
				t.Fatal(err)
			}
			if used := db.Client.Key.GetX(t.Context(), row.ID).LastUsedAt; !used.Equal(step.want.Truncate(time.Millisecond)) {
				t.Errorf("it was used at %v, not at %v", used, step.want)
			}
		}
	})
}

// TestKeyRevoke ends the operations of who had the key, and of nobody else.
func TestKeyRevoke(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ann := d.key("ann")
		d.key("bob")
		d.make(`{"kind": "VIDEO", "title": "a"}`)
		operation := map[string]string{}
		for _, name := range []string{"ann", "bob"} {
			d.caller = func() *auth.Caller { return &auth.Caller{Name: name, Role: auth.Editor} }
			operation[name] = d.begin("assetsUpdateWhere", `{"filter": {"kinds": ["VIDEO"]}, "change": {"title": "b"}}`)
		}
		d.by(func() string { return "root" })
		for range 2 {
			if p := d.call("keyRevoke", `{"id": %q}`, ann); len(p.UserErrors) > 0 {
				t.Fatal(p.errors())
			}
		}
		if got := strings.Join(d.call("keyRevoke", `{"id": "key_1"}`).errors(), ", "); got != "NOT_FOUND id" {
			t.Errorf("a key that is not there is refused with %q", got)
		}
		d.finish(operation["bob"])
		for name, want := range map[string]bulkoperation.Status{"ann": bulkoperation.StatusCANCELLED, "bob": bulkoperation.StatusDONE} {
			if row := db.Client.BulkOperation.GetX(t.Context(), operation[name]); row.Status != want || row.FinishedAt == nil {
				t.Errorf("the operation of %s is %s", name, row.Status)
			}
		}
		if gone, err := d.catalog.Keys.Revoked(t.Context(), []string{ann, "key_1"}); err != nil || len(gone) != 1 || gone[0] != ann {
			t.Errorf("%v are gone: %v", gone, err)
		}
	})
}

// key makes a key of an editor, and returns its id.
func (d *mutations) key(name string) string {
	d.Helper()
	var made struct{ KeyCreate struct{ Key record } }
	d.ask(`mutation($name: String!) { keyCreate(input: {name: $name, role: EDITOR}) { key { id } } }`, map[string]any{"name": name}, &made)
	return made.KeyCreate.Key.id()
}
