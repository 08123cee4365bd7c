package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/dbtest"
)

// walked is a list walked in pages of a size, with a text of each node.
func (d *mutations) walked(field, id string, size int, text func(record) string) (all []string) {
	d.Helper()
	for cursor := ""; ; {
		args := fmt.Sprintf("first: %d", size)
		if cursor != "" {
			args += fmt.Sprintf(", after: %q", cursor)
		}
		var data map[string]any
		d.ask(fmt.Sprintf(field, args), map[string]any{"id": id}, &data)
		for data["pageInfo"] == nil { // down to the list
			for _, below := range data {
				data, _ = below.(map[string]any)
			}
		}
		for _, node := range data["nodes"].([]any) {
			all = append(all, text(node.(map[string]any)))
		}
		info := record(data["pageInfo"].(map[string]any))
		if info["hasNextPage"] != true {
			return all
		}
		cursor = info["endCursor"].(string)
	}
}

// TestExtremeNumbersAndNoneInOrders gives each list that is sorted by a number which may
// be absent the least and the greatest numbers beside none, and walks it in pages.
func TestExtremeNumbersAndNoneInOrders(t *testing.T) {
	t.Parallel()
	confidences := []string{"1.7976931348623157e308", "0.5", "0", "-0.5", "-1", "-1.5", "-5.5", "-1.7976931348623157e308", "null", "null"}
	labels, scores, findings := []string{}, []string{}, []string{}
	for i := range confidences { // from the last, so that ids do not sort them
		n := len(confidences) - 1 - i
		labels = append(labels, fmt.Sprintf(`{"name": "l%d", "category": "OBJECT", "confidence": %s}`, n, confidences[n]))
		scores = append(scores, fmt.Sprintf(`{"location": "l%d", "format": "gif", "score": %s}`, n, confidences[n]))
	}
	froms := []string{"8796093022208", "7", "1", "0", "null"}
	for i, from := range froms {
		findings = append(findings, fmt.Sprintf(`{"module": "TITLE", "scene": "f%d", "label": "x", "score": 1, "suggestion": "PASS", "start": %s, "end": %[2]s}`, len(froms)-1-i, from))
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		video := d.make(fmt.Sprintf(`{"kind": "VIDEO", "title": "v", "aiData": [{"source": "s", "labels": [%s], "coverCandidates": [%s],
			"review": {"suggestion": "PASS", "findings": [%s]}}]}`, strings.Join(labels, ","), strings.Join(scores, ","), strings.Join(findings, ",")))[0]
		want := []string{}
		for n := range confidences {
			want = append(want, fmt.Sprint("l", n))
		}
		const list = `query($id: ID!) { node(id: $id) { ... on Video { aiData { %s } } } }`
		labelled := fmt.Sprintf(list, `labels(%s) { nodes { name } pageInfo { hasNextPage endCursor } }`)
		found := fmt.Sprintf(list, `review { findings(%s) { nodes { scene } pageInfo { hasNextPage endCursor } } }`)
		for _, size := range []int{1, 2, 3, 100} {
			got := d.walked(labelled, video, size, func(r record) string { return r["name"].(string) })
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("labels, %d a page: %s", size, diff)
			}
			got = d.walked(found, video, size, func(r record) string { return r["scene"].(string) })
			if diff := cmp.Diff([]string{"f0", "f1", "f2", "f3", "f4"}, got); diff != "" {
				t.Errorf("findings, %d a page: %s", size, diff)
			}
		}
		var candidates []string
		for _, c := range d.read(video, `... on Video { aiData { coverCandidates { location } } }`).at("aiData", "coverCandidates").([]any) {
			candidates = append(candidates, c.(map[string]any)["location"].(string))
		}
		if diff := cmp.Diff(want[:8], candidates[:8]); diff != "" || len(candidates) != len(want) {
			t.Errorf("candidates: %s", diff)
		}
	})
}
