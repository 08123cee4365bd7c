// Package model is what the graph shows: the four kinds over one row, the rows
// of the other tables, lists, scalars. The methods here are bound to fields of
// schema.graphql by their names, and load what hangs below a row.
//
// There is one mechanism for loading. Rows that one query loaded know each
// other; the first of them that is asked for something loads it for all of
// them, in one statement. So the number of statements follows from the text of
// a request, never from the number of rows.
//
// What is decided elsewhere: which rows a filter means (catalog), and what a
// request may ask for (resolvers).
package model

import (
	"context"
	"fmt"
	"strings"

	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/assetcategory"
	"vodgraph/ent/assettag"
	"vodgraph/ent/category"
	"vodgraph/ent/tag"
	"vodgraph/media"
)

// Node is all that has an id of its own.
type Node interface{ IsNode() }

// Asset is one piece of media of any kind.
type Asset interface {
	Node
	IsAsset()
	// Row is the row behind it.
	Row() *ent.Asset
}

// The kinds, each over the one row that is shared by all.
type (
	// Video is an asset with pictures that move.
	Video struct{ playable }
	// Audio is an asset with sound alone.
	Audio struct{ playable }
	// Image is a picture.
	Image struct{ assetFields }
	// Attachment is a file that others use.
	Attachment struct{ assetFields }
)

// Of shows a row as its kind, which is given by its id; nil for no row.
func Of(a *ent.Asset) Asset {
	if a == nil {
		return nil
	}
	switch kindOf(a.ID) {
	case asset.KindVIDEO:
		return videoOf(a)
	case asset.KindAUDIO:
		return audioOf(a)
	case asset.KindIMAGE:
		return imageOf(a)
	case asset.KindATTACHMENT:
		return attachmentOf(a)
	default:
		panic("model: no type shows an asset of the kind " + kindOf(a.ID))
	}
}

// kindOf is the kind of an asset's id. It panics for any other: the database has none.
func kindOf(id string) asset.Kind {
	kind, ok := media.KindOf(id)
	if !ok {
		panic(fmt.Sprintf("model: %q is no id of an asset", id))
	}
	return kind
}

func videoOf(a *ent.Asset) Video           { return Video{playable{assetFields{a}}} }
func audioOf(a *ent.Asset) Audio           { return Audio{playable{assetFields{a}}} }
func imageOf(a *ent.Asset) Image           { return Image{assetFields{a}} }
func attachmentOf(a *ent.Asset) Attachment { return Attachment{assetFields{a}} }

type assetFields struct{ *ent.Asset }

func (assetFields) IsNode() {}

func (assetFields) IsAsset() {}

func (m assetFields) Row() *ent.Asset { return m.Asset }

// Kind is that of the id's prefix.
func (m assetFields) Kind() asset.Kind { return kindOf(m.ID) }

// Categories are sorted by path.
func (m assetFields) Categories(ctx context.Context) ([]Category, error) {
	return plain(ctx, m.family(anyKind), below[ent.Category]{
		table: categories, hold: joined(assetcategory.Table, assetcategory.FieldAssetID, assetcategory.FieldCategoryID),
		shape: always(category.FieldPath),
	}, categoryOf)
}

// Tags are sorted by name.
func (m assetFields) Tags(ctx context.Context) ([]Tag, error) {
	return plain(ctx, m.family(anyKind), below[ent.Tag]{
		table: tags, hold: joined(assettag.Table, assettag.FieldAssetID, assettag.FieldTagID),
		shape: always(tag.FieldName),
	}, tagOf)
}

// ViewerCanUpdate reports whether the caller, who sees it, has the right to change it.
func (m assetFields) ViewerCanUpdate(ctx context.Context) bool {
	return auth.From(ctx).Can(auth.AssetsUpdate)
}

// ViewerCanTrash reports whether the caller may move it to the trash.
func (m assetFields) ViewerCanTrash(ctx context.Context) bool {
	return auth.From(ctx).Can(auth.AssetsTrash)
}

// ViewerCanDelete reports whether the caller may delete it for good.
func (m assetFields) ViewerCanDelete(ctx context.Context) bool {
	return auth.From(ctx).Can(auth.AssetsDelete)
}

// AiData is what analysers have said of the asset. Nothing is loaded yet.
func (m assetFields) AiData() AIData { return AIData{m} }

const anyKind = ""

// family is the asset as a parent of what hangs below it, with those loaded
// together with it that are of the kinds, named by their prefixes.
func (m assetFields) family(kinds string) family {
	return parentRow[ent.Asset, *ent.Asset]{m.Asset, func(a *ent.Asset) string {
		if kinds != anyKind && !strings.Contains(kinds, a.ID[:len(media.VideoPrefix)]) {
			return ""
		}
		return a.ID
	}}
}

type playable struct{ assetFields }

const playableKinds = media.VideoPrefix + media.AudioPrefix
