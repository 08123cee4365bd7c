package limits

import (
	"unicode/utf8"

	"vodgraph/fault"
)

// Library is how much of everything the library takes. There are two sets of limits:
// DefaultLibrary, and VODLibrary, which are those of ApsaraVideo VOD's API of
// 2017-03-21 for those who must stay interchangeable with it.
type Library struct {
	// Bytes has texts measured in bytes of their UTF-8 form; otherwise in code
	// points. Either is taken after NFC.
	Bytes bool
	// Title is the longest title, and the longest of the alternative ones.
	Title int
	// AlternativeTitles is how many of them an asset may have.
	AlternativeTitles int
	// Description is the longest description.
	Description int
	// Tags is how many tags an asset may have, and Tag the longest of them.
	Tags, Tag int
	// Categories is how many categories an asset of a kind may be in, by the name of the kind.
	Categories map[string]int
	// CategoryName is the longest name, CategoryDepth how many levels there are,
	// and CategoryChildren how many categories may stand below one, or at the root.
	CategoryName, CategoryDepth, CategoryChildren int
	// ReferenceIDMin and ReferenceIDMax are the shortest and longest reference
	// id, in code points after NFC.
	ReferenceIDMin, ReferenceIDMax int
	// ReferenceIDStrict allows a reference id A-Z, a-z, 0-9, - and _ only;
	// otherwise any printable character.
	ReferenceIDStrict bool
	// UserData is the largest user data, in bytes, without white space.
	UserData int
	// FileTypes allows the names of files only the extensions that ApsaraVideo VOD takes
	// for the kind of an asset, and for the type of an attachment.
	FileTypes bool
	// Items is how many items a call may have.
	Items int
	// Key is the longest job id and the longest name of an analyser, in code
	// points. With their assets' ids they must fit into a row of an index.
	Key int
	// Satellites is how many play infos, snapshots of one type, links or rows of
	// one AI list a call may put.
	Satellites int
	// Filter is how much a filter may ask for.
	Filter Filter
}

// DefaultLibrary are generous.
func DefaultLibrary() Library {
	return Library{
		Title: 256, AlternativeTitles: 20, Description: 10_000,
		Tags: 50, Tag: 64,
		Categories:   map[string]int{"VIDEO": 5, "AUDIO": 5, "IMAGE": 5, "ATTACHMENT": 5},
		CategoryName: 128, CategoryDepth: 3, CategoryChildren: 1000,
		ReferenceIDMin: 1, ReferenceIDMax: 128,
		UserData: 64 << 10, Items: Items, Key: 256, Satellites: Parts,
		Filter: DefaultFilter(),
	}
}

// VODLibrary are those of ApsaraVideo VOD.
func VODLibrary() Library {
	l := DefaultLibrary()
	l.Bytes = true
	l.Title, l.Description = 128, 1024
	l.Tags, l.Tag = 16, 32
	l.Categories = map[string]int{"VIDEO": 1, "AUDIO": 1, "IMAGE": 1, "ATTACHMENT": 5}
	l.CategoryName, l.CategoryChildren = 64, 100
	l.ReferenceIDMin, l.ReferenceIDMax, l.ReferenceIDStrict = 6, 64, true
	l.UserData = 512
	l.FileTypes = true
	l.Items = 20
	l.Filter.List = 100
	return l
}

// Length measures a text in the unit of the limits.
func (l Library) Length(s string) int {
	if l.Bytes {
		return len(s)
	}
	return utf8.RuneCountInString(s)
}

func (l Library) unit() string {
	if l.Bytes {
		return "bytes"
	}
	return "characters"
}

// Fits refuses with a code a text that is longer than most; what names it in the sentence.
func (l Library) Fits(s string, most int, code fault.Code, what string) *fault.Fault {
	if n := l.Length(s); n > most {
		return fault.New(code, "%s has %d %s, and at most %d are taken.", what, n, l.unit(), most)
	}
	return nil
}
