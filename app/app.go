// Package app wires the rooms together: settings, commands, the library, the
// routes. It is the only place where a flag or the environment is read and a
// route is named; it decides nothing about assets.
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"vodgraph/access"
	"vodgraph/cli"
	"vodgraph/gqlhttp"
	"vodgraph/library"
	"vodgraph/resolvers"
)

// How long the server waits.
const (
	headerTime = 10 * time.Second
	idleTime   = 2 * time.Minute
	// drainTime is for the requests that are under way when the server ends.
	drainTime = 15 * time.Second
)

// App is a library that is being served.
type App struct {
	config  Config
	log     *slog.Logger
	tracing tracing
	panics  *library.Panics
	// tidyDelay is how long after the start expired data is deleted for the first time.
	tidyDelay time.Duration
	library   *library.Library
	index     *library.Index
	worker    *library.Worker
	// throttle slows down the work in the background while requests come.
	throttle      *library.Throttle
	authenticator *access.Authenticator
	listener      net.Listener
	server        *http.Server
	metrics       metricsServer
	probes        *probes
	endStreams    func()
	transport     *gqlhttp.Transport
}

// Open takes the address and opens the library, which is migrated or made. Nothing
// is answered before Run. It refuses with a fault a config that cannot work, an
// address that is taken, an index that another server has, and with Demo a library
// that the demo did not make.
func Open(ctx context.Context, config Config, log *slog.Logger) (*App, error) {
	return openApp(ctx, config, log, library.LeaseWait)
}

// openApp is Open with the longest wait for the lease of a predecessor.
func openApp(ctx context.Context, config Config, log *slog.Logger, wait time.Duration) (*App, error) {
	config = config.complete()
	if err := config.check(); err != nil {
		return nil, err
	}
	listener, err := listen(ctx, config.Listen, "listen")
	if err != nil {
		return nil, err
	}
	log = slog.New(gqlhttp.NewRequestLog(log.Handler()))
	a := &App{config: config, log: log, listener: listener, panics: library.NewPanics(log), tidyDelay: firstTidyDelay}
	err = a.open(ctx, wait)
	if err == nil {
		err = a.buildServer(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) buildServer(ctx context.Context) error {
	config, log := a.config, a.log
	closing, end := context.WithCancel(context.WithoutCancel(ctx))
	a.endStreams = end
	p := gqlhttp.NewPresenter(log, library.NewReference)
	transport, err := gqlhttp.NewTransport(closing, p, config.Protocol, a.throttle)
	if err != nil {
		return err
	}
	a.transport, a.probes = transport, &probes{db: a.library.DB}
	a.library.Broker.Log = log
	a.authenticator = access.NewAuthenticator(a.library.Catalog, access.NewTokenVerifier(closing, config.Tokens, time.Now), log, time.Now)
	if err := config.CheckReachable(ctx, a.authenticator, a.listener.Addr()); err != nil {
		return err
	}
	middleware, err := access.NewMiddleware(a.authenticator, config.Auth, gqlhttp.IsLongLived, transport.Refuse)
	if err != nil {
		return err
	}
	transport.AuthenticateBy(middleware)
	spent := access.NewBudget(config.CostPerMinute, time.Now)
	handlers := handlers{probes: a.probes, middleware: middleware, origins: config.CORSOrigins}
	handlers.graph = gqlhttp.NewHandler(a.resolvers(spent), transport, spent, a.tracing.tracer)
	handlers.files = gqlhttp.NewFiles(closing, a.library.Catalog, p, config.CORSOrigins, spent)
	metrics := metricsHandler(a.index.Stats, log)
	if a.metrics, err = openMetricsServer(ctx, config.MetricsListen, metrics, log); err != nil {
		return err
	}
	if a.metrics.server == nil {
		handlers.metrics = metrics
	}
	a.server = &http.Server{
		Handler:           gqlhttp.Front(p, a.tracing.tracer, handlers.routes()),
		ReadHeaderTimeout: headerTime,
		IdleTimeout:       idleTime, // and no more: files and their results take their time
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	a.server.RegisterOnShutdown(end)
	a.server.TLSConfig, err = config.tls(log)
	return err
}

func (a *App) resolvers(spent *access.Budget) *resolvers.Root {
	return &resolvers.Root{
		Client:        a.library.DB.Client,
		Catalog:       a.library.Catalog,
		Limits:        a.library.Catalog.Limits(),
		Cost:          a.config.Protocol.CostLimits(),
		Spending:      spent.Remaining,
		Index:         a.index,
		Subscriptions: a.library.Broker,
		Explain:       gqlhttp.Explainer(a.config.Protocol),
	}
}

// open opens the library and its index. On an error the caller closes what is open.
func (a *App) open(ctx context.Context, wait time.Duration) (err error) {
	if a.tracing, err = openTracing(ctx, a.config.OTLPEndpoint, a.log); err != nil {
		return err
	}
	if a.library, err = library.Open(ctx, a.config.Settings, library.Options{ReviewAutoBlock: a.config.ReviewAutoBlock, Tracer: a.tracing.tracer}); err != nil {
		return err
	}
	if n := a.library.DB.Aligned; n > 0 {
		a.log.InfoContext(ctx, "the migration set size and duration of assets from their source files", "assets", n)
	}
	if a.config.Demo {
		if err := cli.ClaimDemo(ctx, a.library.Catalog, a.config.Data); err != nil {
			return err
		}
	}
	a.throttle = library.NewThrottle(time.Now)
	a.library.Broker.Recovered = a.panics.Recovered
	opened, err := library.OpenIndex(a.config.Engine, a.config.Store, a.library, a.throttle.Step, a.panics)
	if err != nil {
		return library.IndexInUse(err, a.config.Store)
	}
	a.index = opened
	a.library.Index.Store(opened.Index)
	a.worker = a.library.NewWorker(rand.Text(), a.panics, a.throttle)
	a.library.Worker.Store(a.worker)
	if a.config.Search == "" {
		if err := library.RequireSingleWriter(ctx, opened.Lease, wait); err != nil {
			return err
		}
	}
	return opened.Begin(ctx)
}

// reason is why an address cannot be taken, without Go's words around it.
func reason(err error) error {
	var operation *net.OpError
	if errors.As(err, &operation) {
		return operation.Err
	}
	return err
}

// URL is where the server answers, with the port that it got.
func (a *App) URL() string {
	address := a.listener.Addr().(*net.TCPAddr)
	host := address.IP.String()
	if address.IP.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http://"
	if a.config.TLSCert != "" {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, fmt.Sprint(address.Port))
}

func (a *App) serve() error {
	err := error(nil)
	if a.config.TLSCert != "" {
		err = a.server.ServeTLS(a.listener, "", "") // the files are read elsewhere
	} else {
		err = a.server.Serve(a.listener)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// Run serves, and writes the search index, until ctx ends. Then /readyz answers 503, and
// after StopGrace no more requests are taken; those under way have 15 seconds to finish.
func (a *App) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.index.Run(ctx) })
	group.Go(func() error {
		a.worker.Run(ctx)
		return nil
	})
	group.Go(func() error { return a.panics.Supervise(ctx, "tidy", a.tidy) })
	group.Go(func() error {
		return a.panics.Supervise(ctx, "keys", func(ctx context.Context) error {
			a.authenticator.Run(ctx)
			return nil
		})
	})
	group.Go(a.serve)
	group.Go(a.metrics.serve)
	group.Go(func() error {
		<-ctx.Done()
		return errors.Join(a.drain(context.WithoutCancel(ctx)), a.metrics.close())
	})
	return group.Wait()
}

func (a *App) drain(ctx context.Context) error {
	a.probes.draining.Store(true)
	library.Sleep(ctx, time.Duration(a.config.StopGrace)*time.Second)
	limited, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	err := a.server.Shutdown(limited)
	if err == nil {
		err = a.transport.Wait(limited)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		a.log.Warn("requests were cut off at shutdown", "after", drainTime)
		err = a.server.Close()
	}
	if err != nil {
		return fmt.Errorf("end: %w", err)
	}
	return nil
}

// Close closes the listener and the library. It follows Run, or Open where the app
// is never run.
func (a *App) Close() error {
	if a.endStreams != nil {
		a.endStreams()
	}
	err := a.listener.Close()
	if errors.Is(err, net.ErrClosed) { // by Run
		err = nil
	}
	err = errors.Join(err, a.metrics.close())
	if a.index != nil {
		err = errors.Join(err, a.index.Close())
	}
	return errors.Join(err, a.library.Close(), a.tracing.close())
}
