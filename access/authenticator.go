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
	"vodgraph/ent"
	"vodgraph/fault"
	"vodgraph/keys"
)

// How callers are cached. Another server, or a command, may have changed their keys.
const (
	// keyTTL is how long a key is cached, and that no key was ever made.
	keyTTL = time.Second
	// cachedKeys is how many keys are cached, the latest used.
	cachedKeys = 1000
)

// Authenticator makes callers of secrets: keys of the library, and tokens of a trusted
// issuer. Where no key was ever made and no issuer is trusted, everybody may do everything.
type Authenticator struct {
	catalog *bulk.Catalog
	tokens  *TokenVerifier // nil where no issuer is trusted
	log     *slog.Logger
	now     func() time.Time

	known *lru.Cache[string, knownKey] // by secret
	lock  sync.Mutex
	// keyed is true once a key was made, and stays so; checked is when none was.
	keyed   bool
	checked time.Time
	// tracked are the contexts that end with their caller.
	tracked map[*tracked]bool
	used    chan string // ids of keys
}

type knownKey struct {
	*ent.Key
	at time.Time
}

// tracked is a long-lived request, stream or socket of a caller.
type tracked struct {
	caller *auth.Caller
	end    context.CancelCauseFunc
}

// ErrRevoked is the cause of a tracked context that ended with its caller.
var ErrRevoked = errors.New("the key or the token is good no more")

// NewAuthenticator makes an authenticator; the token verifier is nil where no issuer is trusted.
func NewAuthenticator(c *bulk.Catalog, t *TokenVerifier, log *slog.Logger, now func() time.Time) *Authenticator {
	known, err := lru.New[string, knownKey](cachedKeys)
	if err != nil {
		panic(err) // the size is no size
	}
	return &Authenticator{catalog: c, tokens: t, log: log, now: now, known: known,
		tracked: map[*tracked]bool{}, used: make(chan string, cachedKeys)}
}

// IsOpen reports whether nobody needs a key.
func (i *Authenticator) IsOpen(ctx context.Context) (bool, error) {
	if i.tokens != nil {
		return false, nil
	}
	i.lock.Lock()
	defer i.lock.Unlock()
	if i.keyed {
		return false, nil
	}
	if now := i.now(); i.checked.IsZero() || now.Sub(i.checked) >= keyTTL {
		keyed, err := i.catalog.Keys.Any(ctx)
		if err != nil {
			return false, err
		}
		i.keyed, i.checked = keyed, now
	}
	return !i.keyed, nil
}

// localCaller is who asks where nobody needs a key.
var localCaller = auth.Caller{Name: auth.Local, Role: auth.Admin}

// Anonymous is the caller before they have shown anything: they may do and see nothing.
var Anonymous = &auth.Caller{Limited: true}

func unauthenticated(sentence string) *fault.Fault {
	return fault.New(fault.Unauthenticated, "%s", sentence)
}

// callerOf is the caller of a secret, a key or a token. It refuses with UNAUTHENTICATED one that
// is unknown, expired or revoked.
func (i *Authenticator) callerOf(ctx context.Context, secret string) (*auth.Caller, error) {
	if !strings.HasPrefix(secret, keys.Mark) {
		if i.tokens == nil {
			return nil, unauthenticated("The key is not good.")
		}
		return i.tokens.caller(ctx, secret)
	}
	known, fresh := i.known.Get(secret)
	if now := i.now(); !fresh || now.Sub(known.at) >= keyTTL {
		row, err := i.catalog.Keys.BySecret(auth.With(ctx, nil), secret)
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
	default: // it is recorded the next time
	}
	return &auth.Caller{Name: known.Name, Role: auth.Role(known.Role), Limited: known.Limited, Grants: known.Grants,
		Key: known.ID, Expires: known.ExpiresAt}, nil
}

// wasValid reports whether a secret was valid a short time ago, so that it is no guess.
func (i *Authenticator) wasValid(secret string) bool {
	known, fresh := i.known.Peek(secret)
	return fresh && known.RevokedAt == nil && i.now().Sub(known.at) < keyTTL
}

// Bearer is the secret of the header Authorization: empty without one, and not ok where it is
// not one of the scheme Bearer.
func Bearer(header http.Header) (secret string, ok bool) {
	shown := header.Values("Authorization")
	if len(shown) == 0 {
		return "", true
	}
	scheme, secret, _ := strings.Cut(shown[0], " ")
	secret = strings.TrimSpace(secret)
	return secret, len(shown) == 1 && strings.EqualFold(scheme, "Bearer") && secret != ""
}

// Track is a context for a long-lived request of a caller: it ends when their key or token
// expires or is revoked, with ErrRevoked for its cause. end must be called.
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

// Run ends tracked contexts with their callers, and records when keys were last used, until
// ctx ends.
func (i *Authenticator) Run(ctx context.Context) {
	poll := time.NewTicker(keyTTL)
	defer poll.Stop()
	recorded := map[string]time.Time{}
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-i.used:
			if now := i.now(); now.Sub(recorded[id]) >= time.Minute {
				recorded[id] = now
				if err := i.catalog.Keys.Used(ctx, id); err != nil && ctx.Err() == nil {
					i.log.Warn("the last use of a key could not be recorded", "key", id, "error", err)
				}
			}
		case <-poll.C:
			if err := i.closeRevoked(ctx); err != nil && ctx.Err() == nil {
				i.log.Error("the check for revoked keys failed", "error", err)
			}
		}
	}
}

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
		gone, err := i.catalog.Keys.Revoked(ctx, slices.Collect(maps.Keys(keys)))
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
