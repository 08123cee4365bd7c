package typesense_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vodgraph/search"
	"vodgraph/search/searchtest"
	"vodgraph/search/typesense"
	"vodgraph/search/typesensetest"
)

// BenchmarkSearch compares the engine with a bare request that asks the server
// for the same and reads the answer. The difference is what the engine adds.
func BenchmarkSearch(b *testing.B) {
	setting := typesensetest.Shared(b)
	key, rest, _ := strings.Cut(strings.TrimPrefix(setting, "typesense://"), "@")
	host, name, _ := strings.Cut(rest, "/")
	direct, err := typesense.Open(setting)
	if err != nil {
		b.Fatal(err)
	}
	defer direct.Close()
	docs := make([]*search.Document, 20_000)
	for i := range docs {
		docs[i] = document(fmt.Sprintf("vid_%026d", i), int64(i), fmt.Sprintf("amber %d stone of %x", i, i*2654435761%99991))
	}
	if err := direct.Put(b.Context(), docs); err != nil {
		b.Fatal(err)
	}
	for _, text := range []string{"stone 777", "amber ston", "ambre stone", "1a2b"} {
		q := &search.Query{Text: searchtest.Text(text), Limit: 20}
		body := recorded(b, host, key, name, q)
		b.Run(text, func(b *testing.B) {
			var engine, request []time.Duration
			for b.Loop() { // turn by turn, so that whatever else runs costs both the same
				engine = append(engine, took(b, func() error {
					_, err := direct.Search(context.Background(), q)
					return err
				}))
				request = append(request, took(b, func() error { return send(host, key, body) }))
			}
			b.ReportMetric(median(engine).Seconds()*1000, "ms-engine")
			b.ReportMetric(median(request).Seconds()*1000, "ms-request")
			b.ReportMetric(float64(median(engine))/float64(median(request)), "engine/request")
		})
	}
}

// took is how long something takes.
func took(b *testing.B, do func() error) time.Duration {
	b.Helper()
	begin := time.Now()
	if err := do(); err != nil {
		b.Fatal(err)
	}
	return time.Since(begin)
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// send asks the server, and reads the answer.
func send(host, key string, body []byte) error {
	request, err := http.NewRequest(http.MethodPost, "http://"+host+"/multi_search", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("X-TYPESENSE-API-KEY", key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return errors.Join(err, answer.Body.Close())
}

// recorded is what the engine sends for a query, the second time that it is asked.
func recorded(b *testing.B, host, key, name string, q *search.Query) []byte {
	b.Helper()
	var lock sync.Mutex
	var last []byte
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: host})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		lock.Lock()
		last = content
		lock.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(content))
		proxy.ServeHTTP(w, r)
	}))
	defer front.Close()
	engine, err := typesense.Open("typesense://" + key + "@" + strings.TrimPrefix(front.URL, "http://") + "/" + name)
	if err != nil {
		b.Fatal(err)
	}
	defer engine.Close()
	for range 2 { // at the second time it knows the greatest Seq
		if _, err := engine.Search(b.Context(), q); err != nil {
			b.Fatal(err)
		}
	}
	lock.Lock()
	defer lock.Unlock()
	return last
}
