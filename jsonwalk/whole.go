package jsonwalk

import (
	"math"
	"strconv"
	"strings"
)

// Whole is the value of a JSON number that is a whole number of 64 bits, in whatever notation:
// 2, 2.0, 20e-1 and 0.2e1 are the same. It is false for every other number; nothing is rounded.
// The text must be a JSON number.
func Whole(number string) (value int64, ok bool) {
	mantissa, exponent := number, 0
	if e := strings.IndexAny(number, "eE"); e >= 0 {
		mantissa = number[:e]
		var err error
		if exponent, err = strconv.Atoi(number[e+1:]); err != nil { // more digits than a number has zeros
			exponent = math.MaxInt32
			if number[e+1] == '-' {
				exponent = math.MinInt32
			}
		}
	}
	sign, mantissa := signOf(mantissa)
	digits, fraction, _ := strings.Cut(mantissa, ".")
	digits = strings.TrimLeft(digits+fraction, "0")
	significant := strings.TrimRight(digits, "0")
	if significant == "" {
		return 0, true
	}
	zeros := exponent - len(fraction) + len(digits) - len(significant)
	if zeros < 0 || zeros > maxDigits || len(significant) > maxDigits {
		return 0, false
	}
	value, err := strconv.ParseInt(sign+significant+strings.Repeat("0", zeros), 10, 64)
	return value, err == nil
}

// maxDigits is how many digits a whole number of 64 bits has at most.
const maxDigits = 19

// signOf is the sign of a number, and the number without it.
func signOf(number string) (sign, rest string) {
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		return "-", rest
	}
	return "", number
}
