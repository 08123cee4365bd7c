package search

import "strings"

type likeness int

// The likenesses, from the best.
const (
	exact likeness = iota
	prefix
	oneTypo
	twoTypos
	unlike
)

func like(typed, other string, open bool) likeness {
	switch {
	case typed == other:
		return exact
	case open && strings.HasPrefix(other, typed):
		return prefix
	}
	allowed := Typos(typed)
	if allowed == 0 {
		return unlike
	}
	switch errors := distance([]rune(typed), []rune(other), allowed); {
	case errors > allowed:
		return unlike
	case errors == 1:
		return oneTypo
	default:
		return twoTypos
	}
}

// distance is the number of letters to add, remove or replace; more than most counts as
// most+1.
func distance(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range a {
		corner, best := row[0], i+1
		row[0] = i + 1
		for j, s := range b {
			cost := corner
			if r != s {
				cost = 1 + min(corner, row[j], row[j+1])
			}
			corner, row[j+1] = row[j+1], cost
			best = min(best, cost)
		}
		if best > most {
			return most + 1
		}
	}
	return min(row[len(b)], most+1)
}

// best returns the tokens most like a typed word, all equally so. Where some are as
// typed, misspelt ones are left out.
func best(typed string, open bool, tokens []Token) (found []Token, as likeness) {
	as = unlike
	for _, token := range tokens {
		switch l := like(typed, token.Text, open); {
		case l == unlike:
		case l == as || l <= prefix && as <= prefix:
			found, as = append(found, token), min(l, as)
		case l < as:
			found, as = append(found[:0], token), l
		}
	}
	return found, as
}
