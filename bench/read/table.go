package read

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"vodgraph/bench/measure"
)

// printRows prints what was measured, medians of the rounds. The ratios are to the anchor, round by round;
// that of processor time a request moves less where other work runs on the machine.
func printRows(out io.Writer, rows []*row) {
	measure.Head(out, "question | target | req/s | from – to | p50 / p99, ms | CPU ms/request | statements | kB | req/s to L | CPU to L")
	var anchor *row
	for _, r := range rows {
		question := ""
		if r.name == anchorTarget {
			anchor, question = r, r.question.name+" "+r.question.about
		}
		statements := "–"
		if r.statements > 0 {
			statements = strconv.Itoa(r.statements)
		}
		rates := r.values(turn.rate)
		median := func(of func(turn) float64) float64 { return measure.Median(r.values(of)) }
		fmt.Fprintf(out, "| %s | %s | %.0f | %.0f – %.0f | %.1f / %.1f | %s | %s | %.1f | %.2f | %s |\n", question, r.target.name,
			measure.Median(rates), slices.Min(rates), slices.Max(rates),
			median(func(t turn) float64 { return t.Latencies.At(0.5) }), median(func(t turn) float64 { return t.Latencies.At(0.99) }),
			r.processor(), statements, median(func(t turn) float64 { return float64(t.Bytes) / float64(t.Requests) / 1000 }),
			measure.Ratio(rates, anchor.values(turn.rate)), r.processorRatio(anchor))
	}
	fmt.Fprintln(out)
}

func (r *row) processorRatio(anchor *row) string {
	own, others := r.values(turn.each), anchor.values(turn.each)
	if slices.Min(own) == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", measure.Ratio(others, own))
}

// processor is the processor's time a request, of the server and, where that is another process, of the
// database; a dash where the system does not count it.
func (r *row) processor() string {
	server := measure.Median(r.values(func(t turn) float64 { return measure.Milliseconds(t.server) / float64(t.Requests) }))
	database := measure.Median(r.values(func(t turn) float64 { return measure.Milliseconds(t.database) / float64(t.Requests) }))
	switch {
	case server == 0:
		return "–"
	case database == 0:
		return fmt.Sprintf("%.2f", server)
	default:
		return fmt.Sprintf("%.2f + %.2f", server, database)
	}
}
