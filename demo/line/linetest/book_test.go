package linetest

import "testing"

// TestRefuses holds that the book sees what is wrong: a check that finds
// nothing is none.
func TestRefuses(t *testing.T) {
	t.Parallel()
	const (
		video = `{"id":"vid_01HJGSQ9Y98E6J0J9KTT8XYM4F","kind":"VIDEO",`
		rest  = `"title":"A","createdAt":"2020-01-01T00:00:00.000Z","updatedAt":"2020-01-01T00:00:00.000Z"}`
	)
	if err := Open(t, "../../../schema.graphql").add([]byte(video + rest)); err != nil {
		t.Errorf("a good line: %v", err)
	}
	for name, text := range map[string]string{
		"no JSON":         video,
		"unknown member":  video + `"colour":"red",` + rest,
		"unknown value":   video + `"status":"LOST",` + rest,
		"wrong type":      video + `"size":"large",` + rest,
		"no title":        video + `"createdAt":"2020-01-01T00:00:00.000Z"}`,
		"nested":          video + `"playInfos":[{"format":"MP4"}],` + rest,
		"null":            video + `"size":null,` + rest,
		"empty list":      video + `"tags":[],` + rest,
		"tags unsorted":   video + `"tags":["b","a"],` + rest,
		"control":         video + `"description":"a\u0000b",` + rest,
		"not NFC":         video + `"description":"か\u3099",` + rest,
		"of another kind": video + `"imageType":"COVER",` + rest,
		"foreign id":      `{"id":"aud_01HJGSQ9Y98E6J0J9KTT8XYM4F","kind":"VIDEO",` + rest,
		"too deep":        video + `"categories":[{"path":["a","b","c","d"]}],` + rest,
		"wrong size": video + `"playInfos":[{"jobId":"1","streamType":"VIDEO","format":"MP4","definition":"LD",` +
			`"width":640,"height":480}],` + rest,
		"orphan": `{"category":{"id":"cat_01HJGSQ9Y98E6J0J9KTT8XYM4F","path":["a","b"]}}`,
	} {
		if err := Open(t, "../../../schema.graphql").add([]byte(text)); err == nil {
			t.Errorf("%s: nothing is found wrong", name)
		}
	}
}
