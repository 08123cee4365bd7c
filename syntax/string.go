package syntax

import (
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/fault"
)

// Text is a document as the parser reads it by the letter, or the fault that makes it malformed:
// brackets more than Deepest deep, or an escape of half a character. The parser takes the first
// for a reason to end the process, and the second for U+FFFD. What else is malformed it reports
// itself.
//
// The text differs from the document in one case: an escape \u{…} of more digits than the parser
// counts loses its leading zeros.
func Text(document string) (string, *gqlerror.Error) {
	if Nested(document) > Deepest {
		return "", asError(fault.New(fault.GraphQLParseFailed, "The document has brackets more than %d deep.", Deepest), 0, document)
	}
	if !strings.Contains(document, `\u`) {
		return document, nil
	}
	var b strings.Builder
	written := 0
	for i := 0; i < len(document); {
		switch document[i] {
		case '#':
			i += lengthOfComment(document[i:])
		case '"':
			length := quoted(document[i:])
			if !strings.HasPrefix(document[i:], `"""`) {
				if at := loneSurrogate(document[i : i+length]); at >= 0 {
					return "", asError(fault.New(fault.GraphQLParseFailed, "The escape %s is half of a surrogate pair, and no character; write both halves, or \\u{…}.",
						document[i+at:i+at+escapeLength]), i+at, document)
				}
				for _, zeros := range leadingZeros(document[i : i+length]) {
					b.WriteString(document[written : i+zeros.from])
					written = i + zeros.to
				}
			}
			i += length
		default:
			i++
		}
	}
	if written == 0 {
		return document, nil
	}
	return b.String() + document[written:], nil
}

const escapeLength = len(`\uXXXX`)

// loneSurrogate is where in a string an escape stands of one half of a surrogate pair without the
// other half; negative where there is none. A malformed escape ends the search: the parser
// reports it.
func loneSurrogate(text string) int {
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			i++
			continue
		}
		unit, isEscape := codeUnit(text[i:])
		switch {
		case !isEscape:
			i += len(`\n`)
		case unit >= 0xD800 && unit < 0xDC00:
			if low, follows := codeUnit(text[i+escapeLength:]); !follows || low < 0xDC00 || low > 0xDFFF {
				return i
			}
			i += 2 * escapeLength
		case unit >= 0xDC00 && unit <= 0xDFFF:
			return i
		default:
			i += escapeLength
		}
	}
	return -1
}

// codeUnit is the code unit of the escape \uXXXX that a text begins with, if it does.
func codeUnit(text string) (unit int, ok bool) {
	if len(text) < escapeLength || text[:2] != `\u` {
		return 0, false
	}
	for _, digit := range []byte(text[2:escapeLength]) {
		value := strings.IndexByte("0123456789abcdef", digit|0x20)
		if value < 0 {
			return 0, false
		}
		unit = unit<<4 | value
	}
	return unit, true
}

type span struct{ from, to int }

// maxEscapeDigits is how many digits of an escape \u{…} the parser reads.
const maxEscapeDigits = 8

// leadingZeros are those of each escape \u{…} of a string that has more than maxEscapeDigits digits.
// At least one digit is no leading zero.
func leadingZeros(text string) (zeros []span) {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		if i++; !strings.HasPrefix(text[i:], "u{") {
			continue
		}
		from := i + len("u{")
		end := strings.IndexByte(text[from:], '}')
		if end <= maxEscapeDigits {
			continue
		}
		kept := strings.TrimLeft(text[from:from+end-1], "0")
		zeros = append(zeros, span{from, from + end - 1 - len(kept)})
		i = from + end
	}
	return zeros
}

func asError(f *fault.Fault, at int, document string) *gqlerror.Error {
	f = f.At("query")
	before := document[:at]
	begin := strings.LastIndexAny(before, "\r\n") + 1
	lines := 1 + strings.Count(strings.ReplaceAll(before, "\r\n", "\n"), "\n") + strings.Count(strings.ReplaceAll(before, "\r\n", ""), "\r")
	return &gqlerror.Error{Err: f, Message: f.Message, Locations: []gqlerror.Location{{Line: lines, Column: utf8.RuneCountInString(before[begin:]) + 1}}}
}
