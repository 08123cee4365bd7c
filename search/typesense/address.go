package typesense

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
)

const (
	defaultName = "vodgraph"
	defaultPort = "8108"
)

// What can be wrong with a setting. The sentences never repeat any of it, for a
// part that was misread may hold the key.
var (
	errScheme = errors.New("the setting must begin with typesense://, or typesenses:// for TLS")
	errKey    = errors.New("the setting has no key: write typesense://KEY@HOST:8108, and %XX for what is no letter or digit of the key")
	errHost   = errors.New("the setting names no host, or one that is none: write typesense://KEY@HOST:8108, and several hosts with commas")
	errPort   = errors.New("a host of the setting has a port that is none: ports are 1 to 65535")
	errName   = errors.New("the name after the hosts has 1 to 40 small letters, digits and signs _")
	errExtra  = errors.New("after the name nothing can follow in the setting")
)

type address struct {
	key   string
	nodes []string // URLs
	name  string   // of the alias
}

func parse(setting string) (*address, error) {
	scheme := "http"
	rest, ok := strings.CutPrefix(setting, "typesense://")
	if !ok {
		scheme = "https"
		if rest, ok = strings.CutPrefix(setting, "typesenses://"); !ok {
			return nil, errScheme
		}
	}
	if strings.ContainsAny(rest, "?#") {
		return nil, errExtra
	}
	escaped, rest, ok := strings.Cut(rest, "@")
	key, err := url.PathUnescape(escaped)
	if !ok || err != nil || key == "" || strings.ContainsFunc(key, isControl) {
		return nil, errKey
	}
	hosts, name, named := strings.Cut(rest, "/")
	at := &address{key: key, name: defaultName}
	if named && name != "" {
		if !isName(name) {
			return nil, errName
		}
		at.name = name
	}
	for host := range strings.SplitSeq(hosts, ",") {
		node, err := node(scheme, host)
		if err != nil {
			return nil, err
		}
		at.nodes = append(at.nodes, node)
	}
	return at, nil
}

func node(scheme, host string) (string, error) {
	if !strings.Contains(host, ":") || strings.HasSuffix(host, "]") {
		host += ":" + defaultPort
	}
	name, port, err := net.SplitHostPort(host)
	if err != nil || name == "" || port == "" {
		return "", errHost
	}
	parsed, err := url.Parse(scheme + "://" + host)
	if err != nil || parsed.Host != host || parsed.User != nil || parsed.Path != "" {
		return "", errHost
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", errPort
	}
	return parsed.String(), nil
}

func isControl(r rune) bool { return r < ' ' || r > '~' }

// isName reports whether an alias may have this name. It has no "-", which separates it
// from the rest in the names of its collections.
func isName(name string) bool {
	return len(name) >= 1 && len(name) <= 40 && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
	})
}
