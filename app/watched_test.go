package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
	"vodgraph/gqlhttp"
	"vodgraph/library"
)

// fronted serves a handler behind what stands before every route.
func fronted(t *testing.T, handler http.HandlerFunc) (*httptest.Server, *logged) {
	t.Helper()
	log := &logged{}
	server := httptest.NewServer(gqlhttp.Front(gqlhttp.NewPresenter(log.withRequests(), library.NewReference), nil, handler))
	t.Cleanup(server.Close)
	return server, log
}

// asking sends a request with an id.
func asking(t *testing.T, url, id string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Request-Id", id)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// TestRequestIDs takes ids that can be written down, and makes others.
func TestRequestIDs(t *testing.T) {
	t.Parallel()
	server, log := fronted(t, func(_ http.ResponseWriter, r *http.Request) {})
	for _, good := range []string{"a", "A.b_c-9", strings.Repeat("x", 64)} {
		if response, _ := asking(t, server.URL, good); response.Header.Get("X-Request-Id") != good {
			t.Errorf("%q became %q", good, response.Header.Get("X-Request-Id"))
		}
	}
	made := map[string]bool{}
	for _, bad := range []string{"", " ", "a b", `a"b`, "a=b", "ä", "a\tb", "a\u2028", strings.Repeat("x", 65)} {
		response, _ := asking(t, server.URL, bad)
		id := response.Header.Get("X-Request-Id")
		if !regexp.MustCompile(`^[A-Z2-7]{26}$`).MatchString(id) || made[id] {
			t.Errorf("%q became %q", bad, id)
		}
		made[id] = true
		if strings.Count(log.String(), "request="+id) != 1 {
			t.Errorf("the log has not one line of %s", id)
		}
	}
	if strings.Contains(log.String(), "a b") {
		t.Errorf("the log is\n%s", log)
	}
}

// TestReferencesLeadToRequests finds the request of an error in the log.
func TestReferencesLeadToRequests(t *testing.T) {
	t.Parallel()
	server, log, _ := breakingWith(t, gqlhttp.DefaultProtocol(), func(*gqlhttp.Transport) {})
	front := httptest.NewServer(gqlhttp.Front(gqlhttp.NewPresenter(log.withRequests(), library.NewReference), nil, server.Config.Handler))
	defer front.Close()
	response, body := asking(t, front.URL+gqlhttp.Endpoint+"?query={node(id:%22panic%22){id}}", "from-the-proxy")
	reference, _ := read1(t, []byte(body)).Extensions["reference"].(string)
	if response.Header.Get("X-Request-Id") != "from-the-proxy" {
		t.Errorf("the answer has the id %q", response.Header.Get("X-Request-Id"))
	}
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "reference="+reference) && strings.Contains(line, "request=from-the-proxy") {
			return
		}
	}
	t.Errorf("no line has the reference %s and the request:\n%s", reference, log)
}

// TestRequestsAreLogged writes how requests went, for those who want to see them.
func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	server, log := fronted(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/none" {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, "12345")
	})
	asking(t, server.URL+"/some?secret=1", "one")
	asking(t, server.URL+"/none", "two")
	for _, want := range []string{
		`msg="a request" method=GET path=/some status=200 bytes=5 took=`, "request=one",
		`msg="a request" method=GET path=/none status=404 bytes=5 took=`, "request=two",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("the log has what was asked:\n%s", log)
	}
}

// TestPanicOfAHandler answers for it once, where nothing was said yet, and breaks off
// what has begun.
func TestPanicOfAHandler(t *testing.T) {
	t.Parallel()
	server, log := fronted(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/begun":
			fmt.Fprint(w, "so")
			_ = http.NewResponseController(w).Flush()
			panic("a secret")
		case "/aborted":
			panic(http.ErrAbortHandler)
		}
		panic("a secret")
	})
	response, body := asking(t, server.URL, "x")
	reference, _ := read1(t, []byte(body)).Extensions["reference"].(string)
	if response.StatusCode != http.StatusInternalServerError || strings.Contains(body, "secret") {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	if text := log.String(); strings.Count(text, "a secret") != 1 || !strings.Contains(text, "reference="+reference) ||
		!strings.Contains(text, "watched_test.go") {
		t.Errorf("it is not logged once, with its stack:\n%s", text)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for _, path := range []string{"/begun", "/aborted"} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if response, err = http.DefaultClient.Do(r); err == nil {
			_, err = io.ReadAll(response.Body)
			response.Body.Close()
		}
		if err == nil || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s is whole: %v", path, err)
		}
	}
	if strings.Count(log.String(), "a secret") != 2 {
		t.Errorf("the log is\n%s", log)
	}
}
