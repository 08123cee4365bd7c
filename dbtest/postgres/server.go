// Package postgres finds or starts a Postgres server for tests, and makes
// databases on it.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"time"

	"vodgraph/database"
)

const (
	// startTries is how many ports are tried: one that was free may be taken
	// before the server has it.
	startTries = 3
	// startTimeout is how long a server may take until it answers.
	startTimeout = 30 * time.Second
)

// usual settings are for a server whose data nobody will miss.
var usual = []string{
	"fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off",
	"max_connections=300", "shared_buffers=128MB", "listen_addresses=127.0.0.1", "unix_socket_directories=",
}

// Server is a Postgres server in a temporary folder. It ends with Stop, and also
// with the process that started it, in whatever way that ends.
type Server struct {
	// URL of a database on it, with a user who may do everything.
	URL string

	alive io.Closer     // while it is open, the server runs
	ended chan struct{} // closed when the server has ended and its folder is gone
}

// Start starts a server on a free port of this machine: from the binaries that
// are installed, or else from binaries fetched into the cache folder, which
// takes a network the first time. Its error is a sentence on what was lacking.
//
// Settings, such as autovacuum=on, go before the usual ones, which are for tests.
func Start(ctx context.Context, cache string, settings ...string) (*Server, error) {
	binaries, err := installed()
	if err != nil {
		if binaries, err = fetched(cache); err != nil {
			return nil, err
		}
	}
	return startFrom(ctx, binaries, settings)
}

// startFrom starts a server from a folder of binaries.
func startFrom(ctx context.Context, binaries string, settings []string) (*Server, error) {
	for try := 1; ; try++ {
		folder, err := os.MkdirTemp("", "vodgraph-postgres-")
		if err != nil {
			return nil, fmt.Errorf("make a folder for Postgres: %w", err)
		}
		server, err := startIn(ctx, folder, binaries, settings)
		if err == nil {
			return server, nil
		}
		err = errors.Join(err, os.RemoveAll(folder))
		if try == startTries || ctx.Err() != nil {
			return nil, err
		}
	}
}

// startIn starts a server whose all is in folder.
func startIn(ctx context.Context, folder, binaries string, settings []string) (*Server, error) {
	owner, err := findOwner()
	if err != nil {
		return nil, err
	}
	if binaries, err = owner.reach(folder, binaries); err != nil {
		return nil, err
	}
	if err := owner.own(folder); err != nil {
		return nil, fmt.Errorf("hand over the folder of Postgres: %w", err)
	}
	return listen(ctx, folder, binaries, owner, settings)
}

// keep is a shell's script that makes a server's data in the folder $1 with the
// binaries in $2, runs it with the other arguments until its own standard input
// ends, and clears up behind it. As a process of its own it does so even when
// the one that started it is killed. A server that has just begun may not hear
// the signal, and so gets it again.
const keep = `folder=$1 binaries=$2
shift 2
trap 'rm -rf "$folder"' EXIT
exec 3<&0
"$binaries/initdb" --pgdata "$folder/data" --username postgres --auth trust --encoding UTF8 --locale C --no-sync >/dev/null 3<&- || exit
"$binaries/postgres" -D "$folder/data" "$@" 3<&- & server=$!
{ read -r _ <&3; while kill -INT $server; do sleep 1; done; } 2>/dev/null &
wait $server`

// listen starts the server on a port that is free now, and waits until it answers.
func listen(ctx context.Context, folder, binaries string, owner *owner, settings []string) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	args := []string{"-c", keep, "keep", folder, binaries, "-p", strconv.Itoa(port)}
	for _, setting := range append(usual[:len(usual):len(usual)], settings...) { // the last of a name holds
		args = append(args, "-c", setting)
	}
	keeper := exec.Command("sh", args...)
	owner.run(keeper, folder)
	log, err := os.CreateTemp("", "vodgraph-postgres-log-")
	if err != nil {
		return nil, fmt.Errorf("open the log of Postgres: %w", err)
	}
	defer log.Close()
	if err := os.Remove(log.Name()); err != nil { // who has it open goes on with it
		return nil, fmt.Errorf("open the log of Postgres: %w", err)
	}
	keeper.Stdout, keeper.Stderr = log, log // not our own, for whose end go test would wait
	alive, err := keeper.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start Postgres: %w", err)
	}
	if err := keeper.Start(); err != nil {
		return nil, fmt.Errorf("start Postgres: %w", err)
	}
	server := &Server{
		URL:   fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port),
		alive: alive,
		ended: make(chan struct{}),
	}
	go func() {
		defer close(server.ended)
		_ = keeper.Wait() // how it ended is in its log
	}()
	if err := server.answers(ctx); err != nil {
		server.Stop()
		said, _ := io.ReadAll(io.NewSectionReader(log, 0, 1<<20))
		return nil, fmt.Errorf("%w: %s", err, said)
	}
	return server, nil
}

// answers waits until the server answers, has ended, or has had its time.
func (s *Server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		db, err := database.Open(ctx, database.Config{URL: s.URL})
		if err == nil {
			return db.Close()
		}
		select {
		case <-again.C:
		case <-s.ended:
			return errors.New("Postgres has ended by itself")
		case <-ctx.Done():
			return fmt.Errorf("Postgres does not answer: %w", err)
		}
	}
}

// Stop ends the server and removes its folder. It may be called again.
func (s *Server) Stop() {
	_ = s.alive.Close() // it is closed already where the server has ended by itself
	<-s.ended
}

// freePort is a port of this machine that nobody listens on at the moment.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}
