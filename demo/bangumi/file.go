package bangumi

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// entry is a work in the package's dist/data.json.
type entry struct {
	Title          string              `json:"title"`
	TitleTranslate map[string][]string `json:"titleTranslate"`
	Type           string              `json:"type"`
	Lang           string              `json:"lang"`
	Begin          time.Time           `json:"begin"`
	End            string              `json:"end"`
	Sites          []struct {
		Site string `json:"site"`
		ID   string `json:"id"`
	} `json:"sites"`
}

// Read reads dist/data.json of the package: all works, in its order.
func Read(r io.Reader) ([]Work, error) {
	var data struct {
		Items []entry `json:"items"`
	}
	if err := json.NewDecoder(r).Decode(&data); err != nil {
		return nil, fmt.Errorf("read the data of bangumi-data: %w", err)
	}
	works := make([]Work, 0, len(data.Items))
	taken := make(map[string]int, len(data.Items))
	for i, e := range data.Items {
		w, err := e.work()
		if err != nil {
			return nil, fmt.Errorf("work %d, %q: %w", i, e.Title, err)
		}
		// Some works are not at bangumi.tv; some share a number there, as one
		// with two originals.
		if w.Ref == "" {
			w.Ref = "bangumi-data-" + strconv.Itoa(i)
		}
		taken[w.Ref]++
		if n := taken[w.Ref]; n > 1 {
			w.Ref += "-" + strconv.Itoa(n)
		}
		works = append(works, w)
	}
	return works, nil
}

// work is the entry as a library needs it; its Ref is empty where it has no
// number at bangumi.tv.
func (e entry) work() (Work, error) {
	w := Work{
		Title: clean(e.Title), Type: e.Type, Lang: e.Lang, Begin: e.Begin.UTC(),
		ZhHans: cleanAll(e.TitleTranslate["zh-Hans"]), ZhHant: cleanAll(e.TitleTranslate["zh-Hant"]),
		En: cleanAll(e.TitleTranslate["en"]), Ja: cleanAll(e.TitleTranslate["ja"]),
	}
	for _, s := range e.Sites {
		if s.Site == "bangumi" {
			w.Ref = "bangumi-" + s.ID
		}
		if _, shown := platforms[s.Site]; shown {
			w.Sites = append(w.Sites, s.Site)
		}
	}
	if e.End == "" {
		return w, nil
	}
	end, err := time.Parse(time.RFC3339, e.End)
	if err != nil {
		return Work{}, fmt.Errorf("its end: %w", err)
	}
	w.End = end.UTC()
	return w, nil
}

// invisible are characters without a look that some titles of the data hold.
var invisible = strings.NewReplacer("\ufeff", "", "\u200b", "")

// clean is the text in NFC, without blanks around it and without invisible characters.
func clean(text string) string { return strings.TrimSpace(norm.NFC.String(invisible.Replace(text))) }

func cleanAll(texts []string) []string {
	for i, text := range texts {
		texts[i] = clean(text)
	}
	return texts
}

// ReadExtract reads works as WriteExtract wrote them.
func ReadExtract(r io.Reader) ([]Work, error) {
	var works []Work
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		var w Work
		if err := json.Unmarshal(bytes.ReplaceAll(lines.Bytes(), []byte("\u200b"), nil), &w); err != nil {
			return nil, fmt.Errorf("read work %d: %w", len(works)+1, err)
		}
		works = append(works, w)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read works: %w", err)
	}
	return works, nil
}

// WriteExtract writes works, one JSON object a line.
func WriteExtract(w io.Writer, works []Work) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, work := range works {
		if err := encoder.Encode(work); err != nil {
			return fmt.Errorf("write work %s: %w", work.Ref, err)
		}
	}
	return nil
}
