package main_test

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// privateWords are words that an engineer would not search for, as whole words and as parts of identifiers.
var privateWords = strings.Fields(`deed deeds sight sighted unseen kin cohort cohorts tally tallies doom dooms doomed
	spare spares spared wholly courtesy verdict verdicts shelf shelves nudge nudges nudged told`)

// privateNames are identifiers and tables of the same sort, whose parts are common words.
var privateNames = strings.Fields(`giveBack kept_answers keptAnswer KeptAnswer MostInStep StepOperation HoldOperation
	KeepOperation wantedOf Seize restFor openDoors metricsDoor doorCodes brokenOff endGone longestKept Idle`)

// otherWords are the private words that packages still have.
var otherWords = map[string][]string{}

// keptTexts keep their words: what was released, and decisions.
var keptTexts = []string{"CHANGELOG.md", "docs/decisions", "ent/migrate/postgres", "ent/migrate/sqlite", "graph",
	"words_test.go", "database/rename_test.go"}

var (
	name     = regexp.MustCompile(`[A-Za-z_]+`)
	namePart = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+`)
	decision = regexp.MustCompile(`decisions/[a-z0-9-]+`)

	superlative = regexp.MustCompile(`^most[A-Z]`) // the field has max
)

func TestWordsAreThoseOfTheField(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(os.DirFS("."), ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case slices.Contains(keptTexts, file) && entry.IsDir(), file != "." && strings.HasPrefix(entry.Name(), "."),
			entry.Name() == "node_modules", entry.Name() == "testdata":
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir(), slices.Contains(keptTexts, file), !slices.Contains([]string{".go", ".graphql", ".md", ".mjs", ".tmpl"}, path.Ext(file)):
			return nil
		}
		content, err := os.ReadFile(file)
		if err == nil && !bytes.HasPrefix(content, []byte("// Code generated")) {
			for i, line := range strings.Split(string(content), "\n") {
				for _, word := range privateIn(decision.ReplaceAllString(line, "")) {
					if !slices.Contains(otherWords[path.Dir(file)], word) {
						t.Errorf("%s:%d: %q is no word of the field", file, i+1, word)
					}
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// privateIn returns the private words and names of a line.
func privateIn(line string) (words []string) {
	for _, whole := range name.FindAllString(line, -1) {
		if slices.Contains(privateNames, whole) || superlative.MatchString(whole) {
			words = append(words, whole)
		}
		for _, part := range namePart.FindAllString(whole, -1) {
			if part = strings.ToLower(part); slices.Contains(privateWords, part) || strings.HasPrefix(part, "rehears") {
				words = append(words, part)
			}
		}
	}
	return words
}

func TestPrivateWordsAreFound(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"the kind of unseenDeeds":         "unseen deeds",
		"func wasTold(kin int)":           "told kin",
		"a Rehearsal of kept_answers":     "rehearsal kept_answers",
		"mostFaults at most":              "mostFaults",
		"foretold, kinds, insight, doors": "",
	} {
		if got := strings.Join(privateIn(line), " "); got != want {
			t.Errorf("%q has %q, not %q", line, got, want)
		}
	}
}
