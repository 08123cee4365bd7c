package outbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/assetcategory"
	"vodgraph/ent/assettag"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/ent/indexentry"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/tag"
	"vodgraph/filter"
	"vodgraph/media"
	"vodgraph/search"
)

// How many bytes of texts a document has at most. Ten hours of talk have less than
// maxCues. Assets have no such limit: each source may say as much as it likes. And
// engines need hundreds of times the memory of a text in which no word comes twice.
const (
	maxCues   = 1 << 20 // of each kind
	maxLabels = 256 << 10
)

// Documents returns the assets of some ids as engines keep them, each once, in the order
// of the ids. What does not exist, or has no entry of the index, has none.
//
// It reads what is committed, in a number of statements that does not depend on the number
// of assets, and a transaction may commit between two of them. A document never has a
// later revision than its content; that transaction has left a mark, and whoever reads it
// writes the document again.
//
// A document has at most 1 MiB of speech, 1 MiB of screen text and 256 KiB of labels: the
// earliest cues and the first labels by name, all whole, up to the first that does not
// fit. Of the others only what filters name is in memory: the names of labels and the languages
// of cues.
func (c *Outbox) Documents(ctx context.Context, ids []string) ([]*search.Document, error) {
	d := &documents{Outbox: c, byID: make(map[string]*search.Document, len(ids))}
	for _, part := range []struct {
		name string
		read func(context.Context, []string) error
	}{
		{"entries of the index", d.entries}, // first: they have the revisions
		{"assets", d.assets},
		{"mezzanines", d.mezzanines},
		{"play infos", d.playInfos},
		{"tags", d.tags},
		{"categories", d.categories},
		{"labels and reviews", d.findings},
		{"cues", d.cues},
	} {
		if len(ids) == 0 {
			break
		}
		if err := part.read(ctx, ids); err != nil {
			return nil, fmt.Errorf("make documents: read %s: %w", part.name, err)
		}
	}
	made := make([]*search.Document, 0, len(d.byID))
	for _, id := range ids {
		doc := d.byID[id]
		if doc == nil || doc.Texts == nil { // there is no asset, or no longer
			continue
		}
		delete(d.byID, id)
		for field, terms := range doc.Terms {
			doc.Terms[field] = once(terms)
		}
		for _, field := range []search.TextField{search.Tags, search.Categories, search.Labels} {
			if texts, ok := doc.Texts[field]; ok {
				doc.Texts[field] = once(texts)
			}
		}
		made = append(made, doc)
	}
	return made, nil
}

func once(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}

type documents struct {
	*Outbox
	byID map[string]*search.Document
}

func (d *documents) of(assetID string) *search.Document {
	if doc := d.byID[assetID]; doc != nil && doc.Texts != nil {
		return doc
	}
	return blank(assetID)
}

func blank(id string) *search.Document {
	return &search.Document{ID: id, Texts: map[search.TextField][]string{},
		Terms: map[search.TermField][]string{}, Numbers: map[search.NumberField]int64{}}
}

func addText(doc *search.Document, field search.TextField, texts ...string) {
	if len(texts) > 0 {
		doc.Texts[field] = append(doc.Texts[field], texts...)
	}
}

func addTerm(doc *search.Document, field search.TermField, terms ...string) {
	doc.Terms[field] = append(doc.Terms[field], terms...)
}

func addFact(doc *search.Document, name, value string) {
	addTerm(doc, search.TermFlag, name)
	addTerm(doc, search.TermFact, filter.FactTerm(name, value))
}

func addNumber[N int | int64](doc *search.Document, field search.NumberField, number *N) {
	if number != nil {
		doc.Numbers[field] = int64(*number)
	}
}

// entries begins a document for each entry; its maps are nil until there is an asset.
func (d *documents) entries(ctx context.Context, ids []string) error {
	rows, err := d.DB.IndexEntry.Query().Where(collect.In[string](indexentry.FieldAssetID, ids)).
		Select(indexentry.FieldID, indexentry.FieldAssetID, indexentry.FieldRevision).All(ctx)
	for _, row := range rows {
		d.byID[row.AssetID] = &search.Document{ID: row.AssetID, Seq: row.ID, Revision: row.Revision}
	}
	return err
}

func (d *documents) assets(ctx context.Context, ids []string) error {
	rows, err := d.DB.Asset.Query().Where(collect.In[string](asset.FieldID, ids)).Select(
		asset.FieldID, asset.FieldKind, asset.FieldReferenceID, asset.FieldTitle, asset.FieldTitleKey, asset.FieldAlternativeTitles,
		asset.FieldDescription, asset.FieldStatus, asset.FieldSize, asset.FieldDuration, asset.FieldStorageLocation,
		asset.FieldStorageClass, asset.FieldMediaSource, asset.FieldBusinessType, asset.FieldFileName,
		asset.FieldWidth, asset.FieldHeight, asset.FieldDownloadEnabled, asset.FieldImageType, asset.FieldCoverImageID, asset.FieldCoverSnapshotID,
		asset.FieldCreatedAt, asset.FieldUpdatedAt, asset.FieldTrashedAt).All(ctx)
	for _, row := range rows {
		if entry := d.byID[row.ID]; entry != nil {
			doc := blank(row.ID)
			doc.Seq, doc.Revision = entry.Seq, entry.Revision
			describe(doc, row)
			d.byID[row.ID] = doc
		}
	}
	return err
}

func describe(doc *search.Document, a *ent.Asset) {
	doc.TitleKey = a.TitleKey
	addText(doc, search.Title, a.Title)
	addText(doc, search.AlternativeTitles, a.AlternativeTitles...)
	for field, text := range map[search.TextField]*string{
		search.FileName: a.FileName, search.ReferenceID: a.ReferenceID, search.Description: a.Description,
	} {
		if text != nil {
			addText(doc, field, *text)
		}
	}
	addTerm(doc, search.TermKind, string(a.Kind))
	addTerm(doc, search.TermStatus, string(a.Status))
	addTerm(doc, search.TermClass, string(a.StorageClass))
	addTerm(doc, search.TermSource, string(a.MediaSource))
	addTerm(doc, search.TermLocation, search.TermOf(a.StorageLocation))
	if a.ReferenceID != nil {
		addTerm(doc, search.TermReference, search.TermOf(*a.ReferenceID))
	}
	if a.BusinessType != nil {
		addTerm(doc, search.TermAttachmentType, string(*a.BusinessType))
	}
	if a.CoverImageID != nil || a.CoverSnapshotID != nil {
		addTerm(doc, search.TermFlag, filter.FlagCover)
	}
	addTerm(doc, search.TermFact, filter.FactTerm(filter.FactTitle, a.Title))
	if a.ImageType != nil {
		addTerm(doc, search.TermFact, filter.FactTerm(filter.FactImageType, string(*a.ImageType)))
	}
	if a.FileName != nil {
		addFact(doc, filter.FactFileName, *a.FileName)
	}
	if a.Description != nil {
		addTerm(doc, search.TermFlag, filter.FlagDescription)
	}
	if a.DownloadEnabled {
		addTerm(doc, search.TermFlag, filter.FlagDownload)
	}
	if a.TrashedAt != nil {
		addTerm(doc, search.TermFlag, filter.FlagTrashed)
	}
	addNumber(doc, search.NumberSize, a.Size)
	addNumber(doc, search.NumberWidth, a.Width)
	addNumber(doc, search.NumberHeight, a.Height)
	if a.Duration != nil {
		doc.Numbers[search.NumberDuration] = filter.Ticks(*a.Duration)
	}
	doc.Numbers[search.NumberCreated] = a.CreatedAt.UnixMilli()
	doc.Numbers[search.NumberUpdated] = a.UpdatedAt.UnixMilli()
}

// mezzanines adds the names of source files, and the size of their pictures: only
// images have one of their own.
func (d *documents) mezzanines(ctx context.Context, ids []string) error {
	rows, err := d.DB.Mezzanine.Query().Where(collect.In[string](mezzanine.FieldAssetID, ids)).
		Select(mezzanine.FieldAssetID, mezzanine.FieldFileName, mezzanine.FieldWidth, mezzanine.FieldHeight).All(ctx)
	for _, row := range rows {
		doc := d.of(row.AssetID)
		if row.FileName != nil {
			addText(doc, search.FileName, *row.FileName)
			addFact(doc, filter.FactFileName, *row.FileName)
		}
		addNumber(doc, search.NumberWidth, row.Width)
		addNumber(doc, search.NumberHeight, row.Height)
	}
	return err
}

// playInfos adds those with status NORMAL; others are not found.
func (d *documents) playInfos(ctx context.Context, ids []string) error {
	query := d.on(playinfo.Table, playinfo.FieldAssetID, ids, playinfo.FieldDefinition, playinfo.FieldFormat,
		playinfo.FieldCodec, playinfo.FieldHdrType)
	query.Where(sql.EQ(playinfo.FieldStatus, string(playinfo.StatusNORMAL)))
	return d.Read(ctx, query, func(scan change.Scanner) error {
		var assetID, definition, format string
		var codec, hdrType *string
		if err := scan(&assetID, &definition, &format, &codec, &hdrType); err != nil {
			return err
		}
		doc := d.of(assetID)
		if codec != nil {
			term := search.TermOf(*codec)
			codec = &term
			addTerm(doc, search.TermCodec, term)
		}
		addTerm(doc, search.TermDefinition, definition)
		addTerm(doc, search.TermPlay, filter.PlayTerms(definition, format, codec, hdrType)...)
		return nil
	})
}

func (d *documents) tags(ctx context.Context, ids []string) error {
	b := sql.Dialect(d.DB.Dialect())
	links, tags := b.Table(assettag.Table).As("links"), b.Table(tag.Table).As("named")
	query := b.Select(links.C(assettag.FieldAssetID), tags.C(tag.FieldID), tags.C(tag.FieldName)).From(links).
		Join(tags).On(links.C(assettag.FieldTagID), tags.C(tag.FieldID)).
		Where(collect.InP(links.C(assettag.FieldAssetID), ids))
	return d.Read(ctx, query, func(scan change.Scanner) error {
		var assetID, id, name string
		if err := scan(&assetID, &id, &name); err != nil {
			return err
		}
		doc := d.of(assetID)
		addText(doc, search.Tags, name)
		addTerm(doc, search.TermTag, id)
		addTerm(doc, search.TermFlag, filter.FlagTagged)
		return nil
	})
}

func (d *documents) categories(ctx context.Context, ids []string) error {
	b := sql.Dialect(d.DB.Dialect())
	links, own := b.Table(assetcategory.Table).As("links"), b.Table(category.Table).As("own")
	query := b.Select(links.C(assetcategory.FieldAssetID), own.C(category.FieldID), own.C(category.FieldPath)).From(links).
		Join(own).On(links.C(assetcategory.FieldCategoryID), own.C(category.FieldID)).
		Where(collect.InP(links.C(assetcategory.FieldAssetID), ids))
	filed := map[string][]*search.Document{} // by path
	err := d.Read(ctx, query, func(scan change.Scanner) error {
		var assetID, id, path string
		if err := scan(&assetID, &id, &path); err != nil {
			return err
		}
		doc := d.of(assetID)
		addText(doc, search.Categories, media.SplitPath(path)...)
		addTerm(doc, search.TermOwnCategory, id)
		addTerm(doc, search.TermCategory, id)
		addTerm(doc, search.TermFlag, filter.FlagCategorised)
		filed[path] = append(filed[path], doc)
		return nil
	})
	if err != nil || len(filed) == 0 {
		return err
	}
	within := map[string][]string{} // the paths of what is filed in, by each path above
	for path := range filed {
		for above := path; ; {
			end := strings.LastIndex(above, media.PathSeparator)
			if end < 0 {
				break
			}
			above = above[:end]
			within[above] = append(within[above], path)
		}
	}
	paths := make([]string, 0, len(within))
	for path := range within {
		paths = append(paths, path)
	}
	return d.Read(ctx, d.on(category.Table, category.FieldPath, paths, category.FieldID), func(scan change.Scanner) error {
		var above, id string
		if err := scan(&above, &id); err != nil {
			return err
		}
		for _, path := range within[above] {
			for _, doc := range filed[path] {
				addTerm(doc, search.TermCategory, id)
			}
		}
		return nil
	})
}

// on selects column, then others, where column has one of the values.
func (d *documents) on(table, column string, values []string, others ...string) *sql.Selector {
	b := sql.Dialect(d.DB.Dialect())
	return b.Select(append([]string{column}, others...)...).From(b.Table(table)).Where(collect.InP(column, values))
}
