package exchange

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"vodgraph/fault"
)

// Source is a file to read.
type Source struct {
	// Name is what reports call it.
	Name string
	// Open starts reading it from the beginning.
	Open func() (io.ReadCloser, error)
	// Reopens says that Open can be called again. What can be read once only is copied.
	Reopens bool
}

// longest is the longest line that is taken, in bytes.
const longest = 64 << 20

// scanAll reads the lines of sources that are meant, one after the other, and hands them on,
// but for format lines.
func scanAll(ctx context.Context, shape shape, sources []Source, meant func(raw []byte) bool, yield func(*line) error) error {
	before := int64(0)
	for _, s := range sources {
		r := &reader{shape: shape}
		read, err := s.scan(ctx, func(l *line) error {
			l.at += before
			if !meant(l.raw) {
				return nil
			}
			if err := r.read(l); err != nil || l.isFormat {
				return err
			}
			return yield(l)
		})
		if err != nil {
			return fmt.Errorf("read %s: %w", s.Name, err)
		}
		before += read
	}
	return nil
}

// scan reads the lines of a source, of JSON Lines or of one JSON array, hands
// each on, and returns how many bytes it has read. Empty lines count, and are
// passed over.
func (s Source) scan(ctx context.Context, yield func(*line) error) (bytes int64, err error) {
	file, err := s.Open()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	counted := &counter{Reader: file}
	in := bufio.NewReaderSize(counted, 1<<20)
	passMark(in)
	array, err := beginsArray(in)
	if err != nil {
		return counted.n, err
	}
	each := func(l *line) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.source, l.size, l.at = s.Name, len(l.raw), counted.n
		return yield(l)
	}
	if array {
		err = scanArray(in, each)
	} else {
		err = scanLines(in, each)
	}
	return counted.n, err
}

const byteOrderMark = "\xef\xbb\xbf"

func passMark(in *bufio.Reader) {
	if mark, err := in.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
		_, _ = in.Discard(len(byteOrderMark))
	}
}

type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

func beginsArray(in *bufio.Reader) (bool, error) {
	for n := 1; ; n++ {
		ahead, err := in.Peek(n)
		if len(ahead) < n {
			if err == io.EOF || errors.Is(err, bufio.ErrBufferFull) {
				return false, nil
			}
			return false, err
		}
		switch c := ahead[n-1]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == '[', nil
		}
	}
}

func scanLines(in *bufio.Reader, yield func(*line) error) error {
	for number := 1; ; number++ {
		raw, tooLong, err := readLine(in, longest)
		if err != nil && err != io.EOF {
			return err
		}
		l := &line{number: number, raw: bytes.TrimSpace(raw)}
		if tooLong {
			l.raw, l.refused = nil, fault.New(fault.Invalid, "The line is longer than %d bytes.", longest)
		}
		if len(l.raw) > 0 || l.refused != nil {
			if err := yield(l); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// readLine reads to the end of a line. Of one that has more bytes than most the rest
// is passed over.
func readLine(in *bufio.Reader, most int) (raw []byte, tooLong bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if !tooLong {
			raw = append(raw, part...)
		}
		if len(raw) > most {
			raw, tooLong = nil, true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return raw, tooLong, err
		}
	}
}

// scanArray reads the elements of an array, numbered from 1. Where it is broken,
// the rest cannot be read, and is refused as one element.
func scanArray(in *bufio.Reader, yield func(*line) error) error {
	d := json.NewDecoder(in)
	if _, err := d.Token(); err != nil { // the bracket that was seen
		return err
	}
	for number := 1; ; number++ {
		raw, done, err := element(d)
		if err != nil {
			refused := brokenArray(err)
			if refused == nil {
				return err
			}
			return yield(&line{number: number, refused: refused})
		}
		if done {
			if !d.More() {
				return nil
			}
			return yield(&line{number: number, refused: fault.New(fault.Invalid, "Something follows the array.")})
		}
		if err := yield(&line{number: number, raw: raw}); err != nil {
			return err
		}
	}
}

func element(d *json.Decoder) (raw json.RawMessage, done bool, err error) {
	if d.More() {
		err = d.Decode(&raw)
		return raw, false, err
	}
	_, err = d.Token()
	return nil, true, err
}

// brokenArray is the refusal of what cannot be read for what it says; an error of
// reading is none.
func brokenArray(err error) *fault.Fault {
	var broken *json.SyntaxError
	switch {
	case errors.As(err, &broken):
		return fault.New(fault.Invalid, "The array is broken at byte %d, and the rest of it was not read.", broken.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fault.New(fault.Invalid, "The array does not end.")
	}
	return nil
}
