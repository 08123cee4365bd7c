package bleve

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"vodgraph/search"
)

func (p *segmentView) holds(f *search.Filter) (*roaring.Bitmap, error) {
	switch {
	case f == nil:
		return p.all(), nil
	case f.And != nil:
		docs := p.all()
		for _, each := range f.And {
			some, err := p.holds(each)
			if err != nil {
				return nil, err
			}
			docs.And(some)
		}
		return docs, nil
	case f.Or != nil:
		docs := roaring.New()
		for _, each := range f.Or {
			some, err := p.holds(each)
			if err != nil {
				return nil, err
			}
			docs.Or(some)
		}
		return docs, nil
	case f.Not != nil:
		docs, err := p.holds(f.Not)
		if err != nil {
			return nil, err
		}
		docs.Flip(0, p.segment.Count())
		return docs, nil
	case f.Terms != nil:
		return p.having(termPrefix+string(f.Terms.Field), f.Terms.Values)
	case f.IDs != nil:
		return p.having(fieldID, f.IDs)
	case f.Range != nil:
		return p.within(f.Range), nil
	default:
		return p.all(), nil
	}
}

func (p *segmentView) all() *roaring.Bitmap {
	docs := roaring.New()
	docs.AddRange(0, p.segment.Count())
	return docs
}

func (p *segmentView) having(field string, values []string) (*roaring.Bitmap, error) {
	docs := roaring.New()
	d, err := p.open(field)
	if err != nil {
		return nil, err
	}
	for _, value := range values {
		if err := d.add(value, docs); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

func (p *segmentView) within(r *search.Range) *roaring.Bitmap {
	docs := roaring.New()
	field := slices.Index(numberFields(), r.Field)
	if field < 0 {
		return docs
	}
	var found []uint32
	for doc := range p.columns.rows {
		n := p.columns.rows[doc].numbers[field]
		if n != absent && (r.Min == nil || n >= *r.Min) && (r.Max == nil || n <= *r.Max) {
			found = append(found, uint32(doc))
		}
	}
	docs.AddMany(found)
	return docs
}
