package model

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/keyset"
	"vodgraph/search"
)

// SearchSortField is what search can sort by.
type SearchSortField string

// What search can sort by.
const (
	SearchByRelevance SearchSortField = "RELEVANCE"
	SearchByCreatedAt SearchSortField = "CREATED_AT"
	SearchByUpdatedAt SearchSortField = "UPDATED_AT"
	SearchBySize      SearchSortField = "SIZE"
	SearchByDuration  SearchSortField = "DURATION"
)

// MarshalSearchSortField writes a SearchSortField.
func MarshalSearchSortField(f SearchSortField) graphql.Marshaler {
	return graphql.MarshalString(string(f))
}

// UnmarshalSearchSortField reads a SearchSortField.
func UnmarshalSearchSortField(v any) (SearchSortField, error) {
	return named(v, oneOf[SearchSortField]([]string{string(SearchByRelevance), string(SearchByCreatedAt),
		string(SearchByUpdatedAt), string(SearchBySize), string(SearchByDuration)}))
}

// SearchSort is one key of the order of a search.
type SearchSort struct {
	Field     SearchSortField
	Direction OrderDirection
}

// How many keys the order of a search may have.
const (
	maxTextKeys = 2
	maxListKeys = 3
)

// databaseOrder is the order in which the database answers, where nothing is
// relevant: the newest first where no other key is left. It refuses with
// fault.Invalid too many keys, and a field named twice.
func (s *Sought) databaseOrder() (keyset.Order, error) {
	switch {
	case s.Text != nil && len(s.Sort) > maxTextKeys:
		return nil, fault.New(fault.Invalid, "An order has up to %d keys with a text.", maxTextKeys).At("sort")
	case len(s.Sort) > maxListKeys:
		return nil, fault.New(fault.Invalid, "An order has up to %d keys.", maxListKeys).At("sort")
	}
	var order keyset.Order
	seen := map[SearchSortField]bool{}
	for i, k := range s.Sort {
		if seen[k.Field] {
			return nil, fault.New(fault.Invalid, "The order names %s twice.", k.Field).
				At("sort", strconv.Itoa(i), "field")
		}
		seen[k.Field] = true
		if k.Field != SearchByRelevance {
			// What both lists and searches sort by has one name in both.
			order = append(order, assetKey(AssetOrderField(k.Field), k.Direction == Desc))
		}
	}
	if len(order) == 0 {
		return assetOrder(nil)
	}
	return append(order, keyset.Key{Column: asset.FieldID, Desc: order[0].Desc}), nil
}

// engineSort is an order as engines know it.
func engineSort(keys []*SearchSort) []search.Sort {
	numbers := map[SearchSortField]search.NumberField{
		SearchByCreatedAt: search.NumberCreated, SearchByUpdatedAt: search.NumberUpdated,
		SearchBySize: search.NumberSize, SearchByDuration: search.NumberDuration,
	}
	sort := make([]search.Sort, len(keys))
	for i, k := range keys {
		sort[i] = search.Sort{Relevance: k.Field == SearchByRelevance, Number: numbers[k.Field], Asc: k.Direction == Asc}
	}
	return sort
}
