package limits

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"vodgraph/fault"
	"vodgraph/syntax"
)

// Document measures a document, and refuses one that is over a limit. It must come
// before the document is validated, as that takes time that grows with the square of
// what stands beside each other. A document that is malformed is none of its matters:
// it is left to whoever parses it to say so. The text must not have brackets that stand
// hundreds deep, for the parser calls itself.
func (l Request) Document(text string) (f Figures, refused *fault.Fault) {
	f.Tokens = tokens(text, l.Tokens)
	if refused := over(f.Tokens, l.Tokens, fault.TooManyTokens,
		"The document has %d tokens or more, and at most %d are taken."); refused != nil {
		return f, refused.At("query")
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil || doc == nil {
		return f, nil
	}
	w := &walk{limits: l, doc: doc, figures: &f, depths: map[string]int{}, widths: map[string]int{}, levels: map[*ast.Field]bool{}}
	w.count()
	refused = first(
		over(f.Aliases, l.Aliases, fault.TooManyAliases, "The document has %d aliases, and at most %d are taken."),
		over(f.Directives, l.Directives, fault.TooManyDirectives, "The document has %d directives, and at most %d are taken."))
	for _, o := range doc.Operations {
		if refused == nil {
			f.Depth = max(f.Depth, w.depth(o.SelectionSet))
			refused = over(f.Depth, l.Depth, fault.TooDeep, "The document has fields %d deep, and at most %d are taken.")
		}
		if refused == nil {
			refused = w.level([]ast.SelectionSet{o.SelectionSet}, 1)
		}
		if refused == nil {
			refused = w.introspection(o.SelectionSet)
		}
	}
	if refused != nil {
		return f, refused.At("query")
	}
	return f, nil
}

// tokens counts the tokens of a text, to some more than most.
func tokens(text string, most int) (n int) {
	scan := lexer.New(&ast.Source{Input: text})
	for n <= most {
		token, err := scan.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			return n
		}
		if token.Kind != lexer.Comment {
			n++
		}
	}
	return n
}

type walk struct {
	limits  Request
	doc     *ast.QueryDocument
	figures *Figures
	// depths and widths are those of fragments that are known; one that is being
	// measured, and so stands in itself, has none.
	depths, widths map[string]int
	// levels are fields of which the level below was walked, alone.
	levels map[*ast.Field]bool
	// visited is how many fields were walked in levels of several fields.
	visited int
}

func (w *walk) count() {
	for _, o := range w.doc.Operations {
		w.figures.Directives += len(o.Directives)
		for _, v := range o.VariableDefinitions {
			w.figures.Directives += len(v.Directives)
		}
		w.countIn(o.SelectionSet)
	}
	for _, fragment := range w.doc.Fragments {
		w.figures.Directives += len(fragment.Directives)
		w.countIn(fragment.SelectionSet)
	}
}

func (w *walk) countIn(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Alias != s.Name {
				w.figures.Aliases++
			}
			w.figures.Directives += len(s.Directives)
			w.countIn(s.SelectionSet)
		case *ast.InlineFragment:
			w.figures.Directives += len(s.Directives)
			w.countIn(s.SelectionSet)
		case *ast.FragmentSpread:
			w.figures.Directives += len(s.Directives)
		}
	}
}

// depth is how deep fields stand in each other. Fragments are no level of their own.
func (w *walk) depth(set ast.SelectionSet) (deepest int) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			deepest = max(deepest, 1+w.depth(s.SelectionSet))
		case *ast.InlineFragment:
			deepest = max(deepest, w.depth(s.SelectionSet))
		case *ast.FragmentSpread:
			deepest = max(deepest, w.ofFragment(s.Name, w.depths, w.depth))
		}
	}
	return deepest
}

// ofFragment is a measure of a fragment, which is taken once.
func (w *walk) ofFragment(name string, known map[string]int, measure func(ast.SelectionSet) int) int {
	if _, ok := known[name]; !ok {
		known[name] = 0
		if fragment := w.doc.Fragments.ForName(name); fragment != nil {
			known[name] = measure(fragment.SelectionSet)
		}
	}
	return known[name]
}

// width is how many fields stand beside each other in a set, with those of a fragment as
// often as it is spread: so often they are compared, though they are answered once.
func (w *walk) width(set ast.SelectionSet) (n int) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			n = plus(n, 1)
		case *ast.InlineFragment:
			n = plus(n, max(w.width(s.SelectionSet), 1))
		case *ast.FragmentSpread:
			n = plus(n, max(w.ofFragment(s.Name, w.widths, w.width), 1))
		}
	}
	return n
}

// maxVisited is how many fields are walked that stand below several fields of the
// same name. Only documents that are made to take long come to it.
const maxVisited = 20_000

// level walks what stands beside each other, as it would be answered: fragments belong
// to it, and below fields of the same name there is one level. What is deeper than the
// limit, which was measured before, is a fragment that stands in itself; it is left to
// the validation.
func (w *walk) level(sets []ast.SelectionSet, deep int) *fault.Fault {
	if deep > w.limits.Depth {
		return nil
	}
	flat := &flat{walk: w, below: map[string][]*ast.Field{}, spread: map[string]bool{}}
	wide := 0
	for _, set := range sets {
		flat.add(set)
		wide = plus(wide, w.width(set))
	}
	w.figures.Fields = max(w.figures.Fields, wide)
	if len(sets) > 1 {
		w.visited += flat.fields
	}
	if w.visited > maxVisited {
		wide = w.visited
	}
	if refused := over(wide, w.limits.Fields, fault.TooManyFields,
		"The document has %d fields beside each other, fragments counted, and at most %d are taken."); refused != nil {
		return refused
	}
	for _, name := range flat.names {
		fields := flat.below[name]
		if len(fields) == 1 {
			if w.levels[fields[0]] {
				continue
			}
			w.levels[fields[0]] = true
		}
		below := make([]ast.SelectionSet, len(fields))
		for i, field := range fields {
			below[i] = field.SelectionSet
		}
		if refused := w.level(below, deep+1); refused != nil {
			return refused
		}
	}
	return nil
}

// flat is a level.
type flat struct {
	*walk
	fields int
	names  []string // of the answer, those with something below
	below  map[string][]*ast.Field
	spread map[string]bool
}

// add adds what stands in a set. It ends where there is too much.
func (l *flat) add(set ast.SelectionSet) {
	for s := range syntax.Fields(set, l.doc.Fragments, l.spread) {
		if l.fields > l.limits.Fields {
			return
		}
		l.fields++
		if len(s.SelectionSet) == 0 {
			continue
		}
		if l.below[s.Alias] == nil {
			l.names = append(l.names, s.Alias)
		}
		l.below[s.Alias] = append(l.below[s.Alias], s)
	}
}
