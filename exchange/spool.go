package exchange

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// temporary makes a temporary file, and what closes and removes it.
func temporary() (file *os.File, remove func() error, err error) {
	file, err = os.CreateTemp("", "vodgraph-import-*")
	if err != nil {
		return nil, nil, fmt.Errorf("make a temporary file: %w", err)
	}
	// Where the system allows it the name goes now, so that even a process that
	// is killed leaves nothing behind.
	gone := os.Remove(file.Name()) == nil
	return file, func() error {
		err := file.Close()
		if !gone {
			err = errors.Join(err, os.Remove(file.Name()))
		}
		return err
	}, nil
}

// spooled are sources that can be read twice: those that cannot be opened again are copied
// into a temporary file while they are read first.
func spooled(sources []Source) (twice []Source, remove func() error, err error) {
	var removes []func() error
	remove = func() error {
		var errs []error
		for _, one := range removes {
			errs = append(errs, one())
		}
		return errors.Join(errs...)
	}
	for _, s := range sources {
		if !s.Reopens {
			file, done, err := temporary()
			if err != nil {
				return nil, nil, errors.Join(err, remove())
			}
			removes = append(removes, done)
			s.Open = copying(s.Open, file)
		}
		twice = append(twice, s)
	}
	return twice, remove, nil
}

// copying opens a source once, and its copy from then on.
func copying(open func() (io.ReadCloser, error), file *os.File) func() (io.ReadCloser, error) {
	read := false
	return func() (io.ReadCloser, error) {
		if read {
			_, err := file.Seek(0, io.SeekStart)
			return io.NopCloser(file), err
		}
		read = true
		in, err := open()
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{io.TeeReader(in, file), in}, nil
	}
}
