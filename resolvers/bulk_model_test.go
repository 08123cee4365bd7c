package resolvers_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/limits"
	"vodgraph/media"
)

// bulkTrial makes calls of a library and of the model of it.
type bulkTrial struct {
	*mutations
	*drawing
	calls    int
	happened map[string]int // outcomes and codes
	last     string         // the call
}

// smallLimits are so small that random calls meet them.
func smallLimits() limits.Library {
	l := limits.DefaultLibrary()
	l.Title, l.AlternativeTitles, l.Description, l.UserData = 12, 2, 20, 60
	l.Tags, l.Tag, l.Items = 3, 6, 7
	l.Categories = map[string]int{"VIDEO": 2, "AUDIO": 2, "IMAGE": 2, "ATTACHMENT": 1}
	l.CategoryName, l.CategoryDepth, l.CategoryChildren = 6, 3, 3
	return l
}

// Random calls come to what a plain model in memory says, on both databases: 2,000
// on each, 50,000 with SOAK. BULK_SEED has them be those of a run before.
func TestBulkCallsComeToWhatTheModelSays(t *testing.T) {
	t.Parallel()
	seed, calls := rand.Uint64(), 2000
	soaking := os.Getenv("SOAK") != ""
	if text := os.Getenv("BULK_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	if soaking {
		calls = 50_000
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		t.Logf("BULK_SEED=%d", seed)
		b := tryOut(t, db, seed)
		for b.calls = 1; b.calls <= calls; b.calls++ {
			b.step()
			if b.calls%50 == 0 || b.calls == calls {
				b.compareState()
			}
		}
		t.Logf("%d assets, %d sets: %v", len(b.things), len(b.sets), b.happened)
		want := happensOften
		if soaking {
			want = slices.Concat(want, happensRarely)
		}
		for _, one := range want {
			if b.happened[one] == 0 {
				t.Errorf("%s never happened", one)
			}
		}
	})
}

// What random calls come to, so that none of it is left untried.
var (
	happensOften = []string{"CREATED", "CHANGED", "UNCHANGED", "DELETED", "FAILED", "LISTED", "dry", "again", "undone", "filing undone", "undo undone",
		"ALL_REQUIRED", "CATEGORY_NAME_TAKEN", "CATEGORY_TOO_DEEP", "CHANGED_SINCE", "DUPLICATE_ITEM", "IN_USE", "INVALID", "NOT_FOUND", "NOT_UNDOABLE",
		"REFERENCE_ID_TAKEN", "ROLLED_BACK", "STALE_REVISION", "TAG_EXISTS", "WRONG_KIND",
		"attachmentLink", "attachmentUnlink", "categoryCreate", "categoryDelete", "categoryUpdate", "tagDelete", "tagRename", "tagsMerge"}
	happensRarely = []string{"partly", "CATEGORY_CYCLE", "CATEGORY_FULL", "CATEGORY_NAME_TOO_LONG", "IDEMPOTENCY_KEY_REUSED", "ID_TAKEN", "TAG_TOO_LONG",
		"TITLE_TOO_LONG", "TOO_MANY_CATEGORIES", "TOO_MANY_ITEMS", "TOO_MANY_TAGS", "TOO_MANY_TITLES", "USER_DATA_TOO_LARGE"}
)

// tryOut is a library of some categories, and its model.
func tryOut(t *testing.T, db *dbtest.DB, seed uint64) *bulkTrial {
	m := &bulkModel{limits: smallLimits(), now: epoch, library: library{map[string]*thing{}, filing{map[string]string{}, map[string]section{}}},
		sets: map[string]*bulkSet{}, history: map[string][]bulkEntry{}, keys: map[string]*keyed{}}
	b := &bulkTrial{drawing: &drawing{rand.New(rand.NewPCG(seed, 0)), m}, happened: map[string]int{}}
	b.mutations = write(t, db, func(o *change.Options) {
		o.Limits = m.limits
		o.Now = func() time.Time { return m.now }
		o.NewID = media.ULIDs(o.Now, rand.NewChaCha8([32]byte{byte(seed)}))
	})
	b.by(func() string { return m.actor })
	m.number = b.revision()
	for _, name := range []string{"A", "B", "A/1", "A/2", "B/1", "B/2"} {
		in := args{"name": name[len(name)-1:]}
		if above, _, below := strings.Cut(name, "/"); below {
			in["parentId"] = m.folderIn("", above)
		}
		b.make("categoryCreate", args{"input": in})
	}
	return b
}

// step makes one call, or one of before again.
func (b *bulkTrial) step() {
	name, in := b.draw()
	actor := oneOf(b.drawing, "ann", "bob")
	if n := len(b.recent); n > 0 && b.in(12) {
		known := b.recent[n-1-b.IntN(min(n, 20))]
		name, in, actor = known.name, known.args, known.actor
	}
	b.actor = actor
	b.make(name, in)
}

// make makes a call, and compares what it comes to.
func (b *bulkTrial) make(name string, in args) {
	b.now = b.now.Add(1007 * time.Millisecond)
	if b.in(100) {
		b.now = b.now.Add(7 * time.Hour)
	}
	b.last = name + " " + jsonOf(in)
	w := b.of(name, in)
	known := b.known(name, in)
	inTime := len(w.refused) == 0 || name == "changeSetUndo" && strings.HasSuffix(w.refused[0], " id")
	switch {
	case w.single:
		b.trySingle(name, in, w)
	case known == nil || !inTime:
		b.try(name, in, w)
	case known.content != content(in):
		b.refusedWith(b.callWith(name, "id", in), []string{"IDEMPOTENCY_KEY_REUSED options.idempotencyKey"})
	case known.items.operation:
		b.happened["again"]++
		if p := b.callWith(name, "id", in); p.Operation == nil || p.Operation.id() != known.operation {
			b.fail("answered again with %v, not %s", p.Operation, known.operation)
		}
		b.finish(known.operation)
	default:
		b.happened["again"]++
		b.compareItems(b.callWith(name, thingSelection, in), known.items, false, nil)
	}
	if now := b.revision(); now != b.number {
		b.fail("the library is at %d, not %d", now, b.number)
	}
	if got := b.filed(); !maps.Equal(got.tags, b.tags) || !maps.Equal(got.folders, b.folders) {
		b.fail("there are the tags %v and the categories %v, not %v and %v", got.tags, got.folders, b.tags, b.folders)
	}
}

func (b *bulkTrial) fail(format string, more ...any) {
	b.Helper()
	b.Errorf("call %d, %s", b.calls, b.last)
	b.Fatalf(format, more...)
}

// known is what is kept of a call of the same name, key and actor.
func (b *bulkTrial) known(name string, in args) *keyed {
	key, _ := object(in["options"])["idempotencyKey"].(string)
	k := b.keys[place(b.actor, name, key)]
	if key == "" || k == nil || b.now.Sub(k.at) > 24*time.Hour {
		return nil
	}
	return k
}

// try makes a call that was not made before, now and then after a dry run.
func (b *bulkTrial) try(name string, in args, w *wish) {
	var tried payload
	dry := b.IntN(4) == 0 && len(w.refused) == 0
	if dry {
		b.happened["dry"]++
		tried = b.callWith(name, thingSelection, withOption(in, "dryRun", true))
		if w.operation {
			b.compareOperation(tried, w, true)
		} else {
			b.compareItems(tried, w, true, b.things)
		}
		if now := b.revision(); now != b.number {
			b.fail("a dry run took the library from %d to %d", b.number, now)
		}
	}
	p := b.callWith(name, thingSelection, in)
	if len(w.refused) > 0 {
		b.refusedWith(p, w.refused)
		return
	}
	k := &keyed{name: name, actor: b.actor, args: in, content: content(in), at: b.now, items: w}
	if w.operation {
		w.set = b.compareOperation(p, w, false)
		k.operation = p.Operation.id()
		b.name(p, w)
	} else {
		b.name(p, w)
		b.compareItems(p, w, false, w.things)
		if w.set = ""; p.ChangeSet != nil {
			w.set = p.ChangeSet.id()
		}
		for i := range tried.Results {
			if jsonOf(tried.Results[i].Errors) != jsonOf(p.Results[i].Errors) {
				b.fail("tried with %v, refused with %v", tried.Results[i].Errors, p.Results[i].Errors)
			}
		}
	}
	b.commit(w, object(in["options"])["note"])
	if key, ok := object(in["options"])["idempotencyKey"].(string); ok {
		b.keys[place(b.actor, name, key)] = k
		b.recent = append(b.recent, k)
	}
}

// trySingle makes a call on one asset, tag or category.
func (b *bulkTrial) trySingle(name string, in args, w *wish) {
	p := b.callWith(name, singleSelection[b.schema.Mutation.Fields.ForName(name).Type.Name()], in)
	if len(w.refused) > 0 {
		b.refusedWith(p, w.refused)
		return
	}
	b.name(p, w)
	b.compareSingle(p, w)
	if b.happened[name]++; p.ChangeSet != nil {
		w.set = p.ChangeSet.id()
	}
	b.commit(w, nil)
}

// name gives what was made the ids that it has.
func (b *bulkTrial) name(p payload, w *wish) {
	ids := map[string]string{}
	for i, item := range w.items {
		if i >= len(p.Results) || item.id == "" {
			continue
		}
		result := p.Results[i]
		if strings.HasPrefix(item.id, "new.") {
			ids[item.id], w.items[i].id = result.ID, result.ID
		}
		if source, there := result.Asset["mezzanine"].(map[string]any); there {
			ids[newSource+item.id] = fmt.Sprint(source["id"])
		}
	}
	for unnamed, id := range ids {
		t := w.things[unnamed]
		if t == nil {
			continue
		}
		delete(w.things, unnamed)
		if t.id = id; !strings.HasPrefix(id, prefixOfKind[t.kind]) || w.things[id] != nil {
			b.fail("%q is no id for a new %s", id, t.kind)
		}
		w.things[id] = t
	}
	b.nameFiled(w, ids)
	if len(ids) == 0 {
		return
	}
	for _, t := range w.things {
		t.rename(ids)
	}
	for i := range w.entries {
		w.entries[i].rename(ids)
	}
	w.shown = cmp.Or(ids[w.shown], w.shown)
}

// nameFiled gives new tags and categories the ids that they have.
func (b *bulkTrial) nameFiled(w *wish, ids map[string]string) {
	fresh := func(id string) bool { return strings.HasPrefix(id, "new ") }
	if !slices.ContainsFunc(slices.Collect(maps.Keys(w.tags)), fresh) && w.shown != newFolder {
		return
	}
	now := b.filed()
	for id, name := range maps.Clone(w.tags) {
		if fresh(id) {
			delete(w.tags, id)
			ids[id] = now.tagOf(name)
			w.tags[ids[id]] = name
		}
	}
	if s, made := w.folders[newFolder]; made {
		delete(w.folders, newFolder)
		ids[newFolder] = now.folderIn(s.above, s.name)
		w.folders[ids[newFolder]] = s
	}
	for unnamed, id := range ids {
		if fresh(unnamed) && (id == "" || b.history[id] != nil) {
			b.fail("%q is no id for the %s", id, unnamed)
		}
	}
}

// commit has the model be as a call has left it.
func (b *bulkTrial) commit(w *wish, note any) {
	if len(w.entries) == 0 {
		return
	}
	b.bulkModel.library, b.number = w.library, w.revision
	set := &bulkSet{id: w.set, actor: b.actor, undoes: w.undoes, note: note, at: b.now}
	assets := map[string]bool{}
	for _, e := range w.entries {
		e.set = w.set
		set.entries = append(set.entries, e)
		b.history[e.subject] = append(b.history[e.subject], e)
		switch t := b.things[e.subject]; {
		case e.filed():
			if e.field == "deleted" && strings.HasPrefix(e.subject, "cat_") {
				b.goneFolders = append(b.goneFolders, e.subject)
			}
			continue
		case t != nil:
			t.revision = e.revision
		case !slices.Contains(b.gone, e.subject):
			b.gone = append(b.gone, e.subject)
		}
		assets[e.subject] = true
	}
	set.count = len(assets)
	b.sets[w.set] = set
	b.order = append(b.order, w.set)
}

// someOf are up to n of the keys of a map.
func someOf[T any](d *drawing, n int, all map[string]T) []string {
	keys := slices.Sorted(maps.Keys(all))
	d.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return keys[:min(n, len(keys))]
}
