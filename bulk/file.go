package bulk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/filepart"
	"vodgraph/ent/predicate"
	"vodgraph/fault"
	"vodgraph/limits"
)

// A file of changes is an operation that has its assets, and what is to become of
// each, line by line. It is received part by part, and begun when there are all: one
// that broke off is sent again and goes on, and no half of a file is ever done.

// fileKept is for how long a file that has not come whole waits for the rest.
const fileKept = 24 * time.Hour

// MaxFilePart is how many lines a part has at the most: as many as one transaction does. Files
// are compared by their parts, so one that was sent in part before it is changed cannot
// be gone on with.
const MaxFilePart = MaxBatch

// File is how the lines of a file are to be done.
type File struct {
	// Verb is CREATE, UPDATE, TRASH, RESTORE or DELETE.
	Verb bulkoperation.Verb
	// Force has DELETE take what others use.
	Force bool
	// Name is what it is called where it comes from, up to limits.FileName characters; empty where
	// that is not known. It is shown, and has no other effect.
	Name string
	// Options are given, and have no policy: refused lines are skipped. Their key names the file.
	Options *change.BulkOptions
	// By is who does it, from its beginning; whoever comes first, where that is nobody.
	By Claim
}

// Claim is the lease of a process on an operation from its beginning.
type Claim struct {
	Holder string
	Lasts  time.Duration
}

// FileLine is a line of a file.
type FileLine struct {
	// Number is its place in the file, from 1.
	Number int64 `json:"number"`
	// Item is the JSON of what the verb wants of one asset: AssetCreateInput,
	// AssetUpdateInput, or AssetRef.
	Item json.RawMessage `json:"item,omitempty"`
	// Refused is why the line cannot be read; it has no Item then.
	Refused *fault.Fault `json:"refused,omitempty"`
}

// FilePart is a stretch of a file.
type FilePart struct {
	// First and Last are the numbers of its lines, with those that are empty.
	First, Last int64
	// Lines are those that are not empty, up to MaxFilePart.
	Lines []FileLine
	// Digest distinguishes the file up to Last from every other.
	Digest string
}

// FileBegin begins to receive a file, or goes on with the one of the same key, and
// returns the id of its operation. It refuses with IDEMPOTENCY_KEY_REUSED a key that
// a file with another verb or other options had.
func (c *Catalog) FileBegin(ctx context.Context, f File) (id string, err error) {
	if err := f.check(); err != nil {
		return "", err
	}
	input, err := json.Marshal(work{Force: f.Force})
	if err != nil {
		return "", fmt.Errorf("write an operation down: %w", err)
	}
	_, err = c.Do(ctx, func(d *change.Tx) error {
		if err := d.ReleaseRevision(ctx); err != nil {
			return err
		}
		create := newOperation(ctx, d, f.Verb, input, f.Options)
		if key := f.Options.Key(); key != "" {
			row, err := d.Ent.BulkOperation.Query().Where(bulkoperation.Actor(d.Actor(ctx)), bulkoperation.Key(key)).Only(ctx)
			switch {
			case err == nil && !row.FileComplete && row.Matched == 0 && (change.Deref(row.Received) != int64(0) || !f.is(row, input)):
				// Nothing came but empty lines, or nothing for other options: it is no file.
				if err := d.Ent.BulkOperation.DeleteOne(row).Exec(ctx); err != nil {
					return fmt.Errorf("forget an empty file: %w", err)
				}
			case err == nil && f.is(row, input):
				id = row.ID
				return nil
			case err == nil:
				return reused("This key was used for a file with another verb or other options, the operation %s.", row.ID)
			case !ent.IsNotFound(err):
				return fmt.Errorf("look for the file of a key: %w", err)
			}
			create.SetKey(key)
		}
		if f.Name != "" {
			create.SetFileName(f.Name)
		}
		id, _ = create.Mutation().ID()
		err := create.SetFileComplete(false).SetReceived(0).SetMatched(0).SetBound("").SetHeldUntil(c.fileUntil()).Exec(ctx)
		if err != nil {
			return fmt.Errorf("write an operation down: %w", err)
		}
		return nil
	})
	return id, err
}

func (f File) check() error {
	switch f.Verb {
	case bulkoperation.VerbCREATE, bulkoperation.VerbUPDATE, bulkoperation.VerbTRASH, bulkoperation.VerbRESTORE, bulkoperation.VerbDELETE:
	default:
		return fault.New(fault.Invalid, "The verb is create, update, trash, restore or delete.").At("verb")
	}
	if f.Force && f.Verb != bulkoperation.VerbDELETE {
		return fault.New(fault.Invalid, "Only the verb delete takes force.").At("force")
	}
	if utf8.RuneCountInString(f.Name) > limits.FileName || strings.ContainsFunc(f.Name, unicode.IsControl) {
		return fault.New(fault.Invalid, "The name of a file has up to %d characters, and no control characters.", limits.FileName).At("fileName")
	}
	for name, text := range map[string]*string{"key": f.Options.IdempotencyKey, "note": f.Options.Note, "fileName": &f.Name} {
		if text != nil && !utf8.ValidString(*text) {
			return fault.New(fault.Invalid, "It is not UTF-8.").At(name)
		}
	}
	err := f.Options.Check()
	var one *fault.Fault
	var several fault.List
	switch {
	case errors.As(err, &several):
		one = several[0]
	case !errors.As(err, &one):
		return err
	}
	if one.Field[1] == "note" {
		return one.At("note")
	}
	return one.At("key")
}

// is reports whether an operation is of the same file, as far as its options go.
func (f File) is(row *ent.BulkOperation, input json.RawMessage) bool {
	return row.Verb == f.Verb && row.DryRun == f.Options.Dry() && change.Deref(row.Note) == change.Deref(f.Options.Note) && string(row.Input) == string(input)
}

// fileUntil is until when a file waits for its rest, if nothing more comes.
func (c *Catalog) fileUntil() int64 { return c.Options.Now().Add(fileKept).UnixMilli() }

func reused(format string, args ...any) *fault.Fault {
	return fault.New(fault.IdempotencyKeyReused, format, args...).At("key")
}

// FileAppend receives the next part of a file. One that came with the same key before
// is compared with it, and refused with IDEMPOTENCY_KEY_REUSED where it is another.
// Any number of callers may send the same file at once.
func (c *Catalog) FileAppend(ctx context.Context, id string, p FilePart) error {
	lines, err := json.Marshal(p.Lines)
	if err != nil {
		return fmt.Errorf("write lines down: %w", err)
	}
	return c.Aside(ctx, func(tx *ent.Tx) error {
		n, err := tx.BulkOperation.Update().Where(receiving(id, p.First-1)...).
			SetReceived(p.Last).AddMatched(int64(len(p.Lines))).SetHeldUntil(c.fileUntil()).Save(ctx)
		if err != nil {
			return fmt.Errorf("receive lines: %w", err)
		}
		if n == 1 {
			err := tx.FilePart.Create().SetOperationID(id).SetFirst(p.First).SetLast(p.Last).SetDigest(p.Digest).SetLines(lines).Exec(ctx)
			if err != nil {
				return fmt.Errorf("write lines down: %w", err)
			}
			return nil
		}
		if _, err := there(ctx, tx, id); err != nil {
			return err
		}
		same, err := tx.FilePart.Query().Where(filepart.OperationID(id), filepart.First(p.First), filepart.Last(p.Last),
			filepart.Digest(p.Digest)).Exist(ctx)
		switch {
		case err != nil:
			return fmt.Errorf("compare lines: %w", err)
		case !same:
			return reused("The lines up to %d are others than those that came with this key before.", p.Last)
		}
		return nil
	})
}

// receiving finds an operation that has received so many lines, and waits for more.
func receiving(id string, lines int64) []predicate.BulkOperation {
	return []predicate.BulkOperation{bulkoperation.ID(id), bulkoperation.StatusEQ(bulkoperation.StatusQUEUED),
		bulkoperation.FileComplete(false), bulkoperation.Received(lines)}
}

// there finds the operation of a file, and refuses one that was ended before it was
// whole.
func there(ctx context.Context, tx *ent.Tx, id string) (*ent.BulkOperation, error) {
	row, err := tx.BulkOperation.Get(ctx, id)
	switch {
	case ent.IsNotFound(err):
		return nil, fault.New(fault.NotFound, "The operation of the file is no more; send the file again.")
	case err != nil:
		return nil, fmt.Errorf("find the operation: %w", err)
	case !row.FileComplete && row.Status != bulkoperation.StatusQUEUED:
		return nil, reused("The operation %s, which has this key, was cancelled.", id)
	}
	return row, nil
}

// FileEnd has the operation of a file begin, for there are all its lines. It refuses
// with IDEMPOTENCY_KEY_REUSED a file that was longer when it came with the same key
// before.
func (c *Catalog) FileEnd(ctx context.Context, id string, lines int64, by Claim) error {
	err := c.Aside(ctx, func(tx *ent.Tx) error {
		end := tx.BulkOperation.Update().Where(receiving(id, lines)...).SetFileComplete(true)
		if by.Holder != "" {
			end.SetHolder(by.Holder).Modify(c.lease(by.Holder, by.Lasts).Extend)
		} else {
			end.SetHeldUntil(0)
		}
		n, err := end.Save(ctx)
		if err != nil {
			return fmt.Errorf("begin the operation of a file: %w", err)
		}
		if n == 1 {
			return nil
		}
		row, err := there(ctx, tx, id)
		if err == nil && change.ValueOr(row.Received, 0) != lines {
			err = reused("%d lines came with this key before, not %d.", change.ValueOr(row.Received, 0), lines)
		}
		return err
	})
	if err == nil && c.Options.Queued != nil {
		c.Options.Queued()
	}
	return err
}

// FileForget forgets a file that has not come whole and has no key to go on with.
func (c *Catalog) FileForget(ctx context.Context, id string) error {
	return c.Aside(ctx, func(tx *ent.Tx) error {
		_, err := tx.BulkOperation.Delete().Where(bulkoperation.ID(id), bulkoperation.FileComplete(false),
			bulkoperation.KeyIsNil()).Exec(ctx)
		return err
	})
}

// FileResults is what became of lines of a file.
type FileResults struct {
	// Lines are JSON Lines of FileResult, in order; empty where none are done.
	Lines []byte
	// Last is the number of the last line that they are about.
	Last int64
	// Operation is how far it was before the lines were read.
	Operation *ent.BulkOperation
}

// FileResult is what became of a line.
type FileResult struct {
	Line    int64              `json:"line"`
	Outcome change.ItemOutcome `json:"outcome"`
	// ID is the asset's; empty where none was found or made.
	ID string `json:"id,omitempty"`
	// Errors have their places from the line's object down.
	Errors []FileError `json:"errors,omitempty"`
	// Changes are what a dry run would change of the asset.
	Changes []FileChange `json:"changes,omitempty"`
}

// FileChange is a field of an asset as it is, and as a line would make it; null for no value.
type FileChange struct {
	Field  string          `json:"field"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// FileError is a refusal in a line.
type FileError struct {
	Code    fault.Code `json:"code"`
	Message string     `json:"message"`
	Field   []string   `json:"field,omitempty"`
	// Users are the first uses of an asset that is not deleted for them.
	Users []FileUse `json:"users,omitempty"`
}

// FileUse is that an asset uses another one, in a field as the API names it.
type FileUse struct {
	AssetID string `json:"assetId"`
	Field   string `json:"field"`
}

// FileResults reads what became of some lines after one, perhaps with some before. It refuses with NOT_FOUND an
// operation that is not there or has no file, and with INVALID one of which the file
// has not come whole.
func (c *Catalog) FileResults(ctx context.Context, id string, after int64) (*FileResults, error) {
	if strings.ContainsRune(id, 0) || !utf8.ValidString(id) { // which Postgres does not take
		id = ""
	}
	row, err := c.DB.BulkOperation.Get(ctx, id)
	switch {
	case ent.IsNotFound(err) || err == nil && row.Received == nil:
		return nil, fault.New(fault.NotFound, "There is no such operation of a file.").At("id")
	case err != nil:
		return nil, fmt.Errorf("find the operation: %w", err)
	case !row.FileComplete:
		return nil, fault.New(fault.Invalid, "The file has not come whole, so nothing of it is done.").At("id")
	}
	r := &FileResults{Operation: row, Last: after}
	part, err := c.DB.FilePart.Query().Where(filepart.OperationID(id), filepart.LastGT(after), filepart.ResultsNotNil()).
		Order(filepart.ByFirst()).Select(filepart.FieldLast, filepart.FieldResults).First(ctx)
	switch {
	case ent.IsNotFound(err):
	case err != nil:
		return nil, fmt.Errorf("read results: %w", err)
	default:
		r.Last, r.Lines = part.Last, *part.Results
		if at, err := strconv.ParseInt(row.Position, 10, 64); err != nil || at < part.Last { // perhaps not all of the part
			r.Last, err = lastLine(r.Lines)
			return r, err
		}
	}
	return r, nil
}

// lastLine is the number of the last line that results are about.
func lastLine(results []byte) (int64, error) {
	begin := bytes.LastIndexByte(bytes.TrimSuffix(results, []byte{'\n'}), '\n') + 1
	var last FileResult
	if err := json.Unmarshal(results[begin:], &last); err != nil {
		return 0, fmt.Errorf("read results: %w", err)
	}
	return last.Line, nil
}
