package model

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/assettag"
	"vodgraph/ent/tag"
)

// Tag is a word that assets are marked with.
type Tag struct{ *ent.Tag }

// IsNode says that it has an id of its own.
func (Tag) IsNode() {}

func tagOf(t *ent.Tag) Tag { return Tag{t} }

func (t Tag) family() family {
	return parentRow[ent.Tag, *ent.Tag]{t.Tag, func(t *ent.Tag) string { return t.ID }}
}

var taggedAssets = joined(assettag.Table, assettag.FieldTagID, assettag.FieldAssetID)

// AssetCount is how many assets have the tag.
func (t Tag) AssetCount(ctx context.Context) (int, error) {
	return countBelow(ctx, t.family(), func(*arguments) hold { return taggedAssets })
}

// TagAssets is a page of the assets with a tag.
func TagAssets(ctx context.Context, t *Tag, which Which) (*AssetConnection, error) {
	return paged(ctx, t.family(), func(*arguments) (list[ent.Asset], error) {
		return assetList(which, taggedAssets)
	}, Of)
}

const (
	countedTags = "counted"
	assetCount  = "asset_count"
)

// Tags is a page of the tags whose names begin with the prefix; empty for all.
// Its page is the one that the field being resolved asks for.
func Tags(ctx context.Context, c *ent.Client, prefix string, by *TagOrder) (*TagConnection, error) {
	return top(ctx, c, list[ent.Tag]{
		table: tags, order: tagOrder(by),
		where: func(s *sql.Selector) {
			if prefix != "" {
				begins(s, s.C(tag.FieldName), prefix)
			}
			if by != nil && by.Field == ByAssetCount {
				withCounts(s)
			}
		},
	}, tagOf)
}

// begins keeps the rows whose column, compared by code point, begins with a
// prefix: a range, so that an index can answer it.
func begins(s *sql.Selector, column, prefix string) {
	s.Where(sql.GTE(column, prefix))
	// The next string that does not begin so, if there is one.
	end := []rune(prefix)
	for len(end) > 0 {
		last := &end[len(end)-1]
		switch {
		case *last == 0xD7FF:
			*last = 0xE000 // past the surrogates, which are no characters
		case *last < 0x10FFFF:
			*last++
		default:
			end = end[:len(end)-1]
			continue
		}
		s.Where(sql.LT(column, string(end)))
		return
	}
}

// withCounts adds the number of assets of each tag, those in the trash left out.
func withCounts(s *sql.Selector) {
	d := sql.Dialect(s.Dialect())
	t := d.Table(assettag.Table)
	counted := d.Select(t.C(assettag.FieldTagID), sql.As(sql.Count("*"), assetCount)).From(t)
	outsideTrash(counted, t.C(assettag.FieldAssetID))
	by := counted.GroupBy(t.C(assettag.FieldTagID)).As(countedTags)
	s.LeftJoin(by).On(s.C(tag.FieldID), by.C(assettag.FieldTagID))
	s.AppendSelectAs("COALESCE("+by.C(assetCount)+", 0)", assetCount)
}

func tagValue(t *ent.Tag, column string) any {
	switch column {
	case tag.FieldName:
		return t.Name
	case assetCount:
		n, _ := t.Value(assetCount) // selected by withCounts
		return n
	default:
		return t.ID
	}
}

// TagNamed is the tag of a name; nil where there is none.
func TagNamed(ctx context.Context, c *ent.Client, name string) (*Tag, error) {
	row, err := find(ctx, c, tags, func(s *sql.Selector) { s.Where(sql.EQ(s.C(tag.FieldName), name)) })
	if err != nil || row == nil {
		return nil, err
	}
	return &Tag{row}, nil
}
