package limits

import (
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/syntax"
)

// Rows that one statement loads are a batch: what one of them is asked for is loaded for
// all, in one statement for the same field with the same arguments and the same columns.
// So the number of statements follows from the operation, and is counted here as model
// loads. Where that cannot be known beforehand, it is taken to be what needs most.

// partTypes are objects that are part of a row, or of an answer, and take no statement.
var partTypes = map[string]bool{
	"AIData": true, "AssetByReference": true, "AssetResult": true, "AssetUse": true, "AudioStream": true, "Correction": true, "DuplicateSegment": true,
	"Explanation": true, "Facet": true, "FacetBucket": true, "Highlight": true, "IndexState": true, "Request": true,
	"Mark": true, "PageInfo": true, "SpriteGrid": true, "TimeSpan": true, "UserError": true, "VideoStream": true, "Viewer": true,
}

// leafStatements is how many statements fields take that have nothing below, by type and
// name; all others take none. Those of the same name here are loaded together.
var leafStatements = map[string]struct {
	name string
	n    int
}{
	"Video.width": {"frame", 1}, "Video.height": {"frame", 1},
	"Category.assetCount": {"assetCount", 1}, "Tag.assetCount": {"assetCount", 1}, "AIData.sources": {"sources", 1},
	"Change.before": {"links", 3}, "Change.after": {"links", 3}, // tags, categories, and covers where not all are seen
}

// alwaysNull are fields of objects, by type and name, for which nothing is looked up.
var alwaysNull = map[string]bool{"Image.cover": true, "Attachment.cover": true}

type view struct {
	on   *ast.Definition
	sets []ast.SelectionSet
}

type batch []view

func (c batch) add(more ...view) batch {
	for _, v := range more {
		if !slices.ContainsFunc(c, func(w view) bool { return v.key() == w.key() }) {
			c = append(c, v)
		}
	}
	return c
}

func (v view) key() string {
	b := append(make([]byte, 0, 64), v.on.Name...)
	for _, set := range v.sets {
		b = strconv.AppendUint(append(b, ' '), uint64(uintptr(unsafe.Pointer(unsafe.SliceData(set)))), 36)
	}
	return string(b)
}

func (c batch) key() string {
	keys := make([]string, len(c))
	for i, v := range c {
		keys[i] = v.key()
	}
	slices.Sort(keys)
	return strings.Join(keys, ",")
}

type chosen struct {
	*ast.Field
	sets []ast.SelectionSet
}

// load is one load of a batch: how many statements it takes, and the batches of the rows
// that they bring.
type load struct {
	n       int
	batches []batch
}

type loads struct {
	kinds
	variables map[string]any
	known     map[string]int // by batch
	visited   int
}

// statements is how many statements an operation that is valid takes at most. Of a mutation
// they are those that read its answer.
func statements(schema *ast.Schema, o *ast.OperationDefinition, variables map[string]any) (n int) {
	s := &loads{kinds: kinds{schema}, variables: variables, known: map[string]int{}}
	for _, f := range s.fields(view{s.root(o), []ast.SelectionSet{o.SelectionSet}}) {
		if !strings.HasPrefix(f.Name, "__") {
			n = plus(n, s.rootField(f))
		}
	}
	if s.visited > maxVisited {
		n = most
	}
	return n
}

// rootFields is how many fields an operation executes at its root, without those of the schema's
// own.
func rootFields(schema *ast.Schema, o *ast.OperationDefinition, variables map[string]any) (n int) {
	s := &loads{kinds: kinds{schema}, variables: variables}
	for _, f := range s.fields(view{s.root(o), []ast.SelectionSet{o.SelectionSet}}) {
		if !strings.HasPrefix(f.Name, "__") {
			n++
		}
	}
	return n
}

func (s *loads) rootField(f chosen) int {
	name := f.Definition.Type.Name()
	switch {
	case f.Name == "search":
		return s.search(f)
	case f.Name == "node" || f.Name == "nodes":
		return s.nodes(f)
	case paged(f.Definition):
		page, counts := s.page(f)
		return plus(counts, s.all(page))
	case partTypes[name] || strings.HasSuffix(name, "Payload"):
		return s.below(batch(nil).add(s.views(f)...))
	case len(f.SelectionSet) == 0:
		return 0
	}
	return s.all(s.loaded(f))
}

func (s *loads) all(l load) int {
	n := l.n
	for _, c := range l.batches {
		n = plus(n, s.below(c))
	}
	return n
}

func (s *loads) below(c batch) (n int) {
	key := c.key()
	if known, ok := s.known[key]; ok {
		return known
	}
	c = slices.Clip(c)
	var keys []string
	all := map[string]load{}
	need := func(key string, l load) {
		known, ok := all[key]
		if !ok {
			keys = append(keys, key)
			all[key] = l
			return
		}
		for i := range known.batches {
			known.batches[i] = known.batches[i].add(l.batches[i]...)
		}
		all[key] = known
	}
	for i := 0; i < len(c); i++ { // which grows
		for _, f := range s.fields(c[i]) {
			leaf, counts := leafStatements[c[i].on.Name+"."+f.Name]
			switch {
			case counts:
				need(leaf.name+written(f.Field), load{n: leaf.n})
			case len(f.SelectionSet) == 0 || strings.HasPrefix(f.Name, "__") || alwaysNull[c[i].on.Name+"."+f.Name]:
			case s.isPart(f, c[i]):
				c = c.add(s.views(f)...)
			case paged(f.Definition):
				page, counts := s.page(f)
				if page.n > 0 {
					need(f.Name+written(f.Field)+" of "+s.asked(page), page)
				}
				if counts > 0 {
					need("count "+c[i].on.Name+"."+f.Name+written(f.Field, "first", "after", "last", "before"), load{n: 1})
				}
			default:
				l := s.loaded(f)
				need(f.Name+written(f.Field)+" of "+s.asked(l), l)
			}
		}
	}
	for _, key := range keys {
		n = plus(n, s.all(all[key]))
	}
	s.known[key] = n
	return n
}

func (s *loads) isPart(f chosen, v view) bool {
	return partTypes[f.Definition.Type.Name()] || v.on.Name == "AttachedMedia" && f.Name == "attachment"
}

func (s *loads) loaded(f chosen) load {
	views := s.views(f)
	if f.Definition.Type.Name() != "Picture" {
		return load{1, []batch{batch(nil).add(views...)}}
	}
	l := load{n: len(views)}
	for _, v := range views {
		l.batches = append(l.batches, batch{v})
	}
	return l
}

// page is the load of a page, and how often its length is asked for.
func (s *loads) page(f chosen) (l load, counts int) {
	var entries batch
	for _, v := range s.views(f) {
		for _, part := range s.fields(v) {
			switch part.Name {
			case "totalCount":
				counts++
			case "nodes":
				l.n = 1
				entries = entries.add(s.views(part)...)
			case "edges":
				l.n = 1
				for _, edge := range s.views(part) {
					for _, below := range s.fields(edge) {
						if below.Name == "node" {
							entries = entries.add(s.views(below)...)
						}
					}
				}
			case "pageInfo":
				l.n = 1
			}
		}
	}
	l.batches = []batch{entries}
	return l, counts
}

func (s *loads) views(f chosen) (views []view) {
	for _, on := range s.of(f.Field) {
		views = append(views, view{on, f.sets})
	}
	return views
}

// asked are the names of what is selected of the rows of a load, which say what columns
// it reads.
func (s *loads) asked(l load) string {
	var names []string
	for _, c := range l.batches {
		for _, v := range c {
			for _, set := range v.sets {
				names = s.names(names, set)
			}
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}

func (s *loads) names(names []string, set ast.SelectionSet) []string {
	for _, selection := range set {
		switch selected := selection.(type) {
		case *ast.Field:
			if syntax.Included(selected.Directives, s.variables) {
				names = append(names, selected.Name)
				if selected.Name == "attachment" { // which is loaded with what it is selected of
					names = s.names(names, selected.SelectionSet)
				}
			}
		case *ast.InlineFragment:
			if syntax.Included(selected.Directives, s.variables) {
				names = s.names(names, selected.SelectionSet)
			}
		case *ast.FragmentSpread:
			if syntax.Included(selected.Directives, s.variables) && selected.Definition != nil {
				names = s.names(names, selected.Definition.SelectionSet)
			}
		}
	}
	return names
}

func written(f *ast.Field, without ...string) string {
	var b strings.Builder
	for _, a := range f.Arguments {
		if !slices.Contains(without, a.Name) {
			b.WriteString(" " + a.Name + ":" + a.Value.String())
		}
	}
	return b.String()
}

// fields are those of an answer that a view has, those of one name together, as they are
// executed.
func (s *loads) fields(v view) []chosen {
	m := merged{loads: s, on: v.on, at: map[string]int{}, spread: map[string]bool{}}
	for _, set := range v.sets {
		m.add(set)
	}
	return m.list
}

type merged struct {
	*loads
	on     *ast.Definition
	list   []chosen
	at     map[string]int
	spread map[string]bool
}

func (m *merged) add(set ast.SelectionSet) {
	for _, selection := range set {
		if m.visited++; m.visited > maxVisited {
			return
		}
		switch s := selection.(type) {
		case *ast.Field:
			m.field(s)
		case *ast.InlineFragment:
			if m.fits(s.TypeCondition, m.on) && syntax.Included(s.Directives, m.variables) {
				m.add(s.SelectionSet)
			}
		case *ast.FragmentSpread:
			if s.Definition != nil && !m.spread[s.Name] && m.fits(s.Definition.TypeCondition, m.on) && syntax.Included(s.Directives, m.variables) {
				m.spread[s.Name] = true
				m.add(s.Definition.SelectionSet)
			}
		}
	}
}

func (m *merged) field(f *ast.Field) {
	if f.Definition == nil || !syntax.Included(f.Directives, m.variables) {
		return
	}
	i, known := m.at[f.Alias]
	if !known {
		i = len(m.list)
		m.at[f.Alias] = i
		m.list = append(m.list, chosen{Field: f})
	}
	if len(f.SelectionSet) > 0 {
		m.list[i].sets = append(m.list[i].sets, f.SelectionSet)
	}
}
