package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/limits"
)

// decided is a case of a verb: the assets that there are, the items, and what must become of each,
// as "CODE place" of its refusals, or "field=value …" of what differs in the next state, or
// "unchanged".
type decided struct {
	name  string
	there []*change.State
	items []Item
	want  []string
}

var begun = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// video is a state of a video at revision 7, changed by with.
func video(id string, with ...func(*change.State)) *change.State {
	s := &change.State{Asset: &ent.Asset{ID: id, Kind: asset.KindVIDEO, Title: "Old", AlternativeTitles: []string{},
		Status: asset.StatusNORMAL, Revision: 7, StorageLocation: "default"}}
	for _, change := range with {
		change(s)
	}
	return s
}

func reference(ref string) func(*change.State) {
	return func(s *change.State) { s.ReferenceID = &ref }
}

func trashed(s *change.State) { s.TrashedAt = &begun }

func named(id string) change.AssetRef { return change.AssetRef{ID: &id} }

// updating is an item that changes the asset of an id by what is set in its input.
func updating(id string, set func(*AssetUpdateInput)) Item {
	in := &AssetUpdateInput{ID: &id}
	set(in)
	return Item{AssetRef: named(id), IfRevision: in.IfRevision, Update: in}
}

func title(v string) func(*AssetUpdateInput) {
	return func(in *AssetUpdateInput) { in.Title = given(&v) }
}

func rekey(v string) func(*AssetUpdateInput) {
	return func(in *AssetUpdateInput) { in.NewReferenceID = given(&v) }
}

func at(revision int64, set func(*AssetUpdateInput)) func(*AssetUpdateInput) {
	return func(in *AssetUpdateInput) { in.IfRevision = &revision; set(in) }
}

func step(id string, to asset.Status) Item {
	return Item{AssetRef: named(id), Status: &AssetStatusInput{To: to}}
}

var decidedCases = map[*Verb][]decided{
	Trash: {
		{name: "one goes", there: []*change.State{video("v1")}, items: []Item{{AssetRef: named("v1")}}, want: []string{"trashedAt=2026-03-01"}},
		{name: "one there keeps its date", there: []*change.State{video("v1", trashed)}, items: []Item{{AssetRef: named("v1")}}, want: []string{"unchanged"}},
		{name: "twice", there: []*change.State{video("v1")}, items: []Item{{AssetRef: named("v1")}, {AssetRef: named("v1")}}, want: []string{"trashedAt=2026-03-01", "DUPLICATE_ITEM items.1"}},
		{name: "none", items: []Item{{AssetRef: named("v1")}}, want: []string{"NOT_FOUND items.0.id"}},
		{name: "no name", items: []Item{{}}, want: []string{"INVALID items.0"}},
		{name: "U+0000", items: []Item{{AssetRef: named("v\x00")}}, want: []string{"INVALID items.0.id"}},
		{name: "other revision", there: []*change.State{video("v1")}, items: []Item{{AssetRef: named("v1"), IfRevision: new(int64)}}, want: []string{"STALE_REVISION items.0.ifRevision"}},
	},
	Restore: {
		{name: "one comes back", there: []*change.State{video("v1", trashed)}, items: []Item{{AssetRef: named("v1")}}, want: []string{"trashedAt=none"}},
		{name: "one not there", there: []*change.State{video("v1")}, items: []Item{{AssetRef: named("v1")}}, want: []string{"unchanged"}},
	},
	SetStatus: {
		{name: "a step", there: []*change.State{video("v1")}, items: []Item{step("v1", asset.StatusBLOCKED)}, want: []string{`status={"status":"BLOCKED","reason":null}`}},
		{name: "the same", there: []*change.State{video("v1")}, items: []Item{step("v1", asset.StatusNORMAL)}, want: []string{"unchanged"}},
		{name: "no step", there: []*change.State{video("v1")}, items: []Item{step("v1", asset.StatusUPLOAD_FAILED)}, want: []string{"STATUS_STEP_ILLEGAL items.0.to"}},
	},
	Update: {
		{name: "a title", there: []*change.State{video("v1")}, items: []Item{updating("v1", title(" New "))}, want: []string{"title=New"}},
		{name: "the same title", there: []*change.State{video("v1")}, items: []Item{updating("v1", title("Old"))}, want: []string{"unchanged"}},
		{name: "no title", there: []*change.State{video("v1")}, items: []Item{updating("v1", title(" "))}, want: []string{"REQUIRED items.0.title"}},
		{name: "two refusals of one item", there: []*change.State{video("v1")}, items: []Item{updating("v1", func(in *AssetUpdateInput) {
			in.Title, in.Tags = given(new(string)), given(&StringListChange{Set: []string{""}})
		})}, want: []string{"REQUIRED items.0.title, INVALID items.0.tags.set.0"}},
		{name: "at its revision", there: []*change.State{video("v1")}, items: []Item{updating("v1", at(7, title("New")))}, want: []string{"title=New"}},
		{name: "a member of another kind", there: []*change.State{video("v1")}, items: []Item{updating("v1", func(in *AssetUpdateInput) {
			in.File = given(&FileInput{Width: given(new(int))})
		})}, want: []string{"WRONG_KIND items.0.file"}},
		{name: "a reference id that is free", there: []*change.State{video("v1")}, items: []Item{updating("v1", rekey("a"))}, want: []string{"referenceId=a"}},
		{name: "one that is taken", there: []*change.State{video("v1"), video("v2", reference("a"))}, items: []Item{updating("v1", rekey("a"))}, want: []string{"REFERENCE_ID_TAKEN items.0.newReferenceId"}},
		{name: "a swap", there: []*change.State{video("v1", reference("a")), video("v2", reference("b"))},
			items: []Item{updating("v1", rekey("b")), updating("v2", rekey("a"))}, want: []string{"referenceId=b", "referenceId=a"}},
		{name: "of a refused item", there: []*change.State{video("v1"), video("v2", reference("a"))},
			items: []Item{updating("v1", rekey("a")), updating("v2", func(in *AssetUpdateInput) { rekey("b")(in); title("")(in) })},
			want:  []string{"REFERENCE_ID_TAKEN items.0.newReferenceId", "REQUIRED items.1.title"}},
		{name: "the first of two has it", there: []*change.State{video("v1"), video("v2")},
			items: []Item{updating("v1", rekey("a")), updating("v2", rekey("a"))}, want: []string{"referenceId=a", "REFERENCE_ID_TAKEN items.1.newReferenceId"}},
		{name: "tags", there: []*change.State{video("v1", func(s *change.State) { s.Tags = []string{"a", "b"} })}, items: []Item{updating("v1", func(in *AssetUpdateInput) {
			in.Tags = given(&StringListChange{Add: []string{"c"}, Remove: []string{"a"}})
		})}, want: []string{`tags=[{"id":"","name":"c"}]`}},
		{name: "user data", there: []*change.State{video("v1")}, items: []Item{updating("v1", func(in *AssetUpdateInput) {
			in.UserData = given(&JSONChange{Merge: graphql.OmittableOf(json.RawMessage(`{"a":1}`))})
		})}, want: []string{`userData={"a":1}`}},
	},
}

func TestVerbsDecide(t *testing.T) {
	t.Parallel()
	for verb, cases := range decidedCases {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				if got := outcomes(verb, c); !slices.Equal(got, c.want) {
					t.Errorf("got  %q\nwant %q", got, c.want)
				}
			})
		}
	}
}

// outcomes decides a case, without a database.
func outcomes(v *Verb, c decided) []string {
	found := &change.Resolved{ByID: map[string]*ent.Asset{}, ByReference: map[string]*ent.Asset{}}
	states := map[string]*change.State{}
	for _, s := range c.there {
		found.AddAsset(s.Asset)
		states[s.ID] = s
	}
	b := &Builder{Resolved: found, Now: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), seen: change.Mentions{},
		Options: change.Options{Limits: limits.DefaultLibrary()}, Keys: map[string]WantedKey{}}
	targets, _ := b.targets(Items{List: c.items, Name: ItemList})
	for i, t := range targets {
		if t.row != nil {
			targets[i].state = states[t.row.ID]
		}
	}
	decisions, _ := v.decideAll(b, targets, ItemList)
	got := make([]string, len(decisions))
	for i, d := range decisions {
		got[i] = shown(d)
	}
	return got
}

func shown(d change.Decision) string {
	var parts []string
	for _, f := range d.Faults {
		parts = append(parts, string(f.Code)+" "+strings.Join(f.Field, "."))
	}
	if d.Faults != nil {
		return strings.Join(parts, ", ")
	}
	var differ change.Part
	if !slices.Equal(d.Change.Old.Tags, d.Change.Next.Tags) {
		differ = change.WithTags
	}
	for _, f := range Compare(d.Change, differ, &change.LinkNames{}) {
		parts = append(parts, fmt.Sprintf("%s=%s", f.Field, value(f.After)))
	}
	if parts == nil {
		return "unchanged"
	}
	return strings.Join(parts, " ")
}

func value(v any) string {
	encoded, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	switch text := string(encoded); {
	case text == "null":
		return "none"
	case strings.HasPrefix(text, `"2026-`):
		return text[1:11]
	case text[0] == '"':
		return text[1 : len(text)-1]
	default:
		return text
	}
}
