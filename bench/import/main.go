// Command import measures `vodgraph import` and `vodgraph export`: assets a
// second, time of the processor, and memory, for the plain and the full corpus
// (package generated says what they hold).
//
//	go run ./bench/import
//	go run ./bench/import -database postgres://localhost/postgres -assets 100000
//
// Each command runs as a process of its own, on an empty library that is gone
// afterwards: an import, the same import again, which changes nothing, and an
// export. The figures are a table in Markdown. It runs at the top of the
// repository, on Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"

	"vodgraph/app"
	"vodgraph/bench/generated"
	"vodgraph/cli"
	"vodgraph/dbtest/postgres"
)

// commandVariable has this command be vodgraph itself, whose processes it
// measures.
const commandVariable = "VODGRAPH_MEASURED"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	if os.Getenv(commandVariable) != "" {
		os.Exit(app.Main(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
	}
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "import:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, to io.Writer) error {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	server := flags.String("database", "",
		"a Postgres server, postgres://…, on which databases are made and dropped again; SQLite in a temporary folder without it")
	assets := flags.Int("assets", 20_000, "how many assets each corpus has, 100 to 1,000,000")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *assets < 100 || *assets > 1_000_000 || flags.NArg() > 0 {
		return errors.New("-assets is 100 to 1,000,000, and there are no arguments")
	}
	folder, err := os.MkdirTemp("", "vodgraph-import-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	fmt.Fprint(to, header)
	for _, plain := range []bool{true, false} {
		file := filepath.Join(folder, "corpus.jsonl")
		size := generated.Size{Assets: *assets, Seed: 1, Plain: plain}
		if err := write(file, size); err != nil {
			return err
		}
		if err := measureAll(ctx, to, *server, file, size); err != nil {
			return err
		}
	}
	return nil
}

// write writes a corpus to a file.
func write(name string, size generated.Size) error {
	corpus, err := generated.New(size)
	if err != nil {
		return err
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(corpus.Write(file), file.Close())
}

// measureAll measures the commands on a library of its own.
func measureAll(ctx context.Context, to io.Writer, server, file string, size generated.Size) error {
	data, err := os.MkdirTemp(filepath.Dir(file), "library-")
	if err != nil {
		return err
	}
	flags := []string{"--data", data}
	if server != "" {
		url, drop, err := postgres.Scratch(ctx, server)
		if err != nil {
			return err
		}
		defer drop(context.WithoutCancel(ctx))
		flags = append(flags, "--database", url)
	}
	if _, err := measure(ctx, vodgraph("migrate", flags), nil); err != nil {
		return err
	}
	spent, done, err := backendTime(ctx, flags[len(flags)-1], server != "")
	if err != nil {
		return err
	}
	defer done()
	for _, one := range []struct {
		what, command string
		file          string
	}{
		{"import", "import", file},
		{"again", "import", file},
		{"export", "export", filepath.Join(data, "export.jsonl")},
	} {
		f, err := measure(ctx, vodgraph(one.command, flags, one.file), spent)
		if err != nil {
			return err
		}
		fmt.Fprintln(to, row(size, server != "", one.what, f))
	}
	return os.RemoveAll(data)
}

// vodgraph is a command line for this binary.
func vodgraph(command string, flags []string, args ...string) func(context.Context) (*exec.Cmd, error) {
	return func(ctx context.Context) (*exec.Cmd, error) {
		binary, err := os.Executable()
		if err != nil {
			return nil, err
		}
		p := exec.CommandContext(ctx, binary, append(append([]string{command}, flags...), args...)...)
		p.Env = append(os.Environ(), commandVariable+"=1")
		return p, nil
	}
}
