package bulk

import (
	"encoding/json"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/catalog"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/filter"
)

// TestStoredInputIsReadOrRefused reads what this version writes down, and refuses what
// another version wrote with a member that this one does not know, at any depth.
func TestStoredInputIsReadOrRefused(t *testing.T) {
	t.Parallel()
	no := false
	written := work{
		Filter: &filter.AssetFilter{Kinds: []asset.Kind{asset.KindVIDEO}, Not: &filter.AssetFilter{PlayInfo: &filter.PlayInfoFilter{Codecs: []string{"h264"}}},
			Trashed: graphql.OmittableOf(&no), Tags: &filter.TagFilter{Any: []string{"a"}}},
		Change: &catalog.AssetChangeInput{Title: graphql.OmittableOf(new(string)), Tags: graphql.OmittableOf(&catalog.StringListChange{Add: []string{"b"}})},
		Force:  true,
	}
	text, err := json.Marshal(written)
	if err != nil {
		t.Fatal(err)
	}
	var read work
	if err := readStored(text, &read); err != nil {
		t.Errorf("%s: %v", text, err)
	}
	if again, err := json.Marshal(read); err != nil || string(again) != string(text) {
		t.Errorf("%s is read as %s: %v", text, again, err)
	}
	for _, stored := range []string{`{"filter": {"kind": ["VIDEO"]}}`, `{"filter": {"not": {"status": ["NORMAL"]}}}`, `{"filter": {"or": [{}, {"id": ["x"]}]}}`,
		`{"filter": {"and": [{"playInfo": {"codec": ["h264"]}}]}}`, `{"filter": {"tags": {"some": ["a"]}}}`, `{"change": {"name": "x"}}`,
		`{"change": {"tags": {"put": ["x"]}}}`, `{"every": true}`} {
		var read work
		refusedInvalid(t, stored, readStored([]byte(stored), &read))
	}
	var old work
	if err := readStored([]byte(`{"filter": {"not": {"category": {"in": ["cat_1", "cat_2"], "includeDescendants": false}}}}`), &old); err != nil {
		t.Fatal(err)
	}
	if c := old.Filter.Not.Category; len(c.In) != 2 || *c.In[0].ID != "cat_1" || *c.In[1].ID != "cat_2" || *c.IncludeDescendants {
		t.Errorf("the ids of categories are read as %+v", c)
	}
	for _, stored := range []string{`{"kind": "VIDEO", "title": "x", "mezzanine": {"length": 1}}`,
		`{"kind": "VIDEO", "title": "x", "aiData": [{"source": "s", "labels": [{"name": "l", "category": "PERSON", "spans": [{"begin": 1}]}]}]}`} {
		refusedInvalid(t, stored, readStored([]byte(stored), &catalog.AssetCreateInput{}))
	}
	if err := readStored([]byte(`{"kind": "VIDEO", "title": "x", "userData": {"anything": {"goes": [{"here": 1}]}}}`), &catalog.AssetCreateInput{}); err != nil {
		t.Error(err)
	}
}

func refusedInvalid(t *testing.T, stored string, err error) {
	t.Helper()
	if refused, ok := err.(*fault.Fault); !ok || refused.Code != fault.Invalid {
		t.Errorf("%s: %v", stored, err)
	}
}
