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

// metricsServer serves the metrics on an address of their own. The zero one is none.
type metricsServer struct {
	listener net.Listener
	server   *http.Server
}

func openMetricsServer(ctx context.Context, address string, metrics http.Handler, log *slog.Logger) (metricsServer, error) {
	if address == "" {
		return metricsServer{}, nil
	}
	listener, err := listen(ctx, address, "metrics-listen")
	if err != nil {
		return metricsServer{}, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	return metricsServer{listener, &http.Server{
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

func (d metricsServer) serve() error {
	if d.server == nil {
		return nil
	}
	if err := d.server.Serve(d.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the metrics: %w", err)
	}
	return nil
}

func (d metricsServer) close() error {
	if d.server == nil {
		return nil
	}
	err := errors.Join(d.server.Close(), d.listener.Close())
	if errors.Is(err, net.ErrClosed) { // by the server
		err = nil
	}
	return err
}

// listen takes an address, and refuses with a fault one that is taken; flag is the setting
// of the address.
func listen(ctx context.Context, address, flag string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fault.New(fault.Invalid,
			"Cannot listen on %s: %v. Name another address with --%s.", address, reason(err), flag).At(flag)
	}
	return listener, nil
}
