package bleve

import (
	"strings"
	"testing"

	index "github.com/blevesearch/bleve_index_api"
)

// broken is an index whose readers cannot be had.
type broken struct{ index.Index }

func (broken) Reader() (index.IndexReader, error) { panic("trapped") }

// TestPanicInTheBackground is returned to whoever counts next, and neither ends the process
// nor keeps the store from being closed.
func TestPanicInTheBackground(t *testing.T) {
	t.Parallel()
	s, err := openStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	whole := s.index
	s.index = broken{whole}
	for range renewEvery {
		s.settle()
	}
	for err == nil { // until the one who panics has said so
		_, err = s.count()
	}
	if !strings.Contains(err.Error(), "trapped") || !strings.Contains(err.Error(), "store_test.go") {
		t.Error(err)
	}
	if count, err := s.count(); count != 0 || err != nil {
		t.Errorf("the next one counts %d, %v", count, err)
	}
	s.index = whole
	if err := s.renew(); err != nil {
		t.Error(err)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
}
