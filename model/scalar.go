package model

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/fact"
	"vodgraph/fault"
	"vodgraph/jsonwalk"
)

// The scalars read strictly: a number is no string, nor the other way round.
// Whatever does not fit is refused with fault.Invalid.

// MarshalID writes an ID.
func MarshalID(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalID reads an ID: a string, or a whole number taken as one.
func UnmarshalID(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	switch v := v.(type) {
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return strconv.FormatInt(n, 10), nil
		}
	}
	return "", fault.New(fault.Invalid, "An ID is a string.")
}

// MarshalString writes a String.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalString reads a String.
func UnmarshalString(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fault.New(fault.Invalid, "A String is expected here.")
	}
	return s, nil
}

// MarshalBoolean writes a Boolean.
func MarshalBoolean(b bool) graphql.Marshaler { return graphql.MarshalBoolean(b) }

// UnmarshalBoolean reads a Boolean.
func UnmarshalBoolean(v any) (bool, error) {
	b, ok := v.(bool)
	if !ok {
		return false, fault.New(fault.Invalid, "A Boolean is true or false.")
	}
	return b, nil
}

// MarshalInt writes an Int.
func MarshalInt(i int) graphql.Marshaler { return graphql.MarshalInt(i) }

// UnmarshalInt reads an Int, which has 32 bits.
func UnmarshalInt(v any) (int, error) {
	n, ok := whole(v)
	if !ok || n < math.MinInt32 || n > math.MaxInt32 {
		return 0, fault.New(fault.Invalid, "An Int is a whole number of 32 bits.")
	}
	return int(n), nil
}

// MarshalInt64 writes an Int64, as a JSON number.
func MarshalInt64(i int64) graphql.Marshaler { return graphql.MarshalInt64(i) }

// UnmarshalInt64 reads an Int64.
func UnmarshalInt64(v any) (int64, error) {
	n, ok := whole(v)
	if !ok {
		return 0, fault.New(fault.Invalid, "An Int64 is a whole number of 64 bits, and no string.")
	}
	return n, nil
}

// whole reads a whole number. One that comes as JSON may be written in any notation, such as 2.0
// or 1e3; as a literal of a document it is an integer.
func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case json.Number:
		return jsonwalk.Whole(string(v))
	default:
		return 0, false
	}
}

// MarshalFloat writes a Float.
func MarshalFloat(f float64) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = w.Write(strconv.AppendFloat(make([]byte, 0, 24), f, 'g', -1, 64))
	})
}

// UnmarshalFloat reads a Float. There is one zero: -0 is 0.
func UnmarshalFloat(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v + 0, nil
	case int:
		return float64(v), nil
	case int64:
		return float64(v), nil
	case json.Number:
		if f, err := strconv.ParseFloat(string(v), 64); err == nil {
			return f + 0, nil
		}
	}
	return 0, fault.New(fault.Invalid, "A Float is a number.")
}

// MarshalSeconds writes a time in seconds, to the millisecond.
func MarshalSeconds(m fact.Millis) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, m.String()) })
}

// UnmarshalSeconds reads seconds, rounded to the millisecond. One that is too large becomes
// more than fact.MaxMillis, which is refused with its place where it is checked.
func UnmarshalSeconds(v any) (fact.Millis, error) {
	seconds, err := UnmarshalFloat(v)
	return fact.MillisOf(seconds), err
}

// timeLayout is RFC 3339 with milliseconds, always three digits.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// MarshalTime writes a Time, in UTC to the millisecond.
func MarshalTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		b := append(make([]byte, 0, 32), '"')
		b = t.UTC().AppendFormat(b, timeLayout)
		_, _ = w.Write(append(b, '"'))
	})
}

// UnmarshalTime reads a Time of any zone, as RFC 3339 has it to the letter. What is finer
// than a millisecond is cut off. A leap second, 60 at the end of a month in UTC, is the
// second after it.
func UnmarshalTime(v any) (time.Time, error) {
	if s, ok := v.(string); ok {
		t, valid := instant(s)
		if t = t.UTC(); valid && t.Year() >= 1 && t.Year() <= 9999 {
			return t.Truncate(time.Millisecond), nil
		}
	}
	return time.Time{}, fault.New(fault.Invalid,
		"A Time is written as RFC 3339 has it, such as 2026-11-22T16:44:00.000Z.")
}

// instant reads a time of RFC 3339. time.Parse takes more: hours of one digit, fractions
// after a comma, offsets of 24 hours and 60 minutes; and less: small letters, leap seconds.
func instant(s string) (time.Time, bool) {
	const shape = "0000-00-00T00:00:00"
	if len(s) <= len(shape) {
		return time.Time{}, false
	}
	text := strings.Replace(s[:len(shape)], "t", "T", 1)
	for i := range shape {
		if digit := shape[i] == '0'; digit != isDigit(text[i]) || !digit && text[i] != shape[i] {
			return time.Time{}, false
		}
	}
	fraction, zone := "", s[len(shape):]
	if zone[0] == '.' {
		n := 1
		for n < len(zone) && isDigit(zone[n]) {
			n++
		}
		fraction, zone = zone[:n], zone[n:]
	}
	if zone == "z" {
		zone = "Z"
	}
	if fraction == "." || zone != "Z" && !isOffset(zone) {
		return time.Time{}, false
	}
	leap := strings.HasSuffix(text, ":60")
	if leap {
		text = text[:len(text)-2] + "59"
	}
	t, err := time.Parse(time.RFC3339Nano, text+fraction+zone)
	if leap && err == nil {
		last := t.UTC()
		t = t.Add(time.Second)
		return t, last.Hour() == 23 && last.Minute() == 59 && last.AddDate(0, 0, 1).Day() == 1
	}
	return t, err == nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isOffset(s string) bool {
	return len(s) == 6 && (s[0] == '+' || s[0] == '-') && s[3] == ':' && isDigit(s[1]) && isDigit(s[2]) && isDigit(s[4]) && isDigit(s[5]) &&
		s[1:3] <= "23" && s[4] <= '5'
}

// MarshalCursor writes a Cursor.
func MarshalCursor(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalCursor reads a Cursor.
func UnmarshalCursor(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fault.New(fault.Invalid, "A Cursor is a string that a list gave out.")
	}
	return s, nil
}

// MarshalJSON writes a JSON value as it was stored, to the letter.
func MarshalJSON(j json.RawMessage) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		if len(j) == 0 {
			j = json.RawMessage("null")
		}
		_, _ = w.Write(j)
	})
}

// UnmarshalJSON reads any JSON value. Numbers in variables keep all of their
// digits; members of an object come sorted by name.
func UnmarshalJSON(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fault.New(fault.Invalid, "This is not a JSON value.")
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
