package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"vodgraph/ent/fact"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/search"
)

// sentence is a part of a sentence, with {} for each of the figures. It may be broken over
// lines anywhere.
type sentence struct {
	text    string
	figures []int
}

func says(text string, figures ...int) sentence { return sentence{text, figures} }

// sentences are those that state limits, in whatever page they stand.
var sentences = func() []sentence {
	l, r := limits.DefaultLibrary(), limits.DefaultRequest()
	return []sentence{
		// Pages and lists.
		says("How many, 1 to {}; {} where left out", limits.LongestPage, limits.DefaultPage),
		says("How many entries, 1 to {}; {} where left out", limits.LongestEntries, limits.DefaultPage),
		says("How many from the start, 1 to {}; {} where", limits.LongestPage, limits.DefaultPage),
		says("How many from the end, 1 to {}. Not with `first`", limits.LongestPage),
		says("Without a size, the last {}", limits.DefaultPage),
		says("outside 1 to {}, of cues and findings 1 to {}, of facets 1 to {}", limits.LongestPage, limits.LongestEntries, limits.LongestBuckets),
		says("entries, {} where nothing is said and up to {}, of cues and findings up to {}", limits.DefaultPage, limits.LongestPage, limits.LongestEntries),
		says("the most frequent, 1 to {} (PAGE_SIZE_INVALID)", limits.LongestBuckets),
		says("over the whole result, up to {} (LIST_TOO_LONG)", limits.Facets),
		says("first: Int = {}", limits.DefaultPage),
		says("Up to {} keys, the most important first", limits.OrderKeys),
		says("Up to {} keys with a text, {} without", search.MaxSort, limits.OrderKeys),
		says("The keys, 0 to {} (LIST_TOO_LONG)", limits.IDs),
		says("of whatever types, 0 to {}", limits.IDs),
		says("Why it is not valid, up to {} reasons", limits.Errors),
		says("has more than {} fields of Mutation", limits.Mutations),
		says("up to {} fields of them (TOO_MANY_MUTATIONS)", limits.Mutations),
		says("up to {} fields of `Mutation`", limits.Mutations),
		says("| fields of Mutation in an operation | {} |", limits.Mutations),
		// Calls.
		says("1 to {} by default (TOO_MANY_ITEMS)", l.Items),
		says("at most {} by default (TOO_MANY_ITEMS)", l.Satellites),
		says("at most {} entries by default (LIST_TOO_LONG)", l.Satellites),
		says("all of more than {} assets", limits.Confirmed),
		says("where these are more than {}", limits.Confirmed),
		says("more than a tenth of the library and more than {} assets", limits.Confirmed),
		says("The caller's own name for this call, 1 to {} characters. For {} hours", limits.IdempotencyKey, int(limits.IdempotencyKept/time.Hour)),
		says("read of it in the history, up to {} characters", limits.Note),
		says("Of a dry run the first {} changes", limits.Previews),
		says("of an operation the first {} and counts of all", limits.Previews),
		says("kept for {} days by default", limits.HistoryDays),
		says("(IN_USE): the first {} uses", limits.Uses),
		says("Up to {} categories that it is limited to", limits.KeyGrants),
		says("whoever has it, 1 to {} characters", limits.KeyName),
		// What the library takes.
		says("The name people use, 1 to {} long", l.Title),
		says("Other names, at most {} (TOO_MANY_TITLES), each 1 to {} long", l.AlternativeTitles, l.Title),
		says("as plain text, at most {} long (DESCRIPTION_TOO_LONG)", l.Description),
		says("marked with, at most {} (TOO_MANY_TAGS), each 1 to {} long", l.Tags, l.Tag),
		says("The name it is to have, 1 to {} code points by default", l.Tag),
		says("Where it is filed, at most {} (TOO_MANY_CATEGORIES)", l.Categories["VIDEO"]),
		says("Its name, 1 to {} code points by default (CATEGORY_NAME_TOO_LONG)", l.CategoryName),
		says("1 for a root, at most {} by default", l.CategoryDepth),
		says("at {} levels (CATEGORY_TOO_DEEP) and at {} children of one parent", l.CategoryDepth+1, l.CategoryChildren+1),
		says("own key, {} to {} printable characters", l.ReferenceIDMin, l.ReferenceIDMax),
		says("own data, at most {} KiB as JSON", l.UserData>>10),
		says("when uploaded, 1 to {} characters (INVALID)", limits.FileName),
		says("by a name of the caller's of 1 to {} characters", l.Key),
		says("The job that made it, and its key among the streams of the asset: 1 to {} characters", l.Key),
		says("The job that made them: 1 to {} characters", l.Key),
		says("beginning, 0 to {} (INVALID), kept to the millisecond", int(fact.MaxMillis/1000)),
		says("Seconds into the video, 0 to {} (INVALID)", int(fact.MaxMillis/1000)),
		says("Seconds from one picture to the next, 0 to {} (INVALID)", int(fact.MaxMillis/1000)),
		// Filters and searches.
		says("By default a list has at most {} values (LIST_TOO_LONG), filters nest to {} levels", l.Filter.List, l.Filter.Depth),
		says("all filters of an operation have at most {} members together", r.FilterMembers),
		says("a filter names at most {} combinations", limits.FilterPlays),
		says("the most members of all filters of an operation, up to {}", l.Filter.Members),
		says("the most values of a list in a filter, up to {}", l.Filter.List),
		says("Only its first {} characters count", media.TitleKeyRunes),
		says("What to look for, up to {} code points, {} words and {} characters of Chinese", search.MaxText, search.MaxWords, search.MaxCJK),
		says("follows the library, within {} seconds", int(search.RevisionTimeout/time.Second)),
		says("waits for the engine, up to {} seconds", int(search.RevisionTimeout/time.Second)),
		says("Up to {} for each field, the earliest", limits.Highlights),
		says("plain text of up to {} code points", search.MaxSnippet),
		says("up to {} labels of an asset, and of all assets on a page together, those of the first asset first, up to {} cues with {} bytes of text, and labels with {} bytes",
			limits.TextLabels, limits.TextCues, limits.TextBytes, limits.TextBytes),
		// Requests.
		says("| {} (`--max-tokens`)", r.Tokens),
		says("| {} (`--max-depth`)", r.Depth),
		says("| {} (`--max-aliases`)", r.Aliases),
		says("| {} (`--max-fields`)", r.Fields),
		says("| {} (`--max-directives`)", r.Directives),
		says("| {} (`--max-filter-members`)", r.FilterMembers),
		says("| {} (`--max-list-values`)", r.ListValues),
		says("at worst | {} (`--max-nodes`)", r.Nodes),
		says("as they are read | {} (`--max-nodes`)", r.Nodes),
		says("| {} (`--max-cost`)", r.Cost),
	}
}()

// figure is a number as pages have it, such as 1,000.
const figure = `[0-9]+(?:,[0-9]{3})*`

// pattern matches a sentence with any figures, each of which is a group.
func (s sentence) pattern() *regexp.Regexp {
	words := strings.Fields(s.text)
	for i, word := range words {
		words[i] = strings.ReplaceAll(regexp.QuoteMeta(word), `\{\}`, "("+figure+")")
	}
	return regexp.MustCompile(strings.Join(words, `\s+`))
}

// stated is a text in which the sentence has its own figures, and how often it stands there.
func (s sentence) stated(text string) (string, int) {
	var out strings.Builder
	end, places := 0, s.pattern().FindAllStringSubmatchIndex(text, -1)
	for _, groups := range places {
		for i, n := range s.figures {
			from, to := groups[2*i+2], groups[2*i+3]
			out.WriteString(text[end:from] + grouped(n))
			end = to
		}
	}
	return out.String() + text[end:], len(places)
}

// grouped is a number with a comma before each three digits.
func grouped(n int) string {
	if n < 1_000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1_000), n%1_000)
}
