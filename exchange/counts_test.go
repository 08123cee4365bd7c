package exchange_test

import (
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"

	"vodgraph/graph"
	"vodgraph/resolvers"
)

// agrees holds what SQL counts against what the graph has of the same library:
// assets by kind and status, the assets of each tag and category, and all that
// assets have, summed over all pages.
func (l *library) agrees() {
	l.Helper()
	g := asking(l)
	for column, member := range map[string]string{"kind": "kinds", "status": "statuses"} {
		for value, want := range l.counts("SELECT " + column + ", count(*) FROM assets GROUP BY 1") {
			got := g.ask(fmt.Sprintf(`{ all: assets(filter: {%s: [%s]}) { totalCount } }`, member, value), nil)
			if got.All.TotalCount != want {
				l.Errorf("%d assets of %s %s, the graph has %d", want, column, value, got.All.TotalCount)
			}
		}
	}
	l.sameCounts("assets of each tag", g.tags(), l.counts(`SELECT t.name, count(a.asset_id) FROM tags t
		LEFT JOIN asset_tags a ON a.tag_id = t.id GROUP BY 1`))
	l.sameCounts("assets of each category", g.categories(), l.counts(`SELECT c.id, count(a.asset_id) FROM categories c
		LEFT JOIN asset_categories a ON a.category_id = c.id GROUP BY 1`))
	l.sameCounts("parts of assets", g.parts(), l.counts(`SELECT 'assets', count(*) FROM assets
		UNION ALL SELECT 'tags', count(*) FROM asset_tags
		UNION ALL SELECT 'categories', count(*) FROM asset_categories
		UNION ALL SELECT 'covers', count(*) FROM assets WHERE cover_image_id IS NOT NULL OR cover_snapshot_id IS NOT NULL
		UNION ALL SELECT 'mezzanines', count(*) FROM mezzanines
		UNION ALL SELECT 'playInfos', count(*) FROM play_infos
		UNION ALL SELECT 'snapshots', count(*) FROM snapshots
		UNION ALL SELECT 'attachments', count(*) FROM attachment_links
		UNION ALL SELECT 'usedBy', count(*) FROM attachment_links
		UNION ALL SELECT 'sources', count(*) FROM ai_sources
		UNION ALL SELECT 'reviews', count(DISTINCT asset_id) FROM ai_sources WHERE suggestion IS NOT NULL
		UNION ALL SELECT 'labels', count(*) FROM ai_labels
		UNION ALL SELECT 'speech', count(*) FROM cues WHERE kind = 'SPEECH'
		UNION ALL SELECT 'screenText', count(*) FROM cues WHERE kind = 'SCREEN_TEXT'
		UNION ALL SELECT 'duplicates', count(*) FROM
			(SELECT asset_id, other_id FROM duplicates UNION SELECT other_id, asset_id FROM duplicates) pairs
		UNION ALL SELECT 'coverCandidates', count(*) FROM cover_candidates`))
}

// counts are the rows of a query: a name and a number.
func (l *library) counts(query string) map[string]int {
	l.Helper()
	rows, err := l.db.SQL.QueryContext(l.Context(), query)
	if err != nil {
		l.Fatal(err)
	}
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			l.Fatal(err)
		}
		counts[name] = n
	}
	if err := rows.Err(); err != nil {
		l.Fatal(err)
	}
	return counts
}

func (l *library) sameCounts(what string, graph, sql map[string]int) {
	l.Helper()
	if len(graph) != len(sql) {
		l.Errorf("%s: %d of them, the graph has %d", what, len(sql), len(graph))
	}
	for name, n := range sql {
		if graph[name] != n {
			l.Errorf("%s: %s is %d, the graph has %d", what, name, n, graph[name])
		}
	}
}

// asker asks the graph of a library.
type asker struct {
	*library
	executor *executor.Executor
}

func asking(l *library) *asker {
	return &asker{l, executor.New(graph.NewExecutableSchema(graph.Config{Resolvers: &resolvers.Root{
		Client: l.db.Client, Catalog: l.catalog, Limits: l.catalog.Limits()}}))}
}

// total is a list of which only its length is asked.
type total struct{ TotalCount int }

// some is a list of which only its length is asked, by its items.
type some []struct{}

// reported is what the graph answers to the questions of this file.
type reported struct {
	All  total
	Tags struct {
		PageInfo page
		Nodes    []struct {
			Name       string
			AssetCount int
		}
	}
	Categories []reportedCategory
	Assets     struct {
		PageInfo page
		Nodes    []reportedAsset
	}
}

type page struct {
	HasNextPage bool
	EndCursor   *string
}

// after are the variables that ask for the next page.
func (p page) after() map[string]any {
	if p.EndCursor == nil {
		return nil
	}
	return map[string]any{"after": *p.EndCursor}
}

type reportedCategory struct {
	ID         string
	AssetCount int
	Children   []reportedCategory
}

type reportedAsset struct {
	Tags, Categories, PlayInfos, Attachments some
	Cover, Mezzanine                         *struct{}
	Snapshots, UsedBy                        total
	AIData                                   struct {
		Sources                                []string
		Review                                 *struct{}
		Labels, Speech, ScreenText, Duplicates total
		CoverCandidates                        some
	}
}

func (g *asker) ask(query string, variables map[string]any) (t reported) {
	g.Helper()
	ctx := graphql.StartOperationTrace(g.Context())
	operation, errs := g.executor.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
	if errs != nil {
		g.Fatal(errs)
	}
	responses, ctx := g.executor.DispatchOperation(ctx, operation)
	response := responses(ctx)
	if response.Errors != nil {
		g.Fatal(response.Errors)
	}
	if err := json.Unmarshal(response.Data, &t); err != nil {
		g.Fatal(err)
	}
	return t
}

// tags are the counts that tags report.
func (g *asker) tags() map[string]int {
	counts := map[string]int{}
	for at := (page{HasNextPage: true}); at.HasNextPage; {
		t := g.ask(`query($after: Cursor) { tags(first: 100, after: $after) {
			pageInfo { hasNextPage endCursor } nodes { name assetCount } } }`, at.after())
		for _, one := range t.Tags.Nodes {
			counts[one.Name] = one.AssetCount
		}
		at = t.Tags.PageInfo
	}
	return counts
}

// categories are the counts that categories report, without those below.
func (g *asker) categories() map[string]int {
	const fields = "id assetCount(includeDescendants: false)"
	counts := map[string]int{}
	var count func([]reportedCategory)
	count = func(list []reportedCategory) {
		for _, one := range list {
			counts[one.ID] = one.AssetCount
			count(one.Children)
		}
	}
	count(g.ask("{ categories { "+fields+" children { "+fields+" children { "+fields+" } } } }", nil).Categories)
	return counts
}

// parts sums up what assets have.
func (g *asker) parts() map[string]int {
	const query = `query($after: Cursor) { assets(first: 100, after: $after) {
		pageInfo { hasNextPage endCursor }
		nodes {
			tags { __typename } categories { __typename }
			... on Video { cover { __typename } mezzanine { __typename } playInfos(includeSuperseded: true) { __typename }
				attachments { language } snapshots(first: 1) { totalCount } aiData { ...found } }
			... on Audio { cover { __typename } mezzanine { __typename } playInfos(includeSuperseded: true) { __typename }
				attachments { language } aiData { ...found } }
			... on Image { aiData { ...found } }
			... on Attachment { usedBy(first: 1) { totalCount } }
		} } }
		fragment found on AIData { sources review { suggestion } labels(first: 1) { totalCount } speech(first: 1) { totalCount }
			screenText(first: 1) { totalCount } duplicates(first: 1) { totalCount } coverCandidates { location } }`
	counts := map[string]int{}
	for at := (page{HasNextPage: true}); at.HasNextPage; {
		t := g.ask(query, at.after())
		for _, a := range t.Assets.Nodes {
			for name, n := range map[string]int{"assets": 1, "tags": len(a.Tags), "categories": len(a.Categories),
				"covers": one(a.Cover), "mezzanines": one(a.Mezzanine), "playInfos": len(a.PlayInfos),
				"snapshots": a.Snapshots.TotalCount, "attachments": len(a.Attachments), "usedBy": a.UsedBy.TotalCount,
				"sources": len(a.AIData.Sources), "reviews": one(a.AIData.Review), "labels": a.AIData.Labels.TotalCount,
				"speech": a.AIData.Speech.TotalCount, "screenText": a.AIData.ScreenText.TotalCount,
				"duplicates": a.AIData.Duplicates.TotalCount, "coverCandidates": len(a.AIData.CoverCandidates)} {
				counts[name] += n
			}
		}
		at = t.Assets.PageInfo
	}
	return counts
}

// one is 1 for what is there.
func one(p *struct{}) int {
	if p == nil {
		return 0
	}
	return 1
}
