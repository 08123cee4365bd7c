package model

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/tag"
	"vodgraph/fault"
	"vodgraph/keyset"
	"vodgraph/limits"
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

// AssetOrder is one key of an order of assets.
type AssetOrder struct {
	Field     AssetOrderField
	Direction OrderDirection
}

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
type TagOrder struct {
	Field     TagOrderField
	Direction OrderDirection
}

var newest = []*AssetOrder{{Field: ByCreatedAt, Direction: Desc}}

// assetOrder is the order that keys name, newest first without any. The id is
// the last key, in the direction of the first, so that one index serves both
// directions.
//
// It refuses with fault.Invalid more than limits.OrderKeys, and a field named twice.
func assetOrder(keys []*AssetOrder) (keyset.Order, error) {
	if len(keys) == 0 {
		keys = newest
	}
	if len(keys) > limits.OrderKeys {
		return nil, fault.New(fault.Invalid, "An order has up to %d keys.", limits.OrderKeys).At("orderBy")
	}
	var order keyset.Order
	seen := map[AssetOrderField]bool{}
	for i, k := range keys {
		if seen[k.Field] {
			return nil, fault.New(fault.Invalid, "The order names %s twice.", k.Field).
				At("orderBy", strconv.Itoa(i), "field")
		}
		seen[k.Field] = true
		order = append(order, assetKey(k.Field, k.Direction == Desc))
	}
	return append(order, keyset.Key{Column: asset.FieldID, Desc: order[0].Desc}), nil
}

// assetKey is the column of a field. Absent sizes and durations come last both
// ways, by a column for each.
func assetKey(field AssetOrderField, desc bool) keyset.Key {
	either := func(asc, descending string) string {
		if desc {
			return descending
		}
		return asc
	}
	switch field {
	case ByUpdatedAt:
		return keyset.Key{Column: asset.FieldUpdatedAt, Kind: keyset.Moment, Desc: desc}
	case ByTitle:
		return keyset.Key{Column: asset.FieldTitleKey, Kind: keyset.Text, Desc: desc}
	case BySize:
		return keyset.Key{Column: either(asset.FieldSizeAsc, asset.FieldSizeDesc), Kind: keyset.Int, Desc: desc}
	case ByDuration:
		return keyset.Key{Column: either(asset.FieldDurationAsc, asset.FieldDurationDesc), Kind: keyset.Float, Desc: desc}
	default:
		return keyset.Key{Column: asset.FieldCreatedAt, Kind: keyset.Moment, Desc: desc}
	}
}

func assetValue(a *ent.Asset, column string) any {
	switch column {
	case asset.FieldCreatedAt:
		return a.CreatedAt
	case asset.FieldUpdatedAt:
		return a.UpdatedAt
	case asset.FieldTitleKey:
		return a.TitleKey
	case asset.FieldSizeAsc:
		return a.SizeAsc
	case asset.FieldSizeDesc:
		return a.SizeDesc
	case asset.FieldDurationAsc:
		return a.DurationAsc
	case asset.FieldDurationDesc:
		return a.DurationDesc
	default:
		return a.ID
	}
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
