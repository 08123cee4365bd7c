package app

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"vodgraph/bulk"
	"vodgraph/ent/bulkoperation"
	entries "vodgraph/ent/change"
	"vodgraph/ent/tag"
)

// batches is how many transactions of so many assets an operation takes.
func (k *campaign) batches(size int) int { return (len(k.ids) + size - 1) / size }

// turn are the fields of assets after the nth operation, as the history has them.
// Before the first one the titles differ.
func (k *campaign) turn(n int) map[string]string {
	k.t.Helper()
	if n == 0 {
		return map[string]string{"tags": "[]", "userData": ""}
	}
	row, err := k.library.DB.Client.Tag.Query().Where(tag.Name(tagged(n))).Only(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	data, err := json.Marshal(gathered(n))
	if err != nil {
		k.t.Fatal(err)
	}
	return map[string]string{"tags": fmt.Sprintf(`[{"id":%q,"name":%q}]`, row.ID, row.Name), "title": fmt.Sprintf("%q", titled(n)), "userData": string(data)}
}

// gathered is the user data after n operations.
func gathered(n int) map[string]any {
	data := map[string]any{}
	for i := range n {
		data[tagged(i+1)] = float64(i + 1)
	}
	return data
}

// wantOnce wants all operations of a campaign to be over, each of them to have
// changed each asset once, in transactions that change something, and nothing else to be done.
func (k *campaign) wantOnce() {
	k.t.Helper()
	last, before, transactions := map[string]int64{}, k.turn(0), 0
	for i, id := range k.called {
		at, err := k.stands(k.t.Context(), id)
		if err != nil {
			k.t.Fatal(err)
		}
		n, after, set := len(k.ids), k.turn(i+1), at.ChangeSet
		got := []any{at.Status, at.Matched, at.Done, at.Changed, at.Failed, set.AssetCount, set.Changes.TotalCount, set.Note}
		want := []any{bulkoperation.StatusDONE, n, n, n, 0, n, n*len(after) + 1, tagged(i + 1)} // with the tag that it makes
		if !reflect.DeepEqual(got, want) {
			k.t.Errorf("operation %d is %v, not %v", i+1, got, want)
		}
		transactions += k.wantChanges(set.ID, before, after, last)
		before = after
	}
	if taken := k.revision() - k.began; taken != int64(transactions) {
		k.t.Errorf("%d operations took %d transactions, and %d of them changed assets", len(k.called), taken, transactions)
	}
	if sets := k.countSets() - k.sets; sets != len(k.called) {
		k.t.Errorf("%d operations left %d change sets", len(k.called), sets)
	}
	k.wantAssets(last)
	k.wantHistory(k.ids[0])
	k.wantHistory(k.ids[len(k.ids)-1])
}

// wantChanges wants a set to have one entry for each field of each asset that an
// operation changes, all of an asset in one transaction and of a batch of assets in each, which
// is smaller while others ask. It reports how many transactions these were, and brings the last
// revisions of assets up to date.
func (k *campaign) wantChanges(set string, before, after map[string]string, last map[string]int64) int {
	k.t.Helper()
	rows, err := k.library.DB.Client.Change.Query().Where(entries.ChangeSetID(set)).Order(entries.ByID()).All(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	seen, transactions, assets := map[string]int64{}, map[int64]int{}, map[string]bool{}
	tags := 0
	for _, row := range rows {
		if strings.HasPrefix(row.SubjectID, "tag_") && row.Field == "created" {
			tags++
			continue
		}
		key := row.SubjectID + " " + row.Field
		revision, more := seen[row.SubjectID]
		was, known := before[row.Field]
		switch {
		case assets[key]:
			k.t.Fatalf("%s was changed twice by %s", key, set)
		case after[row.Field] == "" || string(row.After) != after[row.Field] || known && string(row.Before) != was:
			k.t.Fatalf("%s was changed from %s to %s by %s, not from %s to %s", key, row.Before, row.After, set, was, after[row.Field])
		case more && row.Revision != revision || row.Revision <= last[row.SubjectID]:
			k.t.Fatalf("%s was changed at %d, the asset at %d and before at %d", key, row.Revision, revision, last[row.SubjectID])
		}
		assets[key], seen[row.SubjectID] = true, row.Revision
		transactions[row.Revision]++
	}
	if tags != 1 {
		k.t.Errorf("%s made %d tags", set, tags)
	}
	least, most := k.batches(bulk.MaxBatch), k.batches(50)
	if len(assets) != len(after)*len(k.ids) || len(seen) != len(k.ids) || len(transactions) < least || len(transactions) > most {
		k.t.Errorf("%s has %d entries of %d assets in %d transactions, not of %d in %d to %d", set, len(assets), len(seen), len(transactions), len(k.ids), least, most)
	}
	for id, revision := range seen {
		last[id] = revision
	}
	return len(transactions)
}

// wantAssets wants all assets to be as the last operation left them, at the revisions
// of which the history reports.
func (k *campaign) wantAssets(last map[string]int64) {
	k.t.Helper()
	want := turned{Title: titled(len(k.called)), Tags: []named{{tagged(len(k.called))}}, UserData: gathered(len(k.called))}
	met := 0
	for after, more := any(nil), true; more; {
		var data struct {
			Assets struct {
				Nodes    []turned
				PageInfo pageInfo
			}
		}
		err := k.pose(k.t.Context(), `query($after: Cursor) { assets(first: 100, after: $after) { nodes { id title revision userData tags { name } }
			pageInfo { hasNextPage endCursor } } }`, map[string]any{"after": after}, &data)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, got := range data.Assets.Nodes {
			want.ID, want.Revision = got.ID, last[got.ID]
			if !reflect.DeepEqual(got, want) {
				k.t.Fatalf("an asset is %+v, not %+v", got, want)
			}
			met++
		}
		more, after = data.Assets.PageInfo.HasNextPage, data.Assets.PageInfo.EndCursor
	}
	if met != len(k.ids) {
		k.t.Errorf("there are %d assets, not %d", met, len(k.ids))
	}
}

// turned is what is asked of an asset.
type turned struct {
	ID, Title string
	Revision  int64
	UserData  map[string]any
	Tags      []named
}

type named struct{ Name string }

// pageInfo is where a page stands.
type pageInfo struct {
	HasNextPage bool
	EndCursor   string
}

// wantHistory wants the history of an asset to report its making, and then of each
// operation what it has changed.
func (k *campaign) wantHistory(id string) {
	k.t.Helper()
	got, want := map[string]int{}, map[string]int{"created of ": 1}
	for after, more := any(nil), true; more; {
		var data struct {
			Node struct {
				History struct {
					Nodes []struct {
						Field     string
						ChangeSet struct{ Note string }
					}
					PageInfo pageInfo
				}
			}
		}
		err := k.pose(k.t.Context(), `query($id: ID!, $after: Cursor) { node(id: $id) { ... on Asset { history(first: 100, after: $after) {
			nodes { field changeSet { note } } pageInfo { hasNextPage endCursor } } } } }`, map[string]any{"id": id, "after": after}, &data)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, e := range data.Node.History.Nodes {
			got[e.Field+" of "+e.ChangeSet.Note]++
		}
		more, after = data.Node.History.PageInfo.HasNextPage, data.Node.History.PageInfo.EndCursor
	}
	for i := range k.called {
		for field := range k.turn(i + 1) {
			want[field+" of "+tagged(i+1)] = 1
		}
	}
	if !reflect.DeepEqual(got, want) {
		k.t.Errorf("the history of %s is %v, not %v", id, got, want)
	}
}

// wantFound waits until the engine answers, and wants all assets to be found by the
// title and the tag that the last operation gave them, and none by the tag of before.
func (k *campaign) wantFound() {
	k.t.Helper()
	n := len(k.called)
	until(k.t, "the engine answers", func() bool {
		var data struct{ Titled, Tagged, Before finding }
		err := k.pose(k.t.Context(), `query($title: String, $tag: String!, $before: String!) {
			titled: search(text: $title) { totalCount index { degraded } }
			tagged: search(filter: {tags: {any: [$tag]}}) { totalCount index { degraded } }
			before: search(filter: {tags: {any: [$before]}}) { totalCount index { degraded } } }`,
			map[string]any{"title": titled(n), "tag": tagged(n), "before": tagged(n - 1)}, &data)
		if err != nil {
			k.t.Fatal(err)
		}
		if data.Titled.Index.Degraded || data.Tagged.Index.Degraded || data.Before.Index.Degraded {
			return false
		}
		if data.Titled.TotalCount != len(k.ids) || data.Tagged.TotalCount != len(k.ids) || data.Before.TotalCount != 0 {
			k.t.Fatalf("of %d assets are found %d by their title, %d by their tag, %d by that of before",
				len(k.ids), data.Titled.TotalCount, data.Tagged.TotalCount, data.Before.TotalCount)
		}
		return true
	})
}
