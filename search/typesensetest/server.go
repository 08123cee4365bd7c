package typesensetest

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// startTries is how many times ports are chosen: one that was free may be
	// taken before the server has it.
	startTries = 3
	// startTimeout is how long a server may take until it calls itself healthy.
	startTimeout = 60 * time.Second
	// askTimeout is how long one question after its health may take.
	askTimeout = 2 * time.Second
)

// keep is a shell script that holds the folder $1 and runs the command that follows, each
// time that it reads "start", printing its process id; "wait" waits for its end. When
// its input ends it kills the command and removes the folder: as a process of its own it
// does so even when the test process is killed. A process that has ended keeps its id
// until it is waited for, so that a signal never reaches another.
const keep = `folder=$1 server=
shift
trap '' INT TERM HUP
while read -r word; do
	case $word in
	start) "$@" >>"$folder/output" 2>&1 </dev/null & server=$!; echo $server;;
	wait) wait $server 2>/dev/null; server=; echo ended;;
	esac
done
[ -n "$server" ] && kill -KILL $server && wait $server 2>/dev/null
rm -rf "$folder"`

// Server is a Typesense server with its data in a temporary folder. It ends with
// Stop, and also with the process that started it, in whatever way that ends.
// Its methods are for one goroutine.
type Server struct {
	// Host is where it listens, host:port, also after Restart.
	Host string
	// Key opens all of it.
	Key string

	peering string // host:port for the other servers of a cluster
	folder  string
	keeper  *exec.Cmd
	words   io.WriteCloser // to the keeper; while it is open, the folder stays
	answers *bufio.Reader  // from the keeper
	process int            // of the server; 0 while none runs
}

// Start starts a server on free ports of this machine and waits until it calls
// itself healthy. Its program is kept in the cache folder, where it is fetched
// the first time. Its error is a sentence on what was lacking.
func Start(ctx context.Context, cache string) (*Server, error) {
	servers, err := StartCluster(ctx, cache, 1)
	if err != nil {
		return nil, err
	}
	return servers[0], nil
}

// StartCluster is as Start for several servers that hold the same.
func StartCluster(ctx context.Context, cache string, count int) ([]*Server, error) {
	program, err := binary(ctx, cache)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		servers, err := startAll(ctx, program, count)
		if err == nil || try == startTries || ctx.Err() != nil {
			return servers, err
		}
	}
}

// startAll starts servers of one cluster, all or none.
func startAll(ctx context.Context, program string, count int) (_ []*Server, err error) {
	key := rand.Text()
	var servers []*Server
	defer func() {
		if err != nil {
			for _, server := range servers {
				server.Stop()
			}
		}
	}()
	var nodes []string
	for range count {
		server, err := hold(program, key)
		if err != nil {
			return nil, err
		}
		servers = append(servers, server)
		_, api, _ := net.SplitHostPort(server.Host) // we have joined it
		nodes = append(nodes, server.peering+":"+api)
	}
	for _, server := range servers {
		list := []byte(strings.Join(nodes, ","))
		if err := os.WriteFile(filepath.Join(server.folder, "nodes"), list, 0o600); err != nil {
			return nil, fmt.Errorf("write the list of servers: %w", err)
		}
		if err := server.start(); err != nil {
			return nil, err
		}
	}
	for _, server := range servers {
		if err := server.healthy(ctx); err != nil {
			return nil, err
		}
	}
	return servers, nil
}

// hold makes a server without its process.
func hold(program, key string) (*Server, error) {
	api, err := freePort()
	if err != nil {
		return nil, err
	}
	peering, err := freePort()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "vodgraph-typesense-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for Typesense: %w", err)
	}
	for _, name := range []string{"data", "log"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			return nil, errors.Join(fmt.Errorf("make a folder for Typesense: %w", err), os.RemoveAll(folder))
		}
	}
	keeper := exec.Command("sh", "-c", keep, "keep", folder, program,
		"--data-dir", filepath.Join(folder, "data"), "--log-dir", filepath.Join(folder, "log"),
		"--api-key", key, "--api-address", "127.0.0.1", "--api-port", strconv.Itoa(api),
		"--peering-address", "127.0.0.1", "--peering-port", strconv.Itoa(peering),
		"--nodes", filepath.Join(folder, "nodes"))
	apart(keeper)
	words, wordsErr := keeper.StdinPipe()
	answers, answersErr := keeper.StdoutPipe()
	if err := errors.Join(wordsErr, answersErr); err != nil {
		return nil, errors.Join(fmt.Errorf("start Typesense: %w", err), os.RemoveAll(folder))
	}
	if err := keeper.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start Typesense: %w", err), os.RemoveAll(folder))
	}
	host := func(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
	return &Server{
		Host: host(api), Key: key, peering: host(peering), folder: folder,
		keeper: keeper, words: words, answers: bufio.NewReader(answers),
	}, nil
}

// say sends a command to the keeper, and returns its answer.
func (s *Server) say(word string) (string, error) {
	if _, err := fmt.Fprintln(s.words, word); err != nil {
		return "", fmt.Errorf("%s Typesense: %w", word, err)
	}
	answer, err := s.answers.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s Typesense: %w", word, err)
	}
	return strings.TrimSpace(answer), nil
}

func (s *Server) start() error {
	answer, err := s.say("start")
	if err != nil {
		return err
	}
	if s.process, err = strconv.Atoi(answer); err != nil {
		return fmt.Errorf("start Typesense: %w", err)
	}
	return nil
}

// healthy waits until the server calls itself healthy, which after a crash is no proof
// that it has all its documents.
func (s *Server) healthy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		err := s.asked(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			said, _ := os.ReadFile(filepath.Join(s.folder, "output"))
			return fmt.Errorf("Typesense does not become healthy: %w: %s", err, said[max(0, len(said)-2000):])
		}
	}
}

func (s *Server) asked(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Host+"/health", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return nil
}

// Kill ends the process at once, as a crash does. Its data stay.
func (s *Server) Kill() error {
	if s.process == 0 {
		return nil
	}
	if err := kill(s.process); err != nil {
		return fmt.Errorf("kill Typesense: %w", err)
	}
	s.process = 0
	_, err := s.say("wait")
	return err
}

// Empty ends the process at once and removes its data, so that it has none when it
// is started again.
func (s *Server) Empty() error {
	if err := s.Kill(); err != nil {
		return err
	}
	data := filepath.Join(s.folder, "data")
	if err := errors.Join(os.RemoveAll(data), os.Mkdir(data, 0o700)); err != nil {
		return fmt.Errorf("empty Typesense: %w", err)
	}
	return nil
}

// Freeze halts the process, which goes on taking connections and answers none.
func (s *Server) Freeze() error {
	if err := halt(s.process); err != nil {
		return fmt.Errorf("freeze Typesense: %w", err)
	}
	return nil
}

// Thaw lets a frozen process go on.
func (s *Server) Thaw() error {
	if err := resume(s.process); err != nil {
		return fmt.Errorf("thaw Typesense: %w", err)
	}
	return nil
}

// Restart kills the process and starts another one on the same data and ports.
// It returns when that calls itself healthy, which is before it has read all of
// its data again.
func (s *Server) Restart(ctx context.Context) error {
	if err := s.Kill(); err != nil {
		return err
	}
	if err := s.start(); err != nil {
		return err
	}
	return s.healthy(ctx)
}

// Stop ends the server and removes its folder. It may be called again.
func (s *Server) Stop() {
	_ = s.words.Close() // it is closed already at a second call
	_ = s.keeper.Wait() // how it ended is nobody's concern: its data are gone
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}
