// Package fault is the ways a request can be refused. A fault is for the person
// who asked: it has a stable code, one sentence they can act on, and its place
// in what they sent. All other errors are ours, and are not shown.
package fault

import (
	"fmt"
	"slices"
)

// Fault is one refusal.
type Fault struct {
	// Code is stable, for programs.
	Code Code
	// Message is one sentence for people.
	Message string
	// Field is the place of the refused value, from the call's arguments down,
	// such as ["items", "20", "title"]; empty where it is none.
	Field []string
	// Measured is what was over a limit, and by how much; nil where it is none.
	Measured *Measured
}

// Measured is a figure that was over a limit.
type Measured struct{ Figure, Limit int64 }

// New makes a fault of a code and a sentence.
func New(code Code, format string, args ...any) *Fault {
	return &Fault{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Error is the sentence with its code.
func (f *Fault) Error() string { return string(f.Code) + ": " + f.Message }

// At returns the fault with its place.
func (f *Fault) At(field ...string) *Fault {
	placed := *f
	placed.Field = field
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

// List is several refusals of one request.
type List []*Fault

// Error is the first sentence, and how many there are.
func (l List) Error() string {
	if len(l) == 0 {
		return "no fault"
	}
	return fmt.Sprintf("%v (%d in all)", l[0], len(l))
}
