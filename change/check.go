package change

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"vodgraph/ent/fact"
	"vodgraph/fault"
	"vodgraph/limits"
	"vodgraph/media"
)

// Check collects the refusals of one item, each at its place below the item.
type Check struct {
	Limits limits.Library
	Faults []*fault.Fault
	// Missing are links of an import to assets that are not there.
	Missing []*fault.Fault
	// Pending says that an import names assets that may still come.
	Pending bool
	// Importing turns refusals of newly into warnings.
	Importing bool
	Warnings  []*fault.Fault
}

// maxFaults is how many refusals of one item are listed.
const maxFaults = 50

// Refuse adds a refusal, unless it is nil.
func (k *Check) Refuse(f *fault.Fault, field ...string) {
	switch {
	case f == nil || len(k.Faults) > maxFaults:
	case len(k.Faults) == maxFaults:
		k.Faults = append(k.Faults, fault.New(fault.Invalid, "More is wrong with it than is listed."))
	default:
		k.Faults = append(k.Faults, f.Under(field...))
	}
}

// Require refuses what is not so as INVALID.
func (k *Check) Require(ok bool, sentence string, field ...string) {
	if !ok {
		k.Refuse(fault.New(fault.Invalid, "%s", sentence), field...)
	}
}

// Newly refuses what versions before this one took. An import keeps it and warns, so that
// what is in a library or in an older export can be imported.
func (k *Check) Newly(f *fault.Fault, field ...string) {
	switch {
	case f == nil:
	case !k.Importing:
		k.Refuse(f, field...)
	case len(k.Warnings) < maxFaults:
		k.Warnings = append(k.Warnings, f.Under(field...))
	}
}

// Ok reports whether nothing was refused.
func (k *Check) Ok() bool { return len(k.Faults) == 0 }

// Under returns the refusals with their places moved below an item.
func (k *Check) Under(field ...string) []*fault.Fault {
	if k.Ok() {
		return nil
	}
	moved := make([]*fault.Fault, len(k.Faults))
	for i, f := range k.Faults {
		moved[i] = f.Under(field...)
	}
	return moved
}

// Key refuses a name that rows are distinguished by where it is empty or too long.
func (k *Check) Key(name string, field ...string) {
	n := utf8.RuneCountInString(name)
	k.Visible(name, field...)
	k.Require(n > 0 && n <= k.Limits.Key, fmt.Sprintf("It has 1 to %d characters, not %d.", k.Limits.Key, n), field...)
}

// Visible refuses a text in which there is nothing to be seen, where it has characters.
func (k *Check) Visible(text string, field ...string) {
	if text != "" && media.Clean(text) == "" {
		k.Newly(fault.New(fault.Invalid, "There is nothing to be seen in this text."), field...)
	}
}

// Positive refuses a number below zero.
func Positive[N int | int64 | float64](k *Check, n *N, field ...string) {
	k.Require(n == nil || *n >= 0, "A number below zero makes no sense here.", field...)
}

// Time refuses a time below zero and one that is too long to keep.
func (k *Check) Time(t *fact.Millis, field ...string) {
	const rule = "A time is from 0 to %s seconds."
	switch {
	case t == nil:
	case *t < 0:
		k.Refuse(fault.New(fault.Invalid, rule, fact.MaxMillis), field...)
	case *t > fact.MaxMillis:
		k.Newly(fault.New(fault.Invalid, rule, fact.MaxMillis), field...)
	}
}

// Span refuses a stretch of time that ends before it begins, and times that are none. The
// names are those of its beginning and end.
func (k *Check) Span(start, end fact.Millis, names [2]string, field ...string) {
	begin, finish := append(field[:len(field):len(field)], names[0]), append(field[:len(field):len(field)], names[1])
	k.Time(&start, begin...)
	switch {
	case end < start && start <= fact.MaxMillis:
		k.Refuse(fault.New(fault.Invalid, "A stretch of time must not end before it begins."), finish...)
	default:
		k.Time(&end, finish...)
	}
}

// The names of the beginning and end of a stretch of time, and of the like one in another
// asset.
var (
	Stretch      = [2]string{"start", "end"}
	OtherStretch = [2]string{"otherStart", "otherEnd"}
)

// RefuseNUL refuses U+0000 anywhere in an input.
func (k *Check) RefuseNUL(input any) {
	if place, found := FindNUL(reflect.ValueOf(input)); found {
		k.Refuse(NULRefused(), place...)
	}
}

// NULRefused refuses a text with U+0000, which Postgres does not take.
func NULRefused() *fault.Fault {
	return fault.New(fault.Invalid, "The character U+0000 is not taken in any text.")
}

// WithoutNUL refuses U+0000 anywhere in the arguments of a verb, before they come
// to the database, which cannot hold it.
func WithoutNUL(arguments any) error {
	var k Check
	if k.RefuseNUL(arguments); k.Ok() {
		return nil
	}
	return fault.List(k.Faults)
}

// FindNUL looks for U+0000 in all texts of a value, and returns its place.
func FindNUL(v reflect.Value) (place []string, found bool) {
	switch v.Kind() {
	case reflect.String:
		return nil, strings.ContainsRune(v.String(), 0)
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil, false
		}
		return FindNUL(v.Elem())
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return nil, HoldsNUL(v.Bytes())
		}
		for i := range v.Len() {
			if place, found := FindNUL(v.Index(i)); found {
				return append([]string{strconv.Itoa(i)}, place...), true
			}
		}
	case reflect.Struct:
		return findNULBelow(v)
	}
	return nil, false
}

func findNULBelow(v reflect.Value) (place []string, found bool) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		return nil, false
	}
	if v.Type().Implements(reflect.TypeFor[Omittable]()) {
		return FindNUL(v.Field(0))
	}
	for i := range v.NumField() {
		if place, found := FindNUL(v.Field(i)); found && v.Type().Field(i).Anonymous {
			return place, true
		} else if found {
			return append([]string{FieldName(v.Type().Field(i))}, place...), true
		}
	}
	return nil, false
}

// Omittable is what graphql.Omittable is, whose first field is the value.
type Omittable interface {
	IsSet() bool
	IsZero() bool
}

// FieldName is a member's name in the API: that of its JSON, or its Go name with
// a small first letter.
func FieldName(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
		return name
	}
	if f.Name == "ID" {
		return "id"
	}
	return strings.ToLower(f.Name[:1]) + strings.ReplaceAll(f.Name[1:], "ID", "Id")
}

// Unsigned is a number of which zero has no sign: there is one zero, whatever keeps it.
func Unsigned(p *float64) *float64 {
	if p != nil && *p == 0 {
		return new(float64)
	}
	return p
}

// Seconds is a duration to the millisecond.
func Seconds(p *float64) *float64 {
	if p == nil {
		return nil
	}
	s := *Unsigned(p)
	if math.Abs(s) < 1<<43 { // beyond, a float has no milliseconds, and times 1,000 it may be infinite
		s = math.Round(s*1000) / 1000
	}
	return &s
}

// Place is the place of an item in a list.
func Place(list string, i int, more ...string) []string {
	return append([]string{list, strconv.Itoa(i)}, more...)
}

// ValueOr is the value, or another where it is absent.
func ValueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// TooMany refuses a list that is longer than most.
func TooMany(n, most int, code fault.Code, what string) *fault.Fault {
	if n <= most {
		return nil
	}
	return fault.New(code, "%s", fmt.Sprintf("There are %d %s, and at most %d are taken.", n, what, most))
}

// Decode reads JSON, with numbers as they are written.
func Decode(data json.RawMessage) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

// HoldsNUL reports whether a text of JSON holds U+0000, as a value or a name.
func HoldsNUL(data json.RawMessage) bool {
	if !bytes.Contains(data, []byte(`\u0000`)) {
		return false
	}
	v, err := Decode(data)
	return err == nil && anyNUL(v)
}

func anyNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		for _, one := range v {
			if anyNUL(one) {
				return true
			}
		}
	case map[string]any:
		for name, one := range v {
			if strings.ContainsRune(name, 0) || anyNUL(one) {
				return true
			}
		}
	}
	return false
}

// Under moves the place of a refusal below an argument; other errors, and none,
// stay as they are.
func Under(err error, field ...string) error {
	var refused *fault.Fault
	if errors.As(err, &refused) {
		return refused.Under(field...)
	}
	return err
}
