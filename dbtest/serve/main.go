// Serve runs commands with a Postgres server at hand for tests:
//
//	go run ./dbtest/serve -- go test ./... -- clients/run.sh
//
// The server is that of TEST_DATABASE_URL, or one that is started and ended
// with the commands, which find it under that name. The commands run one after
// the other, all of them, and the exit status is 0 when all went well.
//
// What was skipped is named at the end: the server itself, what tests say
// through dbtest.Lacking, and lines of output that begin with "SKIP: ". With
// CI=true a skip is a failure.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"vodgraph/dbtest/postgres"
)

// skipMark begins a line of output that says what was skipped.
const skipMark = "SKIP: "

// grace is how long a command may go on after an interrupt.
const grace = 10 * time.Second

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	skipped, err := run(ctx, split(os.Args[1:]))
	for _, sentence := range skipped {
		log.Print("Skipped: ", sentence)
	}
	if err == nil && len(skipped) > 0 && os.Getenv("CI") == "true" {
		err = errors.New("with CI=true nothing may be skipped")
	}
	if err != nil {
		log.Fatal(err)
	}
}

// split takes the arguments apart at every "--".
func split(args []string) [][]string {
	var commands [][]string
	begin := true
	for _, arg := range args {
		switch {
		case arg == "--":
			begin = true
		case begin:
			commands, begin = append(commands, []string{arg}), false
		default:
			last := len(commands) - 1
			commands[last] = append(commands[last], arg)
		}
	}
	return commands
}

// run runs the commands, and returns what was skipped.
func run(ctx context.Context, commands [][]string) ([]string, error) {
	notes, err := os.CreateTemp("", "vodgraph-skipped-")
	if err != nil {
		return nil, fmt.Errorf("make a file for what is skipped: %w", err)
	}
	defer os.Remove(notes.Name())
	defer notes.Close()
	server, setting, lacking := provide(ctx)
	if server != nil {
		defer server.Stop()
	}
	env := append(os.Environ(), setting, postgres.SkippedVariable+"="+notes.Name())
	skipped := lacking
	var failed error
	for _, command := range commands {
		said, err := execute(ctx, command, env)
		skipped = append(skipped, said...)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", strings.Join(command, " "), err))
		}
	}
	noted, err := io.ReadAll(notes)
	for line := range strings.Lines(string(noted)) {
		skipped = append(skipped, strings.TrimSpace(line))
	}
	slices.Sort(skipped)
	return slices.Compact(skipped), errors.Join(failed, err)
}

// provide finds or starts a server. The setting is the environment variable
// that tells of it, or of why there is none, and lacking the sentence on that.
func provide(ctx context.Context) (server *postgres.Server, setting string, lacking []string) {
	if url := os.Getenv(postgres.URLVariable); url != "" {
		return nil, postgres.URLVariable + "=" + url, nil
	}
	cache, err := postgres.CacheFolder()
	if err == nil {
		server, err = postgres.Start(ctx, cache)
	}
	if err != nil {
		return nil, postgres.LackingVariable + "=" + err.Error(), []string{"Postgres: " + err.Error()}
	}
	return server, postgres.URLVariable + "=" + server.URL, nil
}

// execute runs a command, passes on what it prints, and returns what it says it
// has skipped.
func execute(ctx context.Context, command, env []string) ([]string, error) {
	process := exec.CommandContext(ctx, command[0], command[1:]...)
	process.Env = env
	process.Stderr = os.Stderr
	process.Cancel = func() error { return process.Process.Signal(os.Interrupt) }
	process.WaitDelay = grace
	output, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	var skipped []string
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		fmt.Print(line)
		if sentence, ok := strings.CutPrefix(strings.TrimSpace(line), skipMark); ok {
			skipped = append(skipped, sentence)
		}
		if err != nil {
			break // Wait says what went wrong
		}
	}
	return skipped, process.Wait()
}
