package catalog

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"vodgraph/fault"
)

// maxPlays is how many combinations of definition, format and codec a filter may
// name together: an engine is asked for each. What answers does not change what is
// refused, so it is one for all.
const maxPlays = 20_000

// check returns the first refusal of a filter, its place from "filter" down, or
// nil: FILTER_TOO_DEEP, LIST_TOO_LONG, FILTER_TOO_LARGE, and INVALID for values
// that no database could compare.
func (f *AssetFilter) check(l Limits) *fault.Fault {
	c := filterCheck{limits: l}
	if refused := c.filter(f, 0); refused != nil {
		return refused.Under("filter")
	}
	if c.members > l.FilterMembers {
		return fault.New(fault.FilterTooLarge, "The filter has %d members, and at most %d are taken.",
			c.members, l.FilterMembers).At("filter")
	}
	if c.links > l.FilterLinks {
		return fault.New(fault.FilterTooLarge, "The filter asks %d times for categories, tags, play infos or picture sizes, and at most %d are taken.",
			c.links, l.FilterLinks).At("filter")
	}
	if c.values > l.FilterValues {
		return fault.New(fault.FilterTooLarge, "The lists of the filter have %d values together, and at most %d are taken.",
			c.values, l.FilterValues).At("filter")
	}
	if f.plays() <= maxPlays {
		return nil
	}
	if n := f.canonical().plays(); n > maxPlays { // what is named twice counts once
		return fault.New(fault.FilterTooLarge, "The filter names %d combinations of what play infos may be, and at most %d are taken.",
			n, maxPlays).At("filter")
	}
	return nil
}

// each calls visit with a filter and all within it.
func (f *AssetFilter) each(visit func(*AssetFilter)) {
	if f == nil {
		return
	}
	visit(f)
	for _, within := range f.And {
		within.each(visit)
	}
	for _, within := range f.Or {
		within.each(visit)
	}
	f.Not.each(visit)
}

// plays counts the combinations that are named for play infos.
func (f *AssetFilter) plays() (n int) {
	f.each(func(f *AssetFilter) {
		if p := f.PlayInfo; p != nil {
			n += choices(p.Definitions) * choices(p.Formats) * choices(p.Codecs)
		}
	})
	return n
}

// choices is how many values of a list there are, counting as one what is left open.
func choices[T any](list []T) int {
	if list == nil {
		return 1
	}
	return len(list)
}

// filterCheck walks a filter. Its members are all names that are given, on every
// level, and the filters within and, or: each costs a condition at most.
type filterCheck struct {
	limits  Limits
	members int
	links   int // members that ask other tables
	values  int // of all lists
}

// filter checks one filter that is so many levels of and, or, not deep.
func (c *filterCheck) filter(f *AssetFilter, level int) *fault.Fault {
	if f == nil {
		return nil
	}
	for _, of := range []*IntRange{f.Width, f.Height} {
		if of != nil {
			c.links++
		}
	}
	if level > c.limits.FilterDepth {
		return fault.New(fault.FilterTooDeep, "The filter has more than %d levels of and, or and not.",
			c.limits.FilterDepth)
	}
	return cmp.Or(
		checkList(c, "kinds", f.Kinds), checkList(c, "statuses", f.Statuses),
		checkList(c, "ids", f.IDs), checkList(c, "referenceIds", f.ReferenceIDs),
		c.category(f.Category), c.tags(f.Tags),
		checkList(c, "attachmentTypes", f.AttachmentTypes),
		checkList(c, "storageLocations", f.StorageLocations),
		checkList(c, "storageClasses", f.StorageClasses), checkList(c, "mediaSources", f.MediaSources),
		checkRange(c, "size", (*bounds[int64])(f.Size), nil),
		checkRange(c, "duration", (*bounds[float64])(f.Duration), finite),
		checkRange(c, "width", (*bounds[int])(f.Width), nil),
		checkRange(c, "height", (*bounds[int])(f.Height), nil),
		checkRange(c, "createdAt", (*bounds[time.Time])(f.CreatedAt), fourDigits),
		checkRange(c, "updatedAt", (*bounds[time.Time])(f.UpdatedAt), fourDigits),
		c.playInfo(f.PlayInfo), c.flag(f.HasCover), c.trashed(f, level),
		c.filters("and", f.And, level), c.filters("or", f.Or, level), c.not(f.Not, level),
	)
}

func (c *filterCheck) category(f *CategoryFilter) *fault.Fault {
	if f == nil {
		return nil
	}
	c.members, c.links = c.members+1, c.links+1
	return under("category",
		checkList(c, "in", f.In), c.flag(f.IncludeDescendants), c.flag(f.Empty))
}

func (c *filterCheck) tags(f *TagFilter) *fault.Fault {
	if f == nil {
		return nil
	}
	c.members, c.links = c.members+1, c.links+max(1, lists(f.Any, f.All, f.None))
	return under("tags",
		checkList(c, "any", f.Any), checkList(c, "all", f.All), checkList(c, "none", f.None), c.flag(f.Empty))
}

func (c *filterCheck) playInfo(f *PlayInfoFilter) *fault.Fault {
	if f == nil {
		return nil
	}
	c.members, c.links = c.members+1, c.links+1
	return under("playInfo",
		checkList(c, "definitions", f.Definitions), checkList(c, "formats", f.Formats), checkList(c, "codecs", f.Codecs))
}

func (c *filterCheck) flag(b *bool) *fault.Fault {
	if b != nil {
		c.members++
	}
	return nil
}

func (c *filterCheck) filters(name string, fs []*AssetFilter, level int) *fault.Fault {
	if fs != nil {
		c.members += 1 + len(fs)
	}
	for i, f := range fs {
		if refused := c.filter(f, level+1); refused != nil {
			return refused.Under(name, strconv.Itoa(i))
		}
	}
	return nil
}

func (c *filterCheck) not(f *AssetFilter, level int) *fault.Fault {
	if f == nil {
		return nil
	}
	c.members++
	return under("not", c.filter(f, level+1))
}

// checkList checks a list of texts, which must be such as all databases and JSON
// can hold.
func checkList[T ~string](c *filterCheck, name string, values []T) *fault.Fault {
	if values == nil {
		return nil
	}
	c.members, c.values = c.members+1, c.values+len(values)
	if len(values) > c.limits.FilterList {
		return fault.New(fault.ListTooLong, "The list has %d values, and at most %d are taken.",
			len(values), c.limits.FilterList).At(name)
	}
	for i, v := range values {
		if strings.ContainsRune(string(v), 0) || !utf8.ValidString(string(v)) {
			return fault.New(fault.Invalid, "The text has the character U+0000 or is not UTF-8.").
				At(name, strconv.Itoa(i))
		}
	}
	return nil
}

// lists counts the lists that are given.
func lists(of ...[]string) (n int) {
	for _, list := range of {
		if list != nil {
			n++
		}
	}
	return n
}

// checkRange checks a range, each bound by valid, which tells what is wrong with
// it, if anything.
func checkRange[T any](c *filterCheck, name string, r *bounds[T], valid func(T) *fault.Fault) *fault.Fault {
	if r == nil {
		return nil
	}
	c.members++
	for i, bound := range []*T{r.Gte, r.Gt, r.Lte, r.Lt} {
		if bound == nil {
			continue
		}
		c.members++
		if valid == nil {
			continue
		}
		if refused := valid(*bound); refused != nil {
			return refused.At(name, [...]string{"gte", "gt", "lte", "lt"}[i])
		}
	}
	return nil
}

// finite refuses what is no number, which databases order in ways of their own.
func finite(n float64) *fault.Fault {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return fault.New(fault.Invalid, "The bound is not a finite number.")
	}
	return nil
}

// fourDigits refuses times whose year has not four digits in UTC: SQLite compares
// times by their text.
func fourDigits(t time.Time) *fault.Fault {
	if year := t.UTC().Year(); year < 0 || year > 9999 {
		return fault.New(fault.Invalid, "The time is not within the years 0 to 9999 in UTC.")
	}
	return nil
}

// under is the first of the refusals, its place moved below a member.
func under(member string, refused ...*fault.Fault) *fault.Fault {
	if first := cmp.Or(refused...); first != nil {
		return first.Under(member)
	}
	return nil
}
