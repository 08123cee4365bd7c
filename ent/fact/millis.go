package fact

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"
)

// Millis is a length of time, or a place in one, in whole milliseconds. The database keeps
// the milliseconds; the API and files write seconds with up to three decimals.
type Millis int64

// MaxMillis is the longest time that an input may have: 8,796,093,022,208 seconds, 2 to the
// power of 43. Up to it a double distinguishes each millisecond from the next.
const MaxMillis = Millis(1<<43) * 1000

// MillisOf is a number of seconds, rounded to the nearest millisecond. What is further from
// zero than MaxMillis becomes the millisecond beyond it, which no input may have.
func MillisOf(seconds float64) Millis {
	const most = float64(MaxMillis) / 1000
	switch {
	case seconds > most || math.IsNaN(seconds):
		return MaxMillis + 1
	case seconds < -most:
		return -MaxMillis - 1
	}
	return Millis(math.Round(seconds * 1000))
}

// String writes the time in seconds, such as 372.732.
func (m Millis) String() string {
	whole, rest := int64(m/1000), int64(m%1000)
	b := make([]byte, 0, 24)
	if m < 0 && whole == 0 {
		b = append(b, '-')
	}
	b = strconv.AppendInt(b, whole, 10)
	if rest == 0 {
		return string(b)
	}
	rest = max(rest, -rest)
	b = append(b, '.', byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return string(b)
}

// MarshalJSON writes the time in seconds, for a file.
func (m Millis) MarshalJSON() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalJSON reads seconds, from a file: exactly also beyond MaxMillis, since libraries of
// before there was a limit have such times. What an int64 does not hold becomes the least one,
// which is refused wherever a time is.
func (m *Millis) UnmarshalJSON(data []byte) error {
	var seconds float64
	if err := json.Unmarshal(data, &seconds); err != nil {
		return err
	}
	*m = MillisOf(seconds)
	if *m < -MaxMillis || *m > MaxMillis {
		*m = exactly(seconds, string(data))
	}
	return nil
}

// exactly is a time beyond what a double holds to the millisecond.
func exactly(seconds float64, text string) Millis {
	if math.Abs(seconds) < 1e16 {
		exact, _ := new(big.Rat).SetString(text)
		exact.Mul(exact, big.NewRat(1000, 1))
		if n := new(big.Int).Div(exact.Num(), exact.Denom()); n.IsInt64() {
			return Millis(n.Int64())
		}
	}
	return math.MinInt64
}
