package app

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"vodgraph/gqlhttp"
	"vodgraph/limits"
)

// setting is a line of the README's table of settings: the flag, the variable, and a default
// that is a value.
var setting = regexp.MustCompile("(?m)^\\| `(--[a-z-]+)[^`]*` \\| `([A-Z0-9_]+)` \\| (?:`([^`]+)` \\|)?")

// TestReadmeHasEverySetting holds the table of settings to the flags of the server and their
// defaults.
func TestReadmeHasEverySetting(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	parser, err := kong.New(&serveCommand{}, kong.Name("vodgraph"), kong.DefaultEnvars("VODGRAPH"))
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range parser.Model.Flags {
		if flag.Name != "help" {
			want = append(want, "--"+flag.Name+" "+flag.Envs[0]+" "+flag.Default)
		}
	}
	for _, line := range setting.FindAllSubmatch(readme, -1) {
		got = append(got, string(line[1])+" "+string(line[2])+" "+string(line[3]))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the README has the settings\n%q, and the server\n%q", got, want)
	}
}

// TestHistoryIsKeptAsDescribed holds the flag to the figure of the schema.
func TestHistoryIsKeptAsDescribed(t *testing.T) {
	t.Parallel()
	var c Config
	if err := kong.ApplyDefaults(&c); err != nil || c.KeepHistory != limits.HistoryDays {
		t.Errorf("history is kept for %d days, and said to be for %d; %v", c.KeepHistory, limits.HistoryDays, err)
	}
}

// TestDefaultHTTP has the defaults that the flags say.
func TestDefaultHTTP(t *testing.T) {
	t.Parallel()
	var flags gqlhttp.Protocol
	if err := kong.ApplyDefaults(&flags); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(gqlhttp.DefaultProtocol(), flags, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}
