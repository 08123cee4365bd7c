package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/exchange"
	"vodgraph/gqlhttp"
)

// eachConfig runs f on a library of its own on each kind of database.
func eachConfig(t *testing.T, f func(t *testing.T, c Config)) {
	t.Helper()
	t.Parallel()
	for name, config := range map[string]func(*testing.T) Config{"sqlite": config, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, config(t))
		})
	}
}

// sent is the answer to a file.
type sent struct {
	gqlhttp.Receipt
	Errors []struct {
		Message    string
		Extensions struct {
			Code  string
			Field []string
		}
	}
}

// short is the answer in short: the status, or that with a code and a place.
func (s sent) short(status int) string {
	if len(s.Errors) == 0 {
		return fmt.Sprint(status)
	}
	return fmt.Sprintf("%d %s at %v", status, s.Errors[0].Extensions.Code, s.Errors[0].Extensions.Field)
}

// sends posts a file.
func sends(t *testing.T, url, query string, body io.Reader) (int, sent) {
	t.Helper()
	response, err := http.Post(url+gqlhttp.BulkEndpoint+"?"+query, gqlhttp.LinesMediaType, body)
	if err != nil {
		t.Error(err)
		return 0, sent{}
	}
	defer response.Body.Close()
	var reply sent
	if err := json.NewDecoder(response.Body).Decode(&reply); err != nil {
		t.Error(err)
	}
	return response.StatusCode, reply
}

// resultsOf reads the results of a file to their end.
func resultsOf(t *testing.T, url, path string) (results []bulk.FileResult, summary exchange.ChangesSummary) {
	t.Helper()
	response, err := http.Get(url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != gqlhttp.LinesMediaType {
		t.Fatalf("the results are %s of %s", response.Status, response.Header.Get("Content-Type"))
	}
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		var line exchange.ResultLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.Summary != nil {
			if lines.Scan() {
				t.Errorf("%s comes after the summary", lines.Text())
			}
			return results, *line.Summary
		}
		results = append(results, line.FileResult)
	}
	t.Fatal("the results have no summary")
	return nil, summary
}

// videos are lines that make videos with reference ids.
func videos(from, to int) string {
	var text strings.Builder
	for n := from; n < to; n++ {
		fmt.Fprintf(&text, `{"kind": "VIDEO", "title": "Video %d", "referenceId": "video-%06d"}`+"\n", n, n)
	}
	return text.String()
}

// count is how many assets the server has.
func count(t *testing.T, url string) string {
	t.Helper()
	return string(ask(t, url, `{ assets { totalCount } }`, nil).Data)
}

// TestBulk sends a file over more than one part, with lines that cannot be read or are
// refused, and reads what became of each, to the end while it is done and from a line
// on afterwards.
func TestBulk(t *testing.T) {
	eachConfig(t, func(t *testing.T, c Config) {
		a := open(t, c)
		run(t, a)
		status, made := sends(t, a.URL(), "verb=create&note=first", strings.NewReader("\xef\xbb\xbf"+videos(0, 700)+"\n"+
			`{"kind": "SONG", "title": "x"}`+"\n"+`{"kind": "VIDEO", "title": "x", "referenceId": "video-000001"}`))
		if status != http.StatusAccepted || made.Lines != 702 {
			t.Fatalf("%d %+v", status, made)
		}
		results, summary := resultsOf(t, a.URL(), made.Results)
		if len(results) != 702 || results[0].Outcome != change.Created || results[0].ID == "" || results[699].Line != 700 {
			t.Fatalf("%d results, %+v", len(results), results[0])
		}
		for i, want := range []string{"702 FAILED INVALID [kind]", "703 FAILED REFERENCE_ID_TAKEN [referenceId]"} {
			r := results[700+i]
			if got := fmt.Sprint(r.Line, " ", r.Outcome, " ", r.Errors[0].Code, " ", r.Errors[0].Field); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		if summary.Changed != 700 || summary.Failed != 2 || summary.Unchanged != 0 || summary.Lines != 702 || summary.ChangeSet == "" {
			t.Errorf("%+v", summary)
		}
		rest, again := resultsOf(t, a.URL(), made.Results+"?after=650")
		if len(rest) != 52 || rest[0].Line != 651 || again != summary {
			t.Errorf("%d results after line 650, the first %+v, %+v", len(rest), rest[0], again)
		}
		answer := ask(t, a.URL(), fmt.Sprintf(`{ bulkOperation(id: %q) { status matched done changed failed note dryRun
			failures { nodes { line assetId errors { code field } } } changeSet { assetCount note } } }`, made.ID), nil)
		want := `{"bulkOperation":{"status":"DONE","matched":702,"done":702,"changed":700,"failed":2,"note":"first","dryRun":false,` +
			`"failures":{"nodes":[{"line":702,"assetId":null,"errors":[{"code":"INVALID","field":["kind"]}]},` +
			`{"line":703,"assetId":null,"errors":[{"code":"REFERENCE_ID_TAKEN","field":["referenceId"]}]}]},` +
			`"changeSet":{"assetCount":700,"note":"first"}}}`
		if string(answer.Data) != want {
			t.Errorf("%s %v\nwant %s", answer.Data, answer.Errors, want)
		}
	})
}

// TestBulkRefusals refuses what is no file or has settings that cannot be, and leaves
// nothing behind.
func TestBulkRefusals(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	const line = `{"kind": "VIDEO", "title": "x"}` + "\n"
	for _, c := range []struct{ query, body, want string }{
		{"", line, "400 INVALID at [verb]"},
		{"verb=CREATE", line, "400 INVALID at [verb]"},
		{"verb=undo", line, "400 INVALID at [verb]"},
		{"verb=create&verb=update", line, "400 INVALID at [verb]"},
		{"verb=create&colour=red", line, "400 INVALID at [colour]"},
		{"verb=create&dryRun=yes", line, "400 INVALID at [dryRun]"},
		{"verb=create&force", line, "400 INVALID at [force]"},
		{"verb=create&key=", line, "400 INVALID at [key]"},
		{"verb=create&note=" + strings.Repeat("x", 1001), line, "400 INVALID at [note]"},
		{"verb=create&note=%00", line, "400 INVALID at [note]"},
		{"verb=create&%zz", line, "400 INVALID at []"},
		{"verb=create", "", "400 REQUIRED at []"},
		{"verb=create", "\n \n\n", "400 REQUIRED at []"},
		{"verb=create&key=%ff", line, "400 INVALID at [key]"},
		{"verb=create&note=%ff", line, "400 INVALID at [note]"},
		{"verb=create", " [" + line + "]", "400 INVALID at []"},
		{"verb=create", line + `{"title": "` + strings.Repeat("x", exchange.LongestChange) + `"}`, "413 INVALID at []"},
	} {
		status, reply := sends(t, a.URL(), c.query, strings.NewReader(c.body))
		if got := reply.short(status); got != c.want {
			t.Errorf("%.60s: %s, want %s", c.query, got, c.want)
		}
	}
	response, err := http.Post(a.URL()+gqlhttp.BulkEndpoint+"?verb=create", "text/plain", strings.NewReader(line))
	if err != nil || response.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("text/plain: %v %v", response.Status, err)
	}
	response.Body.Close()
	if status, header, _ := get(t, a.URL()+gqlhttp.BulkEndpoint); status != http.StatusMethodNotAllowed || header.Get("Allow") != "POST" {
		t.Errorf("GET: %d, allowed is %q", status, header.Get("Allow"))
	}
	for path, want := range map[string]int{"blk_none/results": 404, "%00/results": 404, "%ff/results": 404, "blk_none/results?after=x": 400} {
		if status, _, body := get(t, a.URL()+gqlhttp.BulkEndpoint+"/"+path); status != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if answer := ask(t, a.URL(), `{ bulkOperations { totalCount } }`, nil); string(answer.Data) != `{"bulkOperations":{"totalCount":0}}` {
		t.Errorf("%s is left behind", answer.Data)
	}
	for _, c := range []struct{ query, body, want string }{ // a file of nothing does not use its key up
		{"verb=create&key=k", "\n", "400 REQUIRED at []"},
		{"verb=update&key=k", strings.Repeat("\n", 1_100_000), "400 REQUIRED at []"},
		{"verb=create&key=k", line, "202"},
	} {
		if status, reply := sends(t, a.URL(), c.query, strings.NewReader(c.body)); reply.short(status) != c.want {
			t.Errorf("%s: %s, want %s", c.query, reply.short(status), c.want)
		}
	}
}

// broken is a file that ends in an error.
type broken struct{ io.Reader }

func (b broken) Read(into []byte) (int, error) {
	n, err := b.Reader.Read(into)
	if errors.Is(err, io.EOF) {
		err = errors.New("broken")
	}
	return n, err
}

// breaksOff sends a file that breaks off.
func breaksOff(t *testing.T, url, query, body string) {
	t.Helper()
	response, err := http.Post(url+gqlhttp.BulkEndpoint+"?"+query, gqlhttp.LinesMediaType, broken{strings.NewReader(body)})
	if err == nil {
		response.Body.Close()
		t.Fatalf("a broken file was answered: %s", response.Status)
	}
}

// waiting waits until the one operation has received so many lines, and returns its
// id. Nothing of it is done.
func waiting(t *testing.T, url string, lines int) (id string) {
	t.Helper()
	until(t, "the file waits for the rest", func() bool {
		var found struct {
			BulkOperations struct {
				Nodes []struct {
					ID, Status string
					Matched    int
				}
			}
		}
		answer := ask(t, url, `{ bulkOperations { nodes { id status matched } } }`, nil)
		if err := json.Unmarshal(answer.Data, &found); err != nil {
			t.Fatal(err)
		}
		nodes := found.BulkOperations.Nodes
		if len(nodes) > 1 || len(nodes) == 1 && nodes[0].Status != "QUEUED" {
			t.Fatalf("%+v", nodes)
		}
		if len(nodes) == 0 || nodes[0].Matched != lines {
			return false
		}
		id = nodes[0].ID
		return true
	})
	return id
}

// TestBulkGoesOn breaks a file off, and wants nothing of it done until it comes whole
// with its key; then each line once, and others with the key refused.
func TestBulkGoesOn(t *testing.T) {
	eachConfig(t, func(t *testing.T, c Config) {
		a := open(t, c)
		run(t, a)
		whole := videos(0, 1700)
		for _, part := range []int{len(whole) * 9 / 10, len(whole) / 3} { // the second less far than the first
			breaksOff(t, a.URL(), "verb=create&key=k", whole[:part])
		}
		id := waiting(t, a.URL(), 1500)
		if status, _, body := get(t, a.URL()+gqlhttp.ResultsPath(id)); status != http.StatusConflict {
			t.Errorf("the results of a half: %d %s", status, body)
		}
		const reused = "409 IDEMPOTENCY_KEY_REUSED at [key]"
		sendsAll := func(files map[[2]string]string) { // by query and body
			t.Helper()
			for file, want := range files {
				if status, reply := sends(t, a.URL(), file[0], strings.NewReader(file[1])); reply.short(status) != want || want == "202" && reply.ID != id {
					t.Errorf("%s with %d bytes: %s, want %s", file[0], len(file[1]), reply.short(status), want)
				}
			}
		}
		sendsAll(map[[2]string]string{
			{"verb=create&key=k", strings.Replace(whole, "Video 700", "Video", 1)}: reused,
			{"verb=update&key=k", whole}:        reused,
			{"verb=create&dryRun&key=k", whole}: reused,
			{"verb=create&note=n&key=k", whole}: reused,
		})
		if got := count(t, a.URL()); got != `{"assets":{"totalCount":0}}` {
			t.Errorf("a half of a file was done: %s", got)
		}
		var group sync.WaitGroup
		for range 3 { // at once
			group.Go(func() { sendsAll(map[[2]string]string{{"verb=create&key=k", whole}: "202"}) })
		}
		group.Wait()
		if _, summary := resultsOf(t, a.URL(), gqlhttp.ResultsPath(id)); summary.Changed != 1700 || summary.Failed != 0 {
			t.Errorf("%+v", summary)
		}
		sendsAll(map[[2]string]string{
			{"verb=create&key=k", whole}:             "202",
			{"verb=create&key=k", videos(0, 1699)}:   reused,
			{"verb=create&key=k", videos(0, 1500)}:   reused,
			{"verb=create&key=k", videos(0, 1701)}:   reused,
			{"verb=create&key=k", whole + whole[:9]}: reused,
		})
		if got := count(t, a.URL()); got != `{"assets":{"totalCount":1700}}` {
			t.Errorf("after all: %s", got)
		}
	})
}

// TestBulkWithoutKeyIsForgotten forgets a file without a key that breaks off.
func TestBulkWithoutKeyIsForgotten(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	breaksOff(t, a.URL(), "verb=create", videos(0, 1200))
	until(t, "it is forgotten", func() bool {
		return string(ask(t, a.URL(), `{ bulkOperations { totalCount } }`, nil).Data) == `{"bulkOperations":{"totalCount":0}}`
	})
}

// TestBulkIsCancelled ends a file that is being received, by its operation.
func TestBulkIsCancelled(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	in, out := io.Pipe()
	status := make(chan string)
	go func() {
		code, reply := sends(t, a.URL(), "verb=create&key=k", in)
		status <- reply.short(code)
	}()
	if _, err := io.WriteString(out, videos(0, 600)); err != nil {
		t.Fatal(err)
	}
	id := waiting(t, a.URL(), 500)
	ask(t, a.URL(), fmt.Sprintf(`mutation { bulkOperationCancel(id: %q) { operation { status } } }`, id), nil)
	_, _ = io.WriteString(out, videos(600, 1200)) // or it is refused already
	out.Close()
	if got := <-status; got != "409 IDEMPOTENCY_KEY_REUSED at [key]" {
		t.Errorf("%s", got)
	}
	if got := count(t, a.URL()); got != `{"assets":{"totalCount":0}}` {
		t.Errorf("after all: %s", got)
	}
}
