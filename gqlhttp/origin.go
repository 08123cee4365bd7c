package gqlhttp

import (
	"net/http"
	"net/url"
	"strings"

	"vodgraph/fault"
)

// preflightTime is for how many seconds a browser remembers what it may send; none
// remembers for longer than two hours.
const preflightTime = "7200"

// Origins are the pages, beside our own, that a browser may send requests from, such as
// https://example.com. What a browser sends without asking changes nothing here; this is
// about who may read, and ask at all.
type Origins []string

// Allow answers CORS preflight requests, and sets the CORS headers for the allowed origins.
func (o Origins) Allow(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header, origin := w.Header(), r.Header.Get("Origin")
		if len(o) > 0 {
			header.Add("Vary", "Origin")
		}
		if o.has(origin) {
			header.Set("Access-Control-Allow-Origin", origin)
			header.Set("Access-Control-Expose-Headers", "Allow, ETag, Retry-After, "+requestIDHeader)
			if asks(r) {
				header.Add("Vary", "Access-Control-Request-Headers")
				header.Set("Access-Control-Allow-Methods", "GET, POST")
				header.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
				header.Set("Access-Control-Max-Age", preflightTime)
			}
		}
		if asks(r) {
			w.WriteHeader(http.StatusNoContent) // without the headers it is a refusal
			return
		}
		next.ServeHTTP(w, r)
	})
}

func asks(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

func (o Origins) has(origin string) bool {
	for _, one := range o {
		if strings.EqualFold(one, origin) {
			return true
		}
	}
	return false
}

// refuse refuses a request of which the browser says that it comes from elsewhere, and
// is nil for others. It is for what a browser sends without asking first.
//
// Sec-Fetch-Site is believed before Origin: a proxy that changes the Host makes our own
// origin look foreign. Browsers send it to https and to this machine only.
func (o Origins) refuse(r *http.Request) *fault.Fault {
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	switch {
	case o.has(origin), site == "same-origin", site == "none":
		return nil
	case site == "cross-site", origin != "" && !own(origin, r.Host):
		return fault.New(fault.OriginRefused, "Pages of other origins may not ask; --cors-origins names those that may.")
	}
	return nil
}

func own(origin, host string) bool {
	address, err := url.Parse(origin)
	return err == nil && address.Host != "" && strings.EqualFold(address.Host, host)
}

// checkOrigins refuses what is no origin as browsers write it.
func checkOrigins(list []string) error {
	for _, origin := range list {
		address, err := url.Parse(origin)
		if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" ||
			origin != address.Scheme+"://"+address.Host {
			return fault.New(fault.Invalid,
				"--cors-origins are origins such as https://example.com, with commas between them, and %q is none.", origin).At("cors-origins")
		}
	}
	return nil
}
