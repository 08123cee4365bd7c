package app

import (
	"net/http"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/gqlhttp"
	"vodgraph/playground"
)

type handlers struct {
	probes     *probes
	middleware *access.Middleware
	graph      http.Handler
	// metrics is nil where they have an address of their own.
	metrics http.Handler
	files   gqlhttp.Files
	origins gqlhttp.Origins
}

// routes are the paths of the server. Only the playground, a page without any data, and
// the probes need no authentication.
func (h handlers) routes() http.Handler {
	authenticated := http.NewServeMux()
	authenticated.Handle(gqlhttp.Endpoint, h.graph)
	h.files.Register(authenticated)
	authenticated.Handle("GET "+gqlhttp.SchemaPath, gqlhttp.SchemaFile())
	if h.metrics != nil {
		authenticated.Handle("GET /metrics", h.files.RequireRole(auth.Metrics, h.metrics))
	}
	page := playground.Handler(gqlhttp.Endpoint)
	authenticated.Handle("/", page)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.probes.alive)
	mux.HandleFunc("GET /readyz", h.probes.ready)
	mux.Handle("/{$}", page)
	mux.Handle("/playground/", page)
	mux.Handle("/", h.origins.Allow(h.middleware.Authenticate(gqlhttp.TraceRoute(authenticated))))
	return gqlhttp.TraceRoute(mux)
}
