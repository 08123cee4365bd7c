package media

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// TestCleanTrimsWhatIsHidden wants the ends of names to be seen, and emoji to stay whole.
func TestCleanTrimsWhatIsHidden(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"sea": "sea", "\u200bsea": "sea", "sea\ufeff": "sea", "\ufeff \u200b sea \u00ad\u200e": "sea", "\n\tsea\u0085": "sea",
		"\u202esea\u202c": "sea", "\u2066sea\u2069": "sea", "sea\ufe0f": "sea", "\ufe0fsea": "sea", "sea\u200b\ufe0f": "sea", "\u3164sea\uffa0": "sea",
		"\u200b": "", "\u2800": "", "\u3164": "", "\u00ad\u034f\u061c\u115f": "", "\U000e0041": "", "\ufe0f\ufe0f": "", " \u3000\u00a0": "",
		"❤\ufe0f": "❤\ufe0f", "👩\u200d🚀": "👩\u200d🚀", "🏴\U000e0067\U000e0062\U000e007f": "🏴\U000e0067\U000e0062\U000e007f",
		"葛\U000e0100": "葛\U000e0100", "می\u200cخواهم": "می\u200cخواهم", "e\u0301": "é", "a\u00a0b": "a\u00a0b", "1\ufe0f\u20e3": "1\ufe0f\u20e3",
	} {
		if got := Clean(text); got != want {
			t.Errorf("%+q is kept as %+q, not %+q", text, got, want)
		}
		if refused := Invisible(Clean(text)); refused != nil {
			t.Errorf("%+q: %s", text, refused.Message)
		}
	}
	for _, r := range "\x01\n\r\t\u0085\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2061\u2066\u2069\u206a\ufeff\u3164\uffa0\u115f\U0001d173\U000e0001" {
		if refused := Invisible("a" + string(r) + "b"); refused == nil {
			t.Errorf("%+q is taken within a name", r)
		}
	}
}

// TestCleanOfAnyText holds of any text that what is kept is the same when it is kept again,
// and begins and ends with what can be seen.
func TestCleanOfAnyText(t *testing.T) {
	t.Parallel()
	odd := []rune(" \t\n\u200b\u200c\u200d\ufe0f\ufeff\u0301\u2800\u00ad\u2028a1é❤🏴\U000e0067\U000e0100葛\u1100\u1161\u3164")
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(odd), rapid.Rune()), 0, 8).Draw(t, "text"))
		kept := Clean(text)
		if again := Clean(kept); again != kept || !norm.NFC.IsNormalString(kept) {
			t.Fatalf("%+q is kept as %+q, and that as %+q", text, kept, again)
		}
		if kept == "" {
			return
		}
		if runes := []rune(kept); hidden(runes[0]) || hidden(runes[len(runes)-1]) && !styles(runes[len(runes)-1]) {
			t.Fatalf("%+q is kept as %+q", text, kept)
		}
		if Invisible(kept) == nil && strings.ContainsFunc(strings.ReplaceAll(kept, "\x00", ""), unicode.IsControl) {
			t.Fatalf("%+q has a control character", kept)
		}
	})
}
