// Package measure has what the scenarios of the bench share: flags, libraries made for one run, load,
// rounds, and the figures that they print.
package measure

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strconv"
	"time"
)

// Run measures, and prints tables in Markdown.
type Run func(ctx context.Context, out io.Writer) error

// Flags are those of a scenario. A value keeps what it has where its flag is not set.
type Flags struct{ *flag.FlagSet }

// Database is the Postgres server on which databases are made and dropped again; "" is for SQLite in
// a temporary folder.
func (f Flags) Database(server *string) {
	f.StringVar(server, "database", "", "a Postgres server, postgres://…, on which databases are made and dropped again; SQLite in a temporary folder without it")
}

// Int is a number from low to high.
func (f Flags) Int(value *int, name string, low, high int, usage string) {
	f.Var(&bounded{value, low, high}, name, fmt.Sprintf("%s, %d to %d", usage, low, high))
}

// bounded is a flag that refuses what is out of its bounds.
type bounded struct {
	value     *int
	low, high int
}

func (b *bounded) String() string {
	if b.value == nil {
		return "" // as package flag asks it, for the default
	}
	return strconv.Itoa(*b.value)
}

func (b *bounded) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < b.low || n > b.high {
		return fmt.Errorf("it must be a number from %d to %d", b.low, b.high)
	}
	*b.value = n
	return nil
}

// Seconds is more than no time, up to high.
func (f Flags) Seconds(value *time.Duration, name string, high time.Duration, usage string) {
	usage = fmt.Sprintf("%s, in `seconds` up to %.0f (default %v)", usage, high.Seconds(), value.Seconds())
	f.Func(name, usage, func(text string) error {
		seconds, err := strconv.ParseFloat(text, 64)
		if err != nil || seconds <= 0 || seconds > high.Seconds() {
			return fmt.Errorf("it must be a number of seconds up to %.0f", high.Seconds())
		}
		*value = time.Duration(seconds * float64(time.Second))
		return nil
	})
}
