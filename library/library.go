// Package library opens a library: its database and its search index, with the workers that
// keep both going. A server has one open, and so has each command.
package library

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/database"
	"vodgraph/media"
	"vodgraph/outbox"
	"vodgraph/search"
	"vodgraph/subscribe"
)

// Library is an open database, up to date, and the verbs on it.
type Library struct {
	DB      *database.DB
	Catalog *bulk.Catalog
	// Outbox has the marks for the index, and the leases of the work in the background.
	Outbox *outbox.Outbox
	// Index is woken after each transaction; none where this process writes no index.
	Index atomic.Pointer[search.Index]
	// Broker notifies subscribers of what transactions have changed.
	Broker *subscribe.Broker
	// Worker runs bulk operations; none where this process runs none.
	Worker atomic.Pointer[Worker]
	spans  spanStarter
}

// Options are how a library is opened, beside its settings.
type Options struct {
	// ReviewAutoBlock: a review that suggests BLOCK blocks a video or audio that is NORMAL
	// or CHECKING.
	ReviewAutoBlock bool
	// Tracer makes spans of statements and of calls of the index; nil for none.
	Tracer trace.Tracer
}

// Open opens the library that the settings name, makes it where it is missing, and
// brings it up to date. On an error the library is to be closed nevertheless.
func Open(ctx context.Context, settings Settings, options Options) (*Library, error) {
	limits, err := settings.limits()
	if err != nil {
		return nil, err
	}
	if settings.Database == "" {
		if err := os.MkdirAll(settings.Data, 0o750); err != nil {
			return nil, fmt.Errorf("make the folder of the library: %w", err)
		}
	}
	tracer := options.Tracer
	db, err := openDatabase(ctx, settings.Store, tracer)
	if err != nil {
		return nil, err
	}
	l := &Library{DB: db, Broker: subscribe.NewBroker(), spans: spanStarter{tracer}}
	l.Catalog = bulk.New(db.Client, change.Options{
		Limits:          limits,
		Now:             time.Now,
		NewID:           media.ULIDs(time.Now, rand.Reader),
		NewSecret:       NewSecret,
		ReviewAutoBlock: options.ReviewAutoBlock,
		Changed:         l.Notify,
		Queued:          l.startOperation,
	})
	l.Outbox = outbox.New(l.Catalog.Library)
	return l, l.Outbox.Backfill(ctx)
}

// NewSecret makes 256 random bits, as 43 letters, digits, - and _.
func NewSecret() string {
	var chance [32]byte
	_, _ = rand.Read(chance[:]) // which never fails
	return base64.RawURLEncoding.EncodeToString(chance[:])
}

// Notify wakes the index, if there is one, and notifies subscribers.
func (l *Library) Notify() {
	l.Broker.Notify()
	if index := l.Index.Load(); index != nil {
		index.Wake()
	}
}

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

func (l *Library) startOperation() {
	if waiting := l.Worker.Load(); waiting != nil {
		waiting.Notify()
	}
}

// Close closes the database; a library that was never opened has none.
func (l *Library) Close() error {
	if l == nil {
		return nil
	}
	return l.DB.Close()
}

// Where is the address of the database, as a URL without a password.
func (l *Library) Where() string {
	if l.DB.Postgres() {
		return l.DB.Location
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(l.DB.Location)}).String()
}
