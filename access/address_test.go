package access

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// TestAddresses believes proxies that are trusted, and nobody else.
func TestAddresses(t *testing.T) {
	t.Parallel()
	g := &Middleware{proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}
	for _, c := range []struct{ from, reply, want string }{
		{"1.2.3.4:5", "", "1.2.3.4"}, {"1.2.3.4:5", "9.9.9.9", "1.2.3.4"}, {"[2001:db8::1]:5", "", "2001:db8::/64"}, {"[2001:db8::ffff]:5", "", "2001:db8::/64"},
		{"10.0.0.1:5", "", "10.0.0.1"}, {"10.0.0.1:5", "9.9.9.9", "9.9.9.9"}, {"10.0.0.1:5", "8.8.8.8, 9.9.9.9", "9.9.9.9"},
		{"10.0.0.1:5", "8.8.8.8, 9.9.9.9, 10.1.1.1", "9.9.9.9"}, {"[::ffff:10.0.0.1]:5", "9.9.9.9", "9.9.9.9"}, {"[fd00::1]:5", "2001:db8::1", "2001:db8::/64"},
		{"10.0.0.1:5", "10.0.0.2", "10.0.0.2"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.from
		if c.reply != "" {
			r.Header.Set("X-Forwarded-For", c.reply)
		}
		if got := g.Address(r); got != c.want {
			t.Errorf("from %s for %q is %s, not %s", c.from, c.reply, got, c.want)
		}
	}
}
