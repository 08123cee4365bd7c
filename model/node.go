package model

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/collect"
	"vodgraph/media"
)

// nodeColumns are the fields of every type that is a Node: what is selected of a
// Node concerns them all.
var nodeColumns = []collect.Columns{assets.columns, mezzanines.columns, playInfos.columns,
	snapshots.columns, categories.columns, tags.columns, changeSets.columns, operations.columns, keys.columns}

// Nodes are what the ids name, in their order, nil where there is nothing: in
// one statement for each table.
func Nodes(ctx context.Context, c *ent.Client, ids []string) ([]Node, error) {
	found, err := nodesByID(ctx, c, ids)
	if err != nil {
		return nil, err
	}
	nodes := make([]Node, len(ids))
	for i, id := range ids {
		nodes[i] = found[id]
	}
	return nodes, nil
}

func nodesByID(ctx context.Context, c *ent.Client, ids []string) (map[string]Node, error) {
	found := map[string]Node{}
	byTable := map[string][]string{}
	for _, id := range ids {
		prefix, _, _ := strings.Cut(id, "_")
		if prefix += "_"; strings.Contains(anyAssetPrefix, prefix) {
			prefix = anyAssetPrefix
		}
		byTable[prefix] = append(byTable[prefix], id)
	}
	for _, prefix := range slices.Sorted(maps.Keys(byTable)) {
		if err := nodesIn(ctx, c, prefix, byTable[prefix], found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

const anyAssetPrefix = media.VideoPrefix + media.AudioPrefix + media.ImagePrefix + media.AttachmentPrefix

// subjectAt is the node that rows name by id in a column, which key reads; nil where it
// is gone.
func subjectAt[R any, P row[R]](ctx context.Context, r P, key func(P) string) (Node, error) {
	f := parentRow[R, P]{r, key}
	if f.me() == "" {
		return nil, nil // not a lookup that failed: there is nothing to look up
	}
	found, err := once(ctx, f, "subject", func(key string) (map[string]Node, error) {
		key += nodeKey(ctx, assets) + nodeKey(ctx, tags) + nodeKey(ctx, categories)
		return share(f, key, func() (map[string]Node, error) { return nodesByID(ctx, f.client(), f.all()) })
	})
	return found[f.me()], err
}

func nodesIn(ctx context.Context, c *ent.Client, prefix string, ids []string, found map[string]Node) error {
	switch prefix {
	case anyAssetPrefix:
		return addNodes(ctx, c, assets, ids, func(a *ent.Asset) { found[a.ID] = Of(a) })
	case media.MezzaninePrefix:
		return addNodes(ctx, c, mezzanines, ids, func(m *ent.Mezzanine) { found[m.ID] = mezzanineOf(m) })
	case media.PlayInfoPrefix:
		return addNodes(ctx, c, playInfos, ids, func(p *ent.PlayInfo) { found[p.ID] = playInfoOf(p) })
	case media.SnapshotPrefix:
		return addNodes(ctx, c, snapshots, ids, func(s *ent.Snapshot) { found[s.ID] = snapshotOf(s) })
	case media.CategoryPrefix:
		return addNodes(ctx, c, categories, ids, func(c *ent.Category) { found[c.ID] = categoryOf(c) })
	case media.TagPrefix:
		return addNodes(ctx, c, tags, ids, func(t *ent.Tag) { found[t.ID] = tagOf(t) })
	case media.ChangeSetPrefix:
		return addNodes(ctx, c, changeSets, ids, func(s *ent.ChangeSet) {
			if shownTo(ctx, s) {
				found[s.ID] = changeSetOf(s)
			}
		})
	case media.OperationPrefix:
		return addNodes(ctx, c, operations, ids, func(o *ent.BulkOperation) { found[o.ID] = operationOf(o) })
	case media.KeyPrefix:
		return addNodes(ctx, c, keys, ids, func(k *ent.Key) { found[k.ID] = keyOf(k) })
	default:
		return nil
	}
}

// nodeKey is a key of the columns that are asked of nodes of a table.
func nodeKey[R any](ctx context.Context, t table[R]) string {
	t.columns = alone(t.columns, nodeColumns...)
	_, key := asks(ctx, t, "")
	return key
}

func addNodes[R any](ctx context.Context, c *ent.Client, t table[R], ids []string, add func(*R)) error {
	t.columns = alone(t.columns, nodeColumns...)
	columns, _ := asks(ctx, t, "")
	rows, err := t.fetch(ctx, c, columns, func(s *sql.Selector) { s.Where(among(s.C("id"), ids)) })
	if err != nil {
		return fmt.Errorf("load nodes of %s: %w", t.name, err)
	}
	for _, r := range rows {
		add(r)
	}
	return nil
}
