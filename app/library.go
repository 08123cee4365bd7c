package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"vodgraph/catalog"
	"vodgraph/database"
	"vodgraph/fault"
	"vodgraph/search"
	"vodgraph/subscribe"
)

// library is an open database, up to date, and the verbs on it.
type library struct {
	db      *database.DB
	catalog *catalog.Catalog
	// changed is the index to be woken when a deed is done; none where this process
	// keeps none.
	changed atomic.Pointer[search.Index]
	// broker notifies subscribers of what transactions have changed.
	broker *subscribe.Broker
	// queued does what operations are called for; none where this process does none.
	queued atomic.Pointer[operations]
	spans  spanStarter
}

// openLibrary opens the library that a config names, makes it where it is
// missing, and brings it up to date. On an error the library is to be closed
// nevertheless.
func openLibrary(ctx context.Context, config Config) (*library, error) {
	return openTracedLibrary(ctx, config, nil)
}

// openTracedLibrary is openLibrary, with spans of the statements; tracer is nil for none.
func openTracedLibrary(ctx context.Context, config Config, tracer trace.Tracer) (*library, error) {
	limits, err := config.limits()
	if err != nil {
		return nil, err
	}
	if config.Database == "" || config.Demo { // with Postgres only the demo notes something there
		if err := os.MkdirAll(config.Data, 0o750); err != nil {
			return nil, fmt.Errorf("make the folder of the library: %w", err)
		}
	}
	db, err := openDatabase(ctx, config.Store, tracer)
	if err != nil {
		return nil, err
	}
	l := &library{db: db, broker: subscribe.NewBroker(), spans: spanStarter{tracer}}
	l.catalog = catalog.New(db.Client, catalog.Options{
		Limits:          limits,
		Now:             time.Now,
		NewID:           catalog.ULIDs(time.Now, rand.Reader),
		NewSecret:       newSecret,
		ReviewAutoBlock: config.ReviewAutoBlock,
		Changed:         l.wake,
		Queued:          l.call,
	})
	return l, l.catalog.Complete(ctx)
}

// newSecret makes 256 bits of chance, as 43 letters, digits, - and _.
func newSecret() string {
	var chance [32]byte
	_, _ = rand.Read(chance[:]) // which never fails
	return base64.RawURLEncoding.EncodeToString(chance[:])
}

// wake wakes the index, if there is one, and notifies subscribers.
func (l *library) wake() {
	l.broker.Notify()
	if index := l.changed.Load(); index != nil {
		index.Wake()
	}
}

// openDatabase opens the database of a library and brings it up to date.
func openDatabase(ctx context.Context, store Store, tracer trace.Tracer) (*database.DB, error) {
	config, err := store.database()
	if err != nil {
		return nil, err
	}
	if tracer != nil {
		config.OnStatement = spanStarter{tracer}.statement(store.system())
	}
	db, err := database.Open(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("bring the database up to date: %w", err), db.Close())
	}
	return db, nil
}

// system is the name that OpenTelemetry has for the kind of database.
func (s Store) system() string {
	if s.Database == "" {
		return "sqlite"
	}
	return "postgresql"
}

// call has an operation done, if anything here does.
func (l *library) call() {
	if waiting := l.queued.Load(); waiting != nil {
		waiting.call()
	}
}

// close closes the database; a library that was never opened has none.
func (l *library) close() error {
	if l == nil {
		return nil
	}
	return l.db.Close()
}

// exists refuses a store that has no SQLite file, for commands that only read:
// they must not leave an empty library behind.
func (s Store) exists() error {
	if s.Database != "" {
		return nil
	}
	_, err := os.Stat(s.file())
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "There is no library in %s.", s.Data).At("data")
	}
	return err
}

// where is where the library's rows lie, as a URL without a password.
func (l *library) where() string {
	if l.db.Postgres() {
		return l.db.Location
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(l.db.Location)}).String()
}
