package exchange

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"

	"vodgraph/catalog"
	"vodgraph/ent"
)

// Reference ids may change hands between the lines of an import: two assets swap theirs, a
// thousand pass theirs on to the next, one takes what a line further down gives up. All lines
// about assets that are there which do so wait for the second stage. It takes them in
// an order that a plan finds by what they take and give up alone, so that the order of
// lines about different assets does not matter: who takes a free one first, then who waits
// for that. Those that wait for each other in a circle are judged together. The
// plan is only an order: each line is judged when it is met, and refused where its
// reference id is not free after all.

// Turn is a line that waits, in the order of a plan.
type Turn struct {
	// Line counts the lines that wait, from 0, in the order in which they were left.
	Line int
	// Joined is ImportLine.Joined.
	Joined bool
}

// waiting is what a line that waits does to reference ids, which are identified by their hashes; 0
// for none.
type waiting struct {
	asset uint64 // its id, or of a new one without an id its reference id
	named uint64 // the id that the line gives for an asset known by its reference id
	has   uint64 // what the asset has before the file
	want  uint64
	sets  bool // whether the line says which reference id it has from then on
	fresh bool // whether the asset is not there before the file
}

func waitingOf(in *catalog.AssetCreateInput, row *ent.Asset) waiting {
	w := waiting{sets: in.ReferenceID.IsSet(), fresh: row == nil}
	if ref := in.ReferenceID.Value(); ref != nil {
		w.want = hashed(*ref)
	}
	switch {
	case row != nil:
		if w.asset = hashed(row.ID); row.ReferenceID != nil {
			w.has = hashed(*row.ReferenceID)
		}
		if in.ID != nil && *in.ID != row.ID {
			w.named = hashed(*in.ID)
		}
	case in.ID != nil:
		w.asset = hashed(*in.ID)
	default:
		w.asset = w.want
	}
	return w
}

type importPlan struct {
	order []Turn // nil where it does not matter
	// keyed are assets that are there and get other reference ids.
	keyed map[uint64]bool
	// fresh are ids of assets that are made anew although their reference ids are known: they
	// are given up.
	fresh map[uint64]bool
}

// planOf finds the plan for lines, by who has the reference ids that they give to assets which
// are there.
func planOf(queue []waiting, holders map[uint64]uint64) (p importPlan) {
	p.distinguish(queue)
	if p.keyed = keyedOf(queue); p.keyed == nil {
		return p
	}
	touched := map[uint64]bool{} // reference ids, and then assets, that have to do with keyed ones
	for _, w := range queue {
		if p.keyed[w.asset] {
			touched[w.has], touched[w.want] = true, true
		}
	}
	delete(touched, 0)
	assets := maps.Clone(p.keyed)
	for _, w := range queue {
		if touched[w.want] {
			assets[w.asset] = true
		}
	}
	s := &succession{queue: queue, holders: map[uint64]*successor{}, waiting: map[uint64][]*successor{}}
	known := map[uint64]*successor{}
	for i, w := range queue {
		if !assets[w.asset] {
			s.order = append(s.order, Turn{Line: i})
			continue
		}
		a := known[w.asset]
		if a == nil {
			a = &successor{asset: w.asset, fresh: w.fresh, has: w.has}
			known[w.asset] = a
			s.ready = append(s.ready, a)
			if a.has != 0 {
				s.holders[a.has] = a
			}
		}
		a.lines = append(a.lines, i)
	}
	for ref, asset := range holders {
		if s.holders[ref] == nil && (known[asset] == nil || known[asset].has == ref) {
			s.holders[ref] = &successor{asset: asset} // which keeps it
		}
	}
	heap.Init(&s.ready)
	s.run()
	p.order = s.order
	return p
}

// distinguish decides of lines that give another id for an asset known by its reference id whether
// they are about it, or about a new one, as that gives its reference id up.
func (p *importPlan) distinguish(queue []waiting) {
	leaves, same := map[uint64]bool{}, map[uint64]uint64{}
	for _, w := range queue {
		if !w.fresh && w.named == 0 && w.sets && w.want != w.has {
			leaves[w.asset] = true
		}
	}
	p.fresh = map[uint64]bool{}
	for i := range queue {
		switch w := &queue[i]; {
		case w.named == 0:
		case leaves[w.asset]:
			p.fresh[w.named] = true
			w.asset, w.has, w.fresh = w.named, 0, true
		default:
			same[w.named] = w.asset
		}
	}
	for i := range queue {
		if asset, is := same[queue[i].asset]; is {
			queue[i].asset, queue[i].fresh = asset, false
		}
	}
}

func keyedOf(queue []waiting) (keyed map[uint64]bool) {
	has, met := map[uint64]uint64{}, map[uint64]bool{}
	for _, w := range queue {
		if !met[w.asset] {
			met[w.asset], has[w.asset] = true, w.has
			if w.fresh {
				has[w.asset] = w.want
				continue
			}
		}
		if w.sets && w.want != has[w.asset] {
			if keyed == nil {
				keyed = map[uint64]bool{}
			}
			keyed[w.asset], has[w.asset] = true, w.want
		}
	}
	return keyed
}

// succession goes through the lines as far as each finds its reference id free.
type succession struct {
	queue   []waiting
	order   []Turn
	holders map[uint64]*successor   // by reference ids
	waiting map[uint64][]*successor // by the reference ids that they wait for
	ready   successors
}

type successor struct {
	asset uint64
	fresh bool
	has   uint64
	lines []int
	stuck bool
	seen  int // the walk that came by here last
}

func (s *succession) run() {
	for {
		for s.ready.Len() > 0 {
			s.advance(heap.Pop(&s.ready).(*successor))
		}
		if len(s.waiting) == 0 || !s.closeCircles() && !s.giveUp() {
			return
		}
	}
}

func (s *succession) advance(a *successor) {
	for len(a.lines) > 0 {
		w := s.queue[a.lines[0]]
		if w.sets && w.want != a.has {
			if holder := s.holders[w.want]; holder != nil && holder != a && w.want != 0 {
				a.stuck = true
				s.waiting[w.want] = append(s.waiting[w.want], a)
				return
			}
			s.leave(a)
			s.take(a, w.want)
		}
		s.done(a, false)
	}
}

func (s *succession) done(a *successor, joined bool) {
	s.order = append(s.order, Turn{a.lines[0], joined})
	a.lines = a.lines[1:]
}

// leave has an asset give up its reference id, for which others may wait.
func (s *succession) leave(a *successor) {
	if a.has == 0 || s.holders[a.has] != a {
		return
	}
	delete(s.holders, a.has)
	for _, next := range s.waiting[a.has] {
		s.wake(next)
	}
	delete(s.waiting, a.has)
}

func (s *succession) take(a *successor, ref uint64) {
	if a.has = ref; ref != 0 {
		s.holders[ref] = a
	}
}

func (s *succession) wake(a *successor) {
	a.stuck = false
	heap.Push(&s.ready, a)
}

// unwait has an asset wait no more for the reference id that it wants next.
func (s *succession) unwait(a *successor) {
	want := s.queue[a.lines[0]].want
	left := slices.DeleteFunc(s.waiting[want], func(b *successor) bool { return a == b })
	if s.waiting[want] = left; len(left) == 0 {
		delete(s.waiting, want)
	}
}

// stuckOnes are the assets that wait, in an order that is not that of the file.
func (s *succession) stuckOnes() (all []*successor) {
	for _, some := range s.waiting {
		all = append(all, some...)
	}
	slices.SortFunc(all, compareSuccessors)
	return all
}

// closeCircles does the next lines of all assets that wait for each other in a circle, and
// reports whether there are any.
func (s *succession) closeCircles() (closed bool) {
	for i, begin := range s.stuckOnes() {
		if begin.seen > 0 {
			continue
		}
		var path []*successor
		at := begin
		for ; at != nil && at.stuck && at.seen == 0; at = s.holders[s.queue[at.lines[0]].want] {
			at.seen = i + 1
			path = append(path, at)
		}
		if at == nil || !at.stuck || at.seen != i+1 {
			continue
		}
		circle := path[slices.Index(path, at):]
		for _, a := range circle {
			s.unwait(a)
		}
		for j, a := range circle {
			s.take(a, s.queue[a.lines[0]].want)
			s.done(a, j > 0 && j%maxJoined > 0)
			s.wake(a)
		}
		closed = true
	}
	for _, a := range s.stuckOnes() {
		a.seen = 0
	}
	for _, a := range s.ready {
		a.seen = 0
	}
	return closed
}

// maxJoined is how many lines are judged together. In a larger circle all are refused.
const maxJoined = 10_000

// giveUp passes over the next lines of the assets that wait for what is not given up any more:
// they will be refused.
func (s *succession) giveUp() bool {
	hopeless := slices.DeleteFunc(s.stuckOnes(), func(a *successor) bool {
		return s.holders[s.queue[a.lines[0]].want].stuck
	})
	for _, a := range hopeless {
		s.unwait(a)
		s.done(a, false)
		s.wake(a)
	}
	return len(hopeless) > 0
}

// successors are assets by who has the first say: new ones first.
type successors []*successor

func compareSuccessors(a, b *successor) int {
	if a.fresh != b.fresh {
		if a.fresh {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.asset, b.asset)
}

func (s successors) Len() int           { return len(s) }
func (s successors) Less(i, j int) bool { return compareSuccessors(s[i], s[j]) < 0 }
func (s successors) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

func (s *successors) Push(a any) { *s = append(*s, a.(*successor)) }

func (s *successors) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}
