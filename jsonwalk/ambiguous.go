package jsonwalk

import (
	"bytes"
	"strconv"
)

// LoneSurrogate finds the first string, or name of a member, with an escape of half a
// character, such as \ud800 without its other half. Decoders put U+FFFD in its place without
// a word, or refuse all of the text. It returns the members and elements that lead there.
func LoneSurrogate(text []byte) (place []string, found bool) {
	if !mayHaveSurrogate(text) {
		return nil, false
	}
	return Over(text).loneSurrogate()
}

// mayHaveSurrogate tells whether there is an escape of half a character at all.
func mayHaveSurrogate(text []byte) bool {
	for {
		i := bytes.Index(text, []byte(`\u`))
		if i < 0 || i+3 >= len(text) {
			return false
		}
		if text[i+2]|0x20 == 'd' && isSurrogateDigit(text[i+3]) {
			return true
		}
		text = text[i+2:]
	}
}

// isSurrogateDigit tells whether a digit after \ud makes half a character of it.
func isSurrogateDigit(c byte) bool {
	return c == '8' || c == '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func (w *Walk) loneSurrogate() (place []string, found bool) {
	below := func(name string) bool {
		if rest, is := w.loneSurrogate(); is {
			place, found = append([]string{name}, rest...), true
		}
		return !found
	}
	switch w.Kind() {
	case Object:
		w.Object(func(name []byte) bool {
			// The name as it is spelled stands right before the colon.
			if spelled := w.spelledName(); hasLoneSurrogate(spelled) {
				place, found = []string{string(name)}, true
				return false
			}
			return below(string(name))
		})
	case List:
		i := -1
		w.List(func() bool {
			i++
			return below(strconv.Itoa(i))
		})
	case String:
		found = hasLoneSurrogate(w.Raw())
	default:
		w.Skip()
	}
	return place, found
}

// spelledName is the name of the member whose value the walk stands before, as it is spelled.
func (w *Walk) spelledName() []byte {
	colon := bytes.LastIndexByte(w.text[:w.at], ':')
	end := bytes.LastIndexByte(w.text[:colon], '"')
	begin := end
	for begin--; ; begin-- {
		if w.text[begin] != '"' {
			continue
		}
		slashes := 0
		for begin-1-slashes >= 0 && w.text[begin-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return w.text[begin : end+1]
		}
	}
}

// hasLoneSurrogate looks at one string as it is spelled.
func hasLoneSurrogate(spelled []byte) bool {
	for i := 0; i < len(spelled); i++ {
		if spelled[i] != '\\' {
			continue
		}
		i++
		if spelled[i] != 'u' {
			continue
		}
		switch half := unit(spelled[i+1 : i+5]); {
		case half < 0xD800 || half > 0xDFFF:
			i += 4
		case half > 0xDBFF || i+10 >= len(spelled) || spelled[i+5] != '\\' || spelled[i+6] != 'u':
			return true
		default:
			if other := unit(spelled[i+7 : i+11]); other < 0xDC00 || other > 0xDFFF {
				return true
			}
			i += 10
		}
	}
	return false
}

// WithoutLoneSurrogates is a text in which U+FFFD stands for each escape of half a character,
// as decoders read it. The text that is given stays as it is.
func WithoutLoneSurrogates(text []byte) []byte {
	text = bytes.Clone(text)
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		if i++; text[i] != 'u' {
			continue
		}
		half := unit(text[i+1 : i+5])
		switch {
		case half < 0xD800 || half > 0xDFFF:
		case half <= 0xDBFF && i+10 < len(text) && text[i+5] == '\\' && text[i+6] == 'u' && isLow(unit(text[i+7:i+11])):
			i += 6
		default:
			copy(text[i+1:], "fffd")
		}
		i += 4
	}
	return text
}

// isLow reports whether a unit is the second half of a character.
func isLow(unit uint64) bool { return unit >= 0xDC00 && unit <= 0xDFFF }

// unit is what four hexadecimal digits say.
func unit(digits []byte) uint64 {
	n, _ := strconv.ParseUint(string(digits), 16, 16) // of sound JSON
	return n
}

// Twice finds the first member that an object has twice, by what its name says. It returns
// the members and elements that lead there.
func Twice(text []byte) (place []string, found bool) {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, false
	}
	return Over(text).twice()
}

func (w *Walk) twice() (place []string, found bool) {
	below := func(name func() string) bool {
		if rest, is := w.twice(); is {
			place, found = append([]string{name()}, rest...), true
		}
		return !found
	}
	switch w.Kind() {
	case Object:
		var names nameSet
		w.Object(func(name []byte) bool {
			if !names.add(name) {
				place, found = []string{string(name)}, true
				return false
			}
			return below(func() string { return string(name) })
		})
	case List:
		i := -1
		w.List(func() bool {
			i++
			return below(func() string { return strconv.Itoa(i) })
		})
	default:
		w.Skip()
	}
	return place, found
}

// nameSet is the names of an object: most have few, for which a map is slow.
type nameSet struct {
	few  [16][]byte
	n    int
	many map[string]bool
}

// add adds a name, and reports whether it is new.
func (s *nameSet) add(name []byte) bool {
	if s.many != nil {
		if s.many[string(name)] {
			return false
		}
		s.many[string(name)] = true
		return true
	}
	for _, one := range s.few[:s.n] {
		if bytes.Equal(one, name) {
			return false
		}
	}
	if s.n < len(s.few) {
		s.few[s.n] = name
		s.n++
		return true
	}
	s.many = map[string]bool{string(name): true}
	for _, one := range s.few {
		s.many[string(one)] = true
	}
	return true
}
