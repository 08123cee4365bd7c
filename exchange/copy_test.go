package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"vodgraph/exchange"
)

// TestYear1 keeps a time that is the zero of Go's clock through an export and an import.
func TestYear1(t *testing.T) {
	each(t, func(l *library) {
		l.takes(`{"kind":"IMAGE","referenceId":"z","title":"Z","createdAt":"0001-01-01T00:00:00Z","updatedAt":"0001-01-01T00:00:00Z","trashedAt":"0001-01-01T00:00:00Z"}`)
		first := string(l.export())
		if strings.Count(first, `"0001-01-01T00:00:00.000Z"`) != 3 {
			l.Errorf("the export is\n%s", first)
		}
		second := libraryOn(l.T, l.db) // the same, for which nothing may differ
		if s := second.takes(first); s != (exchange.Summary{Unchanged: 1}) {
			l.Errorf("%v", s)
		}
	})
}

// TestFilingByID renames and moves what is known by its id, swaps names, and has ids survive in
// any order of lines.
func TestFilingByID(t *testing.T) {
	each(t, func(l *library) {
		const films, songs, old = "cat_01DXF6DT000000000000000001", "cat_01DXF6DT000000000000000002", "cat_01DXF6DT000000000000000003"
		l.takes(`{"kind":"VIDEO","title":"v","id":"` + vid1 + `","categories":[{"path":["Films","Old"]}],"tags":["sea","sky"]}
{"category":{"id":"` + old + `","path":["Films","Old"]}}
{"tag":{"id":"tag_01DXF6DT000000000000000001","name":"sea"}}
{"tag":{"id":"tag_01DXF6DT000000000000000002","name":"sky"}}
{"category":{"id":"` + songs + `","path":["Songs"]}}
{"category":{"id":"` + films + `","path":["Films"]}}`)
		for _, c := range []struct{ text, want string }{
			{`{"category":{"id":"` + films + `","path":["Movies"]}}`, "[Movies Old]"},
			{`{"category":{"id":"` + films + `","path":["Songs"]}}` + "\n" + `{"category":{"id":"` + songs + `","path":["Movies"]}}`, "[Songs Old]"},
			{`{"category":{"id":"` + old + `","path":["Movies","New"]}}`, "[Movies New]"},
			{`{"category":{"id":"` + old + `","path":["Top"]}}`, "[Top]"},
		} {
			if s := l.takes(c.text); s.Changed != int64(strings.Count(c.text, "\n")+1) || s.Created > 0 {
				l.Errorf("%s: %v", c.text, s)
			}
			categories, _ := l.asset(vid1)["categories"].([]any)
			if len(categories) != 1 || fmt.Sprint(categories[0].(map[string]any)["path"]) != c.want {
				l.Errorf("%s: it is in %v, want %s", c.text, categories, c.want)
			}
			if s := l.takes(c.text); s.Created+s.Changed > 0 {
				l.Errorf("%s again: %v", c.text, s)
			}
		}
		if s := l.takes(`{"tag":{"id":"tag_01DXF6DT000000000000000001","name":"sky"}}
{"tag":{"id":"tag_01DXF6DT000000000000000002","name":"sea"}}`); s != (exchange.Summary{Changed: 2}) {
			l.Errorf("tags swap: %v", s)
		}
		if text := string(l.export()); !strings.Contains(text, `{"tag":{"id":"tag_01DXF6DT000000000000000001","name":"sky"}}`) {
			l.Errorf("after the swap:\n%s", text)
		}
		l.takes(`{"tag":{"id":"tag_01DXF6DT000000000000000009","name":"new"}}`)
		l.refuses(`{"tag":{"id":"tag_01DXF6DT000000000000000009","name":"sea"}}`, "1", "tag.name", "TAG_EXISTS")
		l.refuses(`{"category":{"id":"`+films+`","path":["Movies"]}}`, "1", "category.path", "CATEGORY_NAME_TAKEN")
		l.refuses(`{"category":{"id":"`+films+`","path":["Songs","Below itself"]}}`, "1", "category.path", "CATEGORY_CYCLE")
	})
}

// TestClear brings an older copy up to a newer export.
func TestClear(t *testing.T) {
	each(t, func(l *library) {
		l.takes(whole)
		bare := `{"id":"` + vid1 + `","kind":"VIDEO","title":"Bare","status":"NORMAL","storageLocation":"default","storageClass":"STANDARD","mediaSource":"GENERAL","downloadEnabled":true,"createdAt":"2020-01-01T00:00:00.000Z","updatedAt":"2021-01-01T00:00:00.000Z"}`
		options := exchange.Options{LineOptions: exchange.LineOptions{Clear: true}}
		for _, want := range []exchange.Summary{{Changed: 1}, {Unchanged: 1}} {
			s, err := exchange.Import(l.Context(), l.catalog, []exchange.Source{source([]byte(formatLine + bare))}, options)
			if err != nil || s != want {
				l.Errorf("%v %v, want %v", s, err, want)
			}
			if got := string(l.export()); !strings.HasSuffix(got, "\n"+bare+"\n") {
				l.Errorf("it is\n%s\nwant\n%s", got, bare)
			}
		}
	})
}

// TestKnownByReference has a line of a new id and a known reference id be about the known
// asset, and links by the id of the file name it.
func TestKnownByReference(t *testing.T) {
	each(t, func(l *library) {
		l.takes(`{"id":"` + att1 + `","kind":"ATTACHMENT","referenceId":"sub","title":"Sub","attachmentType":"SUBTITLE"}`)
		s := l.takes(`{"id":"` + vid1 + `","kind":"VIDEO","title":"v","attachments":[{"attachment":{"id":"` + att2 + `"}}]}
{"id":"` + att2 + `","kind":"ATTACHMENT","referenceId":"sub","title":"Other","attachmentType":"SUBTITLE"}
{"id":"` + att2 + `","description":"d"}`)
		if s != (exchange.Summary{Created: 1, Changed: 2}) {
			l.Errorf("%v", s)
		}
		got := l.asset(att1)
		if got["title"] != "Other" || got["description"] != "d" || fmt.Sprint(l.asset(vid1)["attachments"]) != "[map[attachment:map[id:"+att1+"]]]" {
			l.Errorf("they are %v and %v", got, l.asset(vid1))
		}
		l.takes(`{"id":"` + att2 + `","kind":"ATTACHMENT","referenceId":"own","title":"Own","attachmentType":"SUBTITLE"}`)
		l.refuses(`{"id":"`+att2+`","referenceId":"sub"}`, "1", "referenceId", "REFERENCE_ID_TAKEN")
	})
}

// TestOneMeasureOfUserData measures a value and not its spelling, and keeps one spelling.
func TestOneMeasureOfUserData(t *testing.T) {
	each(t, func(l *library) {
		most := l.catalog.Limits().UserData
		fits := strings.Repeat("中", (most-8)/3)
		spelled := strings.ReplaceAll(fits, "中", `\u4e2d`)
		for _, c := range []struct{ data, kept string }{
			{`{"k":"` + spelled + `"}`, `{"k":"` + fits + `"}`},
			{`{ "k" : "\u003cb\u003e\/\u00e9\u2028\ud83d\ude00\u0041\u0022\u005c\u000a\u001f\u007f" }`, "{\"k\":\"<b>/é\u2028😀A\\\"\\\\\\n\\u001f\x7f\"}"},
			{`{"z":1.0,"a":-0,"n":1E400,"\u0061a":[]}`, `{"z":1.0,"a":-0,"n":1E400,"aa":[]}`},
		} {
			l.takes(`{"id":"` + vid1 + `","kind":"VIDEO","title":"v","userData":` + c.data + `}`)
			row, err := l.db.Client.Asset.Get(l.Context(), vid1)
			if err != nil || string(row.UserData) != c.kept {
				l.Errorf("%v: %.100s is kept as %.100s, want %.100s", err, c.data, row.UserData, c.kept)
			}
			if s := l.takes(string(l.export())); s != (exchange.Summary{Unchanged: 1}) {
				l.Errorf("the export again: %v", s)
			}
		}
		l.refuses(`{"id":"`+vid1+`","userData":{"k":"`+fits+`aaaa"}}`, "1", "userData", "USER_DATA_TOO_LARGE")
	})
}
