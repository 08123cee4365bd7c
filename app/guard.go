package app

import (
	"context"
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
	triesAtOnce  = 20
	triesAgain   = 3 * time.Second
	triesWatched = 10_000
)

// guard stands before every route but the few that tell nothing of anybody: it finds out
// who asks, and lets nobody else in.
type guard struct {
	*identities
	// anyHost is for --insecure-open: without keys, whoever reaches the server is let in.
	anyHost bool
	// proxies are those that are believed whom they ask for.
	proxies []netip.Prefix
	tries   *lru.Cache[string, *rate.Limiter]
	// isLongLived reports whether a request may go on for long. Such requests end when their
	// caller is revoked.
	isLongLived func(*http.Request) bool
	// refuse answers that a request is refused.
	refuse func(w http.ResponseWriter, r *http.Request, status int, err error)
}

// newGuard makes the middleware. What refuses answers with a status and an error;
// isLongLived reports whether a request may go on for long.
func newGuard(i *identities, config Access, isLongLived func(*http.Request) bool, refuse func(http.ResponseWriter, *http.Request, int, error)) (*guard, error) {
	tries, err := lru.New[string, *rate.Limiter](triesWatched)
	if err != nil {
		return nil, err
	}
	proxies, err := config.proxies()
	return &guard{identities: i, anyHost: config.InsecureOpen, proxies: proxies, tries: tries, isLongLived: isLongLived, refuse: refuse}, err
}

// before lets callers on to a handler, as who they are.
func (g *guard) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions { // which browsers send without what they have to show
			next.ServeHTTP(w, r.WithContext(auth.With(r.Context(), anonymous)))
			return
		}
		caller, ok := g.admit(w, r)
		if !ok {
			return
		}
		ctx := auth.With(r.Context(), caller)
		if isUpgrade(r) || g.isLongLived(r) {
			var end func()
			ctx, end = g.last(r.Context(), caller)
			defer end()
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// isUpgrade reports whether a request wants to become a WebSocket.
func isUpgrade(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// admit finds out who asks. Where it is nobody who may, it answers that and is not ok.
func (g *guard) admit(w http.ResponseWriter, r *http.Request) (caller *auth.Caller, ok bool) {
	open, err := g.open(r.Context())
	switch {
	case err != nil:
		g.refuse(w, r, http.StatusInternalServerError, err)
		return nil, false
	case open && !g.anyHost:
		if refused := near(r); refused != nil {
			g.refuse(w, r, http.StatusMisdirectedRequest, refused)
			return nil, false
		}
		return &local, true
	case open:
		return &local, true
	}
	secret, ok := bearer(r.Header)
	switch {
	case ok && secret == "" && isUpgrade(r): // it may be shown with the first message
		return anonymous, true
	case ok && secret == "":
		g.unknown(w, r, unauthenticated("Show a key: send Authorization: Bearer …."))
		return nil, false
	case !ok:
		g.unknown(w, r, unauthenticated("The Authorization is not Bearer and one key."))
		return nil, false
	}
	caller, err = g.try(r, secret)
	var refused *fault.Fault
	switch {
	case err == nil:
		return caller, true
	case errors.As(err, &refused) && refused.Code == fault.RateLimited:
		w.Header().Set("Retry-After", strconv.Itoa(refused.RetryAfter))
		g.refuse(w, r, http.StatusTooManyRequests, refused)
	case errors.As(err, &refused):
		g.unknown(w, r, refused)
	default:
		g.refuse(w, r, http.StatusInternalServerError, err)
	}
	return nil, false
}

// unknown refuses one who is not known.
func (g *guard) unknown(w http.ResponseWriter, r *http.Request, refused *fault.Fault) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="vodgraph"`)
	g.refuse(w, r, http.StatusUnauthorized, refused)
}

// try finds out whose secret a request shows. It refuses with RATE_LIMITED an address that
// has failed too often, whatever it shows now that was not good lately.
func (g *guard) try(r *http.Request, secret string) (*auth.Caller, error) {
	if g.trusted(secret) {
		return g.of(r.Context(), secret)
	}
	tries, watched := g.tries.Get(g.address(r))
	if watched && tries.TokensAt(g.now()) < 1 {
		return nil, fault.New(fault.RateLimited, "Too many keys that are not good came from here; try again in %d seconds.",
			int(triesAgain.Seconds())).Again(int(triesAgain.Seconds()))
	}
	caller, err := g.of(r.Context(), secret)
	if refused := (*fault.Fault)(nil); errors.As(err, &refused) {
		if !watched {
			tries = rate.NewLimiter(rate.Every(triesAgain), triesAtOnce)
			if known, there, _ := g.tries.PeekOrAdd(g.address(r), tries); there { // by another request meanwhile
				tries = known
			}
		}
		tries.AllowN(g.now(), 1)
	}
	return caller, err
}

// address is where a request comes from: as proxies that are trusted tell it, or else the
// other end of the connection. Of IPv6 it is the network, in which a host has as many
// addresses as it likes.
func (g *guard) address(r *http.Request) string {
	host := g.origin(r)
	if address, err := netip.ParseAddr(host); err == nil && address.Unmap().Is6() {
		if network, err := address.Prefix(64); err == nil {
			return network.String()
		}
	}
	return host
}

// origin is the host that a request comes from.
func (g *guard) origin(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	told := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for g.proxy(host) && len(told) > 0 {
		last := strings.TrimSpace(told[len(told)-1])
		if last == "" {
			break
		}
		host, told = last, told[:len(told)-1]
	}
	return host
}

// proxy tells whether an address is that of a proxy that is trusted.
func (g *guard) proxy(host string) bool {
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

// near refuses a request that did not come from this machine under its own name: a page of
// a foreign name can have a browser here ask there, and a proxy asks for anybody.
func near(r *http.Request) *fault.Fault {
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

// Access is the part of Config that says who is let in.
type Access struct {
	Tokens `embed:""`

	// InsecureOpen lets in whoever reaches the server, as an administrator, as long as no key
	// was ever made. Off by default: then only this machine is let in.
	InsecureOpen bool `help:"Let in whoever reaches the server as long as there are no keys (default off: this machine alone)."`
	// TrustedProxies are addresses of proxies, or ranges such as 10.0.0.0/8, that are believed
	// for whom they ask, by X-Forwarded-For. Empty by default.
	TrustedProxies []string `placeholder:"CIDR" help:"Proxies that are believed for whom they ask, 10.0.0.0/8,… (default none)."`
	// CostPerMinute is what the requests of a caller may cost together in a minute, on one
	// server; what that is see Cost. 0 is without limit. Default 100,000,000, five hundred
	// requests of the most that one may cost.
	CostPerMinute int `default:"100000000" placeholder:"COST" help:"What the requests of a caller may cost in a minute, 0 for any (default 100000000)."`
}

// check refuses settings that cannot be.
func (a Access) check() error {
	if a.CostPerMinute < 0 || a.CostPerMinute > maxCostPerMinute {
		return fault.New(fault.Invalid, "--cost-per-minute must be from 0 to %d, and is %d.", maxCostPerMinute, a.CostPerMinute).At("cost-per-minute")
	}
	_, err := a.proxies()
	return errors.Join(err, a.Tokens.check())
}

// proxies are the proxies that are trusted.
func (a Access) proxies() (list []netip.Prefix, err error) {
	for _, text := range a.TrustedProxies {
		prefix, err := netip.ParsePrefix(text)
		if address, plain := netip.ParseAddr(text); err != nil && plain == nil {
			prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "--trusted-proxies are addresses or ranges such as 10.0.0.0/8, and %q is none.", text).At("trusted-proxies")
		}
		list = append(list, prefix)
	}
	return list, nil
}

// reachable refuses an address that others than this machine reach, where nobody needs a
// key.
func (a Access) reachable(ctx context.Context, i *identities, address net.Addr) error {
	open, err := i.open(ctx)
	if err != nil || !open || a.InsecureOpen {
		return err
	}
	if at, ok := address.(*net.TCPAddr); ok && at.IP.IsLoopback() {
		return nil
	}
	return fault.New(fault.Invalid, "No key was ever made, so whoever reaches %s could do everything. "+
		"Make one with vodgraph keys create, listen on 127.0.0.1, or start with --insecure-open.", address).At("listen")
}
