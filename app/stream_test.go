package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"vodgraph/gqlhttp"
)

// openStream begins a subscription; next gives the data of each event, and what
// ended it.
func openStream(t *testing.T, a *App, document string) (next func() (event, data string)) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.URL()+gqlhttp.Endpoint, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	if got := response.Header.Get("Content-Type"); got != "text/event-stream"+"; charset=utf-8" {
		t.Fatalf("the answer is %s, %s", response.Status, got)
	}
	lines := bufio.NewScanner(response.Body)
	return func() (event, data string) {
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "event":
				event = value
			case "data", "data:":
				return event, value
			}
		}
		if lines.Err() != nil {
			return "cut off", ""
		}
		return "end", ""
	}
}

// TestSubscriptions reports an asset until it is deleted, and of an operation until
// it is over.
func TestSubscriptions(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	var made struct {
		AssetsCreate struct {
			Results []struct {
				ID string `json:"assetId"`
			}
		}
	}
	answer := ask(t, a.URL(), `mutation { assetsCreate(items: [{kind: VIDEO, title: "a"}]) { results { assetId } } }`, nil)
	if err := json.Unmarshal(answer.Data, &made); err != nil {
		t.Fatal(err)
	}
	id := made.AssetsCreate.Results[0].ID
	next := openStream(t, a, fmt.Sprintf(`subscription { asset(id: %q) { title } }`, id))
	want := func(what, data string) {
		t.Helper()
		if event, got := next(); event != what || got != data {
			t.Errorf("%s %s, want %s %s", event, got, what, data)
		}
	}
	want("next", `{"data":{"asset":{"title":"a"}}}`)
	ask(t, a.URL(), fmt.Sprintf(`mutation { assetsUpdate(items: [{id: %q, title: "b"}]) { revision } }`, id), nil)
	want("next", `{"data":{"asset":{"title":"b"}}}`)

	var begun struct {
		AssetsTrashWhere struct{ Operation struct{ ID string } }
	}
	answer = ask(t, a.URL(), `mutation { assetsTrashWhere(filter: {}, all: true) { operation { id } } }`, nil)
	if err := json.Unmarshal(answer.Data, &begun); err != nil {
		t.Fatal(err)
	}
	watched := openStream(t, a, fmt.Sprintf(`subscription { bulkOperation(id: %q) { status changed } }`, begun.AssetsTrashWhere.Operation.ID))
	last := ""
	for {
		event, data := watched()
		if event != "next" {
			if event != "complete" || last != `{"data":{"bulkOperation":{"status":"DONE","changed":1}}}` {
				t.Errorf("%s after %s", event, last)
			}
			break
		}
		last = data
	}
	want("next", `{"data":{"asset":{"title":"b"}}}`) // it is in the trash now
	ask(t, a.URL(), fmt.Sprintf(`mutation { assetsDelete(assets: [{id: %q}]) { revision } }`, id), nil)
	want("complete", "")
}

// TestSubscriptionsEndWithTheServer does not keep a server that ends, and lets no subscriber
// believe that what was subscribed to is over.
func TestSubscriptionsEndWithTheServer(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	stop := run(t, a)
	document := fmt.Sprintf(`subscription { asset(id: %q) { title } }`, video(t, a.URL()))
	const many = 50
	ends := make(chan string, many)
	for range many {
		next := openStream(t, a, document)
		if event, data := next(); event != "next" {
			t.Fatal(event, data)
		}
		go func() {
			event, data := next()
			ends <- event + data
		}()
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	for range many {
		if got := <-ends; got != "cut off" {
			t.Errorf("%q", got)
		}
	}
}

// TestEventsOfAQuery answers an operation of any kind with events, where nothing else is
// wanted, and the refusal of a document too; that of a request has its status.
func TestEventsOfAQuery(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	next := openStream(t, a, `{__typename}`)
	for _, want := range []string{`next {"data":{"__typename":"Query"}}`, "complete ", "end "} {
		if event, data := next(); event+" "+data != want {
			t.Errorf("%s %s, want %s", event, data, want)
		}
	}
	for text, code := range map[string]string{`{`: "GRAPHQL_PARSE_FAILED", `subscription {nowhere}`: "GRAPHQL_VALIDATION_FAILED"} {
		next = openStream(t, a, text)
		if event, data := next(); event != "next" || !strings.Contains(data, code) {
			t.Errorf("%s: %s %s", text, event, data)
		}
		if event, _ := next(); event != "complete" {
			t.Errorf("%s: then %s", text, event)
		}
	}
	response, body := exchanged(t, a.URL(), with(post(`{`), "Accept", "text/event-stream"))
	if response.StatusCode != http.StatusBadRequest || response.Header.Get("Content-Type") != "application/graphql-response+json"+"; charset=utf-8" {
		t.Errorf("%s %s", response.Status, body)
	}
	const watch = `subscription {asset(id: "vid_01HZZZZZZZZZZZZZZZZZZZZZZZ") {id}}`
	for accept, status := range map[string]int{
		"application/json": 406, "*/*": 406, "": 406, "application/json" + ", " + "text/event-stream" + ";q=0.1": 200, "application/json" + ", " + "text/event-stream" + ";q=0": 406,
	} {
		if response, body := exchanged(t, a.URL(), with(document(watch), "Accept", accept)); response.StatusCode != status {
			t.Errorf("Accept %q: %s %s", accept, response.Status, body)
		}
	}
}
