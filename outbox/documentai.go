package outbox

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent/ailabel"
	"vodgraph/ent/aisource"
	"vodgraph/ent/cue"
	"vodgraph/filter"
	"vodgraph/search"
)

// findings adds labels and suggestions of reviews, in one statement.
func (d *documents) findings(ctx context.Context, ids []string) error {
	fact := func(table, assetID, value, name string) *sql.Selector {
		return d.on(table, assetID, ids, value).AppendSelectExpr(sql.Raw("'" + name + "'")).Where(sql.NotNull(value))
	}
	query := fact(ailabel.Table, ailabel.FieldAssetID, ailabel.FieldName, filter.FactLabel).
		Union(fact(aisource.Table, aisource.FieldAssetID, aisource.FieldSuggestion, filter.FactReview)).
		OrderBy(ailabel.FieldAssetID, ailabel.FieldName)
	budget := textBudget{max: maxLabels}
	return d.Read(ctx, query, func(scan change.Scanner) error {
		var assetID, value, name string
		if err := scan(&assetID, &value, &name); err != nil {
			return err
		}
		addFact(d.of(assetID), name, value)
		if name == filter.FactLabel && budget.fits(assetID, value) {
			addText(d.of(assetID), search.Labels, value)
		}
		return nil
	})
}

func (d *documents) cues(ctx context.Context, ids []string) error {
	query := d.on(cue.Table, cue.FieldAssetID, ids, cue.FieldKind, cue.FieldText, cue.FieldLanguage).
		OrderBy(cue.FieldAssetID, cue.FieldKind, cue.FieldFrom, cue.FieldID)
	budget, added := textBudget{max: maxCues}, ""
	return d.Read(ctx, query, func(scan change.Scanner) error {
		var assetID, kind, text string
		var language *string
		if err := scan(&assetID, &kind, &text, &language); err != nil {
			return err
		}
		field, name := search.Speech, filter.FactSpeech
		if cue.Kind(kind) == cue.KindSCREEN_TEXT {
			field, name = search.ScreenText, filter.FactScreenText
		}
		if key := assetID + name + change.ValueOr(language, "-"); key != added { // most cues have the language of the one before
			added = key
			addTerm(d.of(assetID), search.TermFlag, name)
			if language != nil {
				addFact(d.of(assetID), name, *language)
			}
		}
		if budget.fits(assetID+kind, text) {
			addText(d.of(assetID), field, text)
		}
		return nil
	})
}

// textBudget limits the bytes of each list of texts, one list after the other.
type textBudget struct {
	max  int
	list string
	used int
}

// fits takes the bytes of the next text of a list. After the first that does not fit,
// none of that list does.
func (b *textBudget) fits(list, text string) bool {
	if list != b.list {
		b.list, b.used = list, 0
	}
	b.used += len(text)
	return b.used <= b.max
}
