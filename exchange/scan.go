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
}

// longest is the longest line that is taken, in bytes.
const longest = 64 << 20

// scan reads the lines of a source, of JSON Lines or of one JSON array, and
// hands each on. Empty lines count, and are passed over.
func (s Source) scan(ctx context.Context, yield func(*line, int64) error) (err error) {
	file, err := s.Open()
	if err != nil {
		return fmt.Errorf("open %s: %w", s.Name, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	counted := &counter{Reader: file}
	in := bufio.NewReaderSize(counted, 1<<20)
	if mark, err := in.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3) // a byte order mark
	}
	array, err := beginsArray(in)
	if err != nil {
		return fmt.Errorf("read %s: %w", s.Name, err)
	}
	each := func(l *line) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.source = s.Name
		return yield(l, counted.n)
	}
	if array {
		err = scanArray(in, each)
	} else {
		err = scanLines(in, each)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", s.Name, err)
	}
	return nil
}

// counter counts what is read.
type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

// beginsArray looks at the first character that is not white space.
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
		raw, tooLong, err := readLine(in)
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

// readLine reads to the end of a line. Of one that is too long the rest is
// passed over.
func readLine(in *bufio.Reader) (raw []byte, tooLong bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if !tooLong {
			raw = append(raw, part...)
		}
		if len(raw) > longest {
			raw, tooLong = nil, true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return raw, tooLong, err
		}
	}
}

func scanArray(in *bufio.Reader, yield func(*line) error) error {
	d := json.NewDecoder(in)
	if _, err := d.Token(); err != nil {
		return err
	}
	for number := 1; d.More(); number++ {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return fmt.Errorf("element %d of the array: %w", number, err)
		}
		if err := yield(&line{number: number, raw: raw}); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}
