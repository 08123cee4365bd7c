package limits

import (
	"strings"
)

var typesByPrefix = map[string]string{
	"vid": "Video", "aud": "Audio", "img": "Image", "att": "Attachment", "mez": "Mezzanine", "ply": "PlayInfo",
	"snp": "Snapshot", "cat": "Category", "tag": "Tag", "chs": "ChangeSet", "blk": "BulkOperation", "key": "Key",
}

// nodes is how many statements it takes to load objects by their ids: one for each table
// that the ids name, and what hangs below.
func (s *loads) nodes(f chosen) (n int) {
	args := f.ArgumentMap(s.variables)
	named := map[string]bool{}
	list := items(args["ids"])
	for _, id := range append(list, args["ids"], args["id"]) {
		text, _ := id.(string)
		prefix, _, _ := strings.Cut(text, "_")
		named[typesByPrefix[prefix]] = true
	}
	tables := map[string]batch{}
	for _, v := range s.views(f) {
		if !named[v.on.Name] {
			continue
		}
		table := v.on.Name
		if s.fits("Asset", v.on) {
			table = "Asset"
		}
		tables[table] = tables[table].add(v)
	}
	for _, c := range tables {
		n = plus(n, s.all(load{1, []batch{c}}))
	}
	return n
}

// What a search takes that others do not.
const (
	// passageTables is how many tables have texts that are shown in highlights and looked
	// at for corrections.
	passageTables = 5
	// looks is how often it is asked at most whether the index has come to a revision.
	looks = 82
)

// search is how many statements a search takes: those that an engine needs around it, and
// those of the database, which answers where the engine turns out not to.
func (s *loads) search(f chosen) int {
	args := f.ArgumentMap(s.variables)
	page, counts := s.page(f)
	asks, highlights := map[string]bool{}, false
	for _, v := range s.views(f) {
		for _, part := range s.fields(v) {
			asks[part.Name] = true
			if part.Name == "index" {
				asks["revision"] = asks["revision"] || s.selects(part, "revision")
			}
			highlights = highlights || part.Name == "edges" && s.selects(part, "highlights")
		}
	}
	facets := 0
	if asks["facets"] {
		facets = callOf(args).facets
	}
	n := s.all(page)
	if page.n == 0 && asks["corrections"] {
		n++ // the rows that are looked at
	}
	n += facets
	if asks["revision"] {
		n++
	}
	if text, _ := args["text"].(string); strings.TrimSpace(text) == "" {
		return plus(n, counts)
	}
	n += 5 // what waits for the index, the tags and the categories of the filter, and of the text, and a list of what has it
	if asks["revision"] {
		n++
	}
	if args["atLeastRevision"] != nil {
		n += looks
	}
	if asks["corrections"] || highlights {
		n += passageTables
	}
	return min(n, most)
}

func (s *loads) selects(f chosen, name string) bool {
	for _, v := range s.views(f) {
		for _, below := range s.fields(v) {
			if below.Name == name {
				return true
			}
		}
	}
	return false
}
