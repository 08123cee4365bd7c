package exchange

import "testing"

// BenchmarkLine reads a line of an import of some size.
func BenchmarkLine(b *testing.B) {
	text := []byte(`{"id":"vid_01HZZZZZZZZZZZZZZZZZ100000","kind":"VIDEO","title":"A title of it","description":"Some words on \"it\", which are longer.","tags":["one","two"],"categories":[{"path":["Films","Drama"]}],"userData":{"a":[1,2,{"b":null}],"c":"d"}}`)
	of, err := newShape()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r := reader{shape: of, format: Format}
		l := &line{raw: text}
		if err := r.read(l); err != nil || l.refused != nil {
			b.Fatal(err, l.refused)
		}
	}
}
