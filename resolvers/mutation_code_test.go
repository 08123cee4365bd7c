package resolvers_test

import (
	"slices"
	"strings"
	"testing"

	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/fault"
)

// provoked are requests that come to each code: the name of a mutation and its
// arguments, or a query.
var provoked = map[fault.Code][2]string{
	fault.Invalid:              {"assetsCreate", `{"items": [{"kind": "VIDEO", "title": "x", "size": -1}]}`},
	fault.Required:             {"assetsCreate", `{"items": []}`},
	fault.NotFound:             {"categoryDelete", `{"id": "cat_1"}`},
	fault.TooManyItems:         {"assetsCreate", `{"items": [` + strings.Repeat(`{"kind": "VIDEO", "title": "x"}, `, 4) + `{"kind": "VIDEO", "title": "x"}]}`},
	fault.DuplicateItem:        {"assetsSetStatus", `{"items": [{"id": "$id", "to": "UPLOADED"}, {"id": "$id", "to": "UPLOADED"}]}`},
	fault.RolledBack:           {"assetsSetStatus", `{"items": [{"id": "x", "to": "CHECKING"}, {"id": "$id", "to": "CHECKING"}], "options": {"errorPolicy": "ATOMIC"}}`},
	fault.StaleRevision:        {"assetsUpdate", `{"items": [{"id": "$id", "ifRevision": 0}]}`},
	fault.ReferenceIDTaken:     {"assetsCreate", `{"items": [{"kind": "VIDEO", "title": "x", "referenceId": "taken"}]}`},
	fault.Trashed:              {"assetsCreate", `{"items": [{"kind": "VIDEO", "title": "x", "referenceId": "away"}]}`},
	fault.IDTaken:              {"assetsCreate", `{"items": [{"kind": "VIDEO", "title": "x", "id": "$id"}]}`},
	fault.TitleTooLong:         {"assetsUpdate", `{"items": [{"id": "$id", "title": "$long"}]}`},
	fault.DescriptionTooLong:   {"assetsUpdate", `{"items": [{"id": "$id", "description": "$long"}]}`},
	fault.TooManyTitles:        {"assetsUpdate", `{"items": [{"id": "$id", "alternativeTitles": $many}]}`},
	fault.TooManyTags:          {"assetsUpdate", `{"items": [{"id": "$id", "tags": {"add": $many}}]}`},
	fault.TagTooLong:           {"tagsMerge", `{"from": ["t"], "into": "$long"}`},
	fault.TooManyCategories:    {"assetsUpdate", `{"items": [{"id": "$id", "categories": {"set": [{"path": ["a"]}, {"path": ["b"]}]}}]}`},
	fault.UserDataTooLarge:     {"assetsUpdate", `{"items": [{"id": "$id", "userData": {"set": "$long"}}]}`},
	fault.ReferenceIDMalformed: {"assetsUpdate", `{"items": [{"id": "$id", "newReferenceId": "\n"}]}`},
	fault.CategoryNameTooLong:  {"categoryCreate", `{"input": {"name": "$long"}}`},
	fault.CategoryNameTaken:    {"categoryCreate", `{"input": {"name": "a"}}`},
	fault.CategoryTooDeep:      {"categoryCreate", `{"input": {"name": "x", "parentId": "$a"}}`},
	fault.CategoryFull:         {"categoryCreate", `{"input": {"name": "x"}}`},
	fault.CategoryCycle:        {"categoryUpdate", `{"input": {"id": "$a", "parentId": "$a"}}`},
	fault.TagExists:            {"tagRename", `{"name": "t", "to": "u"}`},
	fault.StatusStepIllegal:    {"assetsSetStatus", `{"items": [{"id": "$id", "to": "UPLOADED"}]}`},
	fault.FileTypeRefused:      {"assetsUpdate", `{"items": [{"id": "$id", "mezzanine": {"fileName": "virus.exe"}}]}`},
	fault.WrongKind:            {"assetsCreate", `{"items": [{"kind": "IMAGE", "title": "x", "duration": 1}]}`},
	fault.InUse:                {"mezzanineDelete", `{"asset": {"id": "$id"}}`},
	fault.IdempotencyKeyReused: {"assetsTrash", `{"assets": [{"id": "y"}], "options": {"idempotencyKey": "used"}}`},
	fault.AllRequired:          {"assetsTrashWhere", `{"filter": {}}`},
	fault.NotUndoable:          {"changeSetUndo", `{"id": "$deletion"}`},
	fault.ListTooLong:          {"aiDataPut", `{"items": [{"asset": {"id": "$id"}, "source": "s", "speech": [` + strings.Repeat(`{"start": 0, "end": 0.001, "text": "x"}, `, 2) + `{"start": 0, "end": 0.001, "text": "x"}]}]}`},
	fault.CursorInvalid:        {"", `{ assets(after: "x") { nodes { id } } }`},
	fault.PageSizeInvalid:      {"", `{ assets(first: 101) { nodes { id } } }`},
	fault.TextTooLong:          {"", `{ search(text: "` + strings.Repeat("x ", 250) + `x") { totalCount } }`},
	fault.FilterTooDeep:        {"", `{ assets(filter: {not: {not: {not: {}}}}) { nodes { id } } }`},
	fault.FilterTooLarge:       {"", `{ assets(filter: {kinds: [VIDEO], statuses: [NORMAL], hasCover: true}) { nodes { id } } }`},
}

// unprovoked are the codes that no request comes to here, and why. Most are those
// of app, which presents what the executor finds wrong; its tests see them.
var unprovoked = map[fault.Code]string{
	fault.ChangedSince:            "it is a failure of an operation; TestUndoLeavesWhatWasChangedSince has one",
	fault.PurgeTooLarge:           "it takes more than 100 assets",
	fault.CursorExpired:           "it takes an engine that goes; TestSearchCursorsExpire has one",
	fault.Internal:                "what is unexpected cannot be asked for",
	fault.TooManyTokens:           "the document comes to no resolver",
	fault.TooDeep:                 "the document comes to no resolver",
	fault.TooManyAliases:          "the document comes to no resolver",
	fault.TooManyDirectives:       "the document comes to no resolver",
	fault.TooManyFields:           "the document comes to no resolver",
	fault.IntrospectionTooDeep:    "the document comes to no resolver",
	fault.TooManyNodes:            "the operation comes to no resolver",
	fault.TooCostly:               "the operation comes to no resolver",
	fault.NodesExceeded:           "the door counts what comes out of resolvers",
	fault.Overloaded:              "the request comes to no resolver",
	fault.Unauthenticated:         "the request comes to no resolver",
	fault.RateLimited:             "the request comes to no resolver",
	fault.HostRefused:             "the request comes to no resolver",
	fault.Forbidden:               "the process itself may do everything",
	fault.OriginRefused:           "the request comes to no resolver",
	fault.BatchRefused:            "the request comes to no resolver",
	fault.TooManyMutations:        "the request comes to no resolver",
	fault.QueryTooLarge:           "the request comes to no resolver",
	fault.PersistedQueryNotFound:  "the request comes to no resolver",
	fault.MethodNotAllowed:        "the request comes to no resolver",
	fault.NotAcceptable:           "the request comes to no resolver",
	fault.UnsupportedMediaType:    "the request comes to no resolver",
	fault.PersistedQueryMismatch:  "the request comes to no resolver",
	fault.DocumentNotTrusted:      "the request comes to no resolver",
	fault.TooManySubscriptions:    "the request comes to no resolver",
	fault.Timeout:                 "the request comes to no resolver",
	fault.GraphQLParseFailed:      "the document comes to no resolver",
	fault.GraphQLValidationFailed: "the document comes to no resolver",
}

func TestMutationCodesAllHappen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db, func(o *change.Options) {
			o.Limits.Items, o.Limits.Title, o.Limits.Description, o.Limits.Tag, o.Limits.CategoryName, o.Limits.UserData = 4, 8, 8, 8, 8, 8
			o.Limits.AlternativeTitles, o.Limits.Tags, o.Limits.Categories["VIDEO"] = 2, 2, 1
			o.Limits.CategoryDepth, o.Limits.CategoryChildren, o.Limits.Satellites = 1, 2, 2
			o.Limits.FileTypes = true
			o.Limits.Filter.Depth, o.Limits.Filter.Members = 2, 2
		})
		a := d.grow("a", "")
		d.grow("b", "")
		id := d.make(`{"kind": "VIDEO", "title": "x", "referenceId": "taken", "tags": ["t", "u"], "mezzanine": {}}`)[0]
		d.done("assetsTrash", "id", `{"assets": [{"id": %q}]}`, d.make(`{"kind": "IMAGE", "title": "x", "referenceId": "away"}`)[0])
		d.call("assetsTrash", `{"assets": [{"id": "x"}], "options": {"idempotencyKey": "used"}}`)
		d.done("assetsDelete", "id", `{"assets": [{"id": %q}]}`, d.make(`{"kind": "IMAGE", "title": "x"}`)[0])
		fill := strings.NewReplacer("$deletion", d.lastSet(), "$id", id, "$a", a, "$long", "more than 8", "$many", `["v", "w", "x"]`)
		for _, code := range fault.Codes() {
			request, reported := provoked[code]
			if (unprovoked[code] != "") == reported {
				t.Errorf("%s is provoked, or there is a reason why not", code)
			}
			switch {
			case !reported:
			case request[0] == "":
				d.refused(code, "", request[1], nil)
			default:
				got := d.call(request[0], fill.Replace(request[1])).errors()
				if !slices.ContainsFunc(got, func(e string) bool { return strings.HasPrefix(e, string(code)+" ") }) {
					t.Errorf("%s %s is refused with %q, not %s", request[0], request[1], got, code)
				}
			}
		}
		if n := len(provoked) + len(unprovoked); n != len(fault.Codes()) {
			t.Errorf("of %d codes %d are reported of", len(fault.Codes()), n)
		}
	})
}
