package exchange

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"

	"vodgraph/catalog"
)

// later keeps lines for the second pass in a temporary file: those with a link to
// an asset that was not there, and lines after them about the same asset, so that
// the last of them has the last word again.
type later struct {
	file *os.File
	gone bool // whether the file has no name any more
	out  *bufio.Writer
	kept filter // ids of the assets whose lines are kept
}

func newLater() (*later, error) {
	file, err := os.CreateTemp("", "vodgraph-import-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	// Where the system allows it the name goes now, so that even a process that
	// is killed leaves nothing behind.
	return &later{file: file, gone: os.Remove(file.Name()) == nil, out: bufio.NewWriter(file)}, nil
}

// close forgets the lines.
func (k *later) close() error {
	err := k.file.Close()
	if !k.gone {
		err = errors.Join(err, os.Remove(k.file.Name()))
	}
	return err
}

// kept is a line that waits, with where it came from and what it is about.
type kept struct {
	Source  string                    `json:"source"`
	Number  int                       `json:"number"`
	Outcome catalog.ItemOutcome       `json:"outcome"`
	Asset   *catalog.AssetCreateInput `json:"asset"`
}

// keep keeps a line that has been written, if it must come again.
func (k *later) keep(l *line, done catalog.Item) error {
	if len(done.Missing) == 0 && !k.kept.has(done.ID) {
		return nil
	}
	k.kept.add(done.ID)
	err := json.NewEncoder(k.out).Encode(kept{l.source, l.number, done.Outcome, linking(done.ID, l.asset)})
	if err != nil {
		return fmt.Errorf("keep a line for later: %w", err)
	}
	return nil
}

// linking is what a line says that links to other assets, and what such a link
// stands beside; the rest of it is done.
func linking(id string, in *catalog.AssetCreateInput) *catalog.AssetCreateInput {
	return &catalog.AssetCreateInput{ID: &id, UpdatedAt: in.UpdatedAt, PlayInfos: in.PlayInfos,
		Snapshots: in.Snapshots, Attachments: in.Attachments, AiData: in.AiData, Cover: in.Cover}
}

// scan hands on the lines that were kept, in their order.
func (k *later) scan(ctx context.Context, yield func(*line) error) error {
	if err := k.out.Flush(); err != nil {
		return fmt.Errorf("keep lines for later: %w", err)
	}
	if _, err := k.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("go back to the lines that were kept: %w", err)
	}
	for d := json.NewDecoder(bufio.NewReader(k.file)); d.More(); {
		var one kept
		if err := d.Decode(&one); err != nil {
			return fmt.Errorf("read a line that was kept: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := yield(&line{source: one.Source, number: one.Number, outcome: one.Outcome, asset: one.Asset}); err != nil {
			return err
		}
	}
	return nil
}

// filter tells of a text whether it may have been added; of one that was added
// it is sure. Its size does not grow: a line that is kept for nothing does no
// harm.
type filter struct{ bits [1 << 17]uint64 }

// places are the bits of a text.
func (f *filter) places(text string) [3]uint64 {
	sum := fnv.New64a()
	_, _ = io.WriteString(sum, text)
	h, all := sum.Sum64(), uint64(len(f.bits)*64)
	return [3]uint64{h % all, (h >> 21) % all, (h >> 42) % all}
}

func (f *filter) add(text string) {
	for _, p := range f.places(text) {
		f.bits[p/64] |= 1 << (p % 64)
	}
}

func (f *filter) has(text string) bool {
	for _, p := range f.places(text) {
		if f.bits[p/64]&(1<<(p%64)) == 0 {
			return false
		}
	}
	return true
}
