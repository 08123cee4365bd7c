package search_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"vodgraph/search"
)

// library is a search.Source in memory, with the requests for rebuilds and the lease.
type library struct {
	lock     sync.Mutex
	docs     map[string]*search.Document
	marks    []search.StaleMark
	revision int64
	serial   int64

	requests []search.StaleMark // their ids are the numbers
	finished map[int64]string
	done     int64

	holder string
	until  time.Time
	synced string // the engine that MarkSynced was called for
	panics bool   // in Claim
}

func newLibrary(assets int) *library {
	l := &library{docs: map[string]*search.Document{}, finished: map[int64]string{}}
	for n := range assets {
		l.put(n, fmt.Sprint("amber ", n))
	}
	l.marks = nil
	return l
}

func idOf(n int) string { return fmt.Sprintf("vid_%026d", n) }

// put makes or changes an asset.
func (l *library) put(n int, title string) int64 {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.revision++
	l.docs[idOf(n)] = &search.Document{ID: idOf(n), Revision: l.revision, Seq: int64(n),
		Texts: map[search.TextField][]string{search.Title: {title}}}
	l.mark(n)
	return l.revision
}

// remove deletes an asset.
func (l *library) remove(n int) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.revision++
	delete(l.docs, idOf(n))
	l.mark(n)
}

func (l *library) mark(n int) {
	l.serial++
	l.marks = append(l.marks, search.StaleMark{ID: l.serial, Asset: idOf(n), Revision: l.revision})
}

func (l *library) Stale(_ context.Context, limit int) ([]search.StaleMark, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	return slices.Clone(l.marks[:min(limit, len(l.marks))]), nil
}

func (l *library) Forget(_ context.Context, marks []search.StaleMark) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.marks = slices.DeleteFunc(l.marks, func(m search.StaleMark) bool { return slices.Contains(marks, m) })
	return nil
}

func (l *library) Documents(_ context.Context, ids []string) (docs []*search.Document, _ error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, id := range ids {
		if doc := l.docs[id]; doc != nil {
			docs = append(docs, doc)
		}
	}
	return docs, nil
}

func (l *library) Revisions(_ context.Context, after string, limit int) ([]search.Revision, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	return revisionsOf(l.docs, after, limit), nil
}

func (l *library) State(context.Context) (search.State, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	pending, state := map[string]bool{}, search.State{Assets: int64(len(l.docs)), Revision: l.revision}
	for _, mark := range l.marks {
		pending[mark.Asset] = true
		state.Revision = min(state.Revision, mark.Revision-1)
	}
	state.Pending = int64(len(pending))
	return state, nil
}

// request asks for a build.
func (l *library) request() int64 {
	l.lock.Lock()
	defer l.lock.Unlock()
	id := int64(len(l.requests) + 1)
	l.requests = append(l.requests, search.StaleMark{ID: id})
	return id
}

// ended returns whether a request is finished, and why it failed.
func (l *library) ended(request int64) (failure string, ok bool) {
	l.lock.Lock()
	defer l.lock.Unlock()
	failure, ok = l.finished[request]
	return failure, ok
}

func (l *library) Latest(context.Context) (int64, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, request := range slices.Backward(l.requests) {
		if _, ok := l.finished[request.ID]; !ok {
			return request.ID, nil
		}
	}
	return 0, nil
}

func (l *library) Progress(_ context.Context, _, done, _ int64) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.done = done
	return nil
}

func (l *library) Finish(_ context.Context, request int64, failure string) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	for id := int64(1); id <= request; id++ {
		if _, ok := l.finished[id]; !ok {
			l.finished[id] = failure
		}
	}
	return nil
}

func (l *library) SyncedRevision(ctx context.Context) (int64, bool, error) {
	state, err := l.State(ctx)
	return state.Revision, state.Pending > 0, err
}

func (l *library) PendingCount(ctx context.Context, limit int64) (int64, error) {
	state, err := l.State(ctx)
	return min(state.Pending, limit), err
}

// lease is a search.WriterLease of one process, with an engine.
type lease struct {
	*library
	name, engine string
}

func (t lease) Claim(context.Context) (held, synced bool, _ error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.panics {
		panic("trapped")
	}
	if t.holder == t.name || !time.Now().Before(t.until) {
		t.holder, t.until = t.name, time.Now().Add(search.LeaseDuration)
		if t.synced != t.engine {
			t.synced = ""
		}
	}
	return t.holder == t.name, t.synced == t.engine, nil
}

func (t lease) MarkSynced(context.Context) error {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.holder == t.name {
		t.synced = t.engine
	}
	return nil
}

func (t lease) Release(context.Context) error {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.holder == t.name {
		t.until = time.Time{}
	}
	return nil
}

// revisionsOf lists documents by id.
func revisionsOf(docs map[string]*search.Document, after string, limit int) (list []search.Revision) {
	for _, id := range slices.Sorted(maps.Keys(docs)) {
		if id > after && len(list) < limit {
			list = append(list, search.Revision{ID: id, Revision: docs[id].Revision})
		}
	}
	return list
}

// memory is the documents of an engine, and how it fails.
type memory struct {
	lock    sync.Mutex
	docs    map[string]*search.Document
	shape   string
	fail    error // of all calls
	panics  bool  // in all calls
	frozen  bool  // calls wait for their context
	puts    int
	rebuild *memory       // where it is being built anew
	loses   int           // so many documents of each put
	takes   time.Duration // for each put
}

func newMemory() *memory { return &memory{docs: map[string]*search.Document{}, shape: search.Shape} }

// engine is a search.Engine and search.Rebuild in memory.
type engine struct{ *memory }

func (e engine) enter(ctx context.Context) error {
	e.lock.Lock()
	fail, frozen, panics := e.fail, e.frozen, e.panics
	e.lock.Unlock()
	if panics {
		panic("trapped")
	}
	if frozen {
		<-ctx.Done()
		return ctx.Err()
	}
	return fail
}

func (e engine) Put(ctx context.Context, docs []*search.Document) error {
	if err := e.enter(ctx); err != nil {
		return err
	}
	e.lock.Lock()
	takes := e.takes
	e.lock.Unlock()
	time.Sleep(takes)
	e.lock.Lock()
	defer e.lock.Unlock()
	for _, doc := range docs[:len(docs)-min(len(docs), e.loses)] {
		e.docs[doc.ID] = doc
	}
	e.puts++
	return nil
}

func (e engine) Remove(ctx context.Context, ids []string) error {
	if err := e.enter(ctx); err != nil {
		return err
	}
	e.lock.Lock()
	defer e.lock.Unlock()
	for _, id := range ids {
		delete(e.docs, id)
	}
	return nil
}

func (e engine) Search(ctx context.Context, q *search.Query) (*search.Hits, error) {
	if err := e.enter(ctx); err != nil {
		return nil, err
	}
	e.lock.Lock()
	defer e.lock.Unlock()
	hits := &search.Hits{}
	for id, doc := range e.docs {
		if doc.Texts[search.Title][0] == q.Text.Typed() {
			hits.Hits, hits.Total = append(hits.Hits, search.Hit{ID: id}), hits.Total+1
		}
	}
	return hits, nil
}

func (e engine) Revisions(ctx context.Context, after string, limit int) ([]search.Revision, error) {
	if err := e.enter(ctx); err != nil {
		return nil, err
	}
	e.lock.Lock()
	defer e.lock.Unlock()
	return revisionsOf(e.docs, after, limit), nil
}

func (e engine) Count(ctx context.Context) (int64, error) {
	if err := e.enter(ctx); err != nil {
		return 0, err
	}
	e.lock.Lock()
	defer e.lock.Unlock()
	return int64(len(e.docs)), nil
}

func (e engine) Shape(ctx context.Context) (string, error) {
	if err := e.enter(ctx); err != nil {
		return "", err
	}
	e.lock.Lock()
	defer e.lock.Unlock()
	return e.shape, nil
}

func (e engine) Rebuild(ctx context.Context) (search.Rebuild, error) {
	if err := e.enter(ctx); err != nil {
		return nil, err
	}
	e.lock.Lock()
	defer e.lock.Unlock()
	e.rebuild = newMemory()
	e.rebuild.loses, e.rebuild.takes = e.loses, e.takes
	return rebuilt{engine{e.rebuild}, e.memory}, nil
}

// rebuilt is a search.Rebuild in memory.
type rebuilt struct {
	engine
	of *memory
}

func (r rebuilt) Switch(context.Context) error {
	r.of.lock.Lock()
	defer r.of.lock.Unlock()
	r.of.docs, r.of.shape, r.of.rebuild = r.docs, r.shape, nil
	return nil
}

func (r rebuilt) Discard(context.Context) error {
	r.of.lock.Lock()
	defer r.of.lock.Unlock()
	r.of.rebuild = nil
	return nil
}
