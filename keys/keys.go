// Package keys is the keys by which callers are known: made, found by their secrets, revoked.
package keys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vodgraph/auth"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/ent/key"
	"vodgraph/fault"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/model"
)

// Keys are those of a library.
type Keys struct{ library *change.Library }

// New opens the keys of a library.
func New(l *change.Library) *Keys { return &Keys{l} }

// What keys may be.
const (
	// keyStem is how much of a secret is kept to know it again by: the prefix that all have,
	// and eight of its 43 characters.
	keyStem = len(Mark) + 8
	// keyUsed is how often it is noted that a key is used.
	keyUsed = time.Minute
)

// Mark is what the secret of every key begins with, so that it is found where it was
// left by mistake.
const Mark = "vg_"

// TokenActor is what the names of callers with a token of another issuer begin with;
// that of no key does.
const TokenActor = "jwt:"

// KeyCreateInput is a key to be made.
type KeyCreateInput struct {
	Name string
	Role auth.Role
	// CategoryIds are what it is limited to; nil for everything.
	CategoryIds []string
	ExpiresAt   *model.Moment
}

// Create makes a key, and returns its id and its secret, which is kept nowhere. It
// refuses with INVALID a name that is empty, too long, or taken, and a date that is past;
// with LIST_TOO_LONG too many categories, and with NOT_FOUND one that is not there.
func (k *Keys) Create(ctx context.Context, in KeyCreateInput) (id, secret string, err error) {
	if err := change.WithoutNUL(&struct{ Input KeyCreateInput }{in}); err != nil {
		return "", "", err
	}
	now := change.Timestamp(k.library.Options.Now())
	if refused := in.check(now); refused != nil {
		return "", "", refused.Under("input")
	}
	secret = Mark + k.library.Options.NewSecret()
	err = k.library.Aside(ctx, func(tx *ent.Tx) error {
		taken, err := tx.Key.Query().Where(key.Name(in.name())).Exist(ctx)
		if err != nil {
			return err
		}
		if taken {
			return fault.New(fault.Invalid, "A key of this name was made before; history would take the two for one.").At("input", "name")
		}
		there, err := tx.Category.Query().Where(collect.In[string](category.FieldID, in.CategoryIds)).IDs(ctx)
		if err != nil {
			return err
		}
		for i, one := range in.CategoryIds {
			if !slices.Contains(there, one) {
				return fault.New(fault.NotFound, "There is no such category.").At("input", "categoryIds", strconv.Itoa(i))
			}
		}
		create := tx.Key.Create().SetID(k.library.Options.NewID(media.KeyPrefix)).SetName(in.name()).SetPrefix(secret[:keyStem]).SetHash(hashOf(secret)).
			SetRole(key.Role(in.Role)).SetLimited(in.CategoryIds != nil).SetGrants(append([]string{}, in.CategoryIds...)).SetCreatedAt(now)
		if in.ExpiresAt != nil {
			create.SetExpiresAt(change.Timestamp(in.ExpiresAt.Time))
		}
		row, err := create.Save(ctx)
		if err == nil {
			id = row.ID
		}
		return err
	})
	if err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	return id, secret, nil
}

func (in *KeyCreateInput) name() string { return media.Clean(in.Name) }

func (in *KeyCreateInput) check(now time.Time) *fault.Fault {
	name := in.name()
	switch {
	case name == "" || utf8.RuneCountInString(name) > limits.KeyName || strings.ContainsFunc(name, unicode.IsControl):
		return fault.New(fault.Invalid, "The name of a key has 1 to %d characters, none of them a control character.", limits.KeyName).At("name")
	case name == auth.Local || strings.HasPrefix(name, TokenActor):
		return fault.New(fault.Invalid, "A key is not called %s, nor begins its name with %s: the history names others so.", auth.Local, TokenActor).At("name")
	case !in.Role.Known():
		return fault.New(fault.Invalid, "The role is VIEWER, EDITOR or ADMIN.").At("role")
	case len(in.CategoryIds) > limits.KeyGrants:
		return fault.New(fault.ListTooLong, "A key is limited to up to %d categories.", limits.KeyGrants).At("categoryIds")
	case in.ExpiresAt != nil && !in.ExpiresAt.After(now):
		return fault.New(fault.Invalid, "It would have expired from the beginning.").At("expiresAt")
	}
	return nil
}

// Revoke revokes a key, and cancels the operations of who has it. It refuses with NOT_FOUND one that is not there.
func (k *Keys) Revoke(ctx context.Context, id string) error {
	if err := change.WithoutNUL(&struct{ ID string }{id}); err != nil {
		return err
	}
	err := k.library.Aside(ctx, func(tx *ent.Tx) error {
		row, err := tx.Key.Get(ctx, id)
		if ent.IsNotFound(err) {
			return fault.New(fault.NotFound, "There is no such key.").At("id")
		}
		if err != nil || row.RevokedAt != nil {
			return err
		}
		now := change.Timestamp(k.library.Options.Now())
		if err := tx.Key.UpdateOne(row).SetRevokedAt(now).Exec(ctx); err != nil {
			return err
		}
		return tx.BulkOperation.Update().Where(bulkoperation.Actor(row.Name), bulkoperation.StatusIn(change.Running...)).
			SetStatus(bulkoperation.StatusCANCELLED).SetFinishedAt(now).Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("revoke a key: %w", err)
	}
	return nil
}

// All are all keys, the oldest first.
func (k *Keys) All(ctx context.Context) ([]*ent.Key, error) {
	rows, err := k.library.DB.Key.Query().Order(key.ByCreatedAt(), key.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the keys: %w", err)
	}
	return rows, nil
}

// Any reports whether a key was ever made.
func (k *Keys) Any(ctx context.Context) (bool, error) {
	keyed, err := k.library.DB.Key.Query().Exist(ctx)
	if err != nil {
		return false, fmt.Errorf("look for keys: %w", err)
	}
	return keyed, nil
}

var secretForm = regexp.MustCompile(`^` + Mark + `[A-Za-z0-9_-]{20,100}$`)

// BySecret is the key of a secret; nil where there is none. Whether it is still good is checked
// by its dates.
func (k *Keys) BySecret(ctx context.Context, secret string) (*ent.Key, error) {
	if !secretForm.MatchString(secret) {
		return nil, nil
	}
	row, err := k.library.DB.Key.Query().Where(key.Hash(hashOf(secret))).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for a key: %w", err)
	}
	return row, nil
}

// hashOf is what is kept of a secret. It has 256 bits of chance, so that no salt and no
// slow hash adds anything.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Revoked are those of some keys that were revoked.
func (k *Keys) Revoked(ctx context.Context, ids []string) ([]string, error) {
	gone, err := k.library.DB.Key.Query().Where(collect.In[string](key.FieldID, ids), key.RevokedAtNotNil()).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for revoked keys: %w", err)
	}
	return gone, nil
}

// Used notes that a key was used, unless that was noted within the last minute.
func (k *Keys) Used(ctx context.Context, id string) error {
	now := change.Timestamp(k.library.Options.Now())
	err := k.library.Aside(ctx, func(tx *ent.Tx) error {
		return tx.Key.Update().Where(key.ID(id), key.Or(key.LastUsedAtIsNil(), key.LastUsedAtLT(now.Add(-keyUsed)))).
			SetLastUsedAt(now).Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("note that a key is used: %w", err)
	}
	return nil
}
