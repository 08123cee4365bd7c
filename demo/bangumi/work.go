// Package bangumi reads the works of the npm package bangumi-data, and says how
// a library files them: their categories, their tags, their other titles. All
// of it follows from the package's data; nothing is invented here.
package bangumi

import (
	"slices"
	"time"
)

// Types of works.
const (
	TV    = "tv"
	Movie = "movie"
	OVA   = "ova"
	Web   = "web"
)

// Work is a work as far as a library needs to know it. Texts are in NFC.
type Work struct {
	// Ref is the reference id: "bangumi-" and the work's number at bangumi.tv.
	Ref   string `json:"ref"`
	Title string `json:"title"`
	// The translations, by language.
	ZhHans []string `json:"zhHans,omitempty"`
	ZhHant []string `json:"zhHant,omitempty"`
	En     []string `json:"en,omitempty"`
	Ja     []string `json:"ja,omitempty"`
	// Type is TV, Movie, OVA or Web.
	Type string `json:"type"`
	// Lang is the BCP 47 tag of the original.
	Lang  string    `json:"lang"`
	Begin time.Time `json:"begin"`
	// End is zero where it is not known, or not over.
	End   time.Time `json:"end,omitzero"`
	Sites []string  `json:"sites,omitempty"`
}

// maxTitles is how many alternative titles an asset may have.
const maxTitles = 20

// AlternativeTitles are the translations that differ from the title, English
// first, without repetition.
func (w Work) AlternativeTitles() []string {
	var titles []string
	for _, list := range [][]string{w.En, w.ZhHans, w.ZhHant, w.Ja} {
		for _, title := range list {
			if title != w.Title && !slices.Contains(titles, title) && len(titles) < maxTitles {
				titles = append(titles, title)
			}
		}
	}
	return titles
}

// Broadcast is when the work began, on the clock of Japan, which decides its
// year and season.
func (w Work) Broadcast() time.Time {
	return w.Begin.In(time.FixedZone("JST", 9*60*60))
}

// opened is when the library of these works began to take them in as they came
// out, and earliest a time before all of them.
var (
	opened   = time.Date(2005, 1, 1, 0, 0, 0, 0, time.UTC)
	earliest = time.Date(1905, 1, 1, 0, 0, 0, 0, time.UTC)
)

// TakenIn is when the work came into the library. Those older than the library
// came in the year before it opened, in the order of their beginnings, so that
// no time lies before 1970, where ids made of times begin.
func (w Work) TakenIn() time.Time {
	if w.Begin.Before(opened) {
		// A century becomes a year. In seconds, as a century of nanoseconds
		// nearly fills a Duration.
		before := (opened.Unix() - w.Begin.Unix()) / 100
		if first := (opened.Unix() - earliest.Unix()) / 100; before > first {
			before = first
		}
		return opened.Add(-time.Duration(before) * time.Second)
	}
	return w.Begin.UTC()
}
