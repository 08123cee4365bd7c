package gqlhttp

import (
	"context"
	"encoding/json"
	"log/slog"
	"regexp"

	"github.com/99designs/gqlgen/graphql/handler/lru"

	"vodgraph/fault"
)

const (
	// persistedDocuments is how many documents of clients are cached, the latest used.
	persistedDocuments = 1000
	// maxPersistedBytes is the longest that is kept, in bytes. Any client fills this
	// store, so it is bound both ways: 32 MB.
	maxPersistedBytes = 32 << 10
)

// persisted finds documents that are named and not sent: by the documentId of GraphQL
// over HTTP, or by the hash of Apollo's automatic persisted queries, with which clients
// also store texts.
type persisted struct {
	// trusted are the documents of the list; mode says what happens to others.
	trusted trusted
	mode    string
	stored  *lru.LRU[string]
	logged  *lru.LRU[bool]
	log     *slog.Logger
}

func newPersisted(config Protocol, log *slog.Logger) (*persisted, error) {
	list, err := readTrusted(config.TrustedDocuments)
	if err != nil {
		return nil, err
	}
	return &persisted{list, config.TrustedMode, lru.New[string](persistedDocuments), lru.New[bool](persistedDocuments), log}, nil
}

// find puts the text into a request that names it, and refuses one whose document is
// not to be had or not to be executed.
func (p *persisted) find(ctx context.Context, a *request) *httpError {
	hash, refused := a.persistedHash()
	switch {
	case refused != nil:
		return refused
	case a.DocumentID != "" && (a.Query != "" || hash != ""):
		return badRequest(fault.New(fault.Invalid, "A request has a documentId or another document, and not both.").At("documentId"))
	case a.DocumentID != "":
		a.Query, a.trusted = p.trusted[a.DocumentID]
		return p.missing(a, "documentId")
	case hash != "" && a.Query == "":
		if a.Query, a.trusted = p.trusted[hash]; !a.trusted && p.mode != TrustedOnly {
			a.Query, _ = p.stored.Get(ctx, hash)
		}
		return p.missing(a, "extensions", "persistedQuery", "sha256Hash")
	case a.Query == "":
		return nil // of which others speak
	}
	own := DocumentHash(a.Query)
	if hash != "" && hash != own {
		return badRequest(fault.New(fault.PersistedQueryMismatch, "The hash is not that of the query.").At("extensions", "persistedQuery", "sha256Hash"))
	}
	_, a.trusted = p.trusted[own]
	if !a.trusted {
		return p.untrusted(ctx, a, own)
	}
	return nil
}

func (p *persisted) missing(a *request, place ...string) *httpError {
	switch {
	case a.Query != "":
		return nil
	case p.mode == TrustedOnly:
		return invalidDocument(fault.New(fault.DocumentNotTrusted, "No document of this name may be executed.").At(place...))
	default:
		// Apollo's clients know the error by these words too.
		return invalidDocument(fault.New(fault.PersistedQueryNotFound, "PersistedQueryNotFound").At(place...))
	}
}

// untrusted does what the mode says with a text that is not on the list.
func (p *persisted) untrusted(ctx context.Context, a *request, hash string) *httpError {
	switch p.mode {
	case TrustedOnly:
		return invalidDocument(fault.New(fault.DocumentNotTrusted, "This document may not be executed: it is not on the list.").At("query"))
	case TrustedLog:
		if _, logged := p.logged.Get(ctx, hash); !logged {
			p.logged.Add(ctx, hash, true)
			shown := a.Query
			if len(shown) > maxPersistedBytes {
				shown = shown[:maxPersistedBytes]
			}
			p.log.WarnContext(ctx, "a document is not trusted", "sha256", hash, "operation", a.OperationName, "document", shown)
		}
	}
	return nil
}

// store stores the text of a valid request that gave its hash, for the next that gives the
// hash alone.
func (p *persisted) store(ctx context.Context, a request) {
	if hash, _ := a.persistedHash(); hash != "" && p.mode != TrustedOnly && !a.trusted && len(a.Query) <= maxPersistedBytes {
		p.stored.Add(ctx, hash, a.Query)
	}
}

var sha256Hash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// persistedHash is the hash that a request gives by Apollo's protocol, and "" where it
// gives none.
// https://www.apollographql.com/docs/apollo-server/performance/apq
func (a request) persistedHash() (string, *httpError) {
	extension, given := a.Extensions["persistedQuery"]
	if !given || extension == nil {
		return "", nil
	}
	members, _ := extension.(map[string]any)
	hash, _ := members["sha256Hash"].(string)
	if version, _ := members["version"].(json.Number); version != "1" || !sha256Hash.MatchString(hash) {
		return "", badRequest(fault.New(fault.Invalid,
			"persistedQuery has the version 1 and a sha256Hash of 64 hexadecimal digits in small letters.").At("extensions", "persistedQuery"))
	}
	return hash, nil
}
