package exchange

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"vodgraph/catalog"
)

// later keeps lines for the next stage in a temporary file, so that memory does not grow
// with them.
type later struct {
	file  *os.File
	close func() error // forgets the lines
	out   *bufio.Writer
}

func newLater() (*later, error) {
	file, remove, err := temporary()
	if err != nil {
		return nil, err
	}
	return &later{file: file, close: remove, out: bufio.NewWriter(file)}, nil
}

// kept is a line that waits, with where it came from and what it is about.
type kept struct {
	Source  string                    `json:"source"`
	Number  int                       `json:"number"`
	Linking bool                      `json:"linking,omitempty"`
	Asset   *catalog.AssetCreateInput `json:"asset"`
}

// keep keeps what is left to do of a line.
func (k *later) keep(l *line, asset *catalog.AssetCreateInput, linking bool) error {
	if err := json.NewEncoder(k.out).Encode(kept{l.source, l.number, linking || l.linking, asset}); err != nil {
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
		if err := yield(&line{source: one.Source, number: one.Number, linking: one.Linking, asset: one.Asset}); err != nil {
			return err
		}
	}
	return nil
}
