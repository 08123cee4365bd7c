package model

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

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

// UnmarshalFloat reads a Float.
func UnmarshalFloat(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case int:
		return float64(v), nil
	case int64:
		return float64(v), nil
	case json.Number:
		if f, err := strconv.ParseFloat(string(v), 64); err == nil {
			return f, nil
		}
	}
	return 0, fault.New(fault.Invalid, "A Float is a number.")
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

// UnmarshalTime reads a Time of any zone. What is finer than a millisecond is cut off.
func UnmarshalTime(v any) (time.Time, error) {
	if s, ok := v.(string); ok {
		t, err := time.Parse(time.RFC3339Nano, s)
		if t = t.UTC(); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return t.Truncate(time.Millisecond), nil
		}
	}
	return time.Time{}, fault.New(fault.Invalid,
		"A Time is written as RFC 3339 has it, such as 2026-11-22T16:44:00.000Z.")
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
