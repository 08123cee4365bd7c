package catalog

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
)

// field is one settable fact of an asset, a row of the table fields. Create, update,
// import, export, history and undo loop over the rows and know no field by name.
type field struct {
	// Name is that of the API: of the member of the asset's type, in files and in the
	// history.
	Name string
	// kinds are those that have it; nil for every kind.
	kinds   []asset.Kind
	columns []string
	// Part is where it stands beside the asset's row, or what must be loaded to set it.
	Part change.Part
	// follows is the field that it is copied from, where that states it.
	follows string
	// create, update and file are the members of the inputs that set it.
	Create []member[AssetCreateInput]
	update []member[AssetUpdateInput]
	file   []member[FileInput]
	export func(known Paths, s *change.State, in *AssetCreateInput)
	// differs compares two states. It is nil for what stands in the part alone, which
	// the writer compares by itself.
	differs func(old, next *change.State) bool
	// values are what the history keeps: before and after, or what went and what came.
	// It is nil where the history keeps only that it was put.
	values func(named *change.LinkNames, old, next *change.State) (before, after any)
	// Join joins an entry to an earlier one of the same set, where values are what went
	// and came. It is nil where they are before and after.
	Join func(first, next *ent.Change) *ent.Change
	// Undo puts back what an entry has from before. It refuses with CHANGED_SINCE or
	// NOT_UNDOABLE, and leaves the field as it is then. It is nil where it cannot be undone.
	Undo func(u *Undoing, k *change.Check, s *change.State, e *ent.Change)
}

func (f *field) of(k asset.Kind) bool { return f.kinds == nil || slices.Contains(f.kinds, k) }

type member[I any] struct {
	// place is where the member stands below the item; it must not be appended to.
	place []string
	at    func(*I) any
	// Given reports whether the input has it, and void whether it is given as null or
	// as an empty list.
	Given func(*I) (given, void bool)
	set   func(b *Builder, k *change.Check, s *change.State, in *I)
	// clear sets the field to nothing. It is nil where that cannot be.
	clear func(b *Builder, k *change.Check, s *change.State)
	// names collects the assets and categories that it names, and returns which parts of
	// the asset it needs beside the field's own. It may be nil.
	names func(n *change.References, in *I) change.Part
	// importOnly has all but an import refuse it, unless it is void.
	importOnly bool
}

type setter[V any] func(b *Builder, k *change.Check, s *change.State, v V, place []string)

// orNull is a member that may be null, which is not the same as left out.
func orNull[I, V any](at func(*I) *graphql.Omittable[*V], set setter[*V], place ...string) member[I] {
	return member[I]{place: slices.Clip(place), at: func(in *I) any { return at(in) },
		Given: func(in *I) (bool, bool) { return at(in).IsSet(), at(in).Value() == nil },
		set:   func(b *Builder, k *change.Check, s *change.State, in *I) { set(b, k, s, at(in).Value(), place) },
		clear: func(b *Builder, k *change.Check, s *change.State) { set(b, k, s, nil, place) }}
}

// notNull is a member that may be left out, and refuses null with REQUIRED.
func notNull[I, V any](at func(*I) *graphql.Omittable[*V], set setter[V], place ...string) member[I] {
	return member[I]{place: slices.Clip(place), at: func(in *I) any { return at(in) },
		Given: func(in *I) (bool, bool) { return at(in).IsSet(), false },
		set: func(b *Builder, k *change.Check, s *change.State, in *I) {
			v := at(in).Value()
			if v == nil {
				k.Refuse(fault.New(fault.Required, "It cannot be cleared; leave it out to keep it."), place...)
				return
			}
			set(b, k, s, *v, place)
		}}
}

// orEmpty is a list that may be left out; null is an empty one.
func orEmpty[I any, S ~[]V, V any](at func(*I) *graphql.Omittable[S], set setter[S], place ...string) member[I] {
	return member[I]{place: slices.Clip(place), at: func(in *I) any { return at(in) },
		Given: func(in *I) (bool, bool) { return at(in).IsSet(), len(at(in).Value()) == 0 },
		set:   func(b *Builder, k *change.Check, s *change.State, in *I) { set(b, k, s, at(in).Value(), place) }}
}

// ifGiven is a member of which null is the same as left out.
func ifGiven[I, V any](at func(*I) **V, set setter[V], place ...string) member[I] {
	return member[I]{place: slices.Clip(place), at: func(in *I) any { return at(in) },
		Given: func(in *I) (bool, bool) { return *at(in) != nil, false },
		set:   func(b *Builder, k *change.Check, s *change.State, in *I) { set(b, k, s, **at(in), place) }}
}

func naming[I any](m member[I], names func(*change.References, *I) change.Part) member[I] {
	m.names = names
	return m
}

// apply sets a field of the kinds where the input has the member, and refuses with
// WRONG_KIND one that is given to another kind.
func (m *member[I]) apply(b *Builder, k *change.Check, s *change.State, in *I, kinds []asset.Kind) {
	given, void := m.Given(in)
	if !given {
		return
	}
	if kinds != nil && !hasMember(k, s, !void, kinds, m.place...) {
		return
	}
	if m.importOnly && !void && b.Importing == nil {
		k.Refuse(fault.New(fault.Invalid, "Only an import sets it."), m.place...)
		return
	}
	m.set(b, k, s, in)
}

func (m *member[I]) collect(n *change.References, in *I, own change.Part) change.Part {
	if given, _ := m.Given(in); !given {
		return 0
	}
	if m.names != nil {
		own |= m.names(n, in)
	}
	return own
}

// optional completes a field whose value in the asset's row may be absent.
func optional[V comparable](f field, at func(*ent.Asset) **V) *field {
	f.differs = func(old, next *change.State) bool { return !samePointed(*at(old.Asset), *at(next.Asset)) }
	f.values = func(_ *change.LinkNames, old, next *change.State) (any, any) { return *at(old.Asset), *at(next.Asset) }
	f.Undo = func(u *Undoing, k *change.Check, s *change.State, e *ent.Change) { putBack(u, k, e, at(s.Asset)) }
	return &f
}

// undone is a field that goes back in its own way.
func undone(f *field, undo func(u *Undoing, k *change.Check, s *change.State, e *ent.Change)) *field {
	f.Undo = undo
	return f
}

// always completes a field whose value in the asset's row is never absent.
func always[V comparable](f field, at func(*ent.Asset) *V) *field {
	f.differs = func(old, next *change.State) bool { return *at(old.Asset) != *at(next.Asset) }
	f.values = func(_ *change.LinkNames, old, next *change.State) (any, any) { return *at(old.Asset), *at(next.Asset) }
	f.Undo = func(u *Undoing, k *change.Check, s *change.State, e *ent.Change) { putBack(u, k, e, at(s.Asset)) }
	return &f
}

func samePointed[V comparable](a, b *V) bool {
	return a == b || a != nil && b != nil && *a == *b
}

func into[V any](at func(*ent.Asset) **V) setter[*V] {
	return func(_ *Builder, _ *change.Check, s *change.State, v *V, _ []string) { *at(s.Asset) = v }
}

func intoAlways[V any](at func(*ent.Asset) *V) setter[V] {
	return func(_ *Builder, _ *change.Check, s *change.State, v V, _ []string) { *at(s.Asset) = v }
}

// measure sets a number of the asset's row, which is not below zero.
func measure[N int | int64 | float64](at func(*ent.Asset) **N) setter[*N] {
	return func(_ *Builder, k *change.Check, s *change.State, v *N, place []string) {
		change.Positive(k, v, place...)
		*at(s.Asset) = v
	}
}
