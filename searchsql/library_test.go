package searchsql_test

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent/asset"
	"vodgraph/ent/assetcategory"
	"vodgraph/ent/assettag"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/ent/indexentry"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/tag"
	"vodgraph/search"
)

// maxTicks is the longest duration, and the latest time in milliseconds.
const maxTicks = 1 << 40

// fit makes a document one of an asset: with one value where a column has one, only what its
// kind has, and every number where it must be and can be stored.
func fit(d *search.Document) {
	kind := map[string]asset.Kind{"vid": asset.KindVIDEO, "aud": asset.KindAUDIO, "img": asset.KindIMAGE, "att": asset.KindATTACHMENT}[d.ID[:3]]
	d.Terms[search.TermKind] = []string{string(kind)}
	for _, field := range []search.TermField{search.TermStatus, search.TermLocation, search.TermClass, search.TermSource} {
		d.Terms[field] = slices.Clone(d.Terms[field][:min(1, len(d.Terms[field]))])
		if len(d.Terms[field]) == 0 {
			d.Terms[field] = []string{search.TermOf("other")}
			if field != search.TermLocation {
				d.Terms[field] = []string{"other"}
			}
		}
	}
	types := d.Terms[search.TermAttachmentType]
	d.Terms[search.TermAttachmentType] = types[:min(1, len(types))]
	if kind != asset.KindATTACHMENT {
		d.Terms[search.TermAttachmentType] = nil
	}
	d.Terms[search.TermOwnCategory] = d.Terms[search.TermCategory]
	codecs := d.Terms[search.TermCodec] // each is of a play info, as a definition is
	d.Terms[search.TermCodec] = codecs[:min(len(codecs), len(d.Terms[search.TermDefinition]))]
	if kind != asset.KindVIDEO && kind != asset.KindAUDIO {
		delete(d.Numbers, search.NumberDuration)
	}
	for field, n := range d.Numbers {
		if d.Numbers[field] = max(0, n); field == search.NumberDuration {
			d.Numbers[field] = min(max(0, n), maxTicks)
		}
	}
	for _, field := range []search.NumberField{search.NumberCreated, search.NumberUpdated} {
		d.Numbers[field] = min(d.Numbers[field], maxTicks)
	}
}

// put makes assets of documents, each in place of the one of its id.
func (l library) put(ctx context.Context, docs []*search.Document) error {
	ids := make([]string, len(docs))
	r := rows{l: l, ctx: ctx}
	for i, d := range docs {
		ids[i] = d.ID
		r.add(d)
	}
	for _, table := range []string{indexentry.Table, assettag.Table, assetcategory.Table, playinfo.Table, mezzanine.Table} {
		r.exec(sql.Dialect(l.Client.Dialect()).Delete(table).Where(collect.InP("asset_id", ids)).Query())
	}
	r.exec(sql.Dialect(l.Client.Dialect()).Delete(asset.Table).Where(collect.InP("id", ids)).Query())
	for _, table := range []string{asset.Table, tag.Table, category.Table, indexentry.Table, assettag.Table, assetcategory.Table, playinfo.Table, mezzanine.Table} {
		r.insert(table)
	}
	return r.err
}

// rows are those that are to be inserted.
type rows struct {
	l      library
	ctx    context.Context
	values map[string][][]any
	err    error
}

// columns are those of the tables that rows are made of.
var columns = map[string][]string{
	asset.Table: {asset.FieldID, asset.FieldKind, asset.FieldTitle, asset.FieldTitleKey, asset.FieldAlternativeTitles, asset.FieldStatus,
		asset.FieldSize, asset.FieldSizeAsc, asset.FieldSizeDesc, asset.FieldDuration, asset.FieldDurationAsc, asset.FieldDurationDesc,
		asset.FieldStorageLocation, asset.FieldStorageClass, asset.FieldMediaSource, asset.FieldBusinessType, asset.FieldWidth, asset.FieldHeight,
		asset.FieldDownloadEnabled, asset.FieldRevision, asset.FieldCreatedAt, asset.FieldUpdatedAt},
	tag.Table:           {tag.FieldID, tag.FieldName, tag.FieldWords},
	category.Table:      {category.FieldID, category.FieldName, category.FieldLevel, category.FieldPath, category.FieldCreatedAt},
	indexentry.Table:    {indexentry.FieldID, indexentry.FieldAssetID, indexentry.FieldRevision, indexentry.FieldWords},
	assettag.Table:      {assettag.FieldAssetID, assettag.FieldTagID},
	assetcategory.Table: {assetcategory.FieldAssetID, assetcategory.FieldCategoryID},
	playinfo.Table: {playinfo.FieldID, playinfo.FieldAssetID, playinfo.FieldJobID, playinfo.FieldStreamType, playinfo.FieldFormat, playinfo.FieldDefinition, playinfo.FieldStatus,
		playinfo.FieldEncrypted, playinfo.FieldEncryptType, playinfo.FieldCodec, playinfo.FieldCreatedAt, playinfo.FieldUpdatedAt},
	mezzanine.Table: {mezzanine.FieldID, mezzanine.FieldAssetID, mezzanine.FieldStatus, mezzanine.FieldWidth, mezzanine.FieldHeight,
		mezzanine.FieldVideoStreams, mezzanine.FieldAudioStreams, mezzanine.FieldCreatedAt},
}

func (r *rows) row(table string, values ...any) {
	if r.values == nil {
		r.values = map[string][][]any{}
	}
	r.values[table] = append(r.values[table], values)
}

// add adds the rows of a document.
func (r *rows) add(d *search.Document) {
	number := func(field search.NumberField) any {
		if n, ok := d.Numbers[field]; ok {
			return n
		}
		return nil
	}
	size, sizeAsc, sizeDesc := number(search.NumberSize), int64(math.MaxInt64), int64(-1)
	if n, ok := size.(int64); ok {
		sizeAsc, sizeDesc = n-1, n
	}
	var duration any
	durationAsc, durationDesc := math.Inf(1), float64(-1)
	if n, ok := d.Numbers[search.NumberDuration]; ok {
		durationAsc, durationDesc = float64(n)/1000, float64(n)/1000
		duration = durationAsc
	}
	width, height := number(search.NumberWidth), number(search.NumberHeight)
	if d.ID[:3] != "img" {
		r.row(mezzanine.Table, "mez"+d.ID, d.ID, mezzanine.StatusNORMAL, width, height, "[]", "[]", time.Now())
		width, height = nil, nil
	}
	first := func(field search.TermField) any {
		if len(d.Terms[field]) == 0 {
			return nil
		}
		return plain(d.Terms[field][0])
	}
	storable := func(text string) string { return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "") }
	title := storable(d.Texts[search.Title][0])
	alternatives, err := json.Marshal(append([]string{}, d.Texts[search.AlternativeTitles]...))
	if err != nil && r.err == nil {
		r.err = err
	}
	r.row(asset.Table, d.ID, first(search.TermKind), title, storable(d.TitleKey), string(alternatives), first(search.TermStatus),
		size, sizeAsc, sizeDesc, duration, durationAsc, durationDesc,
		first(search.TermLocation), first(search.TermClass), first(search.TermSource), first(search.TermAttachmentType), width, height,
		true, d.Revision, time.UnixMilli(d.Numbers[search.NumberCreated]).UTC(), time.UnixMilli(d.Numbers[search.NumberUpdated]).UTC())
	var words []string
	for _, text := range slices.Concat(d.Texts[search.Title], d.Texts[search.AlternativeTitles], d.Texts[search.Description]) {
		words = append(words, search.Normalise(text))
	}
	r.row(indexentry.Table, d.Seq, d.ID, d.Revision, strings.Join(words, "\n"))
	r.addBelow(d)
}

// addBelow adds the rows of what an asset has, but for its mezzanine.
func (r *rows) addBelow(d *search.Document) {
	for _, id := range d.Terms[search.TermTag] {
		r.row(tag.Table, id, id, "")
		r.row(assettag.Table, d.ID, id)
	}
	for _, name := range d.Texts[search.Tags] {
		r.row(tag.Table, "named "+name, name, search.Normalise(name))
		r.row(assettag.Table, d.ID, "named "+name)
	}
	for _, id := range d.Terms[search.TermCategory] {
		r.row(category.Table, id, id, 1, id, time.Now())
		r.row(assetcategory.Table, d.ID, id)
	}
	for i, definition := range d.Terms[search.TermDefinition] {
		var codec any
		if i < len(d.Terms[search.TermCodec]) {
			codec = plain(d.Terms[search.TermCodec][i])
		}
		r.row(playinfo.Table, definition+d.ID, d.ID, definition, playinfo.StreamTypeVIDEO, playinfo.FormatMP4, definition, playinfo.StatusNORMAL,
			false, playinfo.EncryptTypeNONE, codec, time.Now(), time.Now())
	}
}

// plain is the value of a term.
func plain(term string) string {
	if value, ok := search.PlainOf(term); ok {
		return value
	}
	return term
}

// insert inserts the rows of a table; a tag or category that is there already stays.
func (r *rows) insert(table string) {
	for part := range slices.Chunk(r.values[table], 30_000/len(columns[table])) {
		insert := sql.Dialect(r.l.Client.Dialect()).Insert(table).Columns(columns[table]...)
		for _, values := range part {
			insert.Values(values...)
		}
		if table == tag.Table || table == category.Table {
			insert.OnConflict(sql.DoNothing())
		}
		r.exec(insert.Query())
	}
}

func (r *rows) exec(query string, args []any) {
	if r.err == nil {
		_, r.err = r.l.Client.ExecContext(r.ctx, query, args...)
	}
}
