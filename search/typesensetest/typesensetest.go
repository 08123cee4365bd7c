// Package typesensetest gives tests a real Typesense server: one that is
// shared, or one of a test's own, which it may kill, freeze and start again.
//
// The shared server is that of TYPESENSE_URL and TYPESENSE_KEY, which "make
// test" sets. Without them, each package that asks starts one from a program
// that is fetched once. Where none can be had, the tests are skipped, or fail
// with CI=true.
package typesensetest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/dbtest/postgres"
)

// Environment variables that a run of tests hands to its packages.
const (
	// URLVariable holds the URL of a server for tests, http or https.
	URLVariable = "TYPESENSE_URL"
	// KeyVariable holds its key, which may do everything.
	KeyVariable = "TYPESENSE_KEY"
	// LackingVariable holds the sentence on why there is none, so that nobody
	// tries again.
	LackingVariable = "TEST_TYPESENSE_LACKING"
)

var shared = sync.OnceValues(find)

type site struct {
	*url.URL         // its user is the key
	started  *Server // nil for one of others; while it is reachable, it runs
}

func find() (*site, error) {
	if address := os.Getenv(URLVariable); address != "" {
		found, err := url.Parse(address)
		if err != nil || found.Host == "" {
			return nil, fmt.Errorf("%s is no URL such as http://127.0.0.1:8108", URLVariable)
		}
		found.User = url.User(os.Getenv(KeyVariable))
		return &site{URL: found}, nil
	}
	server, err := provide(context.Background(), 1)
	if err != nil {
		return nil, err
	}
	return &site{URL: server[0].url(), started: server[0]}, nil
}

func provide(ctx context.Context, count int) ([]*Server, error) {
	if lacking := os.Getenv(LackingVariable); lacking != "" {
		return nil, errors.New(lacking)
	}
	cache, err := postgres.CacheFolder()
	if err != nil {
		return nil, err
	}
	return StartCluster(ctx, cache, count)
}

func (s *Server) url() *url.URL {
	return &url.URL{Scheme: "http", Host: s.Host, User: url.User(s.Key)}
}

// Address is the setting that names the server, and its collections by a name.
func (s *Server) Address(name string) string { return Address([]*Server{s}, name) }

// Address is the setting that names all servers of a cluster.
func Address(servers []*Server, name string) string {
	var hosts []string
	for _, server := range servers {
		hosts = append(hosts, server.Host)
	}
	return fmt.Sprintf("typesense://%s@%s/%s", servers[0].Key, strings.Join(hosts, ","), name)
}

// Shared is the setting for collections of this test alone on a server that
// others use as well; they are gone at its end. The test ends here where there
// is no server.
func Shared(t testing.TB) string {
	t.Helper()
	server, err := shared()
	if err != nil {
		dbtest.Lacking(t, "Typesense: %v", err)
	}
	name := "test" + strings.ToLower(rand.Text())
	t.Cleanup(func() {
		if err := clear(context.Background(), server, name); err != nil {
			t.Errorf("clear up on the server: %v", err)
		}
	})
	scheme := "typesense"
	if server.Scheme == "https" {
		scheme = "typesenses"
	}
	return (&url.URL{Scheme: scheme, User: server.User, Host: server.Host, Path: "/" + name}).String()
}

// Own is a server of this test alone, stopped at its end. The test ends here
// where there is none.
func Own(t testing.TB) *Server {
	t.Helper()
	return Cluster(t, 1)[0]
}

// Cluster is as Own for several servers that hold the same.
func Cluster(t testing.TB, count int) []*Server {
	t.Helper()
	servers, err := provide(t.Context(), count)
	if err != nil {
		dbtest.Lacking(t, "Typesense: %v", err)
	}
	t.Cleanup(func() {
		for _, server := range servers {
			server.Stop()
		}
	})
	return servers
}

// clear removes the alias of a name, and the collections whose names begin so.
func clear(ctx context.Context, server *site, name string) error {
	content, err := call(ctx, http.MethodGet, server, "/collections")
	if err != nil {
		return err
	}
	var collections []struct{ Name string }
	if err := json.Unmarshal(content, &collections); err != nil {
		return fmt.Errorf("read the list of collections: %w", err)
	}
	for _, collection := range collections {
		if strings.HasPrefix(collection.Name, name) {
			if _, err := call(ctx, http.MethodDelete, server, "/collections/"+collection.Name); err != nil {
				return err
			}
		}
	}
	_, err = call(ctx, http.MethodDelete, server, "/aliases/"+name)
	return err
}

// call sends a request; 404 is no error.
func call(ctx context.Context, method string, server *site, path string) ([]byte, error) {
	address := url.URL{Scheme: server.Scheme, Host: server.Host, Path: path}
	request, err := http.NewRequestWithContext(ctx, method, address.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("X-TYPESENSE-API-KEY", server.User.Username())
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusNotFound {
		return nil, fmt.Errorf("%s %s: %s: %s", method, path, answer.Status, content)
	}
	return content, nil
}
