package filter

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"vodgraph/fault"
	"vodgraph/limits"
)

// check returns the first refusal of a filter, its place from "filter" down, or nil:
// FILTER_TOO_DEEP, LIST_TOO_LONG, FILTER_TOO_LARGE, and INVALID for values that no database
// could compare.
func (f *AssetFilter) check(l limits.Filter) *fault.Fault {
	c := checker{limits: l}
	refused := c.filter(f, 0)
	switch {
	case refused != nil:
		return refused.Under("filter")
	case c.members > l.Members:
		refused = fault.New(fault.FilterTooLarge, "The filter has %d members, and at most %d are taken.", c.members, l.Members)
	case c.links > l.Links:
		refused = fault.New(fault.FilterTooLarge, "The filter asks %d times for categories, tags, play infos, names of files, picture sizes or what analysers found, and at most %d are taken.",
			c.links, l.Links)
	case c.values > l.Values:
		refused = fault.New(fault.FilterTooLarge, "The lists of the filter have %d values together, and at most %d are taken.", c.values, l.Values)
	default:
		if n := f.plays(); n > limits.FilterPlays {
			refused = fault.New(fault.FilterTooLarge, "The filter names %d combinations of what play infos may be, and at most %d are taken.", n, limits.FilterPlays)
		}
	}
	if refused == nil {
		return nil
	}
	return refused.At("filter")
}

// plays counts the combinations that are named for play infos; what is named twice counts
// once.
func (f *AssetFilter) plays() (n int) {
	named := false
	f.within(func(f *AssetFilter) { named = named || f.PlayInfo != nil })
	if !named {
		return 0
	}
	f.canonical().within(func(f *AssetFilter) {
		if f.PlayInfo != nil {
			product := 1
			for _, choices := range playChoices(f.PlayInfo) {
				product *= len(choices)
			}
			n += product
		}
	})
	return n
}

type checker struct {
	limits  limits.Filter
	members int
	links   int
	values  int
}

// filter checks one filter that is so many levels of and, or, not deep.
func (c *checker) filter(f *AssetFilter, level int) *fault.Fault {
	if f == nil {
		return nil
	}
	if level > c.limits.Depth {
		return fault.New(fault.FilterTooDeep, "The filter has more than %d levels of and, or and not.", c.limits.Depth)
	}
	if refused := checkMembers(c, assetMembers, f); refused != nil {
		return refused
	}
	if f.Trashed.IsSet() {
		if c.members++; level > 0 { // there it would have to say nothing where it is left out
			return fault.New(fault.Invalid, "Only the outermost filter asks for what is in the trash.").At("trashed")
		}
	}
	if refused := c.filters("and", f.And, level); refused != nil {
		return refused
	}
	if refused := c.filters("or", f.Or, level); refused != nil {
		return refused
	}
	if f.Not == nil {
		return nil
	}
	c.members++
	return under("not", c.filter(f.Not, level+1))
}

func (c *checker) filters(name string, fs []*AssetFilter, level int) *fault.Fault {
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

func checkMembers[F any](c *checker, members []member[F], f *F) *fault.Fault {
	for _, m := range members {
		if !m.given(f) {
			continue
		}
		c.members++
		if m.links != nil {
			c.links += m.links(f)
		}
		if m.check == nil {
			continue
		}
		if refused := m.check(c, f); refused != nil {
			return refused.Under(m.name)
		}
	}
	return nil
}

// length counts the values of a list, and refuses a list that is too long.
func (c *checker) length(n int) *fault.Fault {
	if c.values += n; n > c.limits.List {
		return fault.New(fault.ListTooLong, "The list has %d values, and at most %d are taken.", n, c.limits.List)
	}
	return nil
}

// checkList checks a list of texts, which must be such as all databases and JSON can hold.
func checkList[T ~string](c *checker, values []T) *fault.Fault {
	if refused := c.length(len(values)); refused != nil {
		return refused
	}
	for i, v := range values {
		if strings.ContainsRune(string(v), 0) || !utf8.ValidString(string(v)) {
			return fault.New(fault.Invalid, "The text has the character U+0000 or is not UTF-8.").At(strconv.Itoa(i))
		}
	}
	return nil
}

// checkRange checks a range, each bound by valid, which may be nil.
func checkRange[T any](c *checker, r *Range[T], valid func(T) *fault.Fault) *fault.Fault {
	for i, bound := range r.bounds() {
		if bound == nil {
			continue
		}
		c.members++
		if valid == nil {
			continue
		}
		if refused := valid(*bound); refused != nil {
			return refused.At([...]string{"gte", "gt", "lte", "lt"}[i])
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

// fourDigits refuses times whose year has not four digits in UTC: SQLite compares times by
// their text.
func fourDigits(t time.Time) *fault.Fault {
	if year := t.UTC().Year(); year < 0 || year > 9999 {
		return fault.New(fault.Invalid, "The time is not within the years 0 to 9999 in UTC.")
	}
	return nil
}

func under(member string, refused *fault.Fault) *fault.Fault {
	if refused == nil {
		return nil
	}
	return refused.Under(member)
}
