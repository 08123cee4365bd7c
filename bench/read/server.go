package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"

	"golang.org/x/sync/errgroup"

	"vodgraph/app"
	"vodgraph/database"
	"vodgraph/gqlhttp"
	lib "vodgraph/library"
)

// serveCommand has this command be the server that another run of it measures:
// so that the processor's time is the server's alone, without the clients'.
const serveCommand = "serve"

// addresses are where a server answers, as it tells them on a line of its output.
type addresses struct{ Graph, Anchor string }

// serve serves a library, the graph by app and the anchors beside it, until its
// input ends.
func serve(ctx context.Context, args []string, in io.Reader, out io.Writer) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	config := app.Config{Settings: lib.Settings{Limits: "default"}, Protocol: gqlhttp.DefaultProtocol(), Listen: "127.0.0.1:0"}
	flags := flag.NewFlagSet(serveCommand, flag.ContinueOnError)
	flags.StringVar(&config.Data, "data", "", "the folder of the library")
	flags.StringVar(&config.Database, "database", "", "a Postgres database")
	if err := flags.Parse(args); err != nil {
		return err
	}
	served, err := app.Open(ctx, config, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, served.Close()) }()
	db, err := database.Open(ctx, where(config.Store))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	anchors, err := newAnchor(ctx, db)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	beside := &http.Server{Handler: anchors}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return served.Run(ctx) })
	group.Go(func() error {
		if err := beside.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error { <-ctx.Done(); return beside.Close() })
	go func() {
		_, _ = io.Copy(io.Discard, in) // it ends with the process that reads our output
		stop()
	}()
	told := addresses{Graph: served.URL() + "/graphql", Anchor: "http://" + listener.Addr().String()}
	if err := json.NewEncoder(out).Encode(told); err != nil {
		stop()
		return errors.Join(err, group.Wait())
	}
	return group.Wait()
}

// server is a server in a process of its own.
type server struct {
	addresses
	command *exec.Cmd
	input   io.Closer
}

// startServer runs a build of this command as a server on a library. Its memory
// is set as `vodgraph` sets its own.
func startServer(ctx context.Context, program string, store lib.Store) (*server, error) {
	args := []string{serveCommand, "-data", store.Data}
	if store.Database != "" {
		args = append(args, "-database", store.Database)
	}
	s := &server{command: exec.CommandContext(ctx, program, args...)}
	s.command.Env = append(os.Environ(), "GOGC=400")
	s.command.Stderr = os.Stderr
	input, err := s.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	s.input = input
	output, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	if err := json.NewDecoder(output).Decode(&s.addresses); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", program, err), s.stop())
	}
	return s, nil
}

// stop ends the process.
func (s *server) stop() error { return errors.Join(s.input.Close(), s.command.Wait()) }
