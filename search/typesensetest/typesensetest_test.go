package typesensetest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vodgraph/search/typesensetest"
)

// childVariable makes TestStartInAProcess the process of a test below.
const childVariable = "TYPESENSETEST_CHILD"

// TestStartInAProcess starts a server, prints where it is, and waits to be killed.
func TestStartInAProcess(t *testing.T) {
	if os.Getenv(childVariable) == "" {
		return
	}
	fmt.Println(typesensetest.Own(t).Host)
	select {}
}

// within repeats a look until it is content, for at most a time that is far
// longer than it takes.
func within(t *testing.T, what string, look func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !look() {
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatal(what)
		}
	}
}

func TestServerEndsWithTheProcessThatStartedIt(t *testing.T) {
	t.Parallel()
	typesensetest.Own(t).Stop() // or the test ends here
	temp := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestStartInAProcess$")
	child.Env = append(os.Environ(), childVariable+"=1", "TMPDIR="+temp)
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	host := strings.TrimSpace(line)
	if err != nil || !listens(host) {
		t.Fatalf("%q does not listen: %v", host, err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	within(t, "the server or its folder is still there", func() bool {
		left, err := filepath.Glob(filepath.Join(temp, "*"))
		return err == nil && len(left) == 0 && !listens(host)
	})
}

func listens(host string) bool {
	connection, err := net.Dial("tcp", host)
	if err != nil {
		return false
	}
	_ = connection.Close() // it has sent what it could
	return true
}

// status asks the server for its collections and returns the answer's status,
// or 0 where there is none in time.
func status(server *typesensetest.Server, method, body string) int {
	client := http.Client{Timeout: 500 * time.Millisecond}
	request, err := http.NewRequest(method, "http://"+server.Host+"/collections", strings.NewReader(body))
	if err != nil {
		return 0
	}
	request.Header.Set("X-TYPESENSE-API-KEY", server.Key)
	answer, err := client.Do(request)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

func TestServerIsKilledFrozenAndRestarted(t *testing.T) {
	t.Parallel()
	server := typesensetest.Own(t)
	const collection = `{"name": "kept", "fields": [{"name": "title", "type": "string"}]}`
	if got := status(server, http.MethodPost, collection); got != http.StatusCreated {
		t.Fatalf("making a collection answers %d", got)
	}
	if err := server.Freeze(); err != nil {
		t.Fatal(err)
	}
	if got := status(server, http.MethodGet, ""); got != 0 {
		t.Errorf("a frozen server answers %d", got)
	}
	if err := server.Thaw(); err != nil {
		t.Fatal(err)
	}
	within(t, "a thawed server does not answer", func() bool { return status(server, http.MethodGet, "") == http.StatusOK })
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	if listens(server.Host) {
		t.Error("a killed server listens")
	}
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	within(t, "a server forgot its data", func() bool { return status(server, http.MethodPost, collection) == http.StatusConflict })
}

func TestSharedServerIsLeftClean(t *testing.T) {
	t.Parallel()
	var address string
	t.Run("test", func(t *testing.T) {
		address = typesensetest.Shared(t)
		if other := typesensetest.Shared(t); other == address {
			t.Errorf("two names are both %s", address)
		}
	})
	if address == "" {
		t.Skip("there is no server")
	}
	key, rest, _ := strings.Cut(strings.TrimPrefix(address, "typesense://"), "@")
	host, name, _ := strings.Cut(rest, "/")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+"/collections", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-TYPESENSE-API-KEY", key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var collections []struct{ Name string }
	if err := json.NewDecoder(answer.Body).Decode(&collections); err != nil {
		t.Fatal(err)
	}
	for _, collection := range collections {
		if strings.HasPrefix(collection.Name, name) {
			t.Errorf("%s is still there", collection.Name)
		}
	}
}
