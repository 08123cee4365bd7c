package change

import (
	"context"

	"vodgraph/ent"
)

// analyses collects what a transaction writes of AI data. The data of one source of one
// asset is replaced as a whole, or left as it is: its lists have no keys of their own.
type analyses struct {
	sources    edits[ent.AISource]
	replaced   []*ent.AISource // whose lists go
	labels     edits[ent.AILabel]
	cues       edits[ent.Cue]
	findings   edits[ent.ReviewFinding]
	duplicates edits[ent.Duplicate]
	candidates edits[ent.CoverCandidate]
}

func (w *analyses) add(old, next map[string]*Analysis) bool {
	differs := false
	for name, was := range old {
		if next[name] == nil {
			w.sources.gone = append(w.sources.gone, was.Source)
			w.replaced = append(w.replaced, was.Source)
			differs = true
		}
	}
	for name, now := range next {
		was := old[name]
		if was != nil && was.Same(now) {
			continue
		}
		if was != nil {
			w.replaced = append(w.replaced, was.Source)
		}
		w.sources.put = append(w.sources.put, now.Source)
		w.labels.put = append(w.labels.put, now.Labels...)
		w.cues.put = append(w.cues.put, now.Cues...)
		w.findings.put = append(w.findings.put, now.Findings...)
		w.duplicates.put = append(w.duplicates.put, now.Duplicates...)
		w.candidates.put = append(w.candidates.put, now.Candidates...)
		differs = true
	}
	return differs
}

func (w *analyses) write(ctx context.Context, tx *ent.Tx) error {
	for _, list := range []string{aiLabels.Name, cues.Name, findings.Name, duplicates.Name, candidates.Name} {
		// Each list names its source by the same two columns as the source does.
		of := &Table[ent.AISource]{Name: list, Columns: aiSources.Columns[:2], keys: 2, Values: aiSources.Values}
		if err := of.remove(ctx, tx, w.replaced); err != nil {
			return err
		}
	}
	for _, write := range []func() error{
		func() error { return w.sources.write(ctx, tx, aiSources) },
		func() error { return w.labels.write(ctx, tx, aiLabels) },
		func() error { return w.cues.write(ctx, tx, cues) },
		func() error { return w.findings.write(ctx, tx, findings) },
		func() error { return w.duplicates.write(ctx, tx, duplicates) },
		func() error { return w.candidates.write(ctx, tx, candidates) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// Same reports whether two analyses say the same. Candidates are compared
// without their ids, which are given anew whenever they are replaced.
func (a *Analysis) Same(b *Analysis) bool {
	return aiSources.Same(a.Source, b.Source) &&
		sameLists(a.Labels, b.Labels, aiLabels.Same) &&
		sameLists(a.Cues, b.Cues, cues.Same) &&
		sameLists(a.Findings, b.Findings, findings.Same) &&
		sameLists(a.Duplicates, b.Duplicates, duplicates.Same) &&
		sameLists(a.Candidates, b.Candidates, func(x, y *ent.CoverCandidate) bool {
			return equal(candidates.Values(x)[1:], candidates.Values(y)[1:])
		})
}

func sameLists[T any](a, b []*T, same func(x, y *T) bool) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !same(a[i], b[i]) {
			return false
		}
	}
	return true
}
