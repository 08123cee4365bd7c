package bleve

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"vodgraph/search"
)

// store is one folder of documents. What is written is on the disk, and in the
// view that searches use, when the call returns.
type store struct {
	path  string
	index index.Index
	queue *index.AnalysisQueue

	renewing sync.Mutex // held while a view is made, so that views only get newer
	asked    atomic.Int64
	panicked atomic.Pointer[error] // a panic in the background, for whoever counts next
	work     sync.WaitGroup        // views in use, and renewals in the background

	lock   sync.Mutex
	view   *view // nil when closed
	closed bool
}

const maxBatch = 2000

func openStore(path string) (*store, error) {
	queue := index.NewAnalysisQueue(runtime.GOMAXPROCS(0))
	opened, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path": path,
		// The engine holds the folder's parent alone, so this one is never taken.
		"bolt_timeout": "1s",
	}, queue)
	if err == nil {
		err = opened.Open()
	}
	if err != nil {
		queue.Close()
		return nil, fmt.Errorf("open the index in %s: %w", path, err)
	}
	s := &store{path: path, index: opened, queue: queue}
	if err := s.renew(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// close waits for the searches under way. Nothing may be written meanwhile.
func (s *store) close() error {
	s.lock.Lock()
	last := s.view
	s.view, s.closed = nil, true
	s.lock.Unlock()
	if last != nil {
		s.release(last)
	}
	s.work.Wait()
	err := s.index.Close()
	s.queue.Close()
	return err
}

// acquire returns the current view, to be released; nil when the store is closed.
func (s *store) acquire() *view {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.view != nil {
		s.view.users++
	}
	return s.view
}

func (s *store) release(v *view) {
	s.lock.Lock()
	v.users--
	last := v.users == 0
	s.lock.Unlock()
	if last {
		// It only counts down what it holds.
		_ = v.reader.Close()
		s.work.Done()
	}
}

// renew makes the index's content visible to searches. It reads the rows of new
// segments, so that no search waits for it.
func (s *store) renew() error {
	s.renewing.Lock()
	defer s.renewing.Unlock()
	before := s.acquire()
	if before != nil {
		defer s.release(before)
	}
	reader, err := s.index.Reader()
	if err != nil {
		return fmt.Errorf("read the index: %w", err)
	}
	next, err := newView(reader, before)
	if err != nil {
		_ = reader.Close()
		return err
	}
	s.lock.Lock()
	old := s.view
	if s.closed {
		s.lock.Unlock()
		return reader.Close()
	}
	s.work.Add(1)
	s.view = next
	s.lock.Unlock()
	if old != nil {
		s.release(old)
	}
	return nil
}

// renewEvery is after how many searches a view is renewed without a write: the index
// merges its segments in the background.
const renewEvery = 50

func (s *store) settle() {
	if s.asked.Add(1)%renewEvery != 0 || !s.renewing.TryLock() {
		return
	}
	s.renewing.Unlock()
	s.lock.Lock()
	open := s.view != nil
	if open {
		s.work.Add(1)
	}
	s.lock.Unlock()
	if open {
		go func() {
			defer s.work.Done()
			defer func() {
				if value := recover(); value != nil { // no caller waits for it who could get the error
					panicked := fmt.Errorf("renew the view: panic: %v\n%s", value, debug.Stack())
					s.panicked.Store(&panicked)
				}
			}()
			// The view that is there stays good where this fails.
			_ = s.renew()
		}()
	}
}

func (s *store) put(ctx context.Context, docs []*search.Document) error {
	if len(docs) == 0 {
		return nil
	}
	for part := range slices.Chunk(docs, maxBatch) {
		if err := ctx.Err(); err != nil {
			return err
		}
		batch := index.NewBatch()
		for _, d := range part {
			batch.Update(newDocument(d))
		}
		if err := s.index.Batch(batch); err != nil {
			return fmt.Errorf("write %d documents: %w", len(part), err)
		}
	}
	return s.renew()
}

func (s *store) remove(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	batch := index.NewBatch()
	for _, id := range ids {
		batch.Delete(id)
	}
	if err := s.index.Batch(batch); err != nil {
		return fmt.Errorf("remove %d documents: %w", len(ids), err)
	}
	return s.renew()
}

type view struct {
	reader   index.IndexReader
	segments []*segmentView
	users    int // by the lock of the store
}

func newView(reader index.IndexReader, before *view) (*view, error) {
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("the index is of an unknown kind, %T", reader)
	}
	known := map[uint64]*columns{}
	if before != nil {
		for _, s := range before.segments {
			known[s.id] = s.columns
		}
	}
	v := &view{reader: reader, users: 1}
	for _, s := range snapshot.Segments() {
		c := known[s.Id()]
		if c == nil || len(c.rows) != int(s.Segment().Count()) {
			var err error
			if c, err = readColumns(s); err != nil {
				return nil, err
			}
		}
		v.segments = append(v.segments, &segmentView{id: s.Id(), segment: s.Segment(), live: s.DocNumbersLive(), columns: c})
	}
	return v, nil
}

// segmentView is a part of the documents, numbered from 0. Only removals change it.
type segmentView struct {
	id      uint64
	segment segment
	live    *roaring.Bitmap
	columns *columns
}

type columns struct {
	rows          []row
	loose, others *vocabulary  // of the groups that are loose, and of those that are not
	beginnings    []beginnings // of the groups that are loose
}

func readColumns(s *scorch.SegmentSnapshot) (*columns, error) {
	c, err := readRows(s)
	if err != nil {
		return nil, err
	}
	p := &segmentView{segment: s.Segment()}
	loose, others := make([][]string, len(groups())), make([][]string, len(groups()))
	c.beginnings = make([]beginnings, len(groups()))
	for i, g := range groups() {
		d, err := p.open(g.words)
		if err != nil {
			return nil, err
		}
		words, err := d.all()
		if err != nil {
			return nil, err
		}
		if !g.loose {
			others[i] = words
			continue
		}
		loose[i] = words
		if c.beginnings[i], err = newBeginnings(d, words); err != nil {
			return nil, err
		}
	}
	c.loose, c.others = newVocabulary(loose), newVocabulary(others)
	return c, nil
}

func readRows(s *scorch.SegmentSnapshot) (*columns, error) {
	c := &columns{rows: make([]row, s.Segment().Count())}
	for n := range c.rows {
		var err error
		visitErr := s.VisitDocument(uint64(n), func(name string, _ byte, value []byte, _ []uint64) bool {
			switch name {
			case fieldRow:
				id := c.rows[n].id
				c.rows[n], err = decodeRow(value)
				c.rows[n].id = id
			case fieldID:
				c.rows[n].id = string(value)
			}
			return true
		})
		if err == nil {
			err = visitErr
		}
		if err != nil {
			return nil, fmt.Errorf("read the row of a document: %w", err)
		}
	}
	return c, nil
}

func (s *store) count() (int64, error) {
	if panicked := s.panicked.Swap(nil); panicked != nil {
		return 0, *panicked
	}
	v := s.acquire()
	if v == nil {
		return 0, errClosed
	}
	defer s.release(v)
	var count uint64
	for _, part := range v.segments {
		count += part.live.GetCardinality()
	}
	return int64(count), nil
}

func (s *store) revisions(after string, limit int) ([]search.Revision, error) {
	v := s.acquire()
	if v == nil {
		return nil, errClosed
	}
	defer s.release(v)
	var all []search.Revision
	for _, part := range v.segments {
		some, err := part.revisions(after, limit)
		if err != nil {
			return nil, fmt.Errorf("list the ids: %w", err)
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b search.Revision) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return all[:min(limit, len(all))], nil
}

func (p *segmentView) revisions(after string, limit int) ([]search.Revision, error) {
	d, err := p.open(fieldID)
	if err != nil {
		return nil, err
	}
	var found []search.Revision
	// The first id that can come after is the one with a zero byte more.
	err = d.each([]byte(after+"\x00"), nil, func(entry *index.DictEntry) (bool, error) {
		id := entry.Term
		docs := roaring.New()
		if err := d.add(id, docs); err != nil {
			return false, err
		}
		docs.And(p.live)
		if !docs.IsEmpty() {
			found = append(found, search.Revision{ID: id, Revision: p.columns.rows[docs.Minimum()].revision})
		}
		return len(found) < limit, nil
	})
	return found, err
}
