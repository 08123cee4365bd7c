package exchange_test

import (
	"bytes"
	"context"
	chance "crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"vodgraph/bulk"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/ent/bulkoperation"
	"vodgraph/exchange"
	"vodgraph/fault"
	"vodgraph/limits"
	"vodgraph/media"
)

// TestChangesAreCallsInOrder does random files, cut into parts anywhere, and holds
// them against the same lines as calls of one item each, on another library: what
// becomes of each line, and of the library. A dry run before reports the same, and
// changes nothing.
func TestChangesAreCallsInOrder(t *testing.T) {
	t.Parallel()
	rounds := 6
	if soaking() {
		rounds = 200
	}
	for round := range rounds {
		for _, verb := range []bulkoperation.Verb{bulkoperation.VerbCREATE, bulkoperation.VerbUPDATE, bulkoperation.VerbTRASH,
			bulkoperation.VerbRESTORE, bulkoperation.VerbDELETE} {
			t.Run(fmt.Sprint(verb, round), func(t *testing.T) {
				each(t, func(l *library) { l.comparesChanges(verb, uint64(round)) })
			})
		}
	}
}

// comparesChanges compares one file.
func (l *library) comparesChanges(verb bulkoperation.Verb, seed uint64) {
	draw := &lineDraw{rand.New(rand.NewPCG(seed, uint64(len(verb))))}
	calls := libraryOn(l.T, dbtest.SQLite(l.T))
	for _, one := range []*library{l, calls} {
		one.stopsClock()
		one.takes(draw.base())
	}
	f := bulk.File{Verb: verb, Force: verb == bulkoperation.VerbDELETE && draw.one(2), Options: &change.BulkOptions{DryRun: new(bool)}}
	var lines []bulk.FileLine
	for number := range int64(60) {
		lines = append(lines, draw.line(verb, number+1))
	}
	before, revision := l.export(), l.revision()
	*f.Options.DryRun = true
	tried := l.doesChanges(f, draw.cut(lines))
	if l.revision() != revision || !bytes.Equal(before, l.export()) {
		l.Error("the dry run changed the library")
	}
	*f.Options.DryRun = false
	done := l.doesChanges(f, draw.cut(lines))
	for i, line := range lines {
		want := calls.callsLine(f, line)
		if got := shorten(done[i]); got != want {
			l.Errorf("line %d %s\nis   %s\nwant %s", line.Number, line.Item, got, want)
		}
		if got := shorten(tried[i]); got != want {
			l.Errorf("line %d %s\nis in the dry run %s\nwant            %s", line.Number, line.Item, got, want)
		}
	}
	assets := func(l *library) [][]byte {
		return slices.DeleteFunc(inOrder(l.export()), func(line []byte) bool { return !bytes.HasPrefix(line, []byte(`{"id":"`)) })
	}
	sameLines(l, bytes.Join(assets(l), []byte("\n")), bytes.Join(assets(calls), []byte("\n")))
	if l.Failed() {
		l.Logf("the library before\n%s", before)
	}
}

// stopsClock has a library always have the same time, so that two can be compared.
func (l *library) stopsClock() {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	l.catalog = bulk.New(l.db.Client, change.Options{Limits: limits.DefaultLibrary(), Now: func() time.Time { return now },
		NewID: media.ULIDs(time.Now, chance.Reader)})
}

// doesChanges sends parts of a file, has the operation done, and reads its results.
func (l *library) doesChanges(f bulk.File, parts []bulk.FilePart) (results []bulk.FileResult) {
	l.Helper()
	id, err := l.catalog.FileBegin(l.Context(), f)
	if err != nil {
		l.Fatal(err)
	}
	for _, part := range parts {
		if err := l.catalog.FileAppend(l.Context(), id, part); err != nil {
			l.Fatal(err)
		}
	}
	if err := l.catalog.FileEnd(l.Context(), id, parts[len(parts)-1].Last, bulk.Claim{}); err != nil {
		l.Fatal(err)
	}
	l.does(id)
	results, _ = l.results(id)
	return results
}

// does runs an operation to its end. One that the worker of a server has is waited for.
func (l *library) does(id string) {
	l.Helper()
	held, err := l.catalog.ClaimOperation(l.Context(), id, "test", time.Minute)
	if err == nil && held == "" {
		err = exchange.Results(l.Context(), l.catalog, exchange.ResultsOf{ID: id}, io.Discard, func(ctx context.Context) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(10 * time.Millisecond):
				return nil
			}
		})
		if err != nil {
			l.Fatal(err)
		}
		return
	}
	if held != id || err != nil {
		l.Fatalf("%q was taken: %v", held, err)
	}
	for more, step := true, 0; more; step++ { // of one asset or line, and of more
		if more, err = l.catalog.RunBatch(l.Context(), id, 1+step%5*5); err != nil {
			l.Fatal(err)
		}
	}
}

// results reads the results of an operation that is over.
func (l *library) results(id string) (results []bulk.FileResult, summary *exchange.ChangesSummary) {
	l.Helper()
	var text bytes.Buffer
	if err := exchange.Results(l.Context(), l.catalog, exchange.ResultsOf{ID: id}, &text, nil); err != nil {
		l.Fatal(err)
	}
	for d := json.NewDecoder(&text); ; {
		var line exchange.ResultLine
		if err := d.Decode(&line); err != nil {
			l.Fatal(err)
		}
		if line.Summary != nil {
			return results, line.Summary
		}
		results = append(results, line.FileResult)
	}
}

// shorten is a result in short.
func shorten(r bulk.FileResult) string {
	reported := []string{string(r.Outcome)}
	for _, e := range r.Errors {
		message := e.Message
		if e.Code == fault.StaleRevision { // the library's revision counts transactions, and a part is one
			message = ""
		}
		reported = append(reported, strings.TrimSuffix(fmt.Sprintf("%s at %v: %s %v", e.Code, e.Field, message, e.Users), " []"))
	}
	return strings.Join(reported, "; ")
}

// callsLine makes the call that a line of a file stands for, and reports what becomes of
// it.
func (l *library) callsLine(f bulk.File, line bulk.FileLine) string {
	l.Helper()
	var out *change.Outcome
	var err error
	read := func(into any) {
		if err := json.Unmarshal(line.Item, into); err != nil {
			l.Fatal(err)
		}
	}
	ctx := l.Context()
	switch f.Verb {
	case bulkoperation.VerbCREATE:
		in := &catalog.AssetCreateInput{}
		read(in)
		out, err = l.catalog.AssetsCreate(ctx, []*catalog.AssetCreateInput{in}, nil)
	case bulkoperation.VerbUPDATE:
		in := &catalog.AssetUpdateInput{}
		read(in)
		out, err = l.catalog.AssetsUpdate(ctx, []*catalog.AssetUpdateInput{in}, nil)
	default:
		var ref change.AssetRef
		read(&ref)
		id := ref.ID
		if id == nil { // these calls take ids alone
			found, err := l.db.Client.Asset.Query().Where(asset.ReferenceID(*ref.ReferenceID)).IDs(ctx)
			if err != nil {
				l.Fatal(err)
			}
			if len(found) == 0 {
				return "FAILED; NOT_FOUND at [referenceId]: There is no asset of this reference id."
			}
			id = &found[0]
		}
		switch f.Verb {
		case bulkoperation.VerbTRASH:
			out, err = l.catalog.AssetsTrash(ctx, []*change.AssetRef{{ID: id}}, nil)
		case bulkoperation.VerbRESTORE:
			out, err = l.catalog.AssetsRestore(ctx, []*change.AssetRef{{ID: id}}, nil)
		default:
			out, err = l.catalog.AssetsDelete(ctx, []*change.AssetRef{{ID: id}}, f.Force, nil)
		}
	}
	if err != nil {
		l.Fatal(err)
	}
	result := bulk.FileResult{Outcome: out.Items[0].Outcome}
	for _, f := range out.Items[0].Errors {
		refused := bulk.FileError{Code: f.Code, Message: f.Message, Field: f.Field[2:]}
		for _, u := range f.Users {
			refused.Users = append(refused.Users, bulk.FileUse(u))
		}
		result.Errors = append(result.Errors, refused)
	}
	return shorten(result)
}
