package library

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"vodgraph/database"
	"vodgraph/fault"
	"vodgraph/limits"
)

// MaxDays is for how many days anything can be kept that is not for ever.
const MaxDays = 36_500

// Store is the part of Config that says where a library lies.
type Store struct {
	// Data is the folder for all that the server keeps, made where missing: the
	// SQLite file vodgraph.db, unless Database names another database. Default
	// ./data, and ./data-demo with Demo.
	Data string `placeholder:"DIR" help:"The folder of the library (default ./data; with --demo ./data-demo)."`

	// Database is the URL of a Postgres database, postgres://user:password@host/name,
	// with the parameters of lib/pq. Empty by default: SQLite in Data.
	Database string `placeholder:"URL" help:"A Postgres database, postgres://… (default SQLite, in the file vodgraph.db of --data)."`
}

// Settings is the part of Config that every command on assets needs.
type Settings struct {
	Store `embed:""`

	// Limits names the limits on what is taken: "default", which are generous,
	// or "vod", which are those of ApsaraVideo VOD, for those who must stay
	// interchangeable with it. Default "default".
	Limits string `default:"default" placeholder:"default|vod" help:"How much of everything is taken: default, or vod for the limits of ApsaraVideo VOD (default ${default})."`
}

// Engine is the part of Config that says what search asks.
type Engine struct {
	// Search is the address of Typesense servers, typesense://KEY@HOST:8108, with
	// commas between several, or typesenses:// for TLS. Empty by default: an index
	// in the folder search of Data, which is for one server.
	Search string `placeholder:"URL" help:"Typesense servers, typesense://KEY@HOST:8108[,HOST:8108…] (default an index in --data, for one server)."`
}

// Complete returns the settings with the default folder.
func (l Settings) Complete() Settings {
	if l.Data == "" {
		l.Data = "./data"
	}
	return l
}

// DefaultSettings are those of a store, with the default limits.
func DefaultSettings(s Store) Settings { return Settings{Store: s, Limits: "default"}.Complete() }

// Check refuses settings that cannot be.
func (l Settings) Check() error {
	if _, err := l.limits(); err != nil {
		return err
	}
	_, err := l.database()
	return err
}

// Index is the folder of the index that needs no server.
func (s Store) Index() string { return filepath.Join(s.Data, "search") }

func (l Settings) limits() (limits.Library, error) {
	switch l.Limits {
	case "default":
		return limits.DefaultLibrary(), nil
	case "vod":
		return limits.VODLibrary(), nil
	default:
		return limits.Library{}, fault.New(fault.Invalid, "--limits must be default or vod, and is %q.", l.Limits).At("limits")
	}
}

func (s Store) database() (database.Config, error) {
	if s.Database == "" {
		return database.Config{Path: s.File()}, nil
	}
	address, err := url.Parse(s.Database)
	if err != nil || (address.Scheme != "postgres" && address.Scheme != "postgresql") {
		// The value may hold a password, so it is not repeated.
		return database.Config{}, fault.New(fault.Invalid,
			"--database must be a URL such as postgres://user:password@host/name.").At("database")
	}
	return database.Config{URL: s.Database}, nil
}

// File is the SQLite database.
func (s Store) File() string { return filepath.Join(s.Data, "vodgraph.db") }

func (s Store) system() string {
	if s.Database == "" {
		return "sqlite"
	}
	return "postgresql"
}

// Exists refuses a store that has no SQLite file, for commands that only read:
// they must not leave an empty library behind.
func (s Store) Exists() error {
	if s.Database != "" {
		return nil
	}
	_, err := os.Stat(s.File())
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "There is no library in %s.", s.Data).At("data")
	}
	return err
}
