package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"vodgraph/fault"
	"vodgraph/gqlhttp"
)

// pose posts a document with its variables, and reads the data of the answer. An
// answer with errors is one.
func pose(ctx context.Context, url, document string, variables map[string]any, into any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+gqlhttp.Endpoint, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return errors.Join(errAway, err)
	}
	defer response.Body.Close()
	var parts gqlhttp.Answer
	if err := json.NewDecoder(response.Body).Decode(&parts); err != nil {
		return errors.Join(errAway, err)
	}
	if len(parts.Errors) > 0 {
		return parts.Errors
	}
	return json.Unmarshal(parts.Data, into)
}

// errAway is a server that did not answer, or not to the end.
var errAway = errors.New("the server does not answer")

// finding is what a search reported.
type finding struct {
	TotalCount int
	Nodes      []struct{ ID, Title string }
	Index      struct {
		Degraded bool
		Revision int64
		Engine   string
	}
}

// find searches, after a transaction where that is not 0.
func find(ctx context.Context, url, text string, atLeast int64) (finding, error) {
	variables := map[string]any{"text": text}
	if atLeast > 0 {
		variables["atLeast"] = atLeast
	}
	var data struct{ Search finding }
	err := pose(ctx, url, `query($text: String, $atLeast: Int64) { search(text: $text, atLeastRevision: $atLeast, first: 3) {
		totalCount nodes { id title } index { degraded revision engine } } }`, variables, &data)
	return data.Search, err
}

// mutated is what a mutation did.
type mutated struct {
	Revision   int64
	Category   struct{ ID string }
	Results    []result
	UserErrors []refused
}

type result struct {
	ID     string `json:"assetId"`
	Errors []refused
}

type refused struct{ Code fault.Code }

// refusals are the codes of all that was refused.
func (d mutated) refusals() (codes []fault.Code) {
	all := d.UserErrors
	for _, r := range d.Results {
		all = append(all, r.Errors...)
	}
	for _, r := range all {
		codes = append(codes, r.Code)
	}
	return codes
}

// The transactions of a writer. Each has its outcome as "did".
const (
	creation = `mutation($items: [AssetCreateInput!]!) {
		did: assetsCreate(items: $items) { revision results { assetId errors { code } } userErrors { code } } }`
	update = `mutation($items: [AssetUpdateInput!]!) {
		did: assetsUpdate(items: $items) { revision results { assetId errors { code } } userErrors { code } } }`
	analysis = `mutation($items: [AIDataPutInput!]!) {
		did: aiDataPut(items: $items) { revision results { assetId errors { code } } userErrors { code } } }`
	newCategory = `mutation($input: CategoryCreateInput!) {
		did: categoryCreate(input: $input) { revision category { id } userErrors { code } } }`
	renaming = `mutation($input: CategoryUpdateInput!) {
		did: categoryUpdate(input: $input) { revision category { id } userErrors { code } } }`
)

// do does a transaction of which nothing is refused.
func do(t *testing.T, url, document string, variables map[string]any) mutated {
	t.Helper()
	var data struct{ Did mutated }
	if err := pose(t.Context(), url, document, variables, &data); err != nil {
		t.Fatal(err)
	}
	if codes := data.Did.refusals(); len(codes) > 0 {
		t.Fatalf("refused: %v", codes)
	}
	return data.Did
}

// items are the variables of a transaction on assets.
func items(list ...any) map[string]any { return map[string]any{"items": list} }

// granite is the word that all assets of a library are found by which seed made,
// and no other ones.
const granite = "granite"

// seed makes so many assets through the graph.
func seed(t *testing.T, url string, count int) (ids []string) {
	t.Helper()
	category := do(t, url, newCategory, map[string]any{"input": map[string]any{"name": "Quarry"}}).Category.ID
	for len(ids) < count {
		var list []any
		for n := len(ids); n < min(count, len(ids)+500); n++ {
			asset := map[string]any{"kind": "VIDEO", "title": fmt.Sprintf("%s %d", granite, n)}
			if n%10 == 0 {
				asset["categories"] = []any{map[string]any{"id": category}}
			}
			list = append(list, asset)
		}
		for _, r := range do(t, url, creation, items(list...)).Results {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// writer changes a library through a server's graph, a transaction after the other. It is
// for one goroutine.
type writer struct {
	name     string
	url      *atomic.Pointer[string] // nil while there is no server
	ids      []string
	chance   *rand.Rand
	bears    bool // with a server that is away
	made     int
	category string
}

// write does so many transactions.
func (w *writer) write(ctx context.Context, count int) error {
	for range count {
		if err := w.any(ctx); err != nil {
			return err
		}
	}
	return nil
}

// any does a transaction, of a kind drawn by chance.
func (w *writer) any(ctx context.Context) error {
	one := func() string { return w.ids[w.chance.IntN(len(w.ids))] }
	word := fmt.Sprint(w.chance.IntN(1000))
	switch draw := w.chance.IntN(100); {
	case draw < 75:
		return w.do(ctx, update, items(map[string]any{"id": one(), "title": granite + " " + word}))
	case draw < 85:
		var list []any
		for _, at := range w.chance.Perm(len(w.ids))[:5] {
			list = append(list, map[string]any{"id": w.ids[at], "tags": map[string]any{"set": []string{"tag " + word}}})
		}
		return w.do(ctx, update, items(list...))
	case draw < 92:
		w.made++
		return w.do(ctx, creation, items(map[string]any{"kind": "IMAGE", "title": "basalt " + word,
			"referenceId": fmt.Sprintf("%s-%d", w.name, w.made)}))
	case draw < 98:
		cue := map[string]any{"start": 0, "end": 1, "text": "cobalt " + word}
		return w.do(ctx, analysis, items(map[string]any{"asset": map[string]any{"id": one()}, "source": "listener", "speech": []any{cue}}))
	default: // one asset in ten is another then
		return w.do(ctx, renaming, map[string]any{"input": map[string]any{"id": w.category, "name": "Quarry " + w.name + word}})
	}
}

// do does a transaction until it is done. One whose answer was lost may have been done
// before, and then its asset is there.
func (w *writer) do(ctx context.Context, document string, variables map[string]any) error {
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for lost := false; ; {
		var data struct{ Did mutated }
		err := errAway
		if url := w.url.Load(); url != nil {
			err = pose(ctx, *url, document, variables, &data)
			lost = lost || err != nil
		}
		if w.bears && errors.Is(err, errAway) && ctx.Err() == nil {
			<-again.C
			continue
		}
		if err != nil {
			return err
		}
		for _, code := range data.Did.refusals() {
			if !lost || code != fault.ReferenceIDTaken {
				return fmt.Errorf("%.60s… was refused: %s", document, code)
			}
		}
		return nil
	}
}
