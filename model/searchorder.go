package model

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/keyset"
	"vodgraph/limits"
	"vodgraph/search"
)

// SearchOrderField is what a search can be ordered by.
type SearchOrderField string

// What a search can be ordered by.
const (
	SearchByRelevance SearchOrderField = "RELEVANCE"
	SearchByCreatedAt SearchOrderField = "CREATED_AT"
	SearchByUpdatedAt SearchOrderField = "UPDATED_AT"
	SearchByTitle     SearchOrderField = "TITLE"
	SearchBySize      SearchOrderField = "SIZE"
	SearchByDuration  SearchOrderField = "DURATION"
)

// MarshalSearchOrderField writes a SearchOrderField.
func MarshalSearchOrderField(f SearchOrderField) graphql.Marshaler {
	return graphql.MarshalString(string(f))
}

// UnmarshalSearchOrderField reads a SearchOrderField.
func UnmarshalSearchOrderField(v any) (SearchOrderField, error) {
	return oneOf[SearchOrderField](v, SearchByRelevance, SearchByCreatedAt, SearchByUpdatedAt, SearchByTitle, SearchBySize, SearchByDuration)
}

// SearchOrder is one key of the order of a search.
type SearchOrder struct {
	Field     SearchOrderField
	Direction OrderDirection
}

// databaseOrder is the order in which the database answers, where nothing is
// relevant: the newest first where no other key is left. It refuses with
// fault.Invalid too many keys, and a field named twice.
func (s *Sought) databaseOrder() (keyset.Order, error) {
	switch {
	case s.Text != nil && len(s.OrderBy) > search.MaxSort:
		return nil, fault.New(fault.Invalid, "An order has up to %d keys with a text.", search.MaxSort).At("orderBy")
	case len(s.OrderBy) > limits.OrderKeys:
		return nil, fault.New(fault.Invalid, "An order has up to %d keys.", limits.OrderKeys).At("orderBy")
	}
	var order keyset.Order
	seen := map[SearchOrderField]bool{}
	for i, k := range s.OrderBy {
		if seen[k.Field] {
			return nil, fault.New(fault.Invalid, "The order names %s twice.", k.Field).
				At("orderBy", strconv.Itoa(i), "field")
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
func engineSort(keys []*SearchOrder) []search.Sort {
	numbers := map[SearchOrderField]search.NumberField{
		SearchByCreatedAt: search.NumberCreated, SearchByUpdatedAt: search.NumberUpdated,
		SearchBySize: search.NumberSize, SearchByDuration: search.NumberDuration,
	}
	sort := make([]search.Sort, len(keys))
	for i, k := range keys {
		sort[i] = search.Sort{Relevance: k.Field == SearchByRelevance, Title: k.Field == SearchByTitle, Number: numbers[k.Field], Asc: k.Direction == Asc}
	}
	return sort
}
