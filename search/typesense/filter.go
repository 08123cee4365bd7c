package typesense

import (
	"fmt"
	"slices"
	"strings"

	"vodgraph/search"
)

// Filters that match every document, or none. They are simplified away, for the server
// has neither.
const (
	always = "always"
	never  = "never"
)

// compile makes the server's filter; always or never where it does not depend on the
// document. Negation is pushed down to the leaves, as there is no "!(…)". It contains
// nothing that users wrote.
func compile(f *search.Filter, negated bool) (string, error) {
	if f == nil {
		f = &search.Filter{}
	}
	switch {
	case f.And != nil:
		return join(f.And, !negated, negated)
	case f.Or != nil:
		return join(f.Or, negated, negated)
	case f.Not != nil:
		return compile(f.Not, !negated)
	case f.Terms != nil:
		return compileTerms(f.Terms, negated)
	case f.IDs != nil:
		return compileIDs(f.IDs, negated), nil
	case f.Range != nil:
		return compileRange(f.Range, negated)
	default:
		return constant(!negated), nil
	}
}

func constant(holds bool) string {
	if holds {
		return always
	}
	return never
}

func join(filters []*search.Filter, all, negated bool) (string, error) {
	var parts []string
	for _, f := range filters {
		part, err := compile(f, negated)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return combine(parts, all), nil
}

func combine(parts []string, all bool) string {
	operator := " || "
	if all {
		operator = " && "
	}
	var kept []string
	for _, part := range parts {
		switch part {
		case constant(!all): // it decides
			return part
		case constant(all): // it adds nothing
		default:
			kept = append(kept, part)
		}
	}
	switch len(kept) {
	case 0:
		return constant(all)
	case 1:
		return kept[0]
	default:
		return "(" + strings.Join(kept, operator) + ")"
	}
}

func both(parts ...string) string   { return combine(parts, true) }
func either(parts ...string) string { return combine(parts, false) }

func compileTerms(t *search.Terms, negated bool) (string, error) {
	if !slices.Contains(termFields, t.Field) {
		return "", fmt.Errorf("there is no set %q to filter by", t.Field)
	}
	var values []string
	for _, value := range t.Values {
		if len(value) <= maxTerm { // a longer one is in no document
			values = append(values, encode(value))
		}
	}
	return among(termPrefix+string(t.Field), values, negated), nil
}

func compileIDs(ids []string, negated bool) string {
	var known []string
	for _, id := range ids {
		if _, ok := idOrder(id); !ok { // no document has it
			continue
		}
		if negated {
			id = encode(id)
		}
		known = append(known, id)
	}
	if negated {
		return among(fieldKey, known, true)
	}
	return among("id", known, false)
}

func among(field string, values []string, negated bool) string {
	slices.Sort(values) // by the server an id named twice is found twice
	values = slices.Compact(values)
	switch {
	case len(values) == 0:
		return constant(negated)
	case negated:
		return field + ":!=[" + strings.Join(values, ",") + "]"
	default:
		return field + ":=[" + strings.Join(values, ",") + "]"
	}
}

// compileRange matches a number within bounds; negated, one beyond them or missing.
func compileRange(r *search.Range, negated bool) (string, error) {
	field, err := numberField(r.Field)
	if err != nil {
		return "", err
	}
	var bounds []string
	if negated {
		if r.Min != nil {
			bounds = append(bounds, fmt.Sprintf("%s:<%d", field, *r.Min))
		}
		if r.Max != nil {
			bounds = append(bounds, fmt.Sprintf("%s:>%d", field, *r.Max))
		}
		return either(append(bounds, absent(r.Field))...), nil
	}
	if r.Min != nil {
		bounds = append(bounds, fmt.Sprintf("%s:>=%d", field, *r.Min))
	}
	if r.Max != nil {
		bounds = append(bounds, fmt.Sprintf("%s:<=%d", field, *r.Max))
	}
	if len(bounds) == 0 {
		return among(fieldPresent, []string{string(r.Field)}, false), nil
	}
	return both(bounds...), nil
}

func absent(number search.NumberField) string {
	return among(fieldPresent, []string{string(number)}, true)
}

func numberField(number search.NumberField) (string, error) {
	for _, known := range numberFields {
		if known == number {
			return numberPrefix + string(number), nil
		}
	}
	return "", fmt.Errorf("there is no number %q", number)
}
