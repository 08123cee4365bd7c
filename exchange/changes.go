package exchange

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/bulk"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent/bulkoperation"
	"vodgraph/fault"
	"vodgraph/jsonwalk"
)

// LongestChange is the longest line of a file of changes that is taken, in bytes.
const LongestChange = 1 << 20

// Changes are a file of changes that was received.
type Changes struct {
	// ID is that of the operation that does them.
	ID string
	// Lines is how many there are, without empty ones.
	Lines int64
}

// ErrLineTooLong is the error of a file with a line that is longer than LongestChange;
// the fault with it names the line.
var ErrLineTooLong = errors.New("a line is too long")

// BrokenOff is the error of a file that ended too early, with why.
type BrokenOff struct{ Err error }

// Error is the reason.
func (b *BrokenOff) Error() string { return fmt.Sprintf("the file broke off: %v", b.Err) }

// Unwrap is why.
func (b *BrokenOff) Unwrap() error { return b.Err }

// Verb reads the verb of a file in the words of a caller: create, update, trash,
// restore, delete. The catalog refuses all others.
func Verb(word string) bulkoperation.Verb {
	if word != strings.ToLower(word) {
		return ""
	}
	return bulkoperation.Verb(strings.ToUpper(word))
}

// Receive reads a file of changes, as JSON Lines, and has the operation begin that
// does them. A line is of the shape of AssetCreateInput, AssetUpdateInput, or
// AssetRef, by the verb; one that cannot be read is refused by the operation, and the
// others are done. Memory does not grow with the file.
//
// A file with a key that breaks off is kept for a day, to be sent again from its
// beginning; without one it is forgotten. Errors are faults with a place among the
// settings, the same together with ErrLineTooLong, and BrokenOff.
func Receive(ctx context.Context, c *bulk.Catalog, in io.Reader, f bulk.File) (done Changes, err error) {
	shape, err := newShape()
	if err != nil {
		return done, err
	}
	id, err := c.FileBegin(ctx, f)
	if err != nil {
		return done, err
	}
	r := &receiver{catalog: c, shape: shape, verb: f.Verb, by: f.By, id: id, digest: sha256.New()}
	if err = r.receive(ctx, in); err == nil {
		return Changes{id, r.taken}, nil
	}
	return done, errors.Join(err, c.FileForget(context.WithoutCancel(ctx), id))
}

type receiver struct {
	catalog *bulk.Catalog
	shape   shape
	verb    bulkoperation.Verb
	by      bulk.Claim
	id      string
	digest  hash.Hash
	part    bulk.FilePart
	bytes   int   // of the part
	taken   int64 // lines
}

// partBytes is when a part is as large as one transaction should do, in bytes.
const partBytes = 1 << 20

func (r *receiver) receive(ctx context.Context, from io.Reader) error {
	in := bufio.NewReaderSize(from, 1<<16)
	passMark(in)
	r.part.First = 1
	for number := int64(1); ; number++ {
		raw, tooLong, err := readLine(in, LongestChange)
		switch {
		case err != nil && err != io.EOF:
			return &BrokenOff{err}
		case tooLong:
			return errors.Join(ErrLineTooLong,
				fault.New(fault.Invalid, "Line %d is longer than %d bytes; nothing was done.", number, LongestChange))
		case err == io.EOF && len(raw) == 0:
			return r.end(ctx)
		}
		raw = bytes.TrimSpace(raw)
		if r.taken == 0 && bytes.HasPrefix(raw, []byte{'['}) {
			return fault.New(fault.Invalid, "This is a JSON array; send one object a line, as jq -c '.[]' makes them.")
		}
		r.add(number, raw)
		if len(r.part.Lines) == bulk.MaxFilePart || r.bytes >= partBytes {
			if err := r.send(ctx); err != nil {
				return err
			}
		}
	}
}

// add adds a line to the part; an empty one has its number only.
func (r *receiver) add(number int64, raw []byte) {
	r.digest.Write(raw)
	r.digest.Write([]byte{'\n'})
	r.part.Last = number
	if len(raw) == 0 {
		r.bytes++ // so that a file of nothing else comes in parts, too
		return
	}
	r.bytes += len(raw)
	r.taken++
	line := bulk.FileLine{Number: number}
	line.Item, line.Refused = r.shape.change(r.verb, raw)
	r.part.Lines = append(r.part.Lines, line)
}

func (r *receiver) send(ctx context.Context) error {
	if r.part.Last < r.part.First {
		return nil
	}
	r.part.Digest = hex.EncodeToString(r.digest.Sum(nil))
	if err := r.catalog.FileAppend(ctx, r.id, r.part); err != nil {
		return err
	}
	r.part, r.bytes = bulk.FilePart{First: r.part.Last + 1, Last: r.part.Last}, 0
	return nil
}

func (r *receiver) end(ctx context.Context) error {
	if r.taken == 0 {
		return fault.New(fault.Required, "The file has no lines.")
	}
	if err := r.send(ctx); err != nil {
		return err
	}
	return r.catalog.FileEnd(ctx, r.id, r.part.Last, r.by)
}

// change is a line as the operation takes it; one that is not of the shape that the verb
// wants is refused.
func (s shape) change(verb bulkoperation.Verb, raw []byte) (item []byte, refused *fault.Fault) {
	if refused = jsonwalk.Check(raw, "The line"); refused != nil {
		return nil, refused
	}
	members, refused := object(raw)
	if refused != nil {
		return nil, refused
	}
	var of *ast.Definition
	var into any
	switch verb {
	case bulkoperation.VerbCREATE:
		of, into = s.types["AssetCreateInput"], &catalog.AssetCreateInput{}
	case bulkoperation.VerbUPDATE:
		of, into = s.types["AssetUpdateInput"], &catalog.AssetUpdateInput{}
	default:
		of, into = s.types["AssetRef"], &change.AssetRef{}
	}
	return s.into(of, members, raw, into)
}
