package read

import "strings"

// writer writes the anchors' SQL: one statement a question, which has the
// database build the whole answer as JSON. Both databases get the same text but
// for the names of functions.
type writer struct{ postgres bool }

func (w writer) choose(postgres, sqlite string) string {
	if w.postgres {
		return postgres
	}
	return sqlite
}

// parameter is the n-th argument, each of which is used once, in turn.
func (w writer) parameter(n string) string { return w.choose("$"+n, "?") }

// object makes a JSON object of names and expressions, which take turns.
func (w writer) object(members ...string) string {
	var b strings.Builder
	b.WriteString(w.choose("json_build_object(", "json_object("))
	for i := 0; i < len(members); i += 2 {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("'" + members[i] + "', " + members[i+1])
	}
	return b.String() + ")"
}

// list makes a JSON array of an element of each of the rows.
func (w writer) list(element, rows string) string {
	return w.one(w.choose("(SELECT coalesce(json_agg("+element+"), '[]'::json)", "(SELECT json_group_array("+element+")") +
		" FROM " + rows + ")")
}

// one is what a subquery makes, as JSON: SQLite takes the answer of a subquery for a text.
func (w writer) one(subquery string) string { return w.choose(subquery, "json("+subquery+")") }

func (w writer) nodes(element, rows string) string { return w.object("nodes", w.list(element, rows)) }

// fields are names and expressions of columns of a table: the fields of the API,
// with the kind of those that need more than their column: "createdAt:time", and the column
// of those of another name: "start:seconds:from".
func (w writer) fields(table, names string) []string {
	var members []string
	for name := range strings.FieldsSeq(names) {
		name, kind, _ := strings.Cut(name, ":")
		kind, of, named := strings.Cut(kind, ":")
		if !named {
			of = snake(name)
		}
		column := table + `."` + of + `"`
		switch kind {
		case "time":
			column = w.choose("to_char("+column+` AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
				"strftime('%Y-%m-%dT%H:%M:%fZ', "+column+")")
		case "seconds": // of milliseconds
			column = w.choose(column+"::float8 / 1000", column+" / 1000.0")
		case "json":
			column = w.choose(column, "json("+column+")")
		case "bool":
			column = w.choose(column, "json(iif("+column+", 'true', 'false'))")
		}
		members = append(members, name, column)
	}
	return members
}

func snake(name string) string {
	if name == "attachmentType" {
		return "business_type"
	}
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (w writer) of(table, names string, more ...string) string {
	return w.object(append(w.fields(table, names), more...)...)
}

// parts is a list of objects in a column of JSON, cut down to some members.
func (w writer) parts(column, names string) string {
	var members []string
	for name := range strings.FieldsSeq(names) {
		members = append(members, name, w.choose("part", "part.value")+"->'"+name+"'")
	}
	return w.list(w.object(members...), w.choose("jsonb_array_elements(", "json_each(")+column+") part")
}

// spans are stretches of time in a column of JSON.
func (w writer) spans(column string) string {
	at := func(member string) string {
		return w.choose("(part->>'"+member+"')::float8 / 1000", "(part.value->>'"+member+"') / 1000.0")
	}
	return w.list(w.object("start", at("from"), "end", at("to")), w.choose("jsonb_array_elements(", "json_each(")+column+") part")
}

// statements are those of the questions, by their names.
func (w writer) statements() map[string]string {
	video := "(SELECT * FROM assets WHERE kind = 'VIDEO'"
	newest := " ORDER BY created_at DESC, id DESC LIMIT "
	after := " AND (created_at, id) < (" + w.parameter("1") + ", " + w.parameter("2") + ")"
	videos := func(rows string) string {
		return "SELECT " + w.object("videos", w.nodes(w.listedVideo(), rows))
	}
	return map[string]string{
		viewQuestion: "SELECT " + w.object("node", w.fullVideo()) + " FROM assets v WHERE v.id = " + w.parameter("1"),
		newQuestion:  videos(video + newest + "20) v"),
		flatQuestion: "SELECT " + w.object("assets", w.nodes(
			w.of("v", "id kind referenceId title status size createdAt:time updatedAt:time"),
			"(SELECT * FROM assets"+newest+"100) v")),
		deepQuestion: videos(video + after + newest + "20) v"),
	}
}

// Rows that hang below the asset v, in the order of the API. CROSS JOIN has SQLite
// begin with the few rows of the asset, and a tag's name is looked up tag by tag:
// the planners would else read all categories or tags in turn, for each asset.
const (
	categoryRows = `(SELECT c.* FROM asset_categories ac CROSS JOIN categories c WHERE ac.asset_id = v.id AND c.id = ac.category_id ORDER BY c.path) c`
	tagRows      = `(SELECT at.tag_id AS id, (SELECT name FROM tags WHERE id = at.tag_id) AS name FROM asset_tags at WHERE at.asset_id = v.id ORDER BY 2) t`
	playInfoRows = `(SELECT * FROM play_infos WHERE asset_id = v.id AND status = 'NORMAL' ORDER BY id) p`
)

func (w writer) listedVideo() string {
	return w.of("v", "id title status description duration size createdAt:time",
		"categories", w.list(w.of("c", "id name level"), categoryRows),
		"tags", w.list(w.of("t", "name"), tagRows),
		"mezzanine", w.one("(SELECT "+w.of("m", "fileName size bitrate fps width height")+" FROM mezzanines m WHERE m.asset_id = v.id)"),
		"playInfos", w.list(w.of("p", "definition format location bitrate width height"), playInfoRows))
}

func (w writer) fullVideo() string {
	path := w.list(w.of("a", "name"), "(SELECT * FROM categories WHERE id IN (c.id, c.parent_id, "+
		"(SELECT parent_id FROM categories WHERE id = c.parent_id)) ORDER BY level) a")
	mezzanine := w.of("m", "id status fileName location md5 size duration bitrate fps width height createdAt:time",
		"videoStreams", w.parts("m.video_streams", "index codecName profile width height fps bitrate hdrType"),
		"audioStreams", w.parts("m.audio_streams", "index codecName sampleRate channels language"))
	picture := "id location width height"
	cover := "coalesce((SELECT " + w.of("i", picture) + " FROM assets i WHERE i.id = v.cover_image_id), " +
		"(SELECT " + w.of("s", picture) + " FROM snapshots s WHERE s.id = v.cover_snapshot_id))"
	return w.of("v", "id kind referenceId title alternativeTitles:json description status statusReason size storageLocation "+
		"storageClass mediaSource userData:json revision createdAt:time updatedAt:time duration downloadEnabled:bool",
		"categories", w.list(w.of("c", "id name level", "path", path), categoryRows),
		"tags", w.list(w.of("t", "id name"), tagRows),
		"cover", w.one(cover),
		"mezzanine", w.one("(SELECT "+mezzanine+" FROM mezzanines m WHERE m.asset_id = v.id)"),
		"playInfos", w.list(w.of("p", "id jobId streamType format definition status location bitrate duration fps width height size "+
			"encrypted:bool encryptType codec createdAt:time updatedAt:time"), playInfoRows),
		"snapshots", w.nodes(w.of("s", "id type index at:seconds:offset location"),
			`(SELECT * FROM snapshots WHERE asset_id = v.id ORDER BY type, "index", id LIMIT 10) s`),
		"attachments", w.list(w.of("l", "language label", "attachment", w.of("l", "id title attachmentType::business_type location")),
			`(SELECT a.*, al.language, al.label FROM attachment_links al CROSS JOIN assets a
			  WHERE al.asset_id = v.id AND a.id = al.attachment_id ORDER BY a.id) l`),
		"aiData", w.aiData())
}

// aiData is what analysers have said of the asset v.
func (w writer) aiData() string {
	cues := func(kind string) string {
		return w.nodes(w.of("q", "start:seconds:from end:seconds:to text"),
			`(SELECT * FROM cues WHERE asset_id = v.id AND kind = '`+kind+`' ORDER BY "from", "to", id LIMIT 10) q`)
	}
	findings := w.nodes(w.of("f", "module scene label score suggestion start:seconds:from end:seconds:to"), `(SELECT * FROM review_findings
		WHERE asset_id = r.asset_id AND source = r.source ORDER BY coalesce("from", -1), id LIMIT 10) f`)
	review := w.one("(SELECT " + w.object(append(w.fields("r", "suggestion"), "labels",
		w.choose("coalesce(r.review_labels, '[]')", "json(coalesce(r.review_labels, '[]'))"),
		"createdAt", w.fields("r", "reviewedAt:time")[1], "findings", findings)...) + ` FROM
		(SELECT * FROM ai_sources WHERE asset_id = v.id AND suggestion IS NOT NULL ORDER BY reviewed_at DESC, id DESC LIMIT 1) r)`)
	duplicates := w.nodes(w.of("d", "similarity source",
		"asset", w.one("(SELECT "+w.of("o", "id title")+" FROM assets o WHERE o.id = d.to_id)")),
		`(SELECT * FROM (
		    SELECT id, other_id AS to_id, similarity, source FROM duplicates WHERE asset_id = v.id
		    UNION ALL SELECT id, asset_id, similarity, source FROM duplicates t WHERE other_id = v.id AND NOT EXISTS (
		      SELECT 1 FROM duplicates b WHERE b.asset_id = t.other_id AND b.other_id = t.asset_id AND b.source = t.source)
		  ) e ORDER BY similarity DESC, id LIMIT 5) d`)
	return w.object(
		"sources", w.list("n.source", "(SELECT source FROM ai_sources WHERE asset_id = v.id ORDER BY source) n"),
		"labels", w.nodes(w.of("n", "name category confidence source", "spans", w.spans("n.spans")),
			"(SELECT * FROM ai_labels WHERE asset_id = v.id ORDER BY confidence IS NULL, confidence DESC, name, id LIMIT 10) n"),
		"speech", cues("SPEECH"), "screenText", cues("SCREEN_TEXT"), "review", review, "duplicates", duplicates,
		"coverCandidates", w.list(w.of("n", "id location format score"),
			"(SELECT * FROM cover_candidates WHERE asset_id = v.id ORDER BY score IS NULL, score DESC, id) n"))
}
