package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"vodgraph/bench/measure"
)

// TestCommandsOfDocuments holds that each command line of the bench that is written down names a scenario and its
// flags.
func TestCommandsOfDocuments(t *testing.T) {
	t.Parallel()
	command := regexp.MustCompile(`run \./bench ([a-z]+)((?: +-[a-z]+(?: +("\$+[A-Z_]+"|[a-z0-9:,./]+))?)*)`)
	found := 0
	for _, name := range []string{"../Makefile", "../README.md", "../docs/security.md", "../dbtest/serve/main.go", "RESULTS.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range command.FindAllSubmatch(text, -1) {
			found++
			if err := parse(string(match[1]), strings.Fields(string(match[2]))); err != nil {
				t.Errorf("%s: %s: %v", name, match[0], err)
			}
		}
	}
	if found < 25 {
		t.Errorf("found %d commands", found)
	}
}

// parse reads the flags of a scenario.
func parse(name string, args []string) error {
	for _, one := range scenarios() {
		if one.name == name {
			flags := measure.Flags{FlagSet: flag.NewFlagSet(name, flag.ContinueOnError)}
			flags.SetOutput(io.Discard)
			one.define(flags)
			return flags.Parse(args)
		}
	}
	return errors.New("there is no such scenario")
}

// TestListed holds that the bench lists its scenarios when none is named.
func TestListed(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	if err := run(t.Context(), nil, &text); err != nil {
		t.Fatal(err)
	}
	for _, one := range scenarios() {
		if !strings.Contains(text.String(), one.name+" ") || !strings.HasSuffix(one.about, ".") {
			t.Errorf("%q is not listed with a sentence in:\n%s", one.name, text.String())
		}
	}
}
