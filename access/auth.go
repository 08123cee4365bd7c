package access

import (
	"context"
	"errors"
	"net"
	"net/netip"

	"vodgraph/fault"
)

// Auth is the part of Config on authentication.
type Auth struct {
	Tokens `embed:""`

	// InsecureOpen lets in whoever reaches the server, as an administrator, as long as no key
	// was ever made. Off by default: then only this machine is let in.
	InsecureOpen bool `help:"Let in whoever reaches the server as long as there are no keys (default off: this machine alone)."`
	// TrustedProxies are addresses of proxies, or ranges such as 10.0.0.0/8, whose
	// X-Forwarded-For is trusted. Empty by default.
	TrustedProxies []string `placeholder:"CIDR" help:"Proxies whose X-Forwarded-For is trusted, 10.0.0.0/8,… (default none)."`
	// CostPerMinute is what the requests of a caller may cost together in a minute, on one
	// server; what that is see Cost. 0 is without limit. Default 100,000,000, five hundred
	// requests of the most that one may cost.
	CostPerMinute int `default:"100000000" placeholder:"COST" help:"What the requests of a caller may cost in a minute, 0 for no limit (default ${default})."`
}

// Check refuses settings that cannot be.
func (a Auth) Check() error {
	if a.CostPerMinute < 0 || a.CostPerMinute > maxCostPerMinute {
		return fault.New(fault.Invalid, "--cost-per-minute must be from 0 to %d, and is %d.", maxCostPerMinute, a.CostPerMinute).At("cost-per-minute")
	}
	_, err := a.proxies()
	return errors.Join(err, a.Tokens.check())
}

func (a Auth) proxies() (list []netip.Prefix, err error) {
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

// CheckReachable refuses an address that others than this machine reach, where nobody needs a
// key.
func (a Auth) CheckReachable(ctx context.Context, i *Authenticator, address net.Addr) error {
	open, err := i.IsOpen(ctx)
	if err != nil || !open || a.InsecureOpen {
		return err
	}
	if at, ok := address.(*net.TCPAddr); ok && at.IP.IsLoopback() {
		return nil
	}
	return fault.New(fault.Invalid, "No key was ever made, so whoever reaches %s could do everything. "+
		"Make one with vodgraph keys create, listen on 127.0.0.1, or start with --insecure-open.", address).At("listen")
}
