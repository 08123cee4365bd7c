// Package generated makes libraries of any size for measuring and for tests, as
// lines of `vodgraph import`: assets of all kinds, with all that can belong to
// them, linked to each other.
//
// The lines are as an export writes them: categories, tags, then the assets by
// id, lists in their order, every member said that has a value. So an export
// after the import of a corpus equals it as JSON values. Equal sizes make equal
// corpora.
package generated

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"time"

	"vodgraph/demo/invent"
	"vodgraph/demo/line"
)

// start is when the first asset was created; span is how long it went on.
var start = time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC)

const span = 12 * 365 * 24 * time.Hour

// kind is a kind of assets, in the order of their prefixes.
type kind uint64

const (
	attachments kind = iota
	audios
	images
	videos
)

var prefixes = [...]string{attachments: "att_", audios: "aud_", images: "img_", videos: "vid_"}

// Size says which corpus.
type Size struct {
	// Assets is how many there are.
	Assets int
	// Seed is what chance begins with.
	Seed uint64
	// Plain has only videos, each with 5 tags, a mezzanine, 2 play infos and 3
	// snapshots: what the speed of an import is measured by.
	Plain bool
}

// Corpus is how many assets there are of each kind, and what they draw from.
type Corpus struct {
	seed   uint64
	plain  bool
	counts [4]int
	words  *vocabulary
}

// New prepares a corpus; its assets are made when its lines are read.
func New(size Size) (*Corpus, error) {
	words, err := newVocabulary(size)
	if err != nil {
		return nil, err
	}
	c := &Corpus{seed: size.Seed, plain: size.Plain, words: words}
	n := size.Assets
	if !size.Plain {
		c.counts[attachments], c.counts[audios], c.counts[images] = n*8/100, n*8/100, n*14/100
	}
	c.counts[videos] = n - c.counts[attachments] - c.counts[audios] - c.counts[images]
	return c, nil
}

// Write writes the lines, each with its line break. It holds one at a time.
func (c *Corpus) Write(to io.Writer) error {
	out := bufio.NewWriterSize(to, 1<<20)
	for each := range c.Lines() {
		text, err := each.Encode()
		if err != nil {
			return err
		}
		if _, err := out.Write(append(text, '\n')); err != nil {
			return fmt.Errorf("write a line: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the last lines: %w", err)
	}
	return nil
}

// The streams of chance of an asset: one for its id, which links to it draw
// again, one for the rest.
const (
	ofID uint64 = iota
	ofRest
)

func (c *Corpus) chance(k kind, i int, of uint64) invent.Chance {
	return invent.NewChance(c.seed, of<<60|uint64(k)<<40|uint64(i))
}

// born is the id and the time of an asset: both rise with i.
func (c *Corpus) born(k kind, i int) (string, time.Time) {
	chance := c.chance(k, i, ofID)
	step := int64(span/time.Millisecond) / int64(c.counts[k])
	at := start.Add(time.Duration(int64(i)*step+chance.Int64N(step)) * time.Millisecond)
	return line.NewID(prefixes[k], at, chance.Rand), at
}

func (c *Corpus) id(k kind, i int) string {
	id, _ := c.born(k, i)
	return id
}

// Lines are all lines, made one by one.
func (c *Corpus) Lines() iter.Seq[line.Of] {
	return func(yield func(line.Of) bool) {
		for _, each := range c.words.filing(invent.NewChance(c.seed, 1<<61), !c.plain) {
			if !yield(each) {
				return
			}
		}
		for k, count := range c.counts {
			for i := range count {
				if !yield(line.Of{Asset: c.asset(kind(k), i)}) {
					return
				}
			}
		}
	}
}

func (c *Corpus) asset(k kind, i int) *line.Asset {
	chance := c.chance(k, i, ofRest)
	id, at := c.born(k, i)
	title, alternatives := c.words.title(chance)
	a := &line.Asset{
		ID: id, Title: title, Status: "NORMAL", StorageLocation: "default", StorageClass: "STANDARD",
		MediaSource: "GENERAL", CreatedAt: line.At(at), UpdatedAt: line.At(chance.Later(at, 300)),
	}
	if c.plain {
		return c.plainVideo(chance, a)
	}
	a.AlternativeTitles = alternatives
	a.Tags = c.words.marks(chance, chance.Between(3, 8))
	a.Categories = c.words.places(chance)
	if !chance.One(4) {
		a.ReferenceID = "corpus-" + id[4:]
	}
	if chance.One(3) {
		a.UserData = map[string]any{"rack": chance.IntN(400), "note": invent.Sentences(chance, 1, "en")[0],
			"checked": chance.One(2), "numbers": []int{chance.IntN(9), chance.IntN(9)}}
	}
	if chance.One(8) {
		a.StorageClass = invent.Pick(chance, []string{"IA", "ARCHIVE", "COLD_ARCHIVE"})
		a.StorageLocation = invent.Pick(chance, []string{"archive-1", "archive-2"})
	}
	switch k {
	case attachments:
		return attachment(chance, a, i)
	case audios:
		return c.audio(chance, a)
	case images:
		return image(chance, a, i)
	default:
		return c.video(chance, a, i)
	}
}

// plainVideo makes the asset what the speed of an import is measured by.
func (c *Corpus) plainVideo(chance invent.Chance, a *line.Asset) *line.Asset {
	film := filmOf(chance, a)
	a.Kind, a.DownloadEnabled = "VIDEO", new(bool)
	a.Tags = c.words.marks(chance, 5)
	a.Mezzanine = film.Mezzanine(chance)
	a.Size, a.Duration = a.Mezzanine.Size, a.Mezzanine.Duration
	a.PlayInfos = film.PlayInfos(chance, invent.Making{Most: 1, Formats: []string{"MP4", "M3U8"}})
	a.Snapshots = []line.SnapshotSet{film.Pictures(chance, "NORMAL", 3)}
	return a
}

// filmOf is what the asset's video is made of, from some seconds to two hours.
func filmOf(chance invent.Chance, a *line.Asset) invent.Film {
	film := invent.NewFilm(chance, a.ID, a.CreatedAt.Time, chance.Between(1990, 2025))
	film.Milliseconds = int64(chance.Between(20_000, 7_200_000))
	film.Language = invent.Pick(chance, []string{"ja", "ja", "en", "zh-Hans"})
	return film
}
