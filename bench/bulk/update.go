package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"

	"vodgraph/bulk"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/database"
)

// A turn gives each of the measured assets a new title of its own and one more
// tag, call by call. Each target does that in its way; the link with the tag is
// new in every turn, for it is taken away between them.

// updating is a way to give assets titles and a tag, as one call.
type updating func(ctx context.Context, list []asset, tag string) error

// target is a way, and the seconds that its turns took, and took of the processor.
type target struct {
	name, about string
	update      updating
	took, spent []float64
}

// The names of the targets.
const (
	graphTarget   = "graph"
	catalogTarget = "catalog"
	wholeTarget   = "a"
	bareTarget    = "b"
)

func targets(db *database.DB) []*target {
	asked, verbs, sql := inquire(db), verbs(db), newAnchor(db)
	return []*target{
		{name: wholeTarget, about: "SQL by hand, all that is written", update: sql.whole},
		{name: bareTarget, about: "the two statements of it for titles and links", update: sql.bare},
		{name: graphTarget, about: "`assetsUpdate`, from text to JSON", update: throughGraph(asked)},
		{name: catalogTarget, about: "`catalog.AssetsUpdate`, without the graph", update: throughCatalog(verbs)},
	}
}

const updateDocument = `mutation ($items: [AssetUpdateInput!]!) {
	assetsUpdate(items: $items) { results { assetId outcome errors { code } } changedCount userErrors { code message } } }`

// throughGraph updates as a client does.
func throughGraph(e *executor.Executor) updating {
	return func(ctx context.Context, list []asset, tag string) error {
		items := make([]any, len(list))
		for i, a := range list {
			items[i] = map[string]any{"id": a.id, "title": a.title, "tags": map[string]any{"add": []any{tag}}}
		}
		data, err := ask(ctx, e, updateDocument, map[string]any{"items": items})
		if err != nil {
			return err
		}
		var answer struct{ AssetsUpdate struct{ ChangedCount int } }
		if err := json.Unmarshal(data, &answer); err != nil {
			return err
		}
		if answer.AssetsUpdate.ChangedCount != len(list) {
			return fmt.Errorf("%.300s", data)
		}
		return nil
	}
}

// throughCatalog updates as a resolver does.
func throughCatalog(c *bulk.Catalog) updating {
	return func(ctx context.Context, list []asset, tag string) error {
		items := make([]*catalog.AssetUpdateInput, len(list))
		for i, a := range list {
			items[i] = &catalog.AssetUpdateInput{ID: &a.id, AssetChangeInput: catalog.AssetChangeInput{
				Title: graphql.OmittableOf(&a.title), Tags: graphql.OmittableOf(&catalog.StringListChange{Add: []string{tag}})}}
		}
		out, err := c.AssetsUpdate(ctx, items, nil)
		if err != nil {
			return err
		}
		if n := out.Count(change.Changed); n != len(list) {
			return fmt.Errorf("%d of %d were changed", n, len(list))
		}
		return nil
	}
}

// measureUpdates gives each target its turn in each round, and prints the table.
func measureUpdates(ctx context.Context, s settings, lib *library, out io.Writer) error {
	list, err := some(ctx, lib.db, s.updates)
	if err != nil {
		return err
	}
	all, turns := targets(lib.db), 0
	for round := range s.rounds + 1 { // the first is to get warm
		for j := range all {
			t := all[(round+j)%len(all)] // so that none is always the first
			turns++
			profile := ""
			if t.name == graphTarget && round == s.rounds {
				profile = s.profile
			}
			took, used, err := t.turn(ctx, lib.db, turn{list, s.call, turns, profile})
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			if round > 0 {
				t.took, t.spent = append(t.took, took.Seconds()), append(t.spent, used.Seconds())
			}
		}
	}
	printUpdates(out, s, all)
	return nil
}

// turn is which assets are updated in a turn, so many a call.
type turn struct {
	list    []asset
	call    int
	number  int
	profile string
}

// turn has a target update, and tells how long that took, and took of the processor.
// What is made ready for it is not counted.
func (t *target) turn(ctx context.Context, db *database.DB, of turn) (took, used time.Duration, err error) {
	tag := fmt.Sprint("turn ", of.number)
	if err := prepare(ctx, db, tag); err != nil {
		return 0, 0, fmt.Errorf("prepare: %w", err)
	}
	titled := make([]asset, len(of.list))
	for i, a := range of.list {
		titled[i] = asset{a.id, fmt.Sprint(a.title, " ", of.number)}
	}
	before, err := spent(ctx, db)
	if err != nil {
		return 0, 0, err
	}
	err = profiled(of.profile, func() error {
		began := time.Now()
		defer func() { took = time.Since(began) }()
		for some := range slices.Chunk(titled, of.call) {
			if err := t.update(ctx, some, tag); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	after, err := spent(ctx, db)
	return took, after - before, err
}

// prepare takes the links of the turn before away, makes the tag of the next, and
// has the database put its house in order, so that no turn pays for another.
func prepare(ctx context.Context, db *database.DB, tag string) error {
	statements := []string{
		"DELETE FROM asset_tags WHERE tag_id IN (SELECT id FROM tags WHERE name LIKE 'turn %')",
		"INSERT INTO tags (id, name, words) VALUES ('tag_" + tag + "', '" + tag + "', '" + tag + "')",
	}
	if db.Postgres() {
		statements = append(statements, "VACUUM ANALYZE")
	} else {
		statements = append(statements, "PRAGMA wal_checkpoint(TRUNCATE)")
	}
	for _, statement := range statements {
		if _, err := db.SQL.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// printUpdates writes what was measured, medians of the rounds.
func printUpdates(out io.Writer, s settings, all []*target) {
	fmt.Fprintf(out, "%d of them are given a title of their own and a tag, %d a call, %d rounds.\n\n", s.updates, s.call, s.rounds)
	fmt.Fprintln(out, "| target | what it does | rows/s | from – to | to a | to b | CPU ms/row | CPU to a | CPU to b |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|---|")
	for _, t := range all {
		rates := make([]float64, len(t.took))
		for i, took := range t.took {
			rates[i] = float64(s.updates) / took
		}
		slices.Sort(rates)
		a, b := all[0], all[1]
		fmt.Fprintf(out, "| %s | %s | %.0f | %.0f – %.0f | %.2f | %.2f | %.3f | %.2f | %.2f |\n", t.name, t.about,
			median(rates), rates[0], rates[len(rates)-1], ratio(a.took, t.took), ratio(b.took, t.took),
			1000*median(t.spent)/float64(s.updates), ratio(a.spent, t.spent), ratio(b.spent, t.spent))
	}
	fmt.Fprintln(out)
}

// ratio is the median of how much better a target did than an anchor, round by round:
// what the anchor took by what the target took.
func ratio(anchor, took []float64) float64 {
	ratios := make([]float64, len(took))
	for i := range took {
		ratios[i] = anchor[i] / took[i]
	}
	return median(ratios)
}

// median is the middle of some values.
func median[N float64 | time.Duration](values []N) N {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
