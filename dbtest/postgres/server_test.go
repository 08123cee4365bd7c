package postgres

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vodgraph/database"
)

// childVariable makes TestStartInAProcess the process of a test below.
const childVariable = "POSTGRES_TEST_CHILD"

// TestStartInAProcess starts a server, prints its URL, and waits to be killed.
func TestStartInAProcess(t *testing.T) {
	if os.Getenv(childVariable) == "" {
		return
	}
	binaries, err := installed()
	if err != nil {
		t.Fatal(err)
	}
	server, err := startFrom(t.Context(), binaries, nil)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(server.URL)
	select {}
}

func TestServerEndsWithTheProcessThatStartedIt(t *testing.T) {
	t.Parallel()
	if _, err := installed(); err != nil {
		t.Skip("this machine has no Postgres of its own")
	}
	temp, err := os.MkdirTemp("", "vodgraph-test-") // t.TempDir lets no other user in
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(temp)
	if err := os.Chmod(temp, 0o777); err != nil {
		t.Fatal(err)
	}
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
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	if !answers(t.Context(), address.String()) {
		t.Fatalf("%s does not answer", address)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for again := time.NewTicker(20 * time.Millisecond); ; <-again.C {
		conn, err := net.Dial("tcp", address.Host)
		left, globErr := filepath.Glob(filepath.Join(temp, "*"))
		if err != nil && len(left) == 0 && globErr == nil {
			return
		}
		if conn != nil {
			conn.Close()
		}
		if ctx.Err() != nil {
			t.Fatalf("the server still answers (%v) or has left %q", err, left)
		}
	}
}

// TestFetchedServer starts a server from binaries that are fetched.
func TestFetchedServer(t *testing.T) {
	t.Parallel()
	if os.Getenv("SOAK") == "" {
		t.Skip("this fetches 15 MB; SOAK=1 lets it")
	}
	binaries, err := fetched(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	server, err := startFrom(t.Context(), binaries, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !answers(t.Context(), server.URL) {
		t.Error("the server does not answer")
	}
	server.Stop()
	server.Stop()
	if answers(t.Context(), server.URL) {
		t.Error("the server answers after its end")
	}
}

// answers reports whether a database can be opened.
func answers(ctx context.Context, address string) bool {
	db, err := database.Open(ctx, database.Config{URL: address})
	if err != nil {
		return false
	}
	return db.Close() == nil
}
