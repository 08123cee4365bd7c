package typesense

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]address{
		"typesense://K@host:8108":             {"K", []string{"http://host:8108"}, "vodgraph"},
		"typesense://K@host":                  {"K", []string{"http://host:8108"}, "vodgraph"},
		"typesense://K@host/":                 {"K", []string{"http://host:8108"}, "vodgraph"},
		"typesenses://K@a:443,b,10.0.0.1:1/x": {"K", []string{"https://a:443", "https://b:8108", "https://10.0.0.1:1"}, "x"},
		"typesense://a%40b%2F%25@[::1]:81":    {"a@b/%", []string{"http://[::1]:81"}, "vodgraph"},
		"typesense://K@a:65535":               {"K", []string{"http://a:65535"}, "vodgraph"},
		"typesense://K@[::1]/my_2":            {"K", []string{"http://[::1]:8108"}, "my_2"},
	} {
		got, err := parse(setting)
		if err != nil {
			t.Errorf("%s: %v", setting, err)
			continue
		}
		if diff := cmp.Diff(&want, got, cmp.AllowUnexported(address{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", setting, diff)
		}
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]error{
		"":                                    errScheme,
		"SECRET":                              errScheme,
		"http://SECRET@host":                  errScheme,
		"typesense:/SECRET@host":              errScheme,
		"typesense://host:8108":               errKey,
		"typesense://@host:8108":              errKey,
		"typesense://SECRET%zz@host":          errKey,
		"typesense://SECRET%0a@host":          errKey,
		"typesense://SECRET@":                 errHost,
		"typesense://SECRET@host,":            errHost,
		"typesense://SECRET@host:":            errHost,
		"typesense://SECRET@ho st":            errHost,
		"typesense://SECRET@a:1:2":            errHost,
		"typesense://SECRET@host:81x":         errHost,
		"typesense://SECRET@OTHER@host":       errHost,
		"typesense://SECRET@host:99999":       errPort,
		"typesense://SECRET@a:1,b:65536/x":    errPort,
		"typesense://SECRET@[::1]:0":          errPort,
		"typesense://SECRET@host:-1":          errHost,
		"typesense://SECRET@host/Big":         errName,
		"typesense://SECRET@host/a-b":         errName,
		"typesense://SECRET@host/a/b":         errName,
		"typesense://SECRET@host/a?x=1":       errExtra,
		"typesense://SECRET@host/" + long(41): errName,
	} {
		_, err := Open(setting)
		if err != want {
			t.Errorf("%s: %v, want %v", setting, err, want)
		}
		if err != nil && (strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "OTHER")) {
			t.Errorf("%s: the error repeats the key: %v", setting, err)
		}
	}
}

func long(length int) string { return strings.Repeat("x", length) }
