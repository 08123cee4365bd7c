package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/fault"
	"vodgraph/gqlhttp"
	"vodgraph/keys"
	"vodgraph/model"
)

// TestTooManyTries lets an address fail so often and no more, but for who has a good key.
func TestTooManyTries(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	_, secret := key(t, a, keys.KeyCreateInput{Name: "ann", Role: auth.Viewer})
	for n := range 20 {
		if status, text := posted(t, a.URL(), fmt.Sprint("guess", n), "{ __typename }"); status != http.StatusUnauthorized {
			t.Fatalf("%d: %d %s", n, status, text)
		}
		if status, text := posted(t, a.URL(), secret, "{ __typename }"); n < access.TriesAtOnce-1 && status != http.StatusOK {
			t.Fatalf("%d: %d %s", n, status, text)
		}
	}
	until(t, "it is enough", func() bool {
		status, header, text := requests(t, http.MethodGet, a.URL()+gqlhttp.Endpoint+"?query={__typename}", "", "Authorization", "Bearer guess")
		seconds, err := strconv.Atoi(header.Get("Retry-After"))
		return status == http.StatusTooManyRequests && err == nil && seconds > 0 && strings.Contains(text, string(fault.RateLimited))
	})
	// In time the address is let try again.
	until(t, "the key is good", func() bool { status, _ := posted(t, a.URL(), secret, "{ __typename }"); return status == http.StatusOK })
}

// TestSocketsAreOfCallers asks who speaks over a WebSocket, and ends it with the key.
func TestSocketsAreOfCallers(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	id := seedOne(t, a.library.Catalog)
	keyID, secret := key(t, a, keys.KeyCreateInput{Name: "ann", Role: auth.Viewer})
	for _, payload := range []string{`{}`, `null`, `{"Authorization": "Bearer x"}`, `{"Authorization": 1}`, `[]`, `{"Authorization": "` + secret + `"}`} {
		p := dial(t, a.URL())
		p.send(`{"type": "connection_init", "payload": ` + payload + `}`)
		p.closes(4403)
	}
	early := dial(t, a.URL())
	early.subscribe("1", "subscription { asset(id: \""+id+"\") { title } }")
	early.closes(4401)
	byMessage, byHeader := dial(t, a.URL()), dial(t, a.URL(), "Authorization", "Bearer "+secret)
	for _, p := range []peer{byMessage, byHeader} {
		p.send(`{"type": "connection_init", "payload": {"authorization": "Bearer ` + secret + `"}}`)
		p.want(`{"type":"connection_ack"}`)
		p.subscribe("1", "subscription { asset(id: \""+id+"\") { title } }")
		p.want(`{"id":"1","type":"next","payload":{"data":{"asset":{"title":"one"}}}}`)
		p.subscribe("2", `mutation { assetsTrash(assets: [{id: "x"}]) { failedCount } }`)
		if text := p.next(); !strings.Contains(text, string(fault.Forbidden)) {
			t.Error(text)
		}
	}
	stream, header, _ := events(t, a, secret, "subscription { asset(id: \""+id+"\") { title } }")
	if header.StatusCode != http.StatusOK {
		t.Fatal(header.Status)
	}
	if err := a.library.Catalog.Keys.Revoke(t.Context(), keyID); err != nil {
		t.Fatal(err)
	}
	byMessage.closes(4403)
	byHeader.closes(4403)
	<-stream
	until(t, "a revoked key opens no WebSocket", func() bool {
		conn, _, err := websocket.Dial(t.Context(), a.URL()+gqlhttp.Endpoint, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"},
			HTTPHeader: http.Header{"Authorization": {"Bearer " + secret}}})
		if err == nil {
			_ = conn.CloseNow()
		}
		return err != nil
	})
}

// events reads a stream of events to its end, which over ends.
func events(t *testing.T, a *App, secret, document string) (over <-chan struct{}, answer *http.Response, first string) {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"query": document}) // cannot fail: strings
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.URL()+gqlhttp.Endpoint, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"text/event-stream"}, "Authorization": {"Bearer " + secret}}
	answer, err = http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	text := make([]byte, 1000)
	n, _ := answer.Body.Read(text) // the end is shown by the next
	go func() {
		defer close(ended)
		defer answer.Body.Close()
		for {
			if _, err := answer.Body.Read(make([]byte, 1000)); err != nil {
				return
			}
		}
	}()
	return ended, answer, string(text[:n])
}

// expiring begins to watch an asset with a secret that is good for two seconds, or for
// longer where it was over before the watching began. The channel is closed at its end.
func expiring(t *testing.T, a *App, asset string, made func(until time.Time) string) (over <-chan struct{}, secret string) {
	t.Helper()
	for good := 2 * time.Second; ; good *= 2 {
		secret = made(time.Now().Add(good))
		over, answer, _ := events(t, a, secret, "subscription { asset(id: \""+asset+"\") { title } }")
		switch {
		case answer.StatusCode == http.StatusOK:
			return over, secret
		case answer.StatusCode != http.StatusUnauthorized || good > time.Minute:
			t.Fatal(answer.Status)
		}
	}
}

// TestKeysExpire has a key be good until its time, and what it began end then.
func TestKeysExpire(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	id := seedOne(t, a.library.Catalog)
	key(t, a, keys.KeyCreateInput{Name: "root", Role: auth.Admin})
	over, secret := expiring(t, a, id, func(until time.Time) string {
		_, secret, err := a.library.Catalog.Keys.Create(t.Context(), keys.KeyCreateInput{Name: "until " + until.String(), Role: auth.Viewer, ExpiresAt: &model.Moment{Time: until}})
		if err != nil {
			t.Fatal(err)
		}
		return secret
	})
	<-over
	if status, text := posted(t, a.URL(), secret, "{ __typename }"); status != http.StatusUnauthorized || !strings.Contains(text, "expired") {
		t.Errorf("%d %s", status, text)
	}
}

// TestSpending refuses what costs more than a caller has left, and reports when to come again.
func TestSpending(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.CostPerMinute = 600
	a := open(t, c)
	run(t, a)
	_, secret := key(t, a, keys.KeyCreateInput{Name: "ann", Role: auth.Admin})
	_, other := key(t, a, keys.KeyCreateInput{Name: "bob", Role: auth.Admin})
	const costly = "{ assets(first: 100) { nodes { id tags { id } } } viewer { limits { costPerMinute costLeft } } }"
	until(t, "it is too much", func() bool {
		status, header, text := requests(t, http.MethodPost, a.URL()+gqlhttp.Endpoint, `{"query": "`+costly+`"}`, "Content-Type", "application/json", "Authorization", "Bearer "+secret)
		switch status {
		case http.StatusOK:
			if !strings.Contains(text, `"costPerMinute":600,"costLeft":`) {
				t.Fatal(text)
			}
			return false
		case http.StatusTooManyRequests:
			var reply struct {
				Errors []struct {
					Extensions struct {
						Code                        string
						Measured, Limit, RetryAfter int
					}
				}
			}
			seconds, err := strconv.Atoi(header.Get("Retry-After"))
			if json.Unmarshal([]byte(text), &reply) != nil || err != nil {
				t.Fatal(text, header)
			}
			e := reply.Errors[0].Extensions
			if e.Code != string(fault.RateLimited) || e.Measured <= e.Limit || e.RetryAfter != seconds || seconds < 1 || seconds > 60 {
				t.Errorf("%+v %s", e, text)
			}
			return true
		}
		t.Fatal(status, text)
		return false
	})
	if status, text := posted(t, a.URL(), other, costly); status != http.StatusOK {
		t.Errorf("another caller: %d %s", status, text)
	}
}

// issuer is who gives tokens out.
type issuer struct {
	*httptest.Server
	rsa   *rsa.PrivateKey
	ecdsa *ecdsa.PrivateKey
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{}
	var err error
	if i.rsa, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	if i.ecdsa, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: i.rsa.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}, {Key: i.ecdsa.Public(), KeyID: "e", Algorithm: "ES256", Use: "sig"}}})
	if err != nil {
		t.Fatal(err)
	}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(set) }))
	t.Cleanup(i.Close)
	return i
}

// token is a token with claims, signed.
func token(t *testing.T, key jose.SigningKey, id string, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", id))
	if err != nil {
		t.Fatal(err)
	}
	text, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// claims are those of ann, an editor, but for some, name and value; nil takes one away.
func claims(more ...any) map[string]any {
	all := map[string]any{"iss": "https://issuer.example", "aud": []string{"vodgraph"}, "sub": "ann", "exp": time.Now().Add(time.Hour).Unix(),
		"access": map[string]any{"role": "editor"}}
	for i := 0; i < len(more); i += 2 {
		if all[more[i].(string)] = more[i+1]; more[i+1] == nil {
			delete(all, more[i].(string))
		}
	}
	return all
}

// TestTokens lets in who has a token of the issuer, and nobody else.
func TestTokens(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	c := config(t)
	c.Tokens = access.Tokens{JWTKeys: i.URL, JWTIssuer: "https://issuer.example", JWTAudience: "vodgraph", JWTRole: "access.role", JWTGrants: "access.categories"}
	a := open(t, c)
	run(t, a)
	signing := jose.SigningKey{Algorithm: jose.RS256, Key: i.rsa}
	const who = "{ viewer { name role limited grants { id } } }"
	for name, c := range map[string]struct {
		token string
		want  string // of the viewer; empty for nobody
	}{
		"editor":   {token(t, signing, "k", claims()), `"name":"jwt:ann","role":"EDITOR","limited":false,"grants":[]`},
		"by ECDSA": {token(t, jose.SigningKey{Algorithm: jose.ES256, Key: i.ecdsa}, "e", claims("access", map[string]any{"role": "ADMIN"})), `"role":"ADMIN"`},
		"limited":  {token(t, signing, "k", claims("access", map[string]any{"role": "viewer", "categories": []string{}})), `"role":"VIEWER","limited":true,"grants":[]`},
		"no role":  {token(t, signing, "k", claims("access", nil)), ""}, "unknown role": {token(t, signing, "k", claims("access", map[string]any{"role": "root"})), ""},
		"odd grants": {token(t, signing, "k", claims("access", map[string]any{"role": "viewer", "categories": "cat_1"})), ""},
		"expired":    {token(t, signing, "k", claims("exp", time.Now().Add(-time.Minute).Unix())), ""},
		"of another": {token(t, signing, "k", claims("iss", "https://other.example")), ""}, "for another": {token(t, signing, "k", claims("aud", "other")), ""},
		"of nobody": {token(t, signing, "k", claims("sub", nil)), ""}, "without an end": {token(t, signing, "k", claims("exp", nil)), ""},
		"by a shared secret": {token(t, jose.SigningKey{Algorithm: jose.HS256, Key: []byte(strings.Repeat("k", 32))}, "k", claims()), ""},
		"unsigned":           {"eyJhbGciOiJub25lIn0." + strings.Split(token(t, signing, "k", claims()), ".")[1] + ".", ""},
		"spoilt":             {token(t, signing, "k", claims()) + "x", ""},
		"under another key":  {token(t, signing, "e", claims()), ""},
	} {
		switch status, text := posted(t, a.URL(), c.token, who); {
		case c.want == "" && (status != http.StatusUnauthorized || !strings.Contains(text, string(fault.Unauthenticated))):
			t.Errorf("%s: %d %s", name, status, text)
		case c.want != "" && (status != http.StatusOK || !strings.Contains(text, c.want)):
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	if status, _ := posted(t, a.URL(), "", who); status != http.StatusUnauthorized {
		t.Errorf("nobody, where there are no keys: %d", status)
	}
	// Keys are good beside tokens.
	_, secret, err := a.library.Catalog.Keys.Create(t.Context(), keys.KeyCreateInput{Name: "bob", Role: auth.Viewer})
	if err != nil {
		t.Fatal(err)
	}
	if status, text := posted(t, a.URL(), secret, who); status != http.StatusOK || !strings.Contains(text, `"bob"`) {
		t.Errorf("%d %s", status, text)
	}
	over, _ := expiring(t, a, seedOne(t, a.library.Catalog), func(until time.Time) string {
		return token(t, signing, "k", claims("exp", until.Unix()))
	})
	<-over
}
