package bleve

import (
	"sort"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// beginnings are the documents of a segment that have a word in a group which begins
// in some way, for each way in which more than manyWords begin, in memory: as "s",
// or the first digits of numbers that count up. They are read again and again while
// someone types, and word by word that takes long. The documents must not be
// changed.
type beginnings map[string]*roaring.Bitmap

const (
	manyWords = 64
	// longestBeginning is how many bytes a beginning has at most.
	longestBeginning = 64
)

// newBeginnings takes all words of a dictionary, sorted.
func newBeginnings(d dictionary, words []string) (beginnings, error) {
	b := beginnings{}
	_, err := b.gather(d, words, 0)
	return b, err
}

func (b beginnings) gather(d dictionary, words []string, n int) (*roaring.Bitmap, error) {
	docs := roaring.New()
	if n > 0 {
		b[words[0][:n]] = docs
	}
	for len(words) > 0 {
		if len(words[0]) == n { // only the first can be no longer
			if err := d.add(words[0], docs); err != nil {
				return nil, err
			}
			words = words[1:]
			continue
		}
		begin := words[0][:n+1]
		same := sort.Search(len(words), func(i int) bool { return !strings.HasPrefix(words[i], begin) })
		if same > manyWords && n < longestBeginning {
			some, err := b.gather(d, words[:same], n+1)
			if err != nil {
				return nil, err
			}
			docs.Or(some)
		} else {
			for _, word := range words[:same] {
				if err := d.add(word, docs); err != nil {
					return nil, err
				}
			}
		}
		words = words[same:]
	}
	return docs, nil
}
