// Package playground serves GraphiQL and the example queries from the binary, so that the graph can be
// explored on a machine without a network.
//
// GraphiQL, React and their licences lie in assets/; fetch.sh has their addresses and checks them. The examples
// lie in examples/ and run on the demo library. The package knows a page and its files, nothing of the graph.
package playground

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"path"
	"time"
)

//go:embed index.html
var pageText string

//go:embed boot.js page.css assets
var files embed.FS

// served are the files that the page needs: the name in its template, and the file.
var served = map[string]string{
	"react":       "assets/react.production.min.js",
	"reactDOM":    "assets/react-dom.production.min.js",
	"graphiql":    "assets/graphiql.min.js",
	"graphiqlCSS": "assets/graphiql.min.css",
	"boot":        "boot.js",
	"pageCSS":     "page.css",
}

// licences are the texts that must go wherever the files go; the page names their addresses.
var licences = []string{
	"assets/LICENSE-graphiql.txt", "assets/LICENSE-react.txt", "assets/LICENSES-bundled.txt",
}

// policy lets the page run scripts and speak to the graph of its own server only. GraphiQL's dialogs add a style
// sheet at run time, hence 'unsafe-inline' for those, and not for styles of elements; its fonts and images lie in
// its style sheet as data.
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; " +
	"style-src-elem 'self' 'unsafe-inline'; img-src 'self' data:; font-src data:; base-uri 'none'; form-action 'none'; " +
	"frame-ancestors 'none'"

type settings struct {
	Endpoint string    `json:"endpoint"`
	Examples []Example `json:"examples"`
}

// response is a file as it goes out; its tag is a hash of its bytes.
type response struct {
	body         []byte
	contentType  string
	cacheControl string
	tag          string
}

// Handler serves the page at "/" and its files below "/playground/", and answers 404 to every other path.
// The endpoint is the path of the graph on the same server, such as "/graphql": the page may speak to no other.
//
// A file's address holds a hash of its bytes, so browsers keep it for ever; the page itself is asked for anew
// each time, and answered 304 while it is the same. Methods other than GET and HEAD are refused with 405.
func Handler(endpoint string) http.Handler {
	responses := map[string]response{}
	publish := func(name string) string {
		r := file(name)
		address := "/playground/" + r.tag + "/" + path.Base(name)
		responses[address] = r
		return address
	}
	addresses := map[string]string{}
	for key, name := range served {
		addresses[key] = publish(name)
	}
	texts := make([]string, len(licences))
	for i, name := range licences {
		texts[i] = publish(name)
	}
	responses["/"] = page(map[string]any{
		"Assets":   addresses,
		"Licences": texts,
		"Settings": settings{Endpoint: endpoint, Examples: Examples()},
	})

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found, ok := responses[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "The playground is only read: GET or HEAD.", http.StatusMethodNotAllowed)
			return
		}
		found.write(w, r)
	})
}

// write answers with the file, or with 304 where the browser has it.
func (f response) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", f.cacheControl)
	h.Set("ETag", `"`+f.tag+`"`)
	h.Set("Content-Security-Policy", policy)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.body))
}

func file(name string) response {
	types := map[string]string{".js": "text/javascript", ".css": "text/css", ".txt": "text/plain"}
	body := embedded(files, name)
	return response{
		body:         body,
		contentType:  types[path.Ext(name)] + "; charset=utf-8",
		cacheControl: "public, max-age=31536000, immutable",
		tag:          hash(body),
	}
}

// page is index.html, filled in. It panics where the template is wrong, which any test of Handler shows.
func page(values map[string]any) response {
	var body bytes.Buffer
	if err := template.Must(template.New("index.html").Parse(pageText)).Execute(&body, values); err != nil {
		panic(err)
	}
	return response{
		body:         body.Bytes(),
		contentType:  "text/html; charset=utf-8",
		cacheControl: "no-cache",
		tag:          hash(body.Bytes()),
	}
}

// hash is the first 16 of the 64 hexadecimal digits of the SHA-256: enough to distinguish versions of a file.
func hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8])
}

// embedded reads a file of the binary. It is there or the build is broken, so there is no error to return.
func embedded(from embed.FS, name string) []byte {
	body, err := from.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return body
}
