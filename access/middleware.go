// Package access makes an auth.Caller of a request: by a key, a token, or the machine it
// comes from; and it limits what each caller may use of a server.
package access

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"vodgraph/auth"
	"vodgraph/fault"
)

// How often one may fail: triesAtOnce at once, and then one after each triesAgain. So many
// addresses are watched at a time, those that failed last.
const (
	TriesAtOnce  = 20
	triesAgain   = 3 * time.Second
	triesWatched = 10_000
)

// Middleware authenticates the requests of every route but the few without any data, and
// refuses the others.
type Middleware struct {
	*Authenticator
	// anyHost is for --insecure-open: without keys, whoever reaches the server is let in.
	anyHost bool
	// proxies are those whose X-Forwarded-For is trusted.
	proxies []netip.Prefix
	tries   *lru.Cache[string, *rate.Limiter]
	// isLongLived reports whether a request may go on for long. Such requests end when their
	// caller is revoked.
	isLongLived func(*http.Request) bool
	refuse      func(w http.ResponseWriter, r *http.Request, status int, err error)
}

// NewMiddleware makes the middleware. What refuses answers with a status and an error;
// isLongLived reports whether a request may go on for long.
func NewMiddleware(i *Authenticator, config Auth, isLongLived func(*http.Request) bool, refuse func(http.ResponseWriter, *http.Request, int, error)) (*Middleware, error) {
	tries, err := lru.New[string, *rate.Limiter](triesWatched)
	if err != nil {
		return nil, err
	}
	proxies, err := config.proxies()
	return &Middleware{Authenticator: i, anyHost: config.InsecureOpen, proxies: proxies, tries: tries, isLongLived: isLongLived, refuse: refuse}, err
}

// Authenticate passes the requests of known callers to a handler, with the caller in the context.
func (g *Middleware) Authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions { // which browsers send without what they have to show
			next.ServeHTTP(w, r.WithContext(auth.With(r.Context(), Anonymous)))
			return
		}
		caller, ok := g.authenticate(w, r)
		if !ok {
			return
		}
		ctx := auth.With(r.Context(), caller)
		if IsUpgrade(r) || g.isLongLived(r) {
			var end func()
			ctx, end = g.Track(r.Context(), caller)
			defer end()
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// IsUpgrade reports whether a request wants to become a WebSocket.
func IsUpgrade(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// authenticate returns the caller of a request. It answers a request without one, and is not ok.
func (g *Middleware) authenticate(w http.ResponseWriter, r *http.Request) (caller *auth.Caller, ok bool) {
	open, err := g.IsOpen(r.Context())
	switch {
	case err != nil:
		g.refuse(w, r, http.StatusInternalServerError, err)
		return nil, false
	case open && !g.anyHost:
		if refused := refuseRemote(r); refused != nil {
			g.refuse(w, r, http.StatusMisdirectedRequest, refused)
			return nil, false
		}
		return &localCaller, true
	case open:
		return &localCaller, true
	}
	secret, ok := Bearer(r.Header)
	switch {
	case ok && secret == "" && IsUpgrade(r): // it may be shown with the first message
		return Anonymous, true
	case ok && secret == "":
		g.refuseUnknown(w, r, unauthenticated("Show a key: send Authorization: Bearer …."))
		return nil, false
	case !ok:
		g.refuseUnknown(w, r, unauthenticated("The Authorization is not Bearer and one key."))
		return nil, false
	}
	caller, err = g.CallerOf(r, secret)
	var refused *fault.Fault
	switch {
	case err == nil:
		return caller, true
	case errors.As(err, &refused) && refused.Code == fault.RateLimited:
		w.Header().Set("Retry-After", strconv.Itoa(refused.RetryAfter))
		g.refuse(w, r, http.StatusTooManyRequests, refused)
	case errors.As(err, &refused):
		g.refuseUnknown(w, r, refused)
	default:
		g.refuse(w, r, http.StatusInternalServerError, err)
	}
	return nil, false
}

func (g *Middleware) refuseUnknown(w http.ResponseWriter, r *http.Request, refused *fault.Fault) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="vodgraph"`)
	g.refuse(w, r, http.StatusUnauthorized, refused)
}

// CallerOf is the caller with the secret of a request. It refuses with RATE_LIMITED an address
// that has failed too often, unless the secret was valid a short time ago.
func (g *Middleware) CallerOf(r *http.Request, secret string) (*auth.Caller, error) {
	if g.wasValid(secret) {
		return g.callerOf(r.Context(), secret)
	}
	tries, watched := g.tries.Get(g.Address(r))
	if watched && tries.TokensAt(g.now()) < 1 {
		return nil, fault.New(fault.RateLimited, "Too many keys that are not good came from here; try again in %d seconds.",
			int(triesAgain.Seconds())).Again(int(triesAgain.Seconds()))
	}
	caller, err := g.callerOf(r.Context(), secret)
	if refused := (*fault.Fault)(nil); errors.As(err, &refused) {
		if !watched {
			tries = rate.NewLimiter(rate.Every(triesAgain), TriesAtOnce)
			if known, there, _ := g.tries.PeekOrAdd(g.Address(r), tries); there { // by another request meanwhile
				tries = known
			}
		}
		tries.AllowN(g.now(), 1)
	}
	return caller, err
}

// Address is where a request comes from: by X-Forwarded-For of trusted proxies, or else the
// other end of the connection. Of IPv6 it is the network, in which a host has as many
// addresses as it likes.
func (g *Middleware) Address(r *http.Request) string {
	host := g.origin(r)
	if address, err := netip.ParseAddr(host); err == nil && address.Unmap().Is6() {
		if network, err := address.Prefix(64); err == nil {
			return network.String()
		}
	}
	return host
}

func (g *Middleware) origin(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for g.proxy(host) && len(forwarded) > 0 {
		last := strings.TrimSpace(forwarded[len(forwarded)-1])
		if last == "" {
			break
		}
		host, forwarded = last, forwarded[:len(forwarded)-1]
	}
	return host
}

func (g *Middleware) proxy(host string) bool {
	address, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, prefix := range g.proxies {
		if prefix.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}

// refuseRemote refuses a request that did not come from this machine under its own name: a page
// of a foreign name can make a browser here send requests, and a proxy sends those of anybody.
func refuseRemote(r *http.Request) *fault.Fault {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	switch strings.ToLower(strings.Trim(host, "[]")) {
	case "localhost", "127.0.0.1", "::1":
	default:
		return fault.New(fault.HostRefused, "Without keys the server answers to localhost, 127.0.0.1 and [::1] alone. "+
			"Make a key with vodgraph keys create, or start it with --insecure-open.")
	}
	for name := range r.Header {
		if name == "Forwarded" || strings.HasPrefix(name, "X-Forwarded-") {
			return fault.New(fault.HostRefused, "Without keys the server answers to no proxy. "+
				"Make a key with vodgraph keys create, or start it with --insecure-open.")
		}
	}
	return nil
}
