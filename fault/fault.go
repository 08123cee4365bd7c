// Package fault has the refusals of requests. A fault is for the person who asked: it has a
// stable code, one sentence they can act on, and its place in the request. All other errors
// are bugs or failures of the server, and are not shown.
package fault

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"unicode/utf8"
)

// Fault is one refusal.
type Fault struct {
	// Code is stable, for programs.
	Code Code
	// Message is one sentence for people.
	Message string
	// Field is the place of the refused value, from the call's arguments down,
	// such as ["items", "20", "title"]; empty where there is none.
	Field []string
	// Measured is what was over a limit, and by how much; nil where it is none.
	Measured *Measured
	// RetryAfter is in how many seconds the same may be tried again; 0 where that is not
	// known, or is no matter.
	RetryAfter int `json:",omitzero"`
	// Users are the first uses of what is not deleted because assets use it; empty for all
	// else, and where the caller does not see all of these assets.
	Users []Use `json:",omitzero"`
}

// Use is that an asset uses another one, in a field as the API names it.
type Use struct{ AssetID, Field string }

// Measured is a figure that was over a limit.
type Measured struct{ Figure, Limit int64 }

// maxEcho is how many characters of what was sent a fault may repeat.
const maxEcho = 200

// New makes a fault of a code and a sentence. What the sentence repeats of a request is
// cut where it is long: nobody reads it, and it would make a small answer a large one.
func New(code Code, format string, args ...any) *Fault {
	message, longest := fmt.Sprintf(format, args...), utf8.RuneCountInString(format)+maxEcho
	if utf8.RuneCountInString(message) > longest {
		message = cut(fmt.Sprintf(format, shortened(args)...), longest)
	}
	return &Fault{Code: code, Message: message}
}

// shortened are arguments of which the texts have maxEcho characters together.
func shortened(args []any) []any {
	short, texts := slices.Clone(args), 0
	for i, arg := range short {
		switch arg.(type) {
		case error, fmt.Stringer:
			short[i] = fmt.Sprint(arg)
		}
		if reflect.ValueOf(short[i]).Kind() == reflect.String {
			texts++
		}
	}
	for i, arg := range short {
		if value := reflect.ValueOf(arg); value.Kind() == reflect.String {
			short[i] = cut(value.String(), maxEcho/texts)
		}
	}
	return short
}

// cut is a text of so many characters at the most, with a mark where some are missing.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// Error is the sentence with its code.
func (f *Fault) Error() string { return string(f.Code) + ": " + f.Message }

// At returns the fault with its place, of which each part is cut where it is long.
func (f *Fault) At(field ...string) *Fault {
	placed := *f
	placed.Field = slices.Clone(field)
	for i, word := range placed.Field {
		placed.Field[i] = cut(word, maxEcho)
	}
	return &placed
}

// Under returns the fault with its place moved below another.
func (f *Fault) Under(field ...string) *Fault {
	return f.At(slices.Concat(field, f.Field)...)
}

// Over returns the fault with the figure that was over a limit.
func (f *Fault) Over(figure, limit int64) *Fault {
	measured := *f
	measured.Measured = &Measured{figure, limit}
	return &measured
}

// UsedBy returns the fault with the first uses of what it is about.
func (f *Fault) UsedBy(users []Use) *Fault {
	used := *f
	used.Users = users
	return &used
}

// Again returns the fault with in how many seconds the same may be tried again.
func (f *Fault) Again(seconds int) *Fault {
	later := *f
	later.RetryAfter = seconds
	return &later
}

// List is several refusals of one request.
type List []*Fault

// Error is the first sentence, and how many there are.
func (l List) Error() string {
	if len(l) == 0 {
		return "no fault"
	}
	return fmt.Sprintf("%v (%d in all)", l[0], len(l))
}

// In is the fault in a chain of errors, the first where there are several, and nil where
// there is none.
func In(err error) *Fault {
	var one *Fault
	if errors.As(err, &one) {
		return one
	}
	var several List
	if errors.As(err, &several) && len(several) > 0 {
		return several[0]
	}
	return nil
}
