package resolvers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"vodgraph/change"
	"vodgraph/dbtest"
)

// Every mutation that changes something takes the next number, reports it, and gives it
// to all that it changes; one that changes nothing takes none.
func TestMutationRevision(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "VIDEO", "title": "a"}`, `{"kind": "ATTACHMENT", "title": "b", "attachmentType": "SUBTITLE"}`, `{"kind": "IMAGE", "title": "c", "tags": ["t"]}`)
		v := fmt.Sprintf(`"asset": {"id": %q}`, ids[0])
		for i, mutation := range []struct{ name, args string }{
			{"assetsUpdate", fmt.Sprintf(`{"items": [{"id": %q, "title": "A"}, {"id": %q, "title": "b"}, {"id": %q, "title": "C"}]}`, ids[0], ids[1], ids[2])},
			{"assetsSetStatus", fmt.Sprintf(`{"items": [{"id": %q, "to": "CHECKING"}, {"id": %q, "to": "UPLOADED"}]}`, ids[0], ids[1])},
			{"mezzaninePut", `{` + v + `, "input": {}}`}, {"mezzanineDelete", `{` + v + `, "force": true}`},
			{"playInfosPut", `{"items": [{` + v + `, "jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD"}]}`}, {"playInfosDelete", `{` + v + `, "jobIds": ["j"]}`},
			{"snapshotsPut", `{"items": [{` + v + `, "type": "COVER", "jobId": "j", "items": [{"index": 0}]}]}`}, {"snapshotsDelete", `{` + v + `, "type": "COVER"}`},
			{"attachmentLink", `{` + v + `, "attachment": {"id": "` + ids[1] + `"}}`}, {"attachmentUnlink", `{` + v + `, "attachment": {"id": "` + ids[1] + `"}}`},
			{"aiDataPut", `{"items": [{` + v + `, "source": "s"}]}`}, {"aiDataDelete", `{` + v + `, "source": "s"}`},
			{"categoryCreate", `{"input": {"name": "x"}}`}, {"tagRename", `{"name": "t", "to": "u"}`}, {"tagsMerge", `{"from": ["u"], "into": "w"}`}, {"tagDelete", `{"name": "w"}`},
		} {
			want := int64(i + 2)
			selection := "id"
			if strings.HasSuffix(d.schema.Mutation.Fields.ForName(mutation.name).Type.Name(), "sPayload") || strings.Contains(mutation.args, `"asset": `) {
				selection = "id revision"
			}
			p := d.callFor(mutation.name, selection, mutation.args)
			if p.Revision == nil || *p.Revision != want || d.revision() != want {
				t.Errorf("%s is reported to be %v at %d, not %d", mutation.name, p.Revision, d.revision(), want)
			}
			for _, item := range p.Results {
				if changed := item.Outcome == "CHANGED"; changed != (item.Asset["revision"] == float64(want)) {
					t.Errorf("%s: %+v at %d", mutation.name, item, want)
				}
			}
			if p.Asset != nil && p.Asset["revision"] != float64(want) {
				t.Errorf("%s: %v, not at %d", mutation.name, p.Asset, want)
			}
		}
	})
}

// Mutations that come at once wait for each other: what one has checked still holds
// when it writes, and no two take one number.
func TestMutationsAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		const callers, each, children = 8, 20, 7
		d := write(t, db, func(o *change.Options) { o.Limits.CategoryChildren = children })
		parent := d.grow("parent", "")
		shared := d.make(`{"kind": "VIDEO", "title": "shared", "userData": {}}`)[0]
		start := d.revision()
		var mu sync.Mutex
		var revisions []int64
		codes := map[string]int{}
		var wg sync.WaitGroup
		for caller := range callers {
			wg.Go(func() {
				for n := range each {
					name, args := atOnce(caller, n, parent, shared)
					a := d.send(d.document(name, args, "id"), args)
					var data map[string]payload
					if err := json.Unmarshal(a.Data, &data); err != nil || len(a.Errors) > 0 {
						t.Errorf("%s: %v %v", name, a.Errors, err)
						continue
					}
					mu.Lock()
					if p := data[name]; p.Revision != nil {
						revisions = append(revisions, *p.Revision)
					} else {
						for _, e := range append(p.UserErrors, p.itemErrors()...) {
							codes[e.Code]++
						}
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		slices.Sort(revisions)
		for i, revision := range revisions {
			if revision != start+int64(i)+1 {
				t.Fatalf("after %d come the revisions %v", start, revisions)
			}
		}
		if d.revision() != start+int64(len(revisions)) {
			t.Errorf("the library is at %d after %d and %d mutations", d.revision(), start, len(revisions))
		}
		// Of each reference id one asset was made, below the parent are as many as may
		// be, and no merge of user data was lost.
		want := map[string]int{"REFERENCE_ID_TAKEN": callers*5 - 5, "CATEGORY_FULL": callers*5 - children}
		if fmt.Sprint(codes) != fmt.Sprint(want) {
			t.Errorf("refused are %v, not %v", codes, want)
		}
		if got := d.read(shared, "userData tags { name }"); len(got["userData"].(map[string]any)) != callers*5 || len(got["tags"].([]any)) != 5 {
			t.Errorf("%v", got)
		}
	})
}

func (p payload) itemErrors() (all []refusal) {
	for _, item := range p.Results {
		all = append(all, item.Errors...)
	}
	return all
}

// atOnce is the nth mutation of a caller: one of four, each five times.
func atOnce(caller, n int, parent, shared string) (string, map[string]any) {
	item := func(members map[string]any) map[string]any { return map[string]any{"items": []any{members}} }
	switch n % 4 {
	case 0:
		return "assetsCreate", item(map[string]any{"kind": "IMAGE", "title": "x", "referenceId": fmt.Sprint("r", n/4)})
	case 1:
		return "categoryCreate", map[string]any{"input": map[string]any{"name": fmt.Sprint(caller, " ", n), "parentId": parent}}
	case 2:
		return "assetsUpdate", item(map[string]any{"id": shared, "userData": map[string]any{"merge": map[string]any{fmt.Sprint(caller, " ", n): 1}}})
	default:
		return "assetsUpdate", item(map[string]any{"id": shared, "tags": map[string]any{"add": []any{fmt.Sprint("tag ", n/4)}}})
	}
}
