// Serve runs commands with a Postgres server at hand for tests, and with -search
// a Typesense server as well:
//
//	go run ./dbtest/serve -search -- go test ./... -- clients/run.sh
//	go run ./dbtest/serve -set autovacuum=on -- sh -c 'go run ./bench read -database "$TEST_DATABASE_URL"'
//
// The servers are those of TEST_DATABASE_URL, and of TYPESENSE_URL with
// TYPESENSE_KEY, or else are started and ended with the commands, which find them
// under these names. The commands run one after the other, all of them, and the
// exit status is 0 when all went well.
//
// What was skipped is named at the end: a server itself, what tests say
// through dbtest.Lacking, and lines of output that begin with "SKIP: ". With
// CI=true a skip is a failure.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"vodgraph/dbtest/postgres"
	"vodgraph/search/typesensetest"
)

// skipMark begins a line of output that says what was skipped.
const skipMark = "SKIP: "

// grace is how long a command may go on after an interrupt.
const grace = 10 * time.Second

func main() {
	log.SetFlags(0)
	searching := flag.Bool("search", false, "have a Typesense server at hand too")
	var settings []string
	flag.Func("set", "a setting of the Postgres that is started, such as autovacuum=on, which tests do without", func(setting string) error {
		settings = append(settings, setting)
		return nil
	})
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	providers := []provider{database(settings...)}
	if *searching {
		providers = append(providers, searchServer)
	}
	skipped, err := run(ctx, providers, split(flag.Args()))
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
func run(ctx context.Context, providers []provider, commands [][]string) ([]string, error) {
	notes, err := os.CreateTemp("", "vodgraph-skipped-")
	if err != nil {
		return nil, fmt.Errorf("make a file for what is skipped: %w", err)
	}
	defer os.Remove(notes.Name())
	defer notes.Close()
	env := append(os.Environ(), postgres.SkippedVariable+"="+notes.Name())
	var skipped []string
	for _, provided := range provide(ctx, providers) {
		defer provided.stop()
		env = append(env, provided.settings...)
		skipped = append(skipped, provided.lacking...)
	}
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

// provided is a server that was found or started, or the lack of one. The
// settings are environment variables with the address of either, and lacking is the
// sentence on the lack.
type provided struct {
	settings []string
	lacking  []string
	stop     func()
}

// provider finds or starts a server.
type provider func(ctx context.Context) provided

// provide asks all providers at the same time.
func provide(ctx context.Context, providers []provider) []provided {
	all := make([]provided, len(providers))
	var asked sync.WaitGroup
	for i, provider := range providers {
		asked.Go(func() { all[i] = provider(ctx) })
	}
	asked.Wait()
	return all
}

// database provides Postgres, a server that is started with settings of its own beside
// those for tests.
func database(settings ...string) provider {
	return func(ctx context.Context) provided { return startPostgres(ctx, settings) }
}

func startPostgres(ctx context.Context, settings []string) provided {
	if url := os.Getenv(postgres.URLVariable); url != "" {
		return provided{stop: func() {}}
	}
	cache, err := postgres.CacheFolder()
	if err != nil {
		return lacks("Postgres", postgres.LackingVariable, err)
	}
	server, err := postgres.Start(ctx, cache, settings...)
	if err != nil {
		return lacks("Postgres", postgres.LackingVariable, err)
	}
	return provided{settings: []string{postgres.URLVariable + "=" + server.URL}, stop: server.Stop}
}

// searchServer provides Typesense.
func searchServer(ctx context.Context) provided {
	if url := os.Getenv(typesensetest.URLVariable); url != "" {
		return provided{stop: func() {}}
	}
	cache, err := postgres.CacheFolder()
	if err != nil {
		return lacks("Typesense", typesensetest.LackingVariable, err)
	}
	server, err := typesensetest.Start(ctx, cache)
	if err != nil {
		return lacks("Typesense", typesensetest.LackingVariable, err)
	}
	return provided{stop: server.Stop, settings: []string{
		typesensetest.URLVariable + "=http://" + server.Host, typesensetest.KeyVariable + "=" + server.Key}}
}

// lacks is the lack of a server, and why.
func lacks(name, variable string, err error) provided {
	return provided{settings: []string{variable + "=" + err.Error()}, lacking: []string{name + ": " + err.Error()}, stop: func() {}}
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
