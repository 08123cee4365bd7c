package catalog

import (
	"context"

	"vodgraph/ent"
)

// analyses gathers what a deed writes of AI data. The data of one source of one
// asset is replaced as a whole, or left as it is.
type analyses struct {
	sources    edits[ent.AISource]
	replaced   []*ent.AISource // whose lists go
	labels     edits[ent.AILabel]
	cues       edits[ent.Cue]
	findings   edits[ent.ReviewFinding]
	duplicates edits[ent.Duplicate]
	candidates edits[ent.CoverCandidate]
}

func newAnalyses() analyses {
	return analyses{
		sources: edits[ent.AISource]{table: aiSources}, labels: edits[ent.AILabel]{table: aiLabels},
		cues: edits[ent.Cue]{table: cues}, findings: edits[ent.ReviewFinding]{table: findings},
		duplicates: edits[ent.Duplicate]{table: duplicates}, candidates: edits[ent.CoverCandidate]{table: candidates},
	}
}

// add gathers what lies between two sets of analyses.
func (w *analyses) add(old, next map[string]*analysis) bool {
	differs := false
	for name, was := range old {
		if next[name] == nil {
			w.sources.gone = append(w.sources.gone, was.source)
			w.replaced = append(w.replaced, was.source)
			differs = true
		}
	}
	for name, now := range next {
		was := old[name]
		if was != nil && was.same(now) {
			continue
		}
		if was != nil {
			w.replaced = append(w.replaced, was.source)
		}
		w.sources.put = append(w.sources.put, now.source)
		w.labels.replace(now.labels)
		w.cues.replace(now.cues)
		w.findings.replace(now.findings)
		w.duplicates.replace(now.duplicates)
		w.candidates.replace(now.candidates)
		differs = true
	}
	return differs
}

func (w *analyses) write(ctx context.Context, tx *ent.Tx) error {
	for _, list := range []string{aiLabels.name, cues.name, findings.name, duplicates.name, candidates.name} {
		// Each list tells its source by the same two columns as the source does.
		of := &table[ent.AISource]{name: list, columns: aiSources.columns[:2], keys: 2, values: aiSources.values}
		if err := of.remove(ctx, tx, w.replaced); err != nil {
			return err
		}
	}
	for _, e := range []interface {
		write(context.Context, *ent.Tx) error
	}{&w.sources, &w.labels, &w.cues, &w.findings, &w.duplicates, &w.candidates} {
		if err := e.write(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// same reports whether two analyses say the same. Candidates are compared
// without their ids, which are given anew whenever they are replaced.
func (a *analysis) same(b *analysis) bool {
	return aiSources.same(a.source, b.source) &&
		sameLists(a.labels, b.labels, aiLabels.same) &&
		sameLists(a.cues, b.cues, cues.same) &&
		sameLists(a.findings, b.findings, findings.same) &&
		sameLists(a.duplicates, b.duplicates, duplicates.same) &&
		sameLists(a.candidates, b.candidates, func(x, y *ent.CoverCandidate) bool {
			return equal(candidates.values(x)[1:], candidates.values(y)[1:])
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
