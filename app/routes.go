package app

import (
	"net/http"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/gqlhttp"
	"vodgraph/playground"
)

// handlers answer on the paths of the server.
type handlers struct {
	probes *probes
	guard  *access.Middleware
	graph  http.Handler
	// metrics is nil where they have an address of their own.
	metrics http.Handler
	files   gqlhttp.Files
	origins gqlhttp.Origins
}

// routes names the paths of the server. Nobody unknown comes further than to the
// playground, which is a page without any data, and to the probes.
func (h handlers) routes() http.Handler {
	within := http.NewServeMux()
	within.Handle(gqlhttp.Endpoint, h.graph)
	h.files.Register(within)
	within.Handle("GET "+gqlhttp.SchemaPath, gqlhttp.SchemaFile())
	if h.metrics != nil {
		within.Handle("GET /metrics", h.files.RequireRole(auth.Metrics, h.metrics))
	}
	page := playground.Handler(gqlhttp.Endpoint)
	within.Handle("/", page)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.probes.alive)
	mux.HandleFunc("GET /readyz", h.probes.ready)
	mux.Handle("/{$}", page)
	mux.Handle("/playground/", page)
	mux.Handle("/", h.origins.Allow(h.guard.Authenticate(gqlhttp.TraceRoute(within))))
	return gqlhttp.TraceRoute(mux)
}
