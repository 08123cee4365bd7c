package syntax

import "strings"

// Deepest is how deep the brackets of a document may stand in each other. The
// parser calls itself for each, and a document that is deep enough would end the
// process.
const Deepest = 200

// Nested is how deep the brackets of a document stand in each other, without
// parsing it: those in strings and comments do not count.
func Nested(document string) (most int) {
	depth := 0
	for i := 0; i < len(document); i++ {
		switch document[i] {
		case '{', '[', '(':
			depth++
			most = max(most, depth)
		case '}', ']', ')':
			depth--
		case '#':
			i += lengthOfComment(document[i:])
		case '"':
			i += quoted(document[i:]) - 1
		}
	}
	return most
}

func quoted(text string) int {
	if strings.HasPrefix(text, `"""`) {
		for i := 3; i < len(text); i++ {
			switch {
			case strings.HasPrefix(text[i:], `\"""`):
				i += 3
			case strings.HasPrefix(text[i:], `"""`):
				return i + 3
			}
		}
		return len(text)
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"', '\n', '\r':
			return i + 1
		}
	}
	return len(text)
}

func lengthOfComment(text string) int {
	if i := strings.IndexAny(text, "\r\n"); i >= 0 {
		return i
	}
	return len(text)
}
