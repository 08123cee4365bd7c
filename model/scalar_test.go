package model_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent"
	"vodgraph/fault"
	"vodgraph/model"
)

func written(m graphql.Marshaler) string {
	var b strings.Builder
	m.MarshalGQL(&b)
	return b.String()
}

func TestScalarsAreWritten(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("east", 2*60*60)
	for got, want := range map[string]string{
		written(model.MarshalTime(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))):                 `"2026-01-02T03:04:05.000Z"`,
		written(model.MarshalTime(time.Date(2026, 1, 2, 3, 4, 5, 120_999_999, east))):           `"2026-01-02T01:04:05.120Z"`,
		written(model.MarshalInt64(1<<63 - 1)):                                                  "9223372036854775807",
		written(model.MarshalFloat(12.125)):                                                     "12.125",
		written(model.MarshalFloat(1e21)):                                                       "1e+21",
		written(model.MarshalJSON(json.RawMessage(`{"b": 1.50, "a": [12345678901234567890]}`))): `{"b": 1.50, "a": [12345678901234567890]}`,
		written(model.MarshalJSON(nil)):                                                         "null",
	} {
		if got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

// scalar reads a value as one of the scalars.
type scalar func(any) (any, error)

func as[T any](unmarshal func(any) (T, error)) scalar {
	return func(v any) (any, error) { return unmarshal(v) }
}

func TestScalarsAreRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		read     scalar
		in, want any
	}{
		{as(model.UnmarshalInt), json.Number("5"), 5},
		{as(model.UnmarshalInt), int64(-2147483648), -2147483648},
		{as(model.UnmarshalInt64), json.Number("9223372036854775807"), int64(1<<63 - 1)},
		{as(model.UnmarshalFloat), int64(2), 2.0},
		{as(model.UnmarshalFloat), json.Number("1e3"), 1000.0},
		{as(model.UnmarshalID), int64(7), "7"},
		{as(model.UnmarshalTime), "2026-01-02T03:04:05.1239+02:00", time.Date(2026, 1, 2, 1, 4, 5, 123e6, time.UTC)},
	} {
		if got, err := c.read(c.in); err != nil || got != c.want {
			t.Errorf("%#v is read as %#v, %v, not as %#v", c.in, got, err, c.want)
		}
	}
	kept, err := model.UnmarshalJSON(map[string]any{"n": json.Number("12345678901234567890.50"), "html": "<&>"})
	if want := `{"html":"<&>","n":12345678901234567890.50}`; err != nil || string(kept) != want {
		t.Errorf("%s, %v, not %s", kept, err, want)
	}
}

func TestScalarsRefuse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		read scalar
		in   any
	}{
		"an Int from a string":      {as(model.UnmarshalInt), "5"},
		"an Int of 33 bits":         {as(model.UnmarshalInt), int64(1 << 31)},
		"an Int from a fraction":    {as(model.UnmarshalInt), json.Number("1.5")},
		"an Int64 from a string":    {as(model.UnmarshalInt64), "5"},
		"an Int64 from a float":     {as(model.UnmarshalInt64), 5.0},
		"an Int64 of 65 bits":       {as(model.UnmarshalInt64), json.Number("9223372036854775808")},
		"a Float from a string":     {as(model.UnmarshalFloat), "5"},
		"a Float past all":          {as(model.UnmarshalFloat), json.Number("1e999")},
		"a String from a number":    {as(model.UnmarshalString), json.Number("5")},
		"a Boolean from a string":   {as(model.UnmarshalBoolean), "true"},
		"a Time without a zone":     {as(model.UnmarshalTime), "2026-01-02T03:04:05"},
		"a Time of the year 10000":  {as(model.UnmarshalTime), "9999-12-31T23:59:59-02:00"},
		"an enum in another case":   {as(ent.UnmarshalAssetKind), "video"},
		"a fact's enum of no value": {as(model.UnmarshalHdrType), "HDR11"},
	} {
		_, err := c.read(c.in)
		var refused *fault.Fault
		if !errors.As(err, &refused) || refused.Code != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
