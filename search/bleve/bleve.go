// Package bleve is the search engine that runs within the server, in files of its
// own folder, for one server at a time.
//
// It takes from bleve how documents are kept: segments on the disk, each with
// dictionaries of terms and the documents of each term, written in batches and
// joined in the background. How a query is answered is its own: documents are
// sets that are joined and cut, a score is made of the document and the text
// alone. What each search needs stands in memory: what orders and
// bounds pages, 112 bytes a document with its id and the key of its title besides, and the
// different words, about 20 bytes each.
package bleve

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"vodgraph/search"
)

// ErrOwned is a folder that another process, or another engine of this one, has
// open.
var ErrOwned = errors.New("the search index is open elsewhere; a folder has one owner")

var errClosed = fmt.Errorf("%w: it was closed", search.ErrUnavailable)

// Engine is a search.Engine and search.Rebuilder over a folder.
type Engine struct {
	folder *folder

	// writing is read-locked by writes, and locked while the copy that is written to
	// changes.
	writing sync.RWMutex
	lock    sync.Mutex
	store   *store // nil where the shape is another one, or the engine is closed
	name    string // of the copy
	rebuild *rebuild
}

var (
	_ search.Engine    = (*Engine)(nil)
	_ search.Rebuilder = (*Engine)(nil)
)

// Open opens a folder, and makes it if it is not there. It fails with ErrOwned,
// without waiting, where another has it open. A folder of another document shape
// opens too, but answers nothing until it is rebuilt.
func Open(path string) (*Engine, error) {
	f, err := openFolder(path)
	if err != nil {
		return nil, err
	}
	e := &Engine{folder: f}
	if err := e.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the search index: %w", err), f.close())
	}
	return e, nil
}

func (e *Engine) open() (err error) {
	if e.name, err = e.folder.current(); err != nil {
		return err
	}
	if err := e.folder.clear(e.name); err != nil {
		return err
	}
	if e.name == "" {
		if e.name, err = e.folder.next(search.Shape); err != nil {
			return err
		}
		if e.store, err = openStore(e.folder.in(e.name)); err != nil {
			return err
		}
		return e.folder.setCurrent(e.name)
	}
	if shape, _ := parseName(e.name); shape == search.Shape {
		e.store, err = openStore(e.folder.in(e.name))
	}
	return err
}

// Close waits for what is under way and closes the folder. A rebuild that is not
// switched to is left to be cleared away.
func (e *Engine) Close() error {
	e.writing.Lock()
	defer e.writing.Unlock()
	e.lock.Lock()
	last, begun := e.store, e.rebuild
	e.store, e.rebuild = nil, nil
	e.lock.Unlock()
	var err error
	if begun != nil {
		err = begun.close()
	}
	if last != nil {
		err = errors.Join(err, last.close())
	}
	return errors.Join(err, e.folder.close())
}

func (e *Engine) current() (*store, error) {
	e.lock.Lock()
	defer e.lock.Unlock()
	if e.store == nil {
		return nil, fmt.Errorf("%w: its documents are of another shape, or it was closed", search.ErrUnavailable)
	}
	return e.store, nil
}

// Put writes documents, see search.Engine. They are on the disk when it returns.
func (e *Engine) Put(ctx context.Context, docs []*search.Document) error {
	e.writing.RLock()
	defer e.writing.RUnlock()
	s, err := e.current()
	if err != nil {
		return err
	}
	return s.put(ctx, docs)
}

// Remove takes documents out, see search.Engine.
func (e *Engine) Remove(ctx context.Context, ids []string) error {
	e.writing.RLock()
	defer e.writing.RUnlock()
	s, err := e.current()
	if err != nil {
		return err
	}
	return s.remove(ctx, ids)
}

// retry repeats do where a switch closed the store meanwhile.
func (e *Engine) retry(do func(*store) error) error {
	for {
		s, err := e.current()
		if err != nil {
			return err
		}
		if err = do(s); !errors.Is(err, errClosed) {
			return err
		}
		if again, _ := e.current(); again == s {
			return err
		}
	}
}

// Search answers a query, see search.Engine.
func (e *Engine) Search(ctx context.Context, q *search.Query) (hits *search.Hits, err error) {
	err = e.retry(func(s *store) error {
		hits, err = s.search(ctx, q)
		return err
	})
	return hits, err
}

// Revisions lists documents, see search.Engine.
func (e *Engine) Revisions(_ context.Context, after string, limit int) (found []search.Revision, err error) {
	err = e.retry(func(s *store) error {
		found, err = s.revisions(after, limit)
		return err
	})
	return found, err
}

// Count counts documents, see search.Engine.
func (e *Engine) Count(context.Context) (count int64, err error) {
	err = e.retry(func(s *store) error {
		count, err = s.count()
		return err
	})
	return count, err
}

// Shape is the shape of the documents, see search.Rebuilder.
func (e *Engine) Shape(context.Context) (string, error) {
	e.lock.Lock()
	defer e.lock.Unlock()
	shape, _ := parseName(e.name)
	return shape, nil
}
