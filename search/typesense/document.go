package typesense

import (
	"encoding/base32"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/typesense/typesense-go/v3/typesense/api"
	"github.com/typesense/typesense-go/v3/typesense/api/pointer"

	"vodgraph/search"
)

type textField struct {
	name   string
	of     []search.TextField
	make   func(texts []string) []string // values of the field
	weight int
	typos  int
	prefix bool // whether the last word may go on in it
}

// The text fields. What counts alike lies in one field, for each that is asked
// costs time; which of them it was is found again from the original. Grams lie
// apart from words, so that the errors forgiven in a word never touch them, and
// single characters apart from both, as few queries have one.
var (
	names = []search.TextField{search.Title, search.AlternativeTitles}
	near  = []search.TextField{search.Tags, search.FileName, search.ReferenceID, search.Labels}
	filed = []search.TextField{search.Categories} // apart, for some queries leave them out
	far   = []search.TextField{search.Description, search.Speech, search.ScreenText}

	wordFields = []textField{
		{name: "title", of: names[:1], make: eachWords, weight: 8, typos: 2, prefix: true},
		{name: "alternative", of: names[1:], make: eachWords, weight: 7, typos: 2, prefix: true},
		{name: "near", of: near, make: eachWords, weight: 4, typos: 1, prefix: true},
		{name: "filed", of: filed, make: eachWords, weight: 4, typos: 1, prefix: true},
		{name: "far", of: far, make: allWords, weight: 1, typos: 1},
	}
	gramFields = []textField{
		{name: "title_grams", of: names[:1], make: eachPairs, weight: 8},
		{name: "alternative_grams", of: names[1:], make: eachPairs, weight: 7},
		{name: "near_grams", of: near, make: eachPairs, weight: 4},
		{name: "filed_grams", of: filed, make: eachPairs, weight: 4},
		{name: "far_grams", of: far, make: allPairs, weight: 1},
	}
	singleFields = []textField{
		{name: "title_singles", of: names[:1], make: allSingles, weight: 8},
		{name: "near_singles", of: append(names[1:2:2], near...), make: allSingles, weight: 6},
		{name: "filed_singles", of: filed, make: allSingles, weight: 6},
		{name: "far_singles", of: far, make: allSingles, weight: 1},
	}
)

// Fields of a document that hold no text.
const (
	fieldRevision = "revision"
	fieldSeq      = "seq"
	fieldTie      = "tie" // see tie
	fieldTitle    = "title_key"
	fieldKey      = "key"     // the id, encoded: "id" itself knows no inequality
	fieldPresent  = "present" // the numbers that are there
	termPrefix    = "t_"
	numberPrefix  = "n_"
)

var orderFields = [idParts]string{"id_1", "id_2", "id_3"}

var termFields = []search.TermField{
	search.TermKind, search.TermStatus, search.TermReference, search.TermCategory, search.TermOwnCategory, search.TermTag,
	search.TermAttachmentType, search.TermLocation, search.TermClass, search.TermSource, search.TermPlay,
	search.TermDefinition, search.TermCodec, search.TermFlag, search.TermFact,
}

var numberFields = []search.NumberField{
	search.NumberSize, search.NumberDuration, search.NumberWidth, search.NumberHeight, search.NumberCreated, search.NumberUpdated,
}

func schema(name string) *api.CollectionSchema {
	var fields []api.Field
	add := func(name, kind string, optional, facet bool) {
		fields = append(fields, api.Field{Name: name, Type: kind, Optional: pointer.Any(optional), Facet: pointer.Any(facet)})
	}
	for _, group := range [][]textField{wordFields, gramFields, singleFields} {
		for _, field := range group {
			add(field.name, "string[]", true, false)
		}
	}
	for _, field := range termFields {
		add(termPrefix+string(field), "string[]", true, true)
	}
	for _, field := range numberFields {
		add(numberPrefix+string(field), "int64", true, false)
	}
	for _, field := range orderFields {
		add(field, "int64", false, false)
	}
	add(fieldRevision, "int64", false, false)
	add(fieldSeq, "int64", false, false)
	add(fieldTie, "int64", false, false)
	add(fieldKey, "string", false, false)
	add(fieldPresent, "string[]", false, false)
	fields = append(fields, api.Field{Name: fieldTitle, Type: "string", Sort: pointer.True()})
	return &api.CollectionSchema{Name: name, Fields: fields, DefaultSortingField: pointer.String(fieldSeq)}
}

// line is a document as the server takes it. Empty fields are left out; the server
// removes them where it had them.
func line(d *search.Document) ([]byte, error) {
	order, ok := idOrder(d.ID)
	if !ok {
		return nil, fmt.Errorf("the id %q cannot be kept: it may have up to %d letters, digits and signs _", d.ID, maxID)
	}
	fields := map[string]any{"id": d.ID, fieldRevision: d.Revision, fieldSeq: d.Seq, fieldKey: encode(d.ID),
		fieldTie: tie(d), fieldTitle: titleMark + terms.EncodeToString([]byte(d.TitleKey))}
	for i, field := range orderFields {
		fields[field] = order[i]
	}
	for _, group := range [][]textField{wordFields, gramFields, singleFields} {
		for _, field := range group {
			var texts []string
			for _, of := range field.of {
				texts = append(texts, d.Texts[of]...)
			}
			if values := field.make(texts); len(values) > 0 {
				fields[field.name] = values
			}
		}
	}
	for field, values := range d.Terms {
		if !slices.Contains(termFields, field) {
			return nil, fmt.Errorf("there is no set %q", field)
		}
		encoded := make([]string, len(values))
		for i, value := range values {
			if len(value) > maxTerm {
				return nil, fmt.Errorf("a value of the set %q has %d bytes, and may have %d", field, len(value), maxTerm)
			}
			encoded[i] = encode(value)
		}
		if len(encoded) > 0 {
			fields[termPrefix+string(field)] = encoded
		}
	}
	present := make([]string, 0, len(d.Numbers))
	for field, number := range d.Numbers {
		fields[numberPrefix+string(field)] = number
		present = append(present, string(field))
	}
	fields[fieldPresent] = present
	return json.Marshal(fields)
}

const (
	// mark begins every word on the server, which finds no word that has a letter
	// too many or too few among its first two letters. After the mark there is none.
	mark = "zz"
	// maxWord is how many bytes a word may have with its mark: the server cuts
	// longer ones when it indexes them, and not when it looks them up.
	maxWord = 100
)

// word is a word as the server has it. Each digit of a number stands three times, so
// that the two errors that the server forgives never make another number.
func word(normal string) string {
	repeat := 1
	if strings.Trim(normal, "0123456789") == "" {
		repeat = 3
	}
	made := mark
	for _, r := range normal {
		letter := strings.Repeat(string(r), repeat)
		if len(made)+len(letter) > maxWord {
			break
		}
		made += letter
	}
	return made
}

func eachWords(texts []string) (values []string) {
	for _, text := range texts {
		var words []string
		for _, token := range search.Words(text) {
			words = append(words, word(token.Text))
		}
		if len(words) > 0 {
			values = append(values, strings.Join(words, " "))
		}
	}
	return values
}

func allWords(texts []string) []string { return once(eachWords(texts)) }

func eachPairs(texts []string) (values []string) {
	for _, text := range texts {
		if pairs := pairs(search.Grams(text)); len(pairs) > 0 {
			values = append(values, strings.Join(pairs, " "))
		}
	}
	return values
}

func allPairs(texts []string) []string { return once(eachPairs(texts)) }

func pairs(grams []search.Token) (pairs []string) {
	for i, gram := range grams {
		switch {
		case !isSingle(gram.Text):
			pairs = append(pairs, gram.Text)
		case i+1 < len(grams) && !isSingle(grams[i+1].Text): // it begins a pair
		case i > 0 && !isSingle(grams[i-1].Text): // it ended one
		default:
			pairs = append(pairs, gram.Text)
		}
	}
	return pairs
}

func allSingles(texts []string) []string {
	var singles []string
	for _, text := range texts {
		for _, gram := range search.Grams(text) {
			if isSingle(gram.Text) {
				singles = append(singles, gram.Text)
			}
		}
	}
	return once(singles)
}

func isSingle(gram string) bool {
	for i := range gram {
		if i > 0 {
			return false
		}
	}
	return true
}

func once(values []string) []string {
	seen := map[string]bool{}
	var words []string
	for _, value := range values {
		for word := range strings.FieldsSeq(value) {
			if !seen[word] {
				seen[word] = true
				words = append(words, word)
			}
		}
	}
	if len(words) == 0 {
		return nil
	}
	return []string{strings.Join(words, " ")}
}

// titleMark begins each key of a title, for the server sorts an empty string as none.
const titleMark = "0"

// tie is a number by which the server sorts documents that are equal otherwise: it has no
// place for whole ids, and strings that are as different as ids would take it 2 KB each.
// They are in the order of ids, but for those that were given to assets of one kind in
// another order than these came in.
func tie(d *search.Document) int64 {
	const letters = 3 // of an id, which are the kind
	parts, _ := idOrder(d.ID)
	kind := parts[0] >> (6 * (partLength - letters))
	const bits = 63 - 6*letters
	return kind<<bits | min(max(d.Seq, 0), 1<<bits-1)
}

// maxTerm is how many bytes a value of a set may have, so that what it is encoded
// to is no longer than maxWord.
const maxTerm = 60

// terms encodes values to small letters and digits, which the server neither
// parts nor folds. Their order is that of the values.
var terms = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// empty encodes the empty value.
const empty = "w"

func encode(value string) string {
	if value == "" {
		return empty
	}
	return terms.EncodeToString([]byte(value))
}

func decode(encoded string) (string, error) {
	if encoded == empty {
		return "", nil
	}
	value, err := terms.DecodeString(encoded)
	return string(value), err
}
