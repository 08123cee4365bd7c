package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/bench/measure"
	"vodgraph/bench/usage"
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

const (
	graphTarget   = "graph"
	catalogTarget = "catalog"
	wholeTarget   = "a"
	bareTarget    = "b"
)

func targets(db *database.DB) []*target {
	graph, sql := measure.NewGraph(db), newAnchor(db)
	return []*target{
		{name: wholeTarget, about: "SQL by hand, all that is written", update: sql.whole},
		{name: bareTarget, about: "the two statements of it for titles and links", update: sql.bare},
		{name: graphTarget, about: "`assetsUpdate`, from text to JSON", update: throughGraph(graph)},
		{name: catalogTarget, about: "`catalog.AssetsUpdate`, without the graph", update: throughCatalog(graph.Catalog)},
	}
}

const updateDocument = `mutation ($items: [AssetUpdateInput!]!) {
	assetsUpdate(items: $items) { results { assetId outcome errors { code } } changedCount userErrors { code message } } }`

func throughGraph(g *measure.Graph) updating {
	return func(ctx context.Context, list []asset, tag string) error {
		items := make([]any, len(list))
		for i, a := range list {
			items[i] = map[string]any{"id": a.id, "title": a.title, "tags": map[string]any{"add": []any{tag}}}
		}
		data, err := g.Ask(ctx, updateDocument, map[string]any{"items": items})
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
func (s *settings) measureUpdates(ctx context.Context, lib *measure.Library, out io.Writer) (err error) {
	db, err := database.Open(ctx, measure.Config(lib.Store))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	list, err := some(ctx, db, s.updates)
	if err != nil {
		return err
	}
	all, turns := targets(db), 0
	err = measure.Rounds(s.rounds+1, len(all), func(round, i int) error { // the first is to get warm
		turns++
		of := turn{list: list, call: s.call, number: turns}
		if all[i].name == graphTarget && round == s.rounds {
			of.profile = s.profile
		}
		took, used, err := all[i].turn(ctx, db, of)
		if err != nil {
			return fmt.Errorf("%s: %w", all[i].name, err)
		}
		if round > 0 {
			all[i].took, all[i].spent = append(all[i].took, took.Seconds()), append(all[i].spent, used.Seconds())
		}
		return nil
	})
	if err == nil {
		s.printUpdates(out, all)
	}
	return err
}

// turn is which assets are updated in a turn, so many a call.
type turn struct {
	list    []asset
	call    int
	number  int
	profile string
}

// turn returns how long a target took to update, and took of the processor. What is made ready for it is
// not counted.
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

// spent is what this process and those of its database have used of the processor so far.
func spent(ctx context.Context, db *database.DB) (time.Duration, error) {
	own, err := usage.Own()
	if err != nil {
		return 0, err
	}
	backends, err := usage.Backends(ctx, db.SQL, db.Postgres())
	return own + backends, err
}

// prepare deletes the links of the turn before, makes the tag of the next, and lets the database clean
// up, so that no turn pays for another.
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

// printUpdates prints what was measured, medians of the rounds. Ratios are what the anchor took by what the
// target took, round by round.
func (s *settings) printUpdates(out io.Writer, all []*target) {
	fmt.Fprintf(out, "%d of them are given a title of their own and a tag, %d a call, %d rounds.\n\n", s.updates, s.call, s.rounds)
	measure.Head(out, "target | what it does | rows/s | from – to | to a | to b | CPU ms/row | CPU to a | CPU to b")
	for _, t := range all {
		rate := func(took float64) float64 { return float64(s.updates) / took }
		a, b := all[0], all[1]
		fmt.Fprintf(out, "| %s | %s | %.0f | %.0f – %.0f | %.2f | %.2f | %.3f | %.2f | %.2f |\n", t.name, t.about,
			rate(measure.Median(t.took)), rate(slices.Max(t.took)), rate(slices.Min(t.took)),
			measure.Ratio(a.took, t.took), measure.Ratio(b.took, t.took),
			1000*measure.Median(t.spent)/float64(s.updates), measure.Ratio(a.spent, t.spent), measure.Ratio(b.spent, t.spent))
	}
	fmt.Fprintln(out)
}
