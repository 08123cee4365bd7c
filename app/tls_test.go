package app

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"vodgraph/fault"
	"vodgraph/gqlhttp"
)

// signed makes a certificate of this machine, under a name, and its key.
func signed(t *testing.T, name string) (certificate, key []byte) {
	t.Helper()
	made, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	text, err := x509.CreateCertificate(rand.Reader, about, about, made.Public(), made)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(made)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: text}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

// put writes a file as of a moment, so that it is another one than before.
func put(t *testing.T, name string, text []byte, at time.Time) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}

// greeted is the certificate that a server shows now, and the protocols of the connection.
func greeted(t *testing.T, a *App, versions ...uint16) (name, protocol string, err error) {
	t.Helper()
	config := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}}
	if len(versions) > 0 {
		config.MinVersion, config.MaxVersion = versions[0], versions[0]
	}
	conn, err := (&tls.Dialer{Config: config}).DialContext(t.Context(), "tcp", a.listener.Addr().String())
	if err != nil {
		return "", "", err
	}
	defer conn.Close()
	state := conn.(*tls.Conn).ConnectionState()
	return state.PeerCertificates[0].Subject.CommonName, state.NegotiatedProtocol, nil
}

// TestTLS speaks https and nothing else, by HTTP/2 and 1.1, and takes a certificate that
// has been renewed without being started anew.
func TestTLS(t *testing.T) {
	t.Parallel()
	c, began := config(t), time.Now().Add(-time.Hour)
	c.TLSCert, c.TLSKey = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	first, firstKey := signed(t, "first")
	put(t, c.TLSCert, first, began)
	put(t, c.TLSKey, firstKey, began)
	log := &logged{}
	a, err := Open(t.Context(), c, log.logger())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	stop := run(t, a)
	if !strings.HasPrefix(a.URL(), "https://127.0.0.1:") {
		t.Fatal(a.URL())
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(first)
	for want, transport := range map[string]*http.Transport{
		"HTTP/2.0": {TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true},
		"HTTP/1.1": {TLSClientConfig: &tls.Config{RootCAs: roots}},
	} {
		wantTLSAnswers(t, a, want, &http.Client{Transport: transport})
		transport.CloseIdleConnections()
	}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		if name, protocol, err := greeted(t, a, version); err != nil || name != "first" || protocol != "h2" {
			t.Errorf("%x: %s %s %v", version, name, protocol, err)
		}
	}
	if _, _, err := greeted(t, a, tls.VersionTLS11); err == nil {
		t.Error("TLS 1.1 is spoken")
	}

	wantRenewed(t, a, began.Add(time.Minute))
	if text := log.String(); strings.Count(text, "could not be reloaded") != 2 || strings.Count(text, "was reloaded") != 1 {
		t.Errorf("the log is\n%s", text)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// wantRenewed renews the certificate of a server bit by bit, and wants it taken when it is
// whole.
func wantRenewed(t *testing.T, a *App, at time.Time) {
	t.Helper()
	second, secondKey := signed(t, "second")
	put(t, a.config.TLSCert, second, at) // and its key is still to come
	for range 2 {
		if name, _, err := greeted(t, a); err != nil || name != "first" {
			t.Errorf("half a pair: %s %v", name, err)
		}
	}
	put(t, a.config.TLSKey, secondKey, at)
	if name, _, err := greeted(t, a); err != nil || name != "second" {
		t.Errorf("the next pair: %s %v", name, err)
	}
	if err := os.Remove(a.config.TLSKey); err != nil {
		t.Fatal(err)
	}
	if name, _, err := greeted(t, a); err != nil || name != "second" {
		t.Errorf("without a key: %s %v", name, err)
	}
}

// wantTLSAnswers wants a query answered, as JSON and as events, and a file taken by a version of HTTP.
func wantTLSAnswers(t *testing.T, a *App, version string, client *http.Client) {
	t.Helper()
	for accepted, want := range map[string]string{"application/json": `{"data":{"__typename":"Query"}}`,
		"text/event-stream": ":\n\n" + `event: next` + "\n" + `data: {"data":{"__typename":"Query"}}` + "\n\n" + "event: complete\ndata:\n\n"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.URL()+gqlhttp.Endpoint, strings.NewReader(`{"query":"{__typename}"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", accepted)
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.Proto != version || string(body) != want {
			t.Errorf("%s: %s %q %v", version, response.Proto, body, err)
		}
	}
	response, err := client.Post(a.URL()+gqlhttp.BulkEndpoint+"?verb=update", gqlhttp.LinesMediaType, strings.NewReader(`{"referenceId": "x"}`))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		t.Errorf("%s: a file is answered %s", version, response.Status)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if version != "HTTP/1.1" { // as browsers do for sockets
		return
	}
	conn, _, err := websocket.Dial(ctx, a.URL()+gqlhttp.Endpoint, &websocket.DialOptions{HTTPClient: client, Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
}

// TestTLSRefuses names what is wrong with a certificate before anything is served.
func TestTLSRefuses(t *testing.T) {
	t.Parallel()
	certificate, key := signed(t, "one")
	_, other := signed(t, "other")
	for name, files := range map[string][2][]byte{
		"no files":      {nil, nil},
		"another's key": {certificate, other},
		"the same file": {key, key},
	} {
		c := config(t)
		c.TLSCert, c.TLSKey = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
		for i, file := range []string{c.TLSCert, c.TLSKey} {
			if files[i] != nil {
				put(t, file, files[i], time.Now())
			}
		}
		_, err := Open(t.Context(), c, (&logged{}).logger())
		var refused *fault.Fault
		if !errors.As(err, &refused) || refused.Code != fault.Invalid || !strings.HasPrefix(refused.Message, "--tls-cert and --tls-key: ") ||
			bytes.Contains([]byte(refused.Message), []byte("BEGIN")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
