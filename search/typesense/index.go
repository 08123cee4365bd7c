package typesense

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/typesense/typesense-go/v3/typesense/api"
	"github.com/typesense/typesense-go/v3/typesense/api/pointer"

	"vodgraph/search"
)

const (
	// A request to write holds up to so many documents, and is sent when it has
	// grown to so many bytes.
	maxDocuments = 500
	maxBytes     = 2 << 20
	// maxRemoved is how many ids fit into the address of a request.
	maxRemoved = 100
	// A server that is behind with its writes answers 503. It is asked again so
	// often, first after backOff and then after twice the time each time.
	tries   = 5
	backOff = 100 * time.Millisecond
)

type index struct {
	client *client
	name   string
	alias  bool // whether it is an alias, whose collection is made when missing
	bound  *bound
	making *sync.Mutex // held while the collection of the alias is made
}

// Put writes documents in batches. A refused one fails all.
func (x *index) Put(ctx context.Context, docs []*search.Document) error {
	var batch bytes.Buffer
	var ids []string
	flush := func() error {
		if len(ids) == 0 {
			return nil
		}
		err := x.write(ctx, batch.Bytes(), ids)
		batch.Reset()
		ids = ids[:0]
		return err
	}
	for _, d := range docs {
		content, err := line(d)
		if err != nil {
			return err
		}
		batch.Write(content)
		batch.WriteByte('\n')
		ids = append(ids, d.ID)
		if len(ids) == maxDocuments || batch.Len() >= maxBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// target is the collection to write to. Writes name the collection and never the
// alias: a server that reads its log again after a crash takes the writes of each
// name in their order, but those of the alias perhaps before it leads anywhere,
// and then drops them. Where the alias leads to none, one is made if that is
// wanted, and else the name is empty.
func (x *index) target(ctx context.Context, wanted bool) (string, error) {
	if !x.alias {
		return x.name, nil
	}
	name, err := x.client.behind(ctx, x.name)
	if err != nil || name != "" || !wanted {
		return name, err
	}
	return x.make(ctx)
}

func (x *index) make(ctx context.Context) (string, error) {
	x.making.Lock()
	defer x.making.Unlock()
	behind, err := x.client.behind(ctx, x.name)
	if err != nil {
		return "", err
	}
	names, err := x.client.collections(ctx, x.name)
	if err != nil || slices.Contains(names, behind) {
		return behind, err
	}
	name, err := x.client.create(ctx, x.name)
	if err != nil {
		return "", fmt.Errorf("make a collection: %w", err)
	}
	return name, x.client.lead(ctx, x.name, name)
}

// write sends lines, again while the server is busy, and once more where the
// collection has gone: another may have taken its place.
func (x *index) write(ctx context.Context, lines []byte, ids []string) error {
	wait, gone := backOff, false
	for try := 1; ; try++ {
		name, err := x.target(ctx, true)
		if err == nil {
			err = x.send(ctx, name, lines, ids)
		}
		switch {
		case errors.Is(err, errMissing) && x.alias && !gone:
			gone = true
			if _, err := x.make(ctx); err != nil {
				return fmt.Errorf("find the collection: %w", err)
			}
			continue
		case err == nil || !errors.Is(err, errBusy) || try == tries:
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
		wait *= 2
	}
}

func (x *index) send(ctx context.Context, name string, lines []byte, ids []string) error {
	return within(ctx, writeTimeout, func(ctx context.Context) error {
		params := &api.ImportDocumentsParams{Action: pointer.Any(api.Upsert), BatchSize: pointer.Int(len(ids))}
		response, err := x.client.raw.ImportDocumentsWithBody(ctx, name, params, "text/plain", bytes.NewReader(lines))
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			_, err := read(response)
			return err
		}
		return written(response.Body, ids)
	})
}

// written reads what became of each document. The lines of those that failed
// repeat them and may be long, and the last one may be empty.
func written(answer io.Reader, ids []string) error {
	decoder := json.NewDecoder(answer)
	for _, id := range ids {
		var outcome struct {
			Success bool   `json:"success"`
			Error   string `json:"error"`
			Code    int    `json:"code"`
		}
		if err := decoder.Decode(&outcome); err != nil {
			return fmt.Errorf("read what became of %s: %w", id, err)
		}
		if !outcome.Success {
			return fmt.Errorf("Typesense did not take %s: %w", id, refused(outcome.Code, outcome.Error))
		}
	}
	return nil
}

func (x *index) Remove(ctx context.Context, ids []string) error {
	name, err := x.target(ctx, false)
	if err != nil {
		return fmt.Errorf("find the collection: %w", err)
	}
	if name == "" {
		return nil
	}
	for batch := range slices.Chunk(ids, maxRemoved) {
		filter := compileIDs(batch, false)
		if filter == never {
			continue
		}
		err := within(ctx, writeTimeout, func(ctx context.Context) error {
			_, err := x.client.typed.Collection(name).Documents().Delete(ctx, &api.DeleteDocumentsParams{
				FilterBy: &filter, BatchSize: pointer.Int(len(batch))})
			return err
		})
		if err != nil && !errors.Is(err, errMissing) {
			return fmt.Errorf("remove documents: %w", err)
		}
	}
	return nil
}

// Count is 0 where there is no collection.
func (x *index) Count(ctx context.Context) (count int64, err error) {
	err = within(ctx, askTimeout, func(ctx context.Context) error {
		found, err := x.client.typed.Collection(x.name).Retrieve(ctx)
		if err == nil {
			if found.NumDocuments == nil {
				return errors.New("Typesense did not return the number of documents")
			}
			count = *found.NumDocuments
		}
		return err
	})
	if errors.Is(err, errMissing) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("count the documents: %w", err)
	}
	return count, nil
}

// Revisions walks by the numbers that hold the ids.
func (x *index) Revisions(ctx context.Context, after string, limit int) ([]search.Revision, error) {
	var revisions []search.Revision
	for len(revisions) < limit {
		page, err := x.revisions(ctx, after, min(limit-len(revisions), maxPage))
		if err != nil {
			return nil, fmt.Errorf("read the revisions after %q: %w", after, err)
		}
		if len(page) == 0 {
			break
		}
		revisions = append(revisions, page...)
		after = page[len(page)-1].ID
	}
	return revisions, nil
}

func (x *index) revisions(ctx context.Context, after string, limit int) ([]search.Revision, error) {
	r := listed(x.name)
	r.PerPage, r.Include = limit, "id,"+fieldRevision
	r.Sort = strings.Join(orderFields[:], ":asc,") + ":asc"
	if after != "" {
		r.Filter = afterID(after)
	}
	results, err := x.client.ask(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := results[0].failed(); err != nil || results[0].Code == http.StatusNotFound {
		return nil, err
	}
	revisions := make([]search.Revision, 0, len(results[0].Hits))
	for _, hit := range results[0].Hits {
		revisions = append(revisions, search.Revision{ID: hit.Document.ID, Revision: hit.Document.Revision})
	}
	return revisions, nil
}

func afterID(id string) string {
	parts, _ := idOrder(id)
	var ways, same []string
	for i, field := range orderFields {
		ways = append(ways, both(append(slices.Clone(same), fmt.Sprintf("%s:>%d", field, parts[i]))...))
		same = append(same, fmt.Sprintf("%s:=%d", field, parts[i]))
	}
	return either(ways...)
}

// failed returns the error of a search; a missing collection is none.
func (r *result) failed() error {
	if r.Code == 0 || r.Code == http.StatusNotFound {
		return nil
	}
	return refused(r.Code, r.Error)
}
