package model

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/ailabel"
	"vodgraph/ent/asset"
	"vodgraph/ent/assetcategory"
	"vodgraph/ent/assettag"
	"vodgraph/ent/category"
	"vodgraph/ent/cue"
	"vodgraph/ent/fact"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/tag"
	"vodgraph/limits"
	"vodgraph/media"
)

func textColumns() []string {
	return []string{asset.FieldTitle, asset.FieldAlternativeTitles, asset.FieldDescription,
		asset.FieldFileName, asset.FieldReferenceID}
}

// searchTexts are all texts of assets in which something can be found, by their ids,
// in the order of the fields. The assets have their textColumns; the rest is
// loaded in one statement for each table.
func searchTexts(ctx context.Context, c *ent.Client, rows []*ent.Asset) (map[string][]searchText, error) {
	l := &textLoader{client: c, ids: make([]string, len(rows)),
		found: map[SearchField]map[string][]searchText{}, once: map[fieldText]bool{}}
	for i, a := range rows {
		l.ids[i] = a.ID
		l.own(a)
	}
	for _, load := range []func(context.Context) error{l.tags, l.categories, l.files, l.labels, l.cues} {
		if err := load(ctx); err != nil {
			return nil, fmt.Errorf("load the texts of what was found: %w", err)
		}
	}
	byID := make(map[string][]searchText, len(rows))
	for _, field := range []SearchField{SearchTitle, SearchAlternativeTitles, SearchDescription, SearchTags,
		SearchCategories, SearchFileName, SearchReferenceID, SearchSpeech, SearchScreenText, SearchLabels} {
		for id, texts := range l.found[field] {
			byID[id] = append(byID[id], texts...)
		}
	}
	return byID, nil
}

type textLoader struct {
	client *ent.Client
	ids    []string
	found  map[SearchField]map[string][]searchText
	once   map[fieldText]bool // those that addOnce has added
}

type fieldText struct {
	field    SearchField
	id, text string
}

func (l *textLoader) add(id string, p searchText) {
	if l.found[p.field] == nil {
		l.found[p.field] = map[string][]searchText{}
	}
	l.found[p.field][id] = append(l.found[p.field][id], p)
}

// addOnce adds a text that it has not added to the field yet.
func (l *textLoader) addOnce(id string, p searchText) {
	if known := (fieldText{p.field, id, p.text}); !l.once[known] {
		l.once[known] = true
		l.add(id, p)
	}
}

func (l *textLoader) own(a *ent.Asset) {
	l.add(a.ID, searchText{field: SearchTitle, text: a.Title})
	for _, t := range a.AlternativeTitles {
		l.add(a.ID, searchText{field: SearchAlternativeTitles, text: t})
	}
	for field, text := range map[SearchField]*string{
		SearchDescription: a.Description, SearchFileName: a.FileName, SearchReferenceID: a.ReferenceID} {
		if text != nil {
			l.add(a.ID, searchText{field: field, text: *text})
		}
	}
}

// hanging loads rows that hang below the assets, by the assets' ids: with one
// column of theirs, sorted by it.
func hanging[R any, P row[R]](ctx context.Context, l *textLoader, t table[R], h hold, column string) (map[string][]P, error) {
	rows, err := t.fetch(ctx, l.client, []string{"id", column}, func(s *sql.Selector) {
		s.AppendSelectAs(h.attach(s, l.ids), "parent")
		sorted(column)(s)
	})
	if err != nil {
		return nil, err
	}
	return byParent(rowsOf[R, P](rows), nil)
}

func (l *textLoader) tags(ctx context.Context) error {
	h := joined(assettag.Table, assettag.FieldAssetID, assettag.FieldTagID)
	below, err := hanging(ctx, l, tags, h, tag.FieldName)
	for id, rows := range below {
		for _, row := range rows {
			l.add(id, searchText{field: SearchTags, text: row.Name})
		}
	}
	return err
}

// categories adds the names of categories and of all above them, each once, by
// their paths.
func (l *textLoader) categories(ctx context.Context) error {
	h := joined(assetcategory.Table, assetcategory.FieldAssetID, assetcategory.FieldCategoryID)
	below, err := hanging(ctx, l, categories, h, category.FieldPath)
	for id, rows := range below {
		for _, row := range rows {
			for _, name := range media.SplitPath(row.Path) {
				l.addOnce(id, searchText{field: SearchCategories, text: name})
			}
		}
	}
	return err
}

func (l *textLoader) files(ctx context.Context) error {
	columns := []string{mezzanine.FieldID, mezzanine.FieldAssetID, mezzanine.FieldFileName}
	rows, err := mezzanines.fetch(ctx, l.client, columns, func(s *sql.Selector) {
		s.Where(sql.And(among(s.C(mezzanine.FieldAssetID), l.ids), sql.NotNull(s.C(mezzanine.FieldFileName))))
	})
	for _, row := range rows {
		l.add(row.AssetID, searchText{field: SearchFileName, text: *row.FileName})
	}
	return err
}

// labels adds the names of labels, each once, with their first time: of the first
// assets first, up to limits.TextLabels of each and limits.TextBytes in all, with their times.
func (l *textLoader) labels(ctx context.Context) error {
	columns := []string{ailabel.FieldID, ailabel.FieldAssetID, ailabel.FieldName, ailabel.FieldSpans}
	rows, err := labels.fetch(ctx, l.client, columns, func(s *sql.Selector) {
		d := sql.Dialect(s.Dialect())
		t, page := d.Table(ailabel.Table), ranked(d, l.ids)
		id, of := t.C(ailabel.FieldID), t.C(ailabel.FieldAssetID)
		size := "octet_length(" + t.C(ailabel.FieldName) + ") + octet_length(CAST(" + t.C(ailabel.FieldSpans) + " AS text))"
		numbered := aliased(d.Select(id, page.C("rank")).AppendSelectExprAs(sql.Raw(size), "size").
			AppendSelectExprAs(sql.RowNumber().PartitionBy(of).OrderBy(id), "n").
			From(t).Join(page).On(of, page.C("id")), "numbered")
		first := d.Select(numbered.C("id"), numbered.C("rank"), numbered.C("size")).From(numbered).Where(sql.LTE(numbered.C("n"), limits.TextLabels))
		bounded(s, first, "rank", ailabel.FieldID)
	})
	for _, row := range rows {
		p := searchText{field: SearchLabels, text: row.Name}
		if len(row.Spans) > 0 {
			p.span = &row.Spans[0]
		}
		l.addOnce(row.AssetID, p)
	}
	return err
}

// cues adds what is said and what can be read, in the order of time: of the first
// assets first, up to limits.TextCues and limits.TextBytes.
func (l *textLoader) cues(ctx context.Context) error {
	columns := []string{cue.FieldID, cue.FieldAssetID, cue.FieldKind, cue.FieldFrom, cue.FieldTo, cue.FieldText}
	rows, err := cues.fetch(ctx, l.client, columns, func(s *sql.Selector) {
		d := sql.Dialect(s.Dialect())
		t, page := d.Table(cue.Table), ranked(d, l.ids)
		order := []string{page.C("rank"), t.C(cue.FieldKind), t.C(cue.FieldFrom), t.C(cue.FieldTo), t.C(cue.FieldID)}
		first := d.Select(order...).AppendSelectExprAs(sql.Raw("octet_length("+t.C(cue.FieldText)+")"), "size").
			From(t).Join(page).On(t.C(cue.FieldAssetID), page.C("id")).OrderBy(order...).Limit(limits.TextCues)
		bounded(s, first, "rank", cue.FieldKind, cue.FieldFrom, cue.FieldTo, cue.FieldID)
	})
	for _, row := range rows {
		field := SearchSpeech
		if row.Kind == cue.KindSCREEN_TEXT {
			field = SearchScreenText
		}
		l.add(row.AssetID, searchText{field: field, text: row.Text, span: &fact.TimeSpan{From: row.From, To: row.To}})
	}
	return err
}

// bounded keeps the rows of s whose ids, sizes and keys a selection has, in the
// order of the keys, up to limits.TextBytes of all sizes. It is the database that stops,
// so that a server never holds more.
func bounded(s, sized *sql.Selector, keys ...string) {
	sized = aliased(sized, "sized")
	order := make([]string, len(keys))
	for i, key := range keys {
		order[i] = sized.C(key)
	}
	total := "SUM(" + sized.C("size") + ") OVER (ORDER BY " + strings.Join(order, ", ") + ")"
	summed := aliased(sql.Dialect(s.Dialect()).Select(order...).AppendSelectExprAs(sql.Raw(total), "total").From(sized), "summed")
	s.Join(summed).On(s.C("id"), summed.C("id")).Where(sql.LTE(summed.C("total"), limits.TextBytes))
	for _, key := range keys {
		s.OrderBy(summed.C(key))
	}
}

// ranked is ids as a table, with their places in the list. They are one argument,
// as among has them.
func ranked(d *sql.DialectBuilder, ids []string) *sql.Selector {
	list, _ := json.Marshal(ids) // cannot fail: strings
	return d.Select().SelectExpr(sql.Raw("value AS id"), sql.Raw("key AS rank")).FromExpr(sql.ExprFunc(func(b *sql.Builder) {
		if b.Dialect() == dialect.Postgres {
			b.WriteString("jsonb_array_elements_text(").Arg(string(list)).WriteString("::jsonb) WITH ORDINALITY AS ids (value, key)")
			return
		}
		b.WriteString("json_each(").Arg(string(list)).WriteString(")")
	})).As("page")
}
