package model

import (
	"encoding/json"
	"io"
	"time"
)

// Moment is a time in an input. It has one form in the API and in files: RFC
// 3339, in UTC, to the millisecond.
type Moment struct{ time.Time }

// IsZero reports whether a member is left out. A time that is given never is, not even
// 0001-01-01T00:00:00Z, which is the zero of time.Time.
func (m *Moment) IsZero() bool { return m == nil }

// MarshalGQL writes it as the API does.
func (m Moment) MarshalGQL(w io.Writer) { MarshalTime(m.Time).MarshalGQL(w) }

// UnmarshalGQL reads it as the API does, and refuses with INVALID.
func (m *Moment) UnmarshalGQL(v any) (err error) {
	m.Time, err = UnmarshalTime(v)
	return err
}

// MarshalJSON writes it for a file.
func (m Moment) MarshalJSON() ([]byte, error) {
	return []byte(m.UTC().Format(`"2006-01-02T15:04:05.000Z"`)), nil
}

// UnmarshalJSON reads it from a file, and refuses with INVALID.
func (m *Moment) UnmarshalJSON(data []byte) error {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	return m.UnmarshalGQL(v)
}

// Or is the moment of an input, or another where it is left out.
func (m *Moment) Or(otherwise time.Time) time.Time {
	if m == nil {
		return otherwise
	}
	return m.UTC().Truncate(time.Millisecond)
}
