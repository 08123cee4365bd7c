package app

import (
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"vodgraph/catalog"
	"vodgraph/database"
	"vodgraph/fault"
)

// Config is all that can be set, by a flag or by the environment variable that
// has the flag's name after VODGRAPH_: --data by VODGRAPH_DATA. The flag wins.
type Config struct {
	Library `embed:""`
	Finding `embed:""`
	HTTP    `embed:""`
	Access  `embed:""`
	Outside `embed:""`

	// Listen is the address to serve on, host:port; port 0 takes a free one.
	// The default, 127.0.0.1:8080, can be reached from this machine only. Others are taken
	// when a key was made, or an issuer of tokens is trusted, or with InsecureOpen.
	Listen string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"The address to serve on (default 127.0.0.1:8080, which only this machine reaches)."`

	// ReviewAutoBlock has a review that suggests BLOCK block a video or audio
	// that is NORMAL or CHECKING. Off by default: a review only informs.
	ReviewAutoBlock bool `help:"Block what a review suggests to block (default off)."`

	// KeepTrash is for how many days assets stay in the trash until they are deleted for
	// good; 0 is for ever. Default 30.
	KeepTrash int `default:"30" placeholder:"DAYS" help:"How long assets stay in the trash, 0 for ever (default 30 days)."`
	// KeepHistory is for how many days it is kept what was changed, and can be undone; 0
	// is for ever. Default 90.
	KeepHistory int `default:"90" placeholder:"DAYS" help:"How long it is kept what was changed, 0 for ever (default 90 days)."`
	// Demo serves the demo library: it is made where there is none or an empty
	// library, continued where its making was interrupted, and used as it is
	// otherwise. A library that holds anything else is refused. Off by default.
	Demo bool `help:"Serve a demo library, made where it is missing (default off)."`
}

// Library is the part of Config that every command on assets needs.
type Library struct {
	Store `embed:""`

	// Limits names the limits on what is taken: "default", which are generous,
	// or "vod", which are those of ApsaraVideo VOD, for those who must stay
	// interchangeable with it. Default "default".
	Limits string `default:"default" placeholder:"default|vod" help:"How much of everything is taken: default, or vod for the limits of ApsaraVideo VOD (default default)."`
}

// Finding is the part of Config that says what search asks.
type Finding struct {
	// Search is the address of Typesense servers, typesense://KEY@HOST:8108, with
	// commas between several, or typesenses:// for TLS. Empty by default: an index
	// in the folder search of Data, which is for one server.
	Search string `placeholder:"URL" help:"Typesense servers, typesense://KEY@HOST:8108[,HOST:8108…] (default an index in --data, for one server)."`
}

// HTTP is the part of Config that says how the graph is spoken to.
type HTTP struct {
	Asking `embed:""`

	// HTTPProfile is the edition of GraphQL over HTTP by which statuses are given to
	// those who want application/graphql-response+json: "audit", that of the tools there
	// are, or "2026", the newest text, with 422 for a document that does not fit, and 294
	// for data with errors. Default "audit".
	HTTPProfile string `default:"audit" placeholder:"audit|2026" help:"The edition of GraphQL over HTTP that statuses follow: audit, or 2026 for 422 and 294 (default audit)."`

	// CORSOrigins are the origins, beside the server's own, of pages that may ask, such as
	// https://example.com. Empty by default: browsers keep pages of other origins away.
	CORSOrigins []string `name:"cors-origins" placeholder:"ORIGIN" help:"Origins of other pages that may ask, https://example.com,… (default none)."`

	// MaxQuery is how large the text of a document may be, in KB. What is longer has values
	// written into it, and takes a hundred times as much memory once it is parsed. Default 100.
	MaxQuery int `default:"100" placeholder:"KB" help:"The largest document (default 100 KB)."`
	// MaxBody is how large a request may be, in KB, its variables included. It is held in
	// memory whole; what is larger is for /bulk. Default 4096.
	MaxBody int `default:"4096" placeholder:"KB" help:"The largest request (default 4096 KB)."`

	// RequestTimeout is for how many seconds a query or a mutation may run; then its
	// statements are cancelled. Files of changes, operations in the background and
	// subscriptions have their own times. Default 10.
	RequestTimeout int `default:"10" placeholder:"SECONDS" help:"For how long a request may run (default 10 seconds)."`

	// MaxSubscriptions is how many operations each caller may have under way over streams of
	// events and WebSockets, all connections together, and how many WebSockets may come from
	// one address. An idle one takes less than 64 KB. Default 10000.
	MaxSubscriptions int `default:"10000" placeholder:"NUMBER" help:"How many subscriptions each caller may have (default 10000)."`

	// TrustedDocuments is a file of documents that clients may name instead of sending them,
	// by their id or the SHA-256 of their text: a JSON object of ids and texts, or Apollo's
	// manifest of persisted queries. Empty by default.
	TrustedDocuments string `placeholder:"FILE" help:"A JSON object of ids and documents, which clients may name instead of sending them (default none)."`
	// TrustedMode is what happens to other documents: with "off" they are executed, with
	// "log" as well, and each is written into the log once, with "only" they are refused.
	// Default "off".
	TrustedMode string `default:"off" placeholder:"off|log|only" help:"What happens to documents that are not in the file: off and log execute them, log tells of them, only refuses them (default off)."`
}

// Store is the part of Config that says where a library lies.
type Store struct {
	// Data is the folder for all that the server keeps, made where missing: the
	// SQLite file vodgraph.db, unless Database names another database. Default
	// ./data, and ./data-demo with Demo.
	Data string `placeholder:"DIR" help:"The folder of the library (default ./data; with --demo ./data-demo)."`

	// Database is the URL of a Postgres database, postgres://user:password@host/name,
	// with the parameters of lib/pq. Empty by default: SQLite in Data.
	Database string `placeholder:"URL" help:"A Postgres database, postgres://… (default SQLite, in the file vodgraph.db of --data)."`
}

// complete returns the config with the defaults that hang together.
func (c Config) complete() Config {
	switch {
	case c.Data != "":
	case c.Demo:
		c.Data = "./data-demo"
	default:
		c.Data = "./data"
	}
	return c
}

// check refuses a config that cannot work; the place of the fault is the flag.
func (c Config) check() error {
	if _, err := c.limits(); err != nil {
		return err
	}
	if err := checkAddress(c.Listen, "listen"); err != nil {
		return err
	}
	for flag, days := range map[string]int{"keep-trash": c.KeepTrash, "keep-history": c.KeepHistory} {
		if days < 0 || days > longestDays {
			return fault.New(fault.Invalid, "--%s must be a number of days from 0 to %d, and is %d.", flag, longestDays, days).At(flag)
		}
	}
	if err := errors.Join(c.HTTP.check(), c.Access.check(), c.Outside.check()); err != nil {
		return err
	}
	_, err := c.database()
	return err
}

// checkAddress refuses what is no address to listen on.
func checkAddress(address, flag string) error {
	_, port, err := net.SplitHostPort(address)
	if number, bad := strconv.Atoi(port); err != nil || bad != nil || number < 0 || number > 65535 {
		return fault.New(fault.Invalid, "--%s must be host:port, such as 127.0.0.1:8080, and is %q.", flag, address).At(flag)
	}
	return nil
}

// check refuses settings that cannot be.
func (h HTTP) check() error {
	if h.HTTPProfile != profileAudit && h.HTTPProfile != profile2026 {
		return fault.New(fault.Invalid, "--http-profile must be audit or 2026, and is %q.", h.HTTPProfile).At("http-profile")
	}
	for flag, size := range map[string]int{"max-query": h.MaxQuery, "max-body": h.MaxBody} {
		if size < 1 || size > largestRequest {
			return fault.New(fault.Invalid, "--%s must be a number of KB from 1 to %d, and is %d.", flag, largestRequest, size).At(flag)
		}
	}
	if h.RequestTimeout < 1 || h.RequestTimeout > longestRequest {
		return fault.New(fault.Invalid, "--request-timeout must be a number of seconds from 1 to %d, and is %d.",
			longestRequest, h.RequestTimeout).At("request-timeout")
	}
	if h.MaxSubscriptions < 1 || h.MaxSubscriptions > mostSubscriptions {
		return fault.New(fault.Invalid, "--max-subscriptions must be a number from 1 to %d, and is %d.",
			mostSubscriptions, h.MaxSubscriptions).At("max-subscriptions")
	}
	switch {
	case !slices.Contains([]string{trustedOff, trustedLog, trustedOnly}, h.TrustedMode):
		return fault.New(fault.Invalid, "--trusted-mode must be off, log or only, and is %q.", h.TrustedMode).At("trusted-mode")
	case h.TrustedMode != trustedOff && h.TrustedDocuments == "":
		return fault.New(fault.Invalid, "--trusted-mode %s needs --trusted-documents.", h.TrustedMode).At("trusted-mode")
	}
	if err := h.Asking.check(); err != nil {
		return err
	}
	return checkOrigins(h.CORSOrigins)
}

// largestRequest is how large a request can be allowed to be, in KB.
const largestRequest = 1 << 20

// longestRequest is for how long a request can be allowed to run, in seconds.
const longestRequest = 3600

// mostSubscriptions is how many a caller can be allowed to have.
const mostSubscriptions = 1_000_000

// DefaultHTTP is what a server has that nothing is set for.
func DefaultHTTP() HTTP {
	return HTTP{Asking: defaultAsking(), HTTPProfile: profileAudit, MaxQuery: 100, MaxBody: 4096, RequestTimeout: 10, MaxSubscriptions: 10_000, TrustedMode: trustedOff}
}

// longestDays is for how many days anything can be kept that is not for ever.
const longestDays = 36_500

// keep is for how long things are kept.
func (c Config) keep() catalog.Keep {
	const day = 24 * time.Hour
	return catalog.Keep{Trash: time.Duration(c.KeepTrash) * day, History: time.Duration(c.KeepHistory) * day}
}

// index is the folder of the index that needs no server.
func (s Store) index() string { return filepath.Join(s.Data, "search") }

// limits are those that the config names.
func (l Library) limits() (catalog.Limits, error) {
	switch l.Limits {
	case "default":
		return catalog.DefaultLimits(), nil
	case "vod":
		return catalog.VODLimits(), nil
	default:
		return catalog.Limits{}, fault.New(fault.Invalid, "--limits must be default or vod, and is %q.", l.Limits).At("limits")
	}
}

// database is where the library lies, as the database room wants it.
func (s Store) database() (database.Config, error) {
	if s.Database == "" {
		return database.Config{Path: s.file()}, nil
	}
	address, err := url.Parse(s.Database)
	if err != nil || (address.Scheme != "postgres" && address.Scheme != "postgresql") {
		// The value may hold a password, so it is not repeated.
		return database.Config{}, fault.New(fault.Invalid,
			"--database must be a URL such as postgres://user:password@host/name.").At("database")
	}
	return database.Config{URL: s.Database}, nil
}

// file is the SQLite database.
func (s Store) file() string { return filepath.Join(s.Data, "vodgraph.db") }
