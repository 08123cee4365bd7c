package resolvers

import (
	"context"
	"errors"
	"strings"

	"vodgraph/fault"
	"vodgraph/filter"
	"vodgraph/model"
	"vodgraph/search"
)

// Search finds assets of all kinds by a text, or lists them without one.
func (q query) Search(ctx context.Context, text *string, which *filter.AssetFilter, orderBy []*model.SearchOrder,
	facets []*model.FacetInput, _ *int, _ *string, atLeastRevision *int64) (*model.SearchConnection, error) {
	sought := &model.Sought{OrderBy: orderBy, Facets: facets, Filter: which.Fingerprint(),
		Finder: q.Index}
	sought.TermText = func(ctx context.Context, field search.TermField, terms []string) (map[string]string, error) {
		return filter.TermText(ctx, q.Client, field, terms)
	}
	if err := lookFor(sought, text); err != nil {
		return nil, err
	}
	if which != nil {
		var err error
		if sought.Keep, err = which.Predicate(q.Limits.Filter); err != nil {
			return nil, err
		}
	}
	sought.Narrow = func(ctx context.Context, asked *search.Query) error {
		return which.Narrow(ctx, q.Client, q.Limits.Filter, asked)
	}
	if atLeastRevision != nil {
		sought.AtLeast = *atLeastRevision
	}
	return model.Search(ctx, q.Client, sought)
}

// lookFor has a text looked for, if there is one that is not blank. It refuses
// with fault.TextTooLong one that is past a limit.
func lookFor(sought *model.Sought, text *string) error {
	if text == nil {
		return nil
	}
	if err := model.Legal("text", *text); err != nil {
		return err
	}
	if strings.TrimSpace(*text) == "" {
		return nil
	}
	parsed, err := search.ParseText(*text)
	var long *search.TextError
	if errors.As(err, &long) {
		return fault.New(fault.TextTooLong, "A text to search for has up to %d %s.", long.Limit, long.Of).At("text")
	}
	sought.Text, sought.Typed = parsed, *text
	return err
}
