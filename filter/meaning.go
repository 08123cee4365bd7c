package filter

// meaning is what can be said of a filter without a look at assets.
type meaning int

const (
	some       meaning = iota // it depends
	everything                // it matches every asset
	nothing                   // it matches none
)

// MatchesEverything reports whether a filter means every asset of the library, or of the
// trash, however it is written. One that happens to match all there are is no such filter.
func (f *AssetFilter) MatchesEverything() bool { return f.meaning() == everything }

// meaning is that of the filter, but for the trash.
func (f *AssetFilter) meaning() meaning {
	if f == nil {
		return everything
	}
	both := []meaning{meaningOf(assetMembers, f)}
	for _, g := range f.And {
		both = append(both, g.meaning())
	}
	if f.Or != nil {
		// One of them holds where not all of them fail.
		none := make([]meaning, len(f.Or))
		for i, g := range f.Or {
			none[i] = g.meaning().opposite()
		}
		both = append(both, allOf(none).opposite())
	}
	if f.Not != nil {
		both = append(both, f.Not.meaning().opposite())
	}
	return allOf(both)
}

func meaningOf[F any](members []member[F], f *F) meaning {
	var given []meaning
	for _, m := range members {
		switch {
		case !m.given(f):
		case m.meaning == nil:
			given = append(given, some)
		default:
			given = append(given, m.meaning(f))
		}
	}
	return allOf(given)
}

// allOf is the meaning of several of which all must hold.
func allOf(parts []meaning) meaning {
	whole := everything
	for _, part := range parts {
		switch part {
		case nothing:
			return nothing
		case some:
			whole = some
		case everything:
		}
	}
	return whole
}

func (m meaning) opposite() meaning {
	switch m {
	case everything:
		return nothing
	case nothing:
		return everything
	default:
		return some
	}
}
