package bleve

import (
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// A score is made of nothing but the document and the text, so that it stays
// whatever else is added: for each word and gram the best of where and how it was
// found; among those equal in that, how close a title is in length to what was
// asked for, and best whether one is just that; and among those equal in that
// too, whether it is the title and no alternative one.
const (
	scoreUnit  = 128 // of a weight
	scoreNear  = 4   // times 0 to wholeTitle
	scoreTitle = 2
	wholeTitle = 16 // one less for a title of as many words, and so on
)

// scores returns those of the matching documents of a segment, in order.
func (a *asked) scores(p *segmentView, m match) ([]uint32, error) {
	docs := m.docs.ToArray()
	sums := make([]uint32, len(docs))
	best := make([]uint32, len(docs))
	// All of it, in the title, in the others, and in all of them together.
	inTitle, inOthers, inTitles := m.docs.Clone(), m.docs.Clone(), m.docs.Clone()
	for _, found := range m.each {
		slices.SortFunc(found, func(a, b level) int { return a.weight - b.weight })
		clear(best)
		for _, l := range found {
			mark(docs, l.docs, m.docs, func(i int) { best[i] = uint32(l.weight) })
		}
		for i, weight := range best {
			sums[i] += weight * scoreUnit
		}
		title, others := found.in(0), found.in(1)
		inTitle.And(title)
		inOthers.And(others)
		inTitles.And(roaring.Or(title, others))
	}
	d, err := p.open(fieldWhole)
	if err != nil {
		return nil, err
	}
	whole, err := d.of(a.text.Whole)
	if err != nil {
		return nil, err
	}
	mark(docs, inTitles, m.docs, func(i int) {
		near := uint32(wholeTitle)
		if !whole.Contains(docs[i]) {
			lengths := &p.columns.rows[docs[i]].lengths
			switch title, others := inTitle.Contains(docs[i]), inOthers.Contains(docs[i]); {
			case title == others:
				near = nearness(lengths[0]|lengths[1], a.length)
			case title:
				near = nearness(lengths[0], a.length)
			default:
				near = nearness(lengths[1], a.length)
			}
		}
		sums[i] += near * scoreNear
	})
	mark(docs, inTitle, m.docs, func(i int) { sums[i] += scoreTitle })
	return sums, nil
}

// nearness is greater the fewer words a title has beyond those asked for.
func nearness(lengths uint64, asked int) uint32 {
	longer := bits.TrailingZeros64(lengths >> min(asked, maxLength))
	return uint32(max(wholeTitle-1-longer, 0))
}

func mark(docs []uint32, some, all *roaring.Bitmap, visit func(int)) {
	both := some
	if some != all {
		both = roaring.And(some, all)
	}
	next := 0
	for it := both.Iterator(); it.HasNext(); {
		doc := it.Next()
		for docs[next] < doc {
			next++
		}
		visit(next)
	}
}
