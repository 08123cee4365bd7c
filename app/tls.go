package app

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"vodgraph/fault"
)

// certificate is the certificate of the server, in files that are reloaded when they change.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	lock sync.Mutex
	read [2]stamp
	pair *tls.Certificate
}

type stamp struct {
	changed time.Time
	size    int64
}

// tls is the configuration of TLS, which is empty for plain HTTP. It refuses with a fault
// what is no certificate.
func (o Observability) tls(log *slog.Logger) (*tls.Config, error) {
	if o.TLSCert == "" {
		return &tls.Config{}, nil
	}
	read, err := openCertificate(o, log)
	if err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: read.get}, nil
}

// openCertificate reads the certificate and its key, and refuses with a fault what is
// none, or no pair.
func openCertificate(o Observability, log *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: o.TLSCert, keyFile: o.TLSKey, log: log}
	read, err := c.stamps()
	if err == nil {
		err = c.load(read)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "--tls-cert and --tls-key: %v.", err).At("tls-cert")
	}
	return c, nil
}

func (c *certificate) stamps() (now [2]stamp, err error) {
	for i, name := range []string{c.certFile, c.keyFile} {
		file, err := os.Stat(name)
		if err != nil {
			return now, err
		}
		now[i] = stamp{file.ModTime(), file.Size()}
	}
	return now, nil
}

func (c *certificate) load(read [2]stamp) error {
	c.read = read
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	c.pair = &pair
	return nil
}

// get is the certificate for a connection. Files that cannot be loaded leave the previous
// one in use, which is logged once for each state of the files.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	now, err := c.stamps()
	if now == c.read {
		return c.pair, nil
	}
	if err == nil {
		err = c.load(now)
	}
	c.read = now
	if err != nil {
		c.log.Warn("the certificate could not be reloaded; the previous one stays in use", "error", err)
	} else {
		c.log.Info("the certificate was reloaded")
	}
	return c.pair, nil
}
