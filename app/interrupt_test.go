package app

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
	"vodgraph/cli"
	"vodgraph/gqlhttp"
)

// half is a request of which a part was sent.
type half struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
	rest string
}

// halfOf sends a request but for its end. The server has begun with it when it says so.
func halfOf(t *testing.T, url string) half {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	const body = `{"query": "{__typename}"}`
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", gqlhttp.Endpoint, len(body))
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	for _, want := range []string{"HTTP/1.1 100 Continue\r\n", "\r\n"} { // it wants the body
		if line, err := in.ReadString('\n'); err != nil || line != want {
			t.Fatalf("%q %v", line, err)
		}
	}
	return half{t, conn, in, body}
}

// finish sends the rest, and returns the answer.
func (h half) finish() (int, string) {
	h.t.Helper()
	if _, err := io.WriteString(h.conn, h.rest); err != nil {
		h.t.Fatal(err)
	}
	response, err := http.ReadResponse(h.in, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// signals sends a signal to a process.
func (p *process) signals(which syscall.Signal) {
	p.t.Helper()
	if err := p.command.Process.Signal(which); err != nil {
		p.t.Fatal(err)
	}
}

// closed waits until nothing listens at an address any more.
func closed(t *testing.T, url string) {
	t.Helper()
	until(t, "the server takes no more", func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
}

// TestFirstSignalDrains has a process answer what it has begun, and end well.
func TestFirstSignalDrains(t *testing.T) {
	t.Parallel()
	for _, which := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		server := begin(t, config(t), "serve")
		request := halfOf(t, server.url)
		server.signals(which)
		closed(t, server.url)
		if status, body := request.finish(); status != http.StatusOK || body != `{"data":{"__typename":"Query"}}` {
			t.Errorf("%v: %d %s", which, status, body)
		}
		if status := server.wait(); status != cli.StatusDone {
			t.Errorf("%v: the exit status is %d\n%s", which, status, server.err)
		}
	}
}

// TestSecondSignalEnds has a process end at once, whatever it has begun.
func TestSecondSignalEnds(t *testing.T) {
	t.Parallel()
	for _, which := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		server := begin(t, config(t), "serve")
		halfOf(t, server.url)
		server.signals(syscall.SIGTERM)
		closed(t, server.url)
		began := time.Now()
		server.signals(which)
		if status := server.wait(); status != 128+int(which) {
			t.Errorf("%v: the exit status is %d", which, status)
		}
		if took := time.Since(began); took > drainTime/2 {
			t.Errorf("%v: it took %v", which, took)
		}
	}
}
