package bleve

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"vodgraph/search"
)

type rebuild struct {
	engine *Engine
	name   string

	lock  sync.RWMutex // read-locked while the store is used, locked while it goes
	store *store       // nil when it was switched to or discarded
}

var errOver = fmt.Errorf("%w: this rebuild is over", search.ErrUnavailable)

// Rebuild begins a copy beside the one that answers, see search.Rebuilder. One
// that was begun earlier is over with it.
func (e *Engine) Rebuild(ctx context.Context) (search.Rebuild, error) {
	e.lock.Lock()
	earlier, current := e.rebuild, e.name
	e.rebuild = nil
	e.lock.Unlock()
	if earlier != nil {
		if err := earlier.Discard(ctx); err != nil {
			return nil, err
		}
	}
	if err := e.folder.clear(current); err != nil {
		return nil, err
	}
	name, err := e.folder.next(search.Shape)
	if err != nil {
		return nil, err
	}
	s, err := openStore(e.folder.in(name))
	if err != nil {
		return nil, err
	}
	r := &rebuild{engine: e, name: name, store: s}
	e.lock.Lock()
	e.rebuild = r
	e.lock.Unlock()
	return r, nil
}

func (r *rebuild) use(do func(*store) error) error {
	r.lock.RLock()
	defer r.lock.RUnlock()
	if r.store == nil {
		return errOver
	}
	return do(r.store)
}

func (r *rebuild) take() *store {
	r.lock.Lock()
	defer r.lock.Unlock()
	taken := r.store
	r.store = nil
	return taken
}

func (r *rebuild) close() error {
	if s := r.take(); s != nil {
		return s.close()
	}
	return nil
}

func (r *rebuild) Put(ctx context.Context, docs []*search.Document) error {
	return r.use(func(s *store) error { return s.put(ctx, docs) })
}

func (r *rebuild) Remove(ctx context.Context, ids []string) error {
	return r.use(func(s *store) error { return s.remove(ctx, ids) })
}

func (r *rebuild) Search(ctx context.Context, q *search.Query) (hits *search.Hits, err error) {
	err = r.use(func(s *store) error {
		hits, err = s.search(ctx, q)
		return err
	})
	return hits, err
}

func (r *rebuild) Revisions(_ context.Context, after string, limit int) (found []search.Revision, err error) {
	err = r.use(func(s *store) error {
		found, err = s.revisions(after, limit)
		return err
	})
	return found, err
}

func (r *rebuild) Count(context.Context) (count int64, err error) {
	err = r.use(func(s *store) error {
		count, err = s.count()
		return err
	})
	return count, err
}

// Switch makes the engine answer from the copy, see search.Rebuild. Searches under way
// are answered from the old one.
func (r *rebuild) Switch(context.Context) error {
	e := r.engine
	e.writing.Lock()
	defer e.writing.Unlock()
	s := r.take()
	if s == nil {
		return errOver
	}
	if err := e.folder.setCurrent(r.name); err != nil {
		return errors.Join(err, s.close())
	}
	e.lock.Lock()
	old := e.store
	e.store, e.name, e.rebuild = s, r.name, nil
	e.lock.Unlock()
	if old != nil {
		if err := old.close(); err != nil {
			return fmt.Errorf("close the old search index: %w", err)
		}
	}
	return e.folder.clear(r.name)
}

// Discard removes the copy. It does nothing after a Switch or another Discard.
func (r *rebuild) Discard(context.Context) error {
	s := r.take()
	if s == nil {
		return nil
	}
	e := r.engine
	e.lock.Lock()
	if e.rebuild == r {
		e.rebuild = nil
	}
	e.lock.Unlock()
	if err := s.close(); err != nil {
		return fmt.Errorf("close a search index: %w", err)
	}
	if err := os.RemoveAll(e.folder.in(r.name)); err != nil {
		return fmt.Errorf("clear away a search index: %w", err)
	}
	return nil
}
