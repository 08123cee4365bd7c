package search

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// LongestPlain is how many bytes a value may have that stands in its term as it is.
const LongestPlain = 40

// Signs that begin the term of a value.
const (
	plainSign  = "="
	hashedSign = "#"
)

// TermOf is the term of a value that people wrote, which may be of any length: the
// value itself behind a sign, or of a long one its
// hash.
func TermOf(value string) string {
	if len(value) <= LongestPlain {
		return plainSign + value
	}
	sum := sha256.Sum256([]byte(value))
	return hashedSign + base64.RawURLEncoding.EncodeToString(sum[:16])
}

// PlainOf is the value that a term of TermOf holds; ok is false for one of more
// than LongestPlain bytes, of which there is only the hash.
func PlainOf(term string) (value string, ok bool) { return strings.CutPrefix(term, plainSign) }
