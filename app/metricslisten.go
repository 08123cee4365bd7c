package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"vodgraph/fault"
	"vodgraph/gqlhttp"
)

// metricsDoor is an address of its own for the metrics, which has nothing else. The zero
// one is none.
type metricsDoor struct {
	listener net.Listener
	server   *http.Server
}

// openMetricsDoor takes the address, if there is to be one.
func openMetricsDoor(ctx context.Context, address string, metrics http.Handler, log *slog.Logger) (metricsDoor, error) {
	if address == "" {
		return metricsDoor{}, nil
	}
	listener, err := listen(ctx, address, "metrics-listen")
	if err != nil {
		return metricsDoor{}, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	return metricsDoor{listener, &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			gqlhttp.SetSecurityHeaders(w.Header())
			mux.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: headerTime,
		WriteTimeout:      headerTime,
		IdleTimeout:       idleTime,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}}, nil
}

// serve serves until it is closed.
func (d metricsDoor) serve() error {
	if d.server == nil {
		return nil
	}
	if err := d.server.Serve(d.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the metrics: %w", err)
	}
	return nil
}

// close gives the address back.
func (d metricsDoor) close() error {
	if d.server == nil {
		return nil
	}
	err := errors.Join(d.server.Close(), d.listener.Close())
	if errors.Is(err, net.ErrClosed) { // by the server
		err = nil
	}
	return err
}

// listen takes an address, and refuses with a fault one that cannot be had; the flag is
// that which names it.
func listen(ctx context.Context, address, flag string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fault.New(fault.Invalid,
			"Cannot listen on %s: %v. Name another address with --%s.", address, reason(err), flag).At(flag)
	}
	return listener, nil
}
