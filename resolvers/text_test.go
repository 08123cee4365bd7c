package resolvers_test

import (
	"fmt"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/fault"
)

// A text that no database can look for is refused wherever a query takes one.
func TestIllegalTexts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s := serve(t, db)
		build(t, db, 4)
		for query, argument := range map[string]string{
			"asset(id: $s) { id }":                                              "id",
			"asset(referenceId: $s) { id }":                                     "referenceId",
			"node(id: $s) { id }":                                               "id",
			"nodes(ids: [$s]) { id }":                                           "ids",
			"category(id: $s) { id }":                                           "id",
			"category(path: [$s]) { id }":                                       "path",
			"tag(name: $s) { id }":                                              "name",
			"tags(prefix: $s) { totalCount }":                                   "prefix",
			"videos { nodes { playInfos(codec: $s) { id } } }":                  "codec",
			"videos { nodes { aiData { labels(source: $s) { totalCount } } } }": "source",
		} {
			kind := "String!"
			if argument == "id" || argument == "ids" {
				kind = "ID!"
			}
			document := fmt.Sprintf("query($s: %s) { %s }", kind, query)
			for _, text := range []string{"\x00", "a\x00b"} {
				s.refused(fault.Invalid, argument, document, map[string]any{"s": text})
			}
		}
	})
}
