package catalog

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"vodgraph/change"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/taxonomy"

	"github.com/99designs/gqlgen/graphql"
)

func TestNULIsFoundAtItsPlace(t *testing.T) {
	t.Parallel()
	nul := "a\x00"
	for place, in := range map[string]any{
		"title":                  &AssetCreateInput{Title: nul},
		"id":                     &AssetCreateInput{ID: &nul},
		"referenceId":            &AssetCreateInput{ReferenceID: graphql.OmittableOf(&nul)},
		"tags.1":                 &AssetCreateInput{Tags: graphql.OmittableOf([]string{"a", nul})},
		"userData":               &AssetCreateInput{UserData: graphql.OmittableOf(json.RawMessage(`{"a": ["\u0000"]}`))},
		"categories.0.path.1":    &AssetCreateInput{Categories: graphql.OmittableOf([]*media.CategoryRef{{Path: []string{"a", nul}}})},
		"cover.image.id":         &AssetUpdateInput{AssetChangeInput: AssetChangeInput{Cover: graphql.OmittableOf(&CoverRef{Image: &change.AssetRef{ID: &nul}})}},
		"newReferenceId":         &AssetUpdateInput{NewReferenceID: graphql.OmittableOf(&nul)},
		"userData.set":           &AssetUpdateInput{AssetChangeInput: AssetChangeInput{UserData: graphql.OmittableOf(&JSONChange{Set: graphql.OmittableOf(json.RawMessage(`"\u0000"`))})}},
		"tags.add.0":             &AssetUpdateInput{AssetChangeInput: AssetChangeInput{Tags: graphql.OmittableOf(&StringListChange{Add: []string{nul}})}},
		"input.parentId":         &struct{ Input taxonomy.CategoryUpdateInput }{taxonomy.CategoryUpdateInput{ParentID: graphql.OmittableOf(&nul)}},
		"aiData.0.labels.0.name": &AssetCreateInput{AiData: graphql.OmittableOf([]*AIDataInput{{Labels: []*AILabelInput{{Name: nul}}}})},
	} {
		if got, found := change.FindNUL(reflect.ValueOf(in)); !found || strings.Join(got, ".") != place {
			t.Errorf("found at %q, not %q", got, place)
		}
	}
	plain := "a\x01\x1f\ufffd"
	for _, in := range []any{&AssetCreateInput{Title: plain}, (*AssetCreateInput)(nil), &AssetCreateInput{ReferenceID: graphql.OmittableOf[*string](nil)},
		&AssetCreateInput{UserData: graphql.OmittableOf(json.RawMessage(`"\\u0000"`))}} {
		if got, found := change.FindNUL(reflect.ValueOf(in)); found {
			t.Errorf("found at %q, where there is none", got)
		}
	}
}

func TestReferenceID(t *testing.T) {
	t.Parallel()
	free, strict := limits.DefaultLibrary(), limits.VODLibrary()
	for ref, want := range map[string]struct{ free, strict bool }{
		"x": {true, false}, "abcdef": {true, true}, "Az09-_": {true, true}, "abc de": {true, false}, "abc.de": {true, false}, "日本語日本語": {true, false},
		"": {false, false}, "abcde\t": {false, false}, "abcde\u00a0": {false, false}, "abcde\u200b": {false, false}, "abcde\ufffd": {false, false},
		strings.Repeat("x", 64): {true, true}, strings.Repeat("x", 65): {true, false}, strings.Repeat("x", 128): {true, false}, strings.Repeat("x", 129): {false, false},
		strings.Repeat("e\u0301", 128): {true, false}, strings.Repeat("e\u0301", 129): {false, false}, strings.Repeat("😀", 128): {true, false}, " a": {true, false},
	} {
		if got := (struct{ free, strict bool }{checkReferenceID(free, ref) == nil, checkReferenceID(strict, ref) == nil}); got != want {
			t.Errorf("%+q is taken %v, not %v", ref, got, want)
		}
	}
}
