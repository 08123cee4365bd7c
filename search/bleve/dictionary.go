package bleve

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	api "github.com/blevesearch/scorch_segment_api/v2"
)

type segment = api.Segment

// dictionary is the terms of a field in a segment, and the documents of each,
// among them some that are removed.
type dictionary struct{ terms api.TermDictionary }

// open returns an empty dictionary for a field that no document has.
func (p *segmentView) open(field string) (dictionary, error) {
	terms, err := p.segment.Dictionary(field)
	if err != nil {
		return dictionary{}, fmt.Errorf("open the dictionary of %s: %w", field, err)
	}
	return dictionary{terms}, nil
}

type bitmapper interface{ OrInto(*roaring.Bitmap) }

func (d dictionary) add(term string, to *roaring.Bitmap) error {
	list, err := d.list(term)
	if err != nil {
		return err
	}
	if whole, ok := list.(bitmapper); ok {
		whole.OrInto(to)
		return nil
	}
	return eachPosting(list, to)
}

// of returns the documents of a term. They may lie in the segment's own memory, and
// must not be changed.
func (d dictionary) of(term string) (*roaring.Bitmap, error) {
	list, err := d.list(term)
	if err != nil {
		return nil, err
	}
	if whole, ok := list.Iterator(false, false, false, nil).(api.OptimizablePostingsIterator); ok {
		if _, one := whole.DocNum1Hit(); !one && whole.ActualBitmap() != nil {
			return whole.ActualBitmap(), nil
		}
	}
	docs := roaring.New()
	if whole, ok := list.(bitmapper); ok {
		whole.OrInto(docs)
		return docs, nil
	}
	return docs, eachPosting(list, docs)
}

func (d dictionary) list(term string) (api.PostingsList, error) {
	list, err := d.terms.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("read the documents of a term: %w", err)
	}
	return list, nil
}

func eachPosting(list api.PostingsList, to *roaring.Bitmap) error {
	for iterator := list.Iterator(false, false, false, nil); ; {
		posting, err := iterator.Next()
		if err != nil {
			return fmt.Errorf("read the documents of a term: %w", err)
		}
		if posting == nil {
			return nil
		}
		to.Add(uint32(posting.Number()))
	}
}

// each visits the terms from one to before another, nil for no bound, with what the
// index says of them. It stops when visit returns false.
func (d dictionary) each(from, to []byte, visit func(*index.DictEntry) (bool, error)) error {
	iterator := d.terms.AutomatonIterator(nil, from, to)
	for {
		entry, err := iterator.Next()
		if err != nil {
			return fmt.Errorf("read the dictionary: %w", err)
		}
		if entry == nil {
			return nil
		}
		// The entry is used again for the next.
		more, err := visit(entry)
		if err != nil || !more {
			return err
		}
	}
}

func (d dictionary) all() ([]string, error) {
	terms := make([]string, 0, d.terms.Cardinality())
	err := d.each(nil, nil, func(entry *index.DictEntry) (bool, error) {
		terms = append(terms, entry.Term)
		return true, nil
	})
	return terms, err
}

// after returns the first term without this prefix; nil where there is none.
func after(prefix string) []byte {
	end := []byte(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] < 0xff {
			end[i]++
			return end[:i+1]
		}
	}
	return nil
}
