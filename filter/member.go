package filter

import (
	"cmp"
	"slices"
	"time"

	"vodgraph/fault"
	"vodgraph/search"
)

type member[F any] struct {
	// name is the member's in the schema.
	name string
	// given reports whether a filter has the member. All that follows is called where it
	// does, and may be nil, but for canonical, which is called always.
	given func(*F) bool
	// links is how many times the member asks other tables; nil is not at all.
	links func(*F) int
	// check counts what the member has beside itself and refuses it, with its place from
	// the member down.
	check func(*checker, *F) *fault.Fault
	// canonical replaces the member by the one form of all that mean the same. The filter
	// is a copy, what its pointers point to is not. Nil leaves the member.
	canonical func(*F)
	// meaning is whether the member matches everything or nothing. Nil is neither.
	meaning func(*F) meaning
	// sql is the member as SQL, and engine as a filter of the search engines. The engine
	// gets canonical filters only. Nil is for members that another one writes too.
	sql    func(scope, *F) clause
	engine func(lookups, *F) *search.Filter
}

func list[F any, T ~string](name string, at func(*F) *[]T, sql func(scope, []string) clause,
	engine func([]string) *search.Filter) member[F] {
	return member[F]{
		name:      name,
		given:     func(f *F) bool { return *at(f) != nil },
		check:     func(c *checker, f *F) *fault.Fault { return checkList(c, *at(f)) },
		canonical: func(f *F) { *at(f) = set(*at(f)) },
		meaning: func(f *F) meaning {
			if len(*at(f)) == 0 {
				return nothing
			}
			return some
		},
		sql:    func(w scope, f *F) clause { return sql(w, texts(*at(f))) },
		engine: func(_ lookups, f *F) *search.Filter { return engine(texts(*at(f))) },
	}
}

// ranged is a member that matches values within bounds, each of which valid may refuse.
func ranged[F, T any](name string, at func(*F) **Range[T], valid func(T) *fault.Fault,
	sql func(scope, *Range[T]) clause, engine func(*Range[T]) *search.Filter) member[F] {
	return member[F]{
		name:   name,
		given:  func(f *F) bool { return *at(f) != nil },
		check:  func(c *checker, f *F) *fault.Fault { return checkRange(c, *at(f), valid) },
		sql:    func(w scope, f *F) clause { return sql(w, *at(f)) },
		engine: func(_ lookups, f *F) *search.Filter { return engine(*at(f)) },
	}
}

// timed is ranged for a time that every asset has: without bounds it matches everything.
func timed[F any](name string, at func(*F) **TimeRange, column string, number search.NumberField) member[F] {
	m := ranged(name, at, fourDigits,
		func(w scope, r *TimeRange) clause { return within(w.column(column), mapped(r, kept)) },
		func(r *TimeRange) *search.Filter { return numbers(number, mapped(r, time.Time.UnixMilli)) })
	m.meaning = func(f *F) meaning {
		if **at(f) == (TimeRange{}) {
			return everything
		}
		return some
	}
	m.canonical = func(f *F) {
		switch r := *at(f); {
		case r == nil:
		case *r == TimeRange{}:
			*at(f) = nil
		default:
			*at(f) = mapped(r, kept)
		}
	}
	return m
}

// kept is a time as times are kept.
func kept(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// flag is a member that matches assets that have something, or have not where it is false.
func flag[F any](name string, at func(*F) **bool, has func(scope) clause, term string) member[F] {
	return member[F]{
		name:  name,
		given: func(f *F) bool { return *at(f) != nil },
		sql: func(w scope, f *F) clause {
			if **at(f) {
				return has(w)
			}
			return not(has(w))
		},
		engine: func(_ lookups, f *F) *search.Filter { return flagged(term, *at(f)) },
	}
}

// missing is flag the other way round: it matches assets that have not, or have where it is
// false.
func missing[F any](name string, at func(*F) **bool, has func(scope) clause, term string) member[F] {
	m := flag(name, at, has, term)
	m.sql = func(w scope, f *F) clause {
		if **at(f) {
			return not(has(w))
		}
		return has(w)
	}
	m.engine = func(_ lookups, f *F) *search.Filter {
		present := !**at(f)
		return flagged(term, &present)
	}
	return m
}

// nested is a member with members of its own, all of which hold. Where these match
// everything it means ofNone, and is left out of the canonical form if that is everything.
func nested[F, G any](name string, at func(*F) **G, members []member[G], ofNone meaning) member[F] {
	means := func(f *F) meaning {
		if m := meaningOf(members, *at(f)); m != everything {
			return m
		}
		return ofNone
	}
	return member[F]{
		name:  name,
		given: func(f *F) bool { return *at(f) != nil },
		links: func(*F) int { return 1 },
		check: func(c *checker, f *F) *fault.Fault { return checkMembers(c, members, *at(f)) },
		canonical: func(f *F) {
			switch {
			case *at(f) == nil:
			case means(f) == everything:
				*at(f) = nil
			default:
				copied := **at(f)
				canonicalise(members, &copied)
				*at(f) = &copied
			}
		},
		meaning: means,
		sql:     func(w scope, f *F) clause { return all(clauses(w, members, *at(f))...) },
		engine:  func(l lookups, f *F) *search.Filter { return every(filters(l, members, *at(f))...) },
	}
}

func set[T cmp.Ordered](values []T) []T {
	if values == nil {
		return nil
	}
	sorted := append(make([]T, 0, len(values)), values...)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

func texts[T ~string](values []T) []string {
	if values == nil {
		return nil
	}
	plain := make([]string, len(values))
	for i, v := range values {
		plain[i] = string(v)
	}
	return plain
}
