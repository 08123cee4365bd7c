package filter

import (
	"encoding/json"
	"strconv"

	"vodgraph/fault"
	"vodgraph/media"
	"vodgraph/search"
)

var categoryMembers = []member[CategoryFilter]{
	{
		name:      "in", // which writes includeDescendants too
		given:     func(f *CategoryFilter) bool { return f.In != nil },
		check:     checkIn,
		canonical: func(f *CategoryFilter) { f.In = f.named().refs() },
		meaning: func(f *CategoryFilter) meaning {
			if len(f.In) == 0 {
				return nothing
			}
			return some
		},
		sql: func(w scope, f *CategoryFilter) clause { return w.inCategories(f.named(), f.descends()) },
		engine: func(l lookups, f *CategoryFilter) *search.Filter {
			field := search.TermOwnCategory
			if f.descends() {
				field = search.TermCategory
			}
			named := f.named()
			for _, path := range named.paths {
				named.ids = append(named.ids, l.categories[path]...)
			}
			return terms(field, set(named.ids))
		},
	},
	{
		name:      "includeDescendants",
		given:     func(f *CategoryFilter) bool { return f.IncludeDescendants != nil },
		canonical: func(f *CategoryFilter) { descends := f.descends(); f.IncludeDescendants = &descends },
		meaning:   func(*CategoryFilter) meaning { return everything },
	},
	missing("empty", func(f *CategoryFilter) **bool { return &f.Empty },
		func(w scope) clause { return w.exists("asset_categories") }, FlagCategorised),
}

// descends reports whether what is below a category counts as in it.
func (f *CategoryFilter) descends() bool { return f.IncludeDescendants == nil || *f.IncludeDescendants }

// UnmarshalJSON reads what operations have stored of a filter. Before paths came, a category
// was stored as its id alone.
func (f *CategoryFilter) UnmarshalJSON(data []byte) error {
	type plain CategoryFilter
	err := json.Unmarshal(data, (*plain)(f))
	if err == nil {
		return nil
	}
	old := struct {
		*plain
		In []string `json:"in"`
	}{plain: (*plain)(f)}
	if json.Unmarshal(data, &old) != nil {
		return err
	}
	f.In = categories{ids: old.In}.refs()
	return nil
}

// categories are some by their ids and others by their columns path. Nil lists are of a
// filter that does not ask for categories.
type categories struct{ ids, paths []string }

// named are the categories of a filter, each once and in order.
func (f *CategoryFilter) named() categories {
	if f.In == nil {
		return categories{}
	}
	c := categories{ids: []string{}}
	for _, ref := range f.In {
		if ref.ID != nil {
			c.ids = append(c.ids, *ref.ID)
		} else {
			c.paths = append(c.paths, media.JoinPath(ref.Path))
		}
	}
	return categories{set(c.ids), set(c.paths)}
}

func (c categories) refs() []*media.CategoryRef {
	if c.ids == nil {
		return nil
	}
	refs := make([]*media.CategoryRef, 0, len(c.ids)+len(c.paths))
	for _, id := range c.ids {
		refs = append(refs, &media.CategoryRef{ID: &id})
	}
	for _, path := range c.paths {
		refs = append(refs, &media.CategoryRef{Path: media.SplitPath(path)})
	}
	return refs
}

// checkIn refuses what names no one category, and ids of another form: the answer would look
// like that of an empty category.
func checkIn(c *checker, f *CategoryFilter) *fault.Fault {
	if refused := c.length(len(f.In)); refused != nil {
		return refused
	}
	for i, ref := range f.In {
		refused := ref.Refused()
		switch {
		case refused != nil:
		case ref.ID == nil:
			refused = under("path", checkList(c, ref.Path))
		case !media.WellFormed(*ref.ID, media.CategoryPrefix):
			refused = fault.New(fault.Invalid, "%.40q is no id of a category. Name the category by its id, or by its path.", *ref.ID).At("id")
		}
		if refused != nil {
			return refused.Under(strconv.Itoa(i))
		}
	}
	return nil
}

// inCategories is that the asset is in one of the categories or, where that counts, below one.
func (w scope) inCategories(c categories, descends bool) clause {
	const roots = " JOIN categories AS roots ON "
	from := "asset_categories"
	switch {
	case len(c.ids)+len(c.paths) == 0:
		return never
	case descends:
		// No name has a character below the space, but for what parts the names of a path:
		// all from the path to the path and a space is the subtree.
		from += " JOIN categories ON categories.id = asset_categories.category_id" +
			roots + "categories.path >= roots.path AND categories.path < roots.path || ' '"
	case len(c.paths) == 0:
		return w.linked(from, from, w.in("asset_categories.category_id", c.ids))
	default:
		from += roots + "roots.id = asset_categories.category_id"
	}
	var named []clause
	if len(c.ids) > 0 {
		named = append(named, w.in("roots.id", c.ids))
	}
	if len(c.paths) > 0 {
		named = append(named, w.in("roots.path", c.paths))
	}
	return w.linked(from, "asset_categories", either(named...))
}
