// Package demo makes the demo library: an extract of real works, in works.jsonl,
// and what is invented around them, as lines of `vodgraph import`. It is the
// same library on every machine and every day.
//
// Titles, dates, types and places to watch are bangumi-data's (see NOTICE), and
// categories and tags follow from them. All else is made up: sizes, streams,
// statuses, speech, reviews.
package demo

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"iter"

	"vodgraph/demo/bangumi"
	"vodgraph/demo/line"
)

//go:embed works.jsonl
var works []byte

// Works are the real works, by the time of their beginning.
func Works() ([]bangumi.Work, error) {
	list, err := bangumi.ReadExtract(bytes.NewReader(works))
	if err != nil {
		return nil, fmt.Errorf("the demo's works: %w", err)
	}
	return list, nil
}

// seed is what all chance of the demo begins with.
const seed = 20_160_401

// Library is the lines of the demo.
type Library struct{ lines []line.Of }

// New makes the demo, in memory: some megabytes.
func New() (*Library, error) {
	list, err := Works()
	if err != nil {
		return nil, err
	}
	return &Library{lines: newPlan(list).lines()}, nil
}

// Count is how many lines there are, for the progress of a load.
func (l *Library) Count() int { return len(l.lines) }

// Lines are the JSON objects of the lines, without line breaks: first
// categories and tags, then assets.
func (l *Library) Lines() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, each := range l.lines {
			text, err := each.Encode()
			if !yield(text, err) || err != nil {
				return
			}
		}
	}
}

// Reader reads the lines as a file of them would be read.
func (l *Library) Reader() io.Reader { return &reader{lines: l.lines} }

// reader encodes a line when the one before has been read.
type reader struct {
	lines []line.Of
	text  []byte
}

// Read reads as much of the current line as there is room for.
func (r *reader) Read(p []byte) (int, error) {
	if len(r.text) == 0 {
		if len(r.lines) == 0 {
			return 0, io.EOF
		}
		text, err := r.lines[0].Encode()
		if err != nil {
			return 0, err
		}
		r.text, r.lines = append(text, '\n'), r.lines[1:]
	}
	n := copy(p, r.text)
	r.text = r.text[n:]
	return n, nil
}
