package gqlhttp

import (
	"slices"

	"vodgraph/fault"
)

// Protocol is the part of Config on GraphQL over HTTP.
type Protocol struct {
	RequestLimits `embed:""`

	// HTTPProfile is the edition of GraphQL over HTTP by which statuses are given to
	// those who want application/graphql-response+json: "audit", that of the tools there
	// are, or "2026", the newest text, with 422 for a document that does not fit, and 294
	// for data with errors.
	HTTPProfile string `default:"audit" placeholder:"audit|2026" help:"The edition of GraphQL over HTTP that statuses follow: audit, or 2026 for 422 and 294 (default ${default})."`

	// CORSOrigins are the origins, beside the server's own, of pages that may ask, such as
	// https://example.com. Empty by default: browsers keep pages of other origins away.
	CORSOrigins []string `name:"cors-origins" placeholder:"ORIGIN" help:"Origins of other pages that may ask, https://example.com,… (default none)."`

	// MaxQuery is how large the text of a document may be, in KB. What is longer has values
	// written into it, and takes a hundred times as much memory once it is parsed.
	MaxQuery int `default:"100" placeholder:"KB" help:"The largest document (default ${default} KB)."`
	// MaxBody is how large a request may be, in KB, its variables included. It is held in
	// memory whole; what is larger is for /bulk.
	MaxBody int `default:"4096" placeholder:"KB" help:"The largest request (default ${default} KB)."`

	// RequestTimeout is for how many seconds a query or a mutation may run; then its
	// statements are cancelled. Files of changes, operations in the background and
	// subscriptions have their own times.
	RequestTimeout int `default:"10" placeholder:"SECONDS" help:"For how long a request may run (default ${default} seconds)."`

	// MaxSubscriptions is how many operations each caller may have under way over streams of
	// events and WebSockets, all connections together, and how many WebSockets may come from
	// one address. An idle one takes less than 64 KB.
	MaxSubscriptions int `default:"10000" placeholder:"NUMBER" help:"How many subscriptions each caller may have (default ${default})."`

	// TrustedDocuments is a file of documents that clients may name instead of sending them,
	// by their id or the SHA-256 of their text: a JSON object of ids and texts, or Apollo's
	// manifest of persisted queries. Empty by default.
	TrustedDocuments string `placeholder:"FILE" help:"A JSON object of ids and documents, which clients may name instead of sending them (default none)."`
	// TrustedMode is what happens to other documents: with "off" they are executed, with
	// "log" as well, and each is written into the log once, with "only" they are refused.
	TrustedMode string `default:"off" placeholder:"off|log|only" help:"What happens to documents that are not in the file: off and log execute them, log also logs them, only refuses them (default ${default})."`
}

// Check refuses settings that cannot be.
func (h Protocol) Check() error {
	if h.HTTPProfile != ProfileAudit && h.HTTPProfile != Profile2026 {
		return fault.New(fault.Invalid, "--http-profile must be audit or 2026, and is %q.", h.HTTPProfile).At("http-profile")
	}
	for flag, size := range map[string]int{"max-query": h.MaxQuery, "max-body": h.MaxBody} {
		if size < 1 || size > maxRequestKB {
			return fault.New(fault.Invalid, "--%s must be a number of KB from 1 to %d, and is %d.", flag, maxRequestKB, size).At(flag)
		}
	}
	if h.RequestTimeout < 1 || h.RequestTimeout > maxRequestSeconds {
		return fault.New(fault.Invalid, "--request-timeout must be a number of seconds from 1 to %d, and is %d.",
			maxRequestSeconds, h.RequestTimeout).At("request-timeout")
	}
	if h.MaxSubscriptions < 1 || h.MaxSubscriptions > maxSubscriptions {
		return fault.New(fault.Invalid, "--max-subscriptions must be a number from 1 to %d, and is %d.",
			maxSubscriptions, h.MaxSubscriptions).At("max-subscriptions")
	}
	switch {
	case !slices.Contains([]string{TrustedOff, TrustedLog, TrustedOnly}, h.TrustedMode):
		return fault.New(fault.Invalid, "--trusted-mode must be off, log or only, and is %q.", h.TrustedMode).At("trusted-mode")
	case h.TrustedMode != TrustedOff && h.TrustedDocuments == "":
		return fault.New(fault.Invalid, "--trusted-mode %s needs --trusted-documents.", h.TrustedMode).At("trusted-mode")
	}
	if err := h.RequestLimits.check(); err != nil {
		return err
	}
	return checkOrigins(h.CORSOrigins)
}

// maxRequestKB is how large a request can be allowed to be, in KB.
const maxRequestKB = 1 << 20

// maxRequestSeconds is for how long a request can be allowed to run, in seconds.
const maxRequestSeconds = 3600

// maxSubscriptions is how many a caller can be allowed to have.
const maxSubscriptions = 1_000_000

// DefaultProtocol has the defaults of all settings.
func DefaultProtocol() Protocol {
	return Protocol{RequestLimits: defaultLimits(), HTTPProfile: ProfileAudit, MaxQuery: 100, MaxBody: 4096, RequestTimeout: 10, MaxSubscriptions: 10_000, TrustedMode: TrustedOff}
}
