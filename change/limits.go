package change

import (
	"unicode/utf8"

	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/filter"
)

// Limits are how much of everything is taken. There are two sets of them:
// DefaultLimits, and VODLimits, which are those of ApsaraVideo VOD's API of
// 2017-03-21 for those who must stay interchangeable with it.
type Limits struct {
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
	// Categories is how many categories a video, audio or image may be in, and
	// AttachmentCategories how many an attachment.
	Categories, AttachmentCategories int
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
	Filter filter.Limits
}

// DefaultLimits are generous.
func DefaultLimits() Limits {
	return Limits{
		Title: 256, AlternativeTitles: 20, Description: 10_000,
		Tags: 50, Tag: 64,
		Categories: 5, AttachmentCategories: 5,
		CategoryName: 128, CategoryDepth: 3, CategoryChildren: 1000,
		ReferenceIDMin: 1, ReferenceIDMax: 128,
		UserData: 64 << 10, Items: 1000, Key: 256, Satellites: 100_000,
		Filter: filter.DefaultLimits(),
	}
}

// VODLimits are those of ApsaraVideo VOD.
func VODLimits() Limits {
	l := DefaultLimits()
	l.Bytes = true
	l.Title, l.Description = 128, 1024
	l.Tags, l.Tag = 16, 32
	l.Categories, l.AttachmentCategories = 1, 5
	l.CategoryName, l.CategoryChildren = 64, 100
	l.ReferenceIDMin, l.ReferenceIDMax, l.ReferenceIDStrict = 6, 64, true
	l.UserData = 512
	l.FileTypes = true
	l.Items = 20
	l.Filter.List = 100
	return l
}

// CategoriesOf is how many categories an asset of the kind may be in.
func (l Limits) CategoriesOf(k asset.Kind) int {
	if k == asset.KindATTACHMENT {
		return l.AttachmentCategories
	}
	return l.Categories
}

// length measures a text in the unit of the limits.
func (l Limits) length(s string) int {
	if l.Bytes {
		return len(s)
	}
	return utf8.RuneCountInString(s)
}

// unit names the unit of length.
func (l Limits) unit() string {
	if l.Bytes {
		return "bytes"
	}
	return "characters"
}

// Fits refuses a text that is longer than most.
func (l Limits) Fits(s string, most int, code fault.Code, what string) *fault.Fault {
	if n := l.length(s); n > most {
		return fault.New(code, "%s has %d %s, and at most %d are taken.", what, n, l.unit(), most)
	}
	return nil
}
