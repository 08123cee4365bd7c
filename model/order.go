package model

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/tag"
	"vodgraph/fault"
	"vodgraph/keyset"
	"vodgraph/limits"
	"vodgraph/search"
)

// OrderDirection is ASC or DESC.
type OrderDirection string

// The directions.
const (
	Asc  OrderDirection = "ASC"
	Desc OrderDirection = "DESC"
)

// MarshalOrderDirection writes an OrderDirection.
func MarshalOrderDirection(d OrderDirection) graphql.Marshaler {
	return graphql.MarshalString(string(d))
}

// UnmarshalOrderDirection reads an OrderDirection.
func UnmarshalOrderDirection(v any) (OrderDirection, error) {
	return oneOf[OrderDirection](v, Asc, Desc)
}

// AssetOrderField is what assets can be sorted by.
type AssetOrderField string

// What assets can be sorted by.
const (
	ByCreatedAt AssetOrderField = "CREATED_AT"
	ByUpdatedAt AssetOrderField = "UPDATED_AT"
	ByTitle     AssetOrderField = "TITLE"
	BySize      AssetOrderField = "SIZE"
	ByDuration  AssetOrderField = "DURATION"
)

// MarshalAssetOrderField writes an AssetOrderField.
func MarshalAssetOrderField(f AssetOrderField) graphql.Marshaler {
	return graphql.MarshalString(string(f))
}

// UnmarshalAssetOrderField reads an AssetOrderField.
func UnmarshalAssetOrderField(v any) (AssetOrderField, error) {
	return oneOf[AssetOrderField](v, ByCreatedAt, ByUpdatedAt, ByTitle, BySize, ByDuration)
}

// OrderBy is one key of an order.
type OrderBy[F ~string] struct {
	Field     F
	Direction OrderDirection
}

// AssetOrder is one key of an order of assets.
type AssetOrder = OrderBy[AssetOrderField]

// TagOrderField is what tags can be sorted by.
type TagOrderField string

// What tags can be sorted by.
const (
	ByName       TagOrderField = "NAME"
	ByAssetCount TagOrderField = "ASSET_COUNT"
)

// MarshalTagOrderField writes a TagOrderField.
func MarshalTagOrderField(f TagOrderField) graphql.Marshaler { return graphql.MarshalString(string(f)) }

// UnmarshalTagOrderField reads a TagOrderField.
func UnmarshalTagOrderField(v any) (TagOrderField, error) {
	return oneOf[TagOrderField](v, ByName, ByAssetCount)
}

// TagOrder is an order of tags.
type TagOrder = OrderBy[TagOrderField]

// sortNumbers are the numbers that fields of orders sort by. What both lists and searches
// sort by has one name in both.
var sortNumbers = map[string]search.NumberField{
	"CREATED_AT": search.NumberCreated, "UPDATED_AT": search.NumberUpdated,
	"SIZE": search.NumberSize, "DURATION": search.NumberDuration,
}

// sortOf is an order of assets as finders have it. It refuses with fault.Invalid more than
// limits.OrderKeys, and a field named twice.
func sortOf[F ~string](keys []*OrderBy[F]) ([]search.Sort, error) {
	if len(keys) > limits.OrderKeys {
		return nil, fault.New(fault.Invalid, "An order has up to %d keys.", limits.OrderKeys).At("orderBy")
	}
	sort := make([]search.Sort, len(keys))
	seen := map[F]bool{}
	for i, k := range keys {
		if seen[k.Field] {
			return nil, fault.New(fault.Invalid, "The order names %s twice.", k.Field).
				At("orderBy", strconv.Itoa(i), "field")
		}
		seen[k.Field] = true
		sort[i] = search.Sort{Relevance: k.Field == "RELEVANCE", Title: k.Field == "TITLE",
			Number: sortNumbers[string(k.Field)], Asc: k.Direction == Asc}
	}
	return sort, nil
}

// tagOrder is the order of tags: by name where none is given.
func tagOrder(by *TagOrder) keyset.Order {
	desc := by != nil && by.Direction == Desc
	order := keyset.Order{{Column: tag.FieldName, Desc: desc}}
	if by != nil && by.Field == ByAssetCount {
		order = keyset.Order{{Table: countedTags, Column: assetCount, Kind: keyset.Int, Desc: desc, Absent: "0"}}
	}
	return append(order, keyset.Key{Column: tag.FieldID, Desc: desc})
}
