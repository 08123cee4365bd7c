package app

import (
	"net/http"

	"vodgraph/auth"
	"vodgraph/playground"
)

// handlers answer on the paths of the server.
type handlers struct {
	probes *probes
	guard  *guard
	graph  http.Handler
	// metrics is nil where they have an address of their own.
	metrics http.Handler
	files   bulk
	origins origins
}

// routes names the paths of the server. Nobody unknown comes further than to the
// playground, which is a page without any data, and to the probes.
func (h handlers) routes() http.Handler {
	within := http.NewServeMux()
	within.Handle(endpoint, h.graph)
	h.files.register(within)
	within.Handle("GET "+schemaPath, schemaFile())
	if h.metrics != nil {
		within.Handle("GET /metrics", h.files.only(auth.Metrics, h.metrics))
	}
	page := playground.Handler(endpoint)
	within.Handle("/", page)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.probes.alive)
	mux.HandleFunc("GET /readyz", h.probes.ready)
	mux.Handle("/{$}", page)
	mux.Handle("/playground/", page)
	mux.Handle("/", h.origins.allow(h.guard.before(routed(within))))
	return routed(mux)
}
