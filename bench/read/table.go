package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"
)

// printReading writes what was measured, medians of the rounds.
func printReading(out io.Writer, rows []*row) {
	fmt.Fprintln(out, "| question | target | req/s | from – to | p50 / p99, ms | CPU ms/request | statements | kB | req/s to L | CPU to L |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|---|---|")
	last := ""
	for _, r := range rows {
		about := ""
		if r.question.name != last {
			last, about = r.question.name, r.question.name+" "+r.question.about
		}
		statements := "–"
		if r.statements > 0 {
			statements = strconv.Itoa(r.statements)
		}
		rates := make([]float64, len(r.turns))
		for i, t := range r.turns {
			rates[i] = t.rate()
		}
		slices.Sort(rates)
		fmt.Fprintf(out, "| %s | %s | %.0f | %.0f – %.0f | %.1f / %.1f | %s | %s | %.1f | %.2f | %s |\n",
			about, r.target, rates[len(rates)/2], rates[0], rates[len(rates)-1],
			median(r.turns, func(_ int, t turn) float64 { return milliseconds(t.quantile(0.5)) }),
			median(r.turns, func(_ int, t turn) float64 { return milliseconds(t.quantile(0.99)) }),
			processor(r.turns), statements,
			median(r.turns, func(_ int, t turn) float64 { return float64(t.bytes) / float64(t.requests) / 1000 }), r.ratio, thrift(r))
	}
	fmt.Fprintln(out)
}

// thrift is the ratio of processor time; a dash where the system does not tell.
func thrift(r *row) string {
	if math.IsNaN(r.thrift) || math.IsInf(r.thrift, 0) {
		return "–"
	}
	return fmt.Sprintf("%.2f", r.thrift)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// processor is the processor's time a request, of the server and, where that is
// another process, of the database; a dash where the system does not tell.
func processor(turns []turn) string {
	each := func(of func(spent) time.Duration) float64 {
		return median(turns, func(_ int, t turn) float64 { return milliseconds(of(t.spent)) / float64(t.requests) })
	}
	server := each(func(s spent) time.Duration { return s.server })
	database := each(func(s spent) time.Duration { return s.database })
	switch {
	case server == 0:
		return "–"
	case database == 0:
		return fmt.Sprintf("%.2f", server)
	default:
		return fmt.Sprintf("%.2f + %.2f", server, database)
	}
}

// printShapes writes how many statements the shapes take.
func printShapes(out io.Writer, shapes []shape) {
	fmt.Fprintf(out, "| shape | statements for %d | for %d |\n|---|---|---|\n", few, many)
	for _, s := range shapes {
		fmt.Fprintf(out, "| %s | %d | %d |\n", s.name, s.few, s.many)
	}
}
