package catalog

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/fault"
	"vodgraph/limits"
	"vodgraph/media"
)

// checkFileName refuses a name of a wrong length, and where the limits have file types one of
// a type that the asset's kind does not have. A name is kept as it is.
func checkFileName(k *change.Check, a *ent.Asset, name *string, field ...string) {
	if name == nil {
		return
	}
	if n := utf8.RuneCountInString(*name); n < 1 || n > limits.FileName {
		k.Newly(fault.New(fault.Invalid, "A file name has 1 to %d characters, not %d.", limits.FileName, n), field...)
	}
	if !k.Limits.FileTypes {
		return
	}
	of := strings.ToLower(strings.TrimPrefix(path.Ext(*name), "."))
	if allowed := media.FileTypes(a.Kind, change.ValueOr(a.BusinessType, "")); !slices.Contains(allowed, of) {
		what := strings.ToLower(string(a.Kind))
		if a.BusinessType != nil {
			what = strings.ToLower(string(*a.BusinessType))
		}
		k.Newly(fault.New(fault.FileTypeRefused, "A file of the type %q is not taken for this asset (%s); taken are %s.",
			of, what, strings.Join(allowed, ", ")), field...)
	}
}

const md5Digits = 32

// checkMd5 is an MD5 sum as it is kept: in lower case. It refuses what is not one.
func checkMd5(k *change.Check, sum *string, field ...string) *string {
	if sum == nil {
		return nil
	}
	if len(*sum) != md5Digits || strings.Trim(*sum, "0123456789abcdefABCDEF") != "" {
		k.Newly(fault.New(fault.Invalid, "An MD5 sum has %d hexadecimal digits.", md5Digits), field...)
		return sum
	}
	lower := strings.ToLower(*sum)
	return &lower
}

// languageTag refuses what has not the form of a tag of BCP 47. It is kept as it was given,
// and need not be registered: the list of languages grows.
func languageTag(tag *string) *fault.Fault {
	if tag == nil {
		return nil
	}
	_, err := language.Raw.Parse(*tag)
	if _, unknown := err.(language.ValueError); (err == nil || unknown) && !strings.Contains(*tag, "_") {
		return nil
	}
	return fault.New(fault.Invalid, "A language is a tag of BCP 47, such as ja or zh-Hans.")
}

// checkStream refuses an index below zero, and one that another stream has.
func checkStream(k *change.Check, taken map[int]bool, index int, field ...string) {
	k.Require(index >= 0 && !taken[index], "Each stream has an index of its own, from 0.", append(field, "index")...)
	taken[index] = true
}

func checkCounts(k *change.Check, size, bitrate *int64, field []string) {
	change.Positive(k, size, append(field, "size")...)
	change.Positive(k, bitrate, append(field, "bitrate")...)
}

func checkRates(k *change.Check, duration, fps *float64, field []string) {
	change.Positive(k, duration, append(field, "duration")...)
	change.Positive(k, fps, append(field, "fps")...)
}

func checkPixels(k *change.Check, width, height *int, field []string) {
	change.Positive(k, width, append(field, "width")...)
	change.Positive(k, height, append(field, "height")...)
}

// asList is the place of a value in a list below others.
func asList(field []string, list string, i int) []string {
	return append(slices.Clone(field), list, strconv.Itoa(i))
}
