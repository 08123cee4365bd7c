package access

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"vodgraph/auth"
	"vodgraph/bulk"
	"vodgraph/catalog"
	"vodgraph/ent"
	"vodgraph/fault"
)

// How long what was found out about callers is believed. Another server, or a command,
// may have changed it.
const (
	// keyTrusted is for keys that were good, and for that no key was ever made.
	keyTrusted = time.Second
	// keysKnown is how many keys are known at a time.
	keysKnown = 1000
)

// Authenticator finds out who asks: by a key of the library, or a token of an issuer that is
// trusted. Where no key was ever made and no issuer is trusted, everybody may do everything.
type Authenticator struct {
	catalog *bulk.Catalog
	tokens  *TokenVerifier // nil where no issuer is trusted
	log     *slog.Logger
	now     func() time.Time

	known *lru.Cache[string, knownKey] // by secret
	lock  sync.Mutex
	// keyed tells that a key was made, which stays so; looked is when none was.
	keyed  bool
	looked time.Time
	// tracked are what ends with its caller.
	tracked map[*tracked]bool
	used    chan string // ids of keys
}

// knownKey is a key as it was a short time ago.
type knownKey struct {
	*ent.Key
	at time.Time
}

// tracked is something of a caller that goes on for long.
type tracked struct {
	caller *auth.Caller
	end    context.CancelCauseFunc
}

// ErrRevoked is why what lasts ends with its caller.
var ErrRevoked = errors.New("the key or the token is good no more")

// NewAuthenticator makes an authenticator; the token verifier is nil where no issuer is trusted.
func NewAuthenticator(c *bulk.Catalog, t *TokenVerifier, log *slog.Logger, now func() time.Time) *Authenticator {
	known, err := lru.New[string, knownKey](keysKnown)
	if err != nil {
		panic(err) // the size is no size
	}
	return &Authenticator{catalog: c, tokens: t, log: log, now: now, known: known,
		tracked: map[*tracked]bool{}, used: make(chan string, keysKnown)}
}

// IsOpen tells whether nobody needs a key.
func (i *Authenticator) IsOpen(ctx context.Context) (bool, error) {
	if i.tokens != nil {
		return false, nil
	}
	i.lock.Lock()
	defer i.lock.Unlock()
	if i.keyed {
		return false, nil
	}
	if now := i.now(); i.looked.IsZero() || now.Sub(i.looked) >= keyTrusted {
		keyed, err := i.catalog.Keyed(ctx)
		if err != nil {
			return false, err
		}
		i.keyed, i.looked = keyed, now
	}
	return !i.keyed, nil
}

// localCaller is who asks where nobody needs a key.
var localCaller = auth.Caller{Name: auth.Local, Role: auth.Admin}

// Anonymous is the caller before they have shown anything: they may do and see nothing.
var Anonymous = &auth.Caller{Limited: true}

// unauthenticated refuses one who has shown nothing that is good.
func unauthenticated(sentence string) *fault.Fault {
	return fault.New(fault.Unauthenticated, "%s", sentence)
}

// callerOf is whose secret it is: that of a key, or a token. It refuses with UNAUTHENTICATED what
// is not, or no more, good.
func (i *Authenticator) callerOf(ctx context.Context, secret string) (*auth.Caller, error) {
	if !strings.HasPrefix(secret, catalog.KeyMark) {
		if i.tokens == nil {
			return nil, unauthenticated("The key is not good.")
		}
		return i.tokens.caller(ctx, secret)
	}
	known, fresh := i.known.Get(secret)
	if now := i.now(); !fresh || now.Sub(known.at) >= keyTrusted {
		row, err := i.catalog.KeyOf(auth.With(ctx, nil), secret)
		if err != nil {
			return nil, err
		}
		if row == nil {
			return nil, unauthenticated("The key is not good.")
		}
		known = knownKey{row, now}
		i.known.Add(secret, known)
	}
	switch {
	case known.RevokedAt != nil:
		return nil, unauthenticated("The key was revoked.")
	case known.ExpiresAt != nil && !i.now().Before(*known.ExpiresAt):
		return nil, unauthenticated("The key has expired.")
	}
	select {
	case i.used <- known.ID:
	default: // it is noted the next time
	}
	return &auth.Caller{Name: known.Name, Role: auth.Role(known.Role), Limited: known.Limited, Grants: known.Grants,
		Key: known.ID, Expires: known.ExpiresAt}, nil
}

// goodLately tells whether a secret was good a short time ago, so that it is no guess.
func (i *Authenticator) goodLately(secret string) bool {
	known, fresh := i.known.Peek(secret)
	return fresh && known.RevokedAt == nil && i.now().Sub(known.at) < keyTrusted
}

// Bearer is what a request shows: empty for nothing, and not ok for what is no bearer's.
func Bearer(header http.Header) (secret string, ok bool) {
	shown := header.Values("Authorization")
	if len(shown) == 0 {
		return "", true
	}
	scheme, secret, _ := strings.Cut(shown[0], " ")
	secret = strings.TrimSpace(secret)
	return secret, len(shown) == 1 && strings.EqualFold(scheme, "Bearer") && secret != ""
}

// Track is a context for what a caller has go on for long: it ends when they are good no
// more, with errGone for its cause. The caller must call end.
func (i *Authenticator) Track(ctx context.Context, caller *auth.Caller) (running context.Context, end func()) {
	running, cancel := context.WithCancelCause(auth.With(ctx, caller))
	l := &tracked{caller, cancel}
	i.lock.Lock()
	i.tracked[l] = true
	i.lock.Unlock()
	return running, func() {
		i.lock.Lock()
		delete(i.tracked, l)
		i.lock.Unlock()
		cancel(context.Canceled)
	}
}

// Run ends what lasts with its callers, and notes which keys are used, until ctx ends.
func (i *Authenticator) Run(ctx context.Context) {
	look := time.NewTicker(keyTrusted)
	defer look.Stop()
	noted := map[string]time.Time{}
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-i.used:
			if now := i.now(); now.Sub(noted[id]) >= time.Minute {
				noted[id] = now
				if err := i.catalog.KeyUsed(ctx, id); err != nil && ctx.Err() == nil {
					i.log.Warn("it was not noted that a key is used", "key", id, "error", err)
				}
			}
		case <-look.C:
			if err := i.closeRevoked(ctx); err != nil && ctx.Err() == nil {
				i.log.Error("keys cannot be looked at", "error", err)
			}
		}
	}
}

// closeRevoked ends what lasts of callers who are good no more.
func (i *Authenticator) closeRevoked(ctx context.Context) error {
	i.lock.Lock()
	var all []*tracked
	keys := map[string]bool{}
	for l := range i.tracked {
		all = append(all, l)
		if l.caller.Key != "" {
			keys[l.caller.Key] = true
		}
	}
	i.lock.Unlock()
	if len(all) == 0 {
		return nil
	}
	revoked := map[string]bool{}
	if len(keys) > 0 {
		gone, err := i.catalog.Gone(ctx, slices.Collect(maps.Keys(keys)))
		if err != nil {
			return err
		}
		for _, id := range gone {
			revoked[id] = true
		}
	}
	open, err := i.IsOpen(ctx)
	if err != nil {
		return err
	}
	for _, l := range all {
		expired := l.caller.Expires != nil && !i.now().Before(*l.caller.Expires)
		if expired || revoked[l.caller.Key] || l.caller.Name == auth.Local && !open {
			l.end(ErrRevoked)
		}
	}
	return nil
}
