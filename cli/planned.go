package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

	"vodgraph/bulk"
	"vodgraph/exchange"
)

// How much of a dry run is shown on the command line: rows, and characters of a value.
const (
	maxPlannedRows  = 20
	maxPlannedValue = 40
)

// plannedRows are the changes of a dry run as a table: the first ones whole, and how many
// there are by field.
type plannedRows struct {
	rows   []plannedRow
	fields []string // in the order in which they came
	counts map[string]int
}

type plannedRow struct{ subject, field, before, after string }

func (p *plannedRows) add(line exchange.ResultLine) {
	subject := "line " + strconv.FormatInt(line.Line, 10)
	if line.ID != "" {
		subject += " " + line.ID
	}
	for _, c := range line.Changes {
		p.count(c.Field)
		if len(p.rows) < maxPlannedRows {
			p.rows = append(p.rows, rowOf(subject, c))
		}
	}
}

func (p *plannedRows) count(field string) {
	if p.counts == nil {
		p.counts = map[string]int{}
	}
	if p.counts[field]++; p.counts[field] == 1 {
		p.fields = append(p.fields, field)
	}
}

func rowOf(subject string, c bulk.FileChange) plannedRow {
	return plannedRow{subject, c.Field, plannedValue(c.Before), plannedValue(c.After)}
}

// plannedValue is a value in one short line; a terminal is sent no control characters.
func plannedValue(value json.RawMessage) string {
	text := string(value)
	if text == "" || text == "null" {
		return "-"
	}
	var shown strings.Builder
	for _, r := range text { // JSON escapes most control characters, but not all
		if unicode.IsPrint(r) {
			shown.WriteRune(r)
			continue
		}
		fmt.Fprintf(&shown, `\u%04x`, r)
	}
	text = shown.String()
	if utf8.RuneCountInString(text) > maxPlannedValue {
		text = string([]rune(text)[:maxPlannedValue-1]) + "…"
	}
	return text
}

func (p *plannedRows) show(out io.Writer) error {
	if len(p.rows) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ASSET\tFIELD\tBEFORE\tAFTER")
	all := 0
	for _, n := range p.counts {
		all += n
	}
	for _, row := range p.rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", row.subject, row.field, row.before, row.after)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the changes: %w", err)
	}
	if more := all - len(p.rows); more > 0 {
		fmt.Fprintf(out, "… and %d more; --results FILE has them all.\n", more)
	}
	counts := make([]string, len(p.fields))
	for i, field := range p.fields {
		counts[i] = fmt.Sprintf("%s %d", field, p.counts[field])
	}
	_, err := fmt.Fprintf(out, "Changes by field: %s.\n", strings.Join(counts, ", "))
	return err
}
