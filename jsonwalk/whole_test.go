package jsonwalk_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vodgraph/jsonwalk"
)

// TestWhole reads whole numbers in every notation, and no others.
func TestWhole(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"0": "0", "-0": "0", "-0.0": "0", "0e0": "0", "0.000E+999999999999999999999": "0", "0e-999999999999999999999": "0",
		"2": "2", "2.0": "2", "2e0": "2", "20e-1": "2", "0.2e1": "2", "0.2E+1": "2", "1e3": "1000", "-1.5e1": "-15", "1.50e1": "15",
		"9223372036854775807": "9223372036854775807", "9223372036854775807.0": "9223372036854775807", "9.223372036854775807e18": "9223372036854775807",
		"-9223372036854775808": "-9223372036854775808", "-92233720368547758080e-1": "-9223372036854775808", "9223372036854775808": "",
		"-9223372036854775809": "", "9007199254740993.0": "9007199254740993", "1e18": "1000000000000000000", "1e19": "", "1e400": "", "-1e400": "",
		"1.5": "", "-0.1": "", "1e-1": "", "15e-1": "", "1e999999999999999999999": "", "1e-999999999999999999999": "", "9223372036854775807.5": "",
		"1" + strings.Repeat("0", 5000) + "e-5000": "1", "0." + strings.Repeat("0", 4999) + "7e5000": "7",
	} {
		got, ok := jsonwalk.Whole(number)
		if text := strconv.FormatInt(got, 10); ok != (want != "") || ok && text != want {
			t.Errorf("%.40s is %s (%t), want %q", number, text, ok, want)
		}
	}
}

// TestWholeAsRationals reads every number as math/big does, which knows numbers exactly.
func TestWholeAsRationals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,22})?([eE][+-]?[0-9]{1,2})?`).Draw(t, "number")
		if rapid.Bool().Draw(t, "near a whole number") {
			n := rapid.Int64().Draw(t, "n")
			shift := rapid.IntRange(0, 25).Draw(t, "shift")
			if n == 0 {
				n = 1 // a zero is followed by no other
			}
			number = fmt.Sprintf("%d%se-%d", n, strings.Repeat("0", shift), shift)
			if rapid.Bool().Draw(t, "and no whole one") {
				number = fmt.Sprintf("%d.%s1", n, strings.Repeat("0", shift))
			}
		}
		if !json.Valid([]byte(number)) {
			t.Fatalf("%s is drawn, and is no JSON", number)
		}
		exact, ok := new(big.Rat).SetString(number)
		if !ok {
			t.Fatalf("math/big does not read %s", number)
		}
		want := exact.IsInt() && exact.Num().IsInt64()
		got, is := jsonwalk.Whole(number)
		if is != want || want && got != exact.Num().Int64() {
			t.Errorf("%s is %d (%t), want %s (%t)", number, got, is, exact.RatString(), want)
		}
	})
}
