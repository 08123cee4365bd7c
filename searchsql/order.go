package searchsql

import (
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/keyset"
	"vodgraph/search"
)

// Order is the order of assets by keys, without the relevance, which the database does not
// know; the newest first where no other key is left. The id is the last key, in the direction
// of the first, so that one index serves both directions. Assets without a size or a duration
// come last both ways, by a column for each.
func Order(keys []search.Sort) keyset.Order {
	var order keyset.Order
	for _, k := range keys {
		if !k.Relevance {
			order = append(order, orderKey(k))
		}
	}
	if len(order) == 0 {
		order = keyset.Order{orderKey(search.Sort{Number: search.NumberCreated})}
	}
	return append(order, keyset.Key{Column: asset.FieldID, Desc: order[0].Desc})
}

func orderKey(k search.Sort) keyset.Key {
	directed := func(asc, desc string) string {
		if k.Asc {
			return asc
		}
		return desc
	}
	key := keyset.Key{Desc: !k.Asc}
	switch {
	case k.Title:
		key.Column, key.Kind = asset.FieldTitleKey, keyset.Text
	case k.Number == search.NumberUpdated:
		key.Column, key.Kind = asset.FieldUpdatedAt, keyset.Moment
	case k.Number == search.NumberSize:
		key.Column, key.Kind = directed(asset.FieldSizeAsc, asset.FieldSizeDesc), keyset.Int
	case k.Number == search.NumberDuration:
		key.Column, key.Kind = directed(asset.FieldDurationAsc, asset.FieldDurationDesc), keyset.Float
	default:
		key.Column, key.Kind = asset.FieldCreatedAt, keyset.Moment
	}
	return key
}

// Value is what an asset has in a column that orders sort by.
func Value(a *ent.Asset, column string) any {
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

func place(order keyset.Order, a *ent.Asset) []any {
	values := make([]any, len(order))
	for i, k := range order {
		values[i] = Value(a, k.Column)
	}
	return values
}
