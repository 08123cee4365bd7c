package exchange

import (
	"bufio"
	"bytes"
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
	begin []int64 // where each line begins in the file
	end   int64
}

func newLater() (*later, error) {
	file, remove, err := temporary()
	if err != nil {
		return nil, err
	}
	return &later{file: file, close: remove, out: bufio.NewWriter(file)}, nil
}

type kept struct {
	Source  string                    `json:"source"`
	Number  int                       `json:"number"`
	Linking bool                      `json:"linking,omitempty"`
	Asset   *catalog.AssetCreateInput `json:"asset"`
}

func (k *later) keep(l *line, asset *catalog.AssetCreateInput, linking bool) error {
	text, err := json.Marshal(kept{l.source, l.number, linking || l.linking, asset})
	if err == nil {
		_, err = k.out.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("keep a line for later: %w", err)
	}
	k.begin, k.end = append(k.begin, k.end), k.end+int64(len(text))+1
	return nil
}

// in is a scanner of the lines that were kept, in an order, or in that in which they were kept
// where it is nil.
func (k *later) in(order []Turn) scanner {
	if order == nil {
		return k.scan
	}
	return func(ctx context.Context, yield func(*line) error) error {
		if err := k.out.Flush(); err != nil {
			return fmt.Errorf("keep lines for later: %w", err)
		}
		ends := append(k.begin[1:], k.end)
		for _, turn := range order {
			begin := k.begin[turn.Line]
			text := make([]byte, ends[turn.Line]-begin)
			if _, err := k.file.ReadAt(text, begin); err != nil {
				return fmt.Errorf("go back to a line that was kept: %w", err)
			}
			if err := give(ctx, json.NewDecoder(bytes.NewReader(text)), turn.Joined, yield); err != nil {
				return err
			}
		}
		return nil
	}
}

func give(ctx context.Context, d *json.Decoder, joined bool, yield func(*line) error) error {
	var one kept
	if err := d.Decode(&one); err != nil {
		return fmt.Errorf("read a line that was kept: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return yield(&line{source: one.Source, number: one.Number, linking: one.Linking, joined: joined, asset: one.Asset})
}

func (k *later) scan(ctx context.Context, yield func(*line) error) error {
	if err := k.out.Flush(); err != nil {
		return fmt.Errorf("keep lines for later: %w", err)
	}
	if _, err := k.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("go back to the lines that were kept: %w", err)
	}
	for d := json.NewDecoder(bufio.NewReader(k.file)); d.More(); {
		if err := give(ctx, d, false, yield); err != nil {
			return err
		}
	}
	return nil
}
