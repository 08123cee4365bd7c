package bleve

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	index "github.com/blevesearch/bleve_index_api"

	"vodgraph/search"
)

// Documents are kept as sets of words and values, without how often or where they
// stand, for scores ask for neither; and as a row of numbers, which is all that is
// stored. Rows are read into memory with their segment, see columns.

// A group is texts of one weight that share a dictionary.
type group struct {
	words, grams string // names of their fields
	texts        []search.TextField
	weight       int
	// loose groups are searched for misspelt and unfinished words from the start, not only
	// when nothing else is found.
	loose bool
}

const groupsOfTitles = 2

// groups are all texts, from the ones that count most. Titles count alike: which
// of a work's names is the title is chance to those who look for it. Categories come
// last, as some queries leave them out; see groupsOf.
func groups() []group {
	return []group{
		{"w0", "g0", []search.TextField{search.Title}, 8, true},
		{"w1", "g1", []search.TextField{search.AlternativeTitles}, 8, true},
		{"w2", "g2", []search.TextField{search.Tags}, 5, true},
		{"w3", "g3", []search.TextField{search.FileName, search.ReferenceID, search.Labels}, 4, true},
		{"w4", "g4", []search.TextField{search.Description}, 3, false},
		{"w5", "g5", []search.TextField{search.Speech, search.ScreenText}, 2, false},
		{"w6", "g6", []search.TextField{search.Categories}, 4, true},
	}
}

func groupsOf(q *search.Query) []group {
	all := groups()
	if q.WithoutCategories {
		return all[:len(all)-1]
	}
	return all
}

const (
	fieldID    = "_id"
	fieldRow   = "r"
	fieldWhole = "x"  // normal forms of whole titles, alternative ones too
	termPrefix = "t." // and a search.TermField
)

// maxTerm is the length in bytes past which a word is cut, or a whole title left
// out. No text to search for holds a longer word.
const maxTerm = 2 * search.MaxText

func numberFields() []search.NumberField {
	return []search.NumberField{
		search.NumberSize, search.NumberDuration, search.NumberWidth, search.NumberHeight, search.NumberCreated, search.NumberUpdated,
	}
}

const countOfNumbers = 6

const absent = math.MinInt64

type row struct {
	revision, seq int64
	// lengths are of the title, and of the alternative ones: bit n is set where one
	// has n words and characters of runs; the last stands for all longer ones.
	lengths [groupsOfTitles]uint64
	numbers [countOfNumbers]int64
	title   string // its key
	id      string // which is not in the row, but beside it
}

func (r *row) encode() []byte {
	out := binary.AppendVarint(nil, r.revision)
	out = binary.AppendVarint(out, r.seq)
	for _, lengths := range r.lengths {
		out = binary.AppendUvarint(out, lengths)
	}
	for _, n := range r.numbers {
		out = binary.AppendVarint(out, n)
	}
	return append(out, r.title...)
}

func decodeRow(in []byte) (r row, err error) {
	next := func() int64 {
		n, size := binary.Varint(in)
		if size <= 0 {
			err = fmt.Errorf("a row is cut short")
			return 0
		}
		in = in[size:]
		return n
	}
	r.revision, r.seq = next(), next()
	for i := range r.lengths {
		lengths, size := binary.Uvarint(in)
		if size <= 0 {
			return r, fmt.Errorf("a row is cut short")
		}
		r.lengths[i], in = lengths, in[size:]
	}
	for i := range r.numbers {
		r.numbers[i] = next()
	}
	r.title = string(in)
	return r, err
}

// document is a search.Document on its way into the index. It is an
// index.Document that makes its fields when it is analysed, which the index does
// for several at once.
type document struct {
	id     string
	fields []*field
	from   *search.Document
}

func newDocument(d *search.Document) *document {
	doc := &document{id: d.ID, from: d}
	all := groups()
	work := &analysis{groups: all}
	for i, g := range all {
		doc.add(g.words, index.IndexField|index.SkipFreqNorm, func(f *field) { f.terms = work.of(d)[i].words })
		doc.add(g.grams, index.IndexField|index.SkipFreqNorm, func(f *field) { f.terms = work.of(d)[i].grams })
	}
	doc.add(fieldWhole, index.IndexField|index.SkipFreqNorm, func(f *field) { f.terms = wholeTitles(d) })
	for name, values := range d.Terms {
		if len(values) > 0 {
			doc.add(termPrefix+string(name), index.IndexField|index.DocValues|index.SkipFreqNorm, func(f *field) {
				f.terms = index.TokenFrequencies{}
				addTerms(f.terms, values)
			})
		}
	}
	r := row{revision: d.Revision, seq: d.Seq, title: d.TitleKey, lengths: [...]uint64{
		lengthsOf(d.Texts[search.Title]), lengthsOf(d.Texts[search.AlternativeTitles]),
	}}
	for i, name := range numberFields() {
		n, there := d.Numbers[name]
		if !there {
			n = absent
		}
		r.numbers[i] = n
	}
	doc.fields = append(doc.fields, &field{name: fieldRow, value: r.encode(), options: index.StoreField})
	return doc
}

func (d *document) add(name string, options index.FieldIndexingOptions, analyse func(*field)) {
	d.fields = append(d.fields, &field{name: name, options: options, analyse: analyse})
}

type analysis struct {
	groups []group
	done   []struct{ words, grams index.TokenFrequencies }
}

func (a *analysis) of(d *search.Document) []struct{ words, grams index.TokenFrequencies } {
	if a.done != nil {
		return a.done
	}
	a.done = make([]struct{ words, grams index.TokenFrequencies }, len(a.groups))
	for i, g := range a.groups {
		made := &a.done[i]
		made.words, made.grams = index.TokenFrequencies{}, index.TokenFrequencies{}
		for _, name := range g.texts {
			for _, text := range d.Texts[name] {
				for _, word := range search.Words(text) {
					addTerm(made.words, cut(word.Text))
				}
				for _, gram := range search.Grams(text) {
					addTerm(made.grams, gram.Text)
				}
			}
		}
	}
	return a.done
}

func cut(word string) string {
	if len(word) <= maxTerm {
		return word
	}
	end := maxTerm
	for !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}

func addTerm(terms index.TokenFrequencies, term string) {
	if terms[term] == nil {
		terms[term] = &index.TokenFreq{Term: []byte(term)}
	}
}

func addTerms(terms index.TokenFrequencies, all []string) {
	for _, term := range all {
		addTerm(terms, term)
	}
}

func wholeTitles(d *search.Document) index.TokenFrequencies {
	terms := index.TokenFrequencies{}
	for _, title := range slices.Concat(d.Texts[search.Title], d.Texts[search.AlternativeTitles]) {
		if whole := search.Normalise(title); whole != "" && len(whole) <= maxTerm {
			addTerm(terms, whole)
		}
	}
	return terms
}

const maxLength = 63

func lengthsOf(titles []string) uint64 {
	var lengths uint64
	for _, title := range titles {
		lengths |= 1 << min(lengthOf(title), maxLength)
	}
	return lengths
}

func lengthOf(text string) int {
	length := len(search.Words(text))
	for _, gram := range search.Grams(text) {
		if utf8.RuneCountInString(gram.Text) == 1 {
			length++
		}
	}
	return length
}

func (d *document) ID() string { return d.id }

func (d *document) Size() int { return 200 * len(d.fields) }

func (d *document) VisitFields(visit index.FieldVisitor) {
	for _, f := range d.fields {
		visit(f)
	}
}

// VisitComposite visits nothing: no field is made of others.
func (d *document) VisitComposite(index.CompositeFieldVisitor) {}

func (d *document) HasComposite() bool { return false }

func (d *document) NumPlainTextBytes() uint64 { return 0 }

func (d *document) StoredFieldsBytes() uint64 { return 0 }

func (d *document) Indexed() bool { return true }

// AddIDField adds the field that documents are found by. It keeps its frequency,
// which is always 1, so that the dictionary holds the document's number itself.
func (d *document) AddIDField() {
	id := &index.TokenFreq{Term: []byte(d.id)}
	id.SetFrequency(1)
	d.fields = append(d.fields, &field{
		name: fieldID, value: []byte(d.id), options: index.IndexField | index.StoreField,
		terms: index.TokenFrequencies{d.id: id},
	})
}

type field struct {
	name    string
	value   []byte
	options index.FieldIndexingOptions
	analyse func(*field) // nil where terms are there already
	terms   index.TokenFrequencies
}

func (f *field) Name() string { return f.name }

func (f *field) Value() []byte { return f.value }

func (f *field) ArrayPositions() []uint64 { return nil }

func (f *field) EncodedFieldType() byte { return 't' }

func (f *field) Analyze() {
	if f.analyse != nil {
		f.analyse(f)
		f.analyse = nil
	}
}

func (f *field) Options() index.FieldIndexingOptions { return f.options }

func (f *field) AnalyzedLength() int { return len(f.terms) }

func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }

func (f *field) NumPlainTextBytes() uint64 { return uint64(len(f.value)) }
