package resolvers_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vodgraph/catalog"
	"vodgraph/dbtest"
)

// bulkTrial makes calls of a library and of the model of it.
type bulkTrial struct {
	*deeds
	*drawing
	calls    int
	happened map[string]int // outcomes and codes
	last     string         // the call
}

// smallLimits are so small that random calls meet them.
func smallLimits() catalog.Limits {
	l := catalog.DefaultLimits()
	l.Title, l.AlternativeTitles, l.Description, l.UserData = 12, 2, 20, 60
	l.Tags, l.Tag, l.Categories, l.AttachmentCategories, l.Items = 3, 6, 2, 1, 7
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
	happensOften = []string{"CREATED", "CHANGED", "UNCHANGED", "DELETED", "FAILED", "dry", "again", "undone", "ALL_REQUIRED", "CHANGED_SINCE",
		"DUPLICATE_ITEM", "IN_USE", "INVALID", "NOT_FOUND", "REFERENCE_ID_TAKEN", "ROLLED_BACK", "STALE_REVISION", "WRONG_KIND"}
	happensRarely = []string{"partly", "IDEMPOTENCY_KEY_REUSED", "ID_TAKEN", "NOT_UNDOABLE", "TAG_TOO_LONG", "TITLE_TOO_LONG",
		"TOO_MANY_CATEGORIES", "TOO_MANY_ITEMS", "TOO_MANY_TAGS", "TOO_MANY_TITLES", "USER_DATA_TOO_LARGE"}
)

// tryOut is a library with some categories, and its model.
func tryOut(t *testing.T, db *dbtest.DB, seed uint64) *bulkTrial {
	m := &bulkModel{limits: smallLimits(), now: epoch, things: map[string]*thing{}, above: map[string]string{}, paths: map[string]string{},
		sets: map[string]*bulkSet{}, history: map[string][]bulkEntry{}, keys: map[string]*keyed{}}
	b := &bulkTrial{drawing: &drawing{rand.New(rand.NewPCG(seed, 0)), m}, happened: map[string]int{}}
	b.deeds = write(t, db, func(o *catalog.Options) {
		o.Limits = m.limits
		o.Now = func() time.Time { return m.now }
		o.NewID = catalog.ULIDs(o.Now, rand.NewChaCha8([32]byte{byte(seed)}))
	})
	b.by(func() string { return m.actor })
	// Tags are there from the first, so that no call makes one by the way.
	var known []catalog.TagLine
	for _, name := range []string{"a", "b", "c", "d", "e", "\u00e9", "<f>", "g"} {
		known = append(known, catalog.TagLine{Name: name})
	}
	if _, err := b.catalog.Importing(catalog.ImportOptions{}).Tags(t.Context(), known); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"A", "B", "A/1", "A/2", "B/1", "B/2"} {
		parent, name, below := strings.Cut(path, "/")
		if !below {
			name = path
		}
		m.paths[path] = b.grow(name, m.paths[parent])
		m.above[m.paths[path]] = m.paths[parent]
		if !below {
			m.above[m.paths[path]] = ""
		}
	}
	m.number = b.revision()
	return b
}

// step makes one call, or one of before again.
func (b *bulkTrial) step() {
	b.now = b.now.Add(1007 * time.Millisecond)
	if b.in(100) {
		b.now = b.now.Add(7 * time.Hour)
	}
	b.actor = oneOf(b.drawing, "ann", "bob")
	name, in := b.draw()
	if n := len(b.recent); n > 0 && b.in(12) {
		known := b.recent[n-1-b.IntN(min(n, 20))]
		name, in, b.actor = known.name, known.args, known.actor
	}
	b.last = name + " " + jsonOf(in)
	w := b.of(name, in)
	known := b.known(name, in)
	inTime := len(w.refused) == 0 || name == "changeSetUndo" && strings.HasSuffix(w.refused[0], " id")
	switch {
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

// try makes a call that was not made before, now and then after a rehearsal.
func (b *bulkTrial) try(name string, in args, w *wish) {
	var rehearsed payload
	dry := b.IntN(4) == 0 && len(w.refused) == 0
	if dry {
		b.happened["dry"]++
		rehearsed = b.callWith(name, thingSelection, withOption(in, "dryRun", true))
		if w.operation {
			b.compareOperation(rehearsed, w, true)
		} else {
			b.compareItems(rehearsed, w, true, b.things)
		}
		if now := b.revision(); now != b.number {
			b.fail("a rehearsal took the library from %d to %d", b.number, now)
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
	} else {
		b.name(p, w)
		b.compareItems(p, w, false, w.things)
		if w.set = ""; p.ChangeSet != nil {
			w.set = p.ChangeSet.id()
		}
		for i := range rehearsed.Results {
			if jsonOf(rehearsed.Results[i].Errors) != jsonOf(p.Results[i].Errors) {
				b.fail("rehearsed with %v, refused with %v", rehearsed.Results[i].Errors, p.Results[i].Errors)
			}
		}
	}
	b.commit(w, object(in["options"])["note"])
	if key, ok := object(in["options"])["idempotencyKey"].(string); ok {
		b.keys[place(b.actor, name, key)] = k
		b.recent = append(b.recent, k)
	}
}

// name gives what was made the ids that it has.
func (b *bulkTrial) name(p payload, w *wish) {
	ids := map[string]string{}
	for i, item := range w.items {
		if strings.HasPrefix(item.id, "new.") && i < len(p.Results) {
			ids[item.id], w.items[i].id = p.Results[i].ID, p.Results[i].ID
		}
	}
	for unnamed, id := range ids {
		t := w.things[unnamed]
		delete(w.things, unnamed)
		if t.id = id; !strings.HasPrefix(id, prefixOfKind[t.kind]) || w.things[id] != nil {
			b.fail("%q is no id for a new %s", id, t.kind)
		}
		w.things[id] = t
	}
	for i, e := range w.entries {
		if id := ids[e.asset]; id != "" {
			w.entries[i].asset = id
		}
	}
	if len(ids) == 0 {
		return
	}
	for _, t := range w.things {
		if id := ids[t.image()]; id != "" {
			t.values["cover"] = jsonOf(args{"image": id})
		}
		for i, one := range t.attachments {
			if id := ids[one]; id != "" {
				t.attachments[i] = id
			}
		}
		slices.Sort(t.attachments)
	}
}

// commit has the model be as a call has left it.
func (b *bulkTrial) commit(w *wish, note any) {
	if len(w.entries) == 0 {
		return
	}
	b.things, b.number = w.things, w.revision
	set := &bulkSet{id: w.set, actor: b.actor, undoes: w.undoes, note: note, at: b.now}
	assets := map[string]bool{}
	for _, e := range w.entries {
		e.set, assets[e.asset] = w.set, true
		set.entries = append(set.entries, e)
		b.history[e.asset] = append(b.history[e.asset], e)
		if t := b.things[e.asset]; t != nil {
			t.revision = e.revision
		} else if !slices.Contains(b.gone, e.asset) {
			b.gone = append(b.gone, e.asset)
		}
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
