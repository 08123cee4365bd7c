package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"vodgraph/auth"
	"vodgraph/fault"
	"vodgraph/keys"
)

// Tokens is the part of Config that says whose JSON Web Tokens let callers in.
type Tokens struct {
	// JWTKeys is where the issuer has its public keys, as a JSON Web Key Set (RFC 7517).
	// Empty by default: keys of the library alone let callers in.
	JWTKeys string `name:"jwt-keys" placeholder:"URL" help:"Where the public keys of an issuer of JSON Web Tokens are, a JWKS (default none)."`
	// JWTIssuer is what the claim iss of a token must be.
	JWTIssuer string `name:"jwt-issuer" placeholder:"URL" help:"The issuer of the tokens, their iss (default none)."`
	// JWTAudience is what the claim aud of a token must have.
	JWTAudience string `name:"jwt-audience" placeholder:"NAME" help:"For whom the tokens are, their aud (default none)."`
	// JWTRole is the claim that has the role of a caller: viewer, editor or admin. Within
	// objects it is written with dots, access.role. Default "role".
	JWTRole string `name:"jwt-role" default:"role" placeholder:"CLAIM" help:"The claim with the role viewer, editor or admin (default ${default})."`
	// JWTGrants is the claim with the ids of the categories that a caller is limited to. A
	// token without it is not limited. Default "categories".
	JWTGrants string `name:"jwt-grants" default:"categories" placeholder:"CLAIM" help:"The claim with ids of the categories that a caller is limited to (default ${default})."`
}

// algorithms are those of tokens: of a pair of keys, of which the private one never leaves
// the issuer.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}

// jwksTimeout is how long the request for the keys of an issuer may take.
const jwksTimeout = 5 * time.Second

func (t Tokens) check() error {
	if t.JWTKeys == "" {
		if t.JWTIssuer != "" || t.JWTAudience != "" {
			return fault.New(fault.Invalid, "--jwt-issuer and --jwt-audience need --jwt-keys.").At("jwt-keys")
		}
		return nil
	}
	address, err := url.Parse(t.JWTKeys)
	if err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http" {
		return fault.New(fault.Invalid, "--jwt-keys must be a URL, https://….").At("jwt-keys")
	}
	for flag, value := range map[string]string{"jwt-issuer": t.JWTIssuer, "jwt-audience": t.JWTAudience, "jwt-role": t.JWTRole, "jwt-grants": t.JWTGrants} {
		if value == "" {
			return fault.New(fault.Invalid, "--jwt-keys needs --%s.", flag).At(flag)
		}
	}
	return nil
}

// TokenVerifier makes callers of JSON Web Tokens.
type TokenVerifier struct {
	config   Tokens
	verifier *oidc.IDTokenVerifier
}

// NewTokenVerifier trusts an issuer; it is nil for none. Its keys are asked for when a token comes
// of which the key is not known, as long as ctx goes on.
func NewTokenVerifier(ctx context.Context, config Tokens, now func() time.Time) *TokenVerifier {
	if config.JWTKeys == "" {
		return nil
	}
	ctx = oidc.ClientContext(ctx, &http.Client{Timeout: jwksTimeout})
	return &TokenVerifier{config, oidc.NewVerifier(config.JWTIssuer, oidc.NewRemoteKeySet(ctx, config.JWTKeys),
		&oidc.Config{ClientID: config.JWTAudience, SupportedSigningAlgs: algorithms, Now: now})}
}

// caller is the caller of a token. It refuses with UNAUTHENTICATED a token that is not valid,
// or has no role.
func (t *TokenVerifier) caller(ctx context.Context, text string) (*auth.Caller, error) {
	token, err := t.verifier.Verify(ctx, text)
	var expired *oidc.TokenExpiredError
	switch {
	case errors.As(err, &expired):
		return nil, unauthenticated("The token has expired.")
	case err != nil:
		return nil, unauthenticated("The token is not good.")
	case token.Subject == "":
		return nil, unauthenticated("The token has no subject, in sub.")
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		return nil, fmt.Errorf("read the claims of a token: %w", err)
	}
	role, _ := claimed(claims, t.config.JWTRole).(string)
	c := &auth.Caller{Name: keys.TokenActor + token.Subject, Role: auth.Role(strings.ToUpper(role)), Expires: &token.Expiry}
	if !c.Role.Known() {
		return nil, unauthenticated("The token has no role of vodgraph, in " + t.config.JWTRole + ".")
	}
	if granted := claimed(claims, t.config.JWTGrants); granted != nil {
		list, ok := granted.([]any)
		c.Limited = true
		for _, one := range list {
			id, isText := one.(string)
			ok, c.Grants = ok && isText, append(c.Grants, id)
		}
		if !ok {
			return nil, unauthenticated("The token has no list of ids of categories, in " + t.config.JWTGrants + ".")
		}
		slices.Sort(c.Grants)
	}
	return c, nil
}

// claimed is a claim of a token, within objects where its name has dots; nil for none.
func claimed(claims map[string]any, name string) any {
	if value, ok := claims[name]; ok { // even if it has dots
		return value
	}
	outer, inner, within := strings.Cut(name, ".")
	if object, ok := claims[outer].(map[string]any); within && ok {
		return claimed(object, inner)
	}
	return nil
}
