// Package works has the works of the npm package bangumi-data, all 8,483 of them,
// as assets: titles, dates, tags and categories, nothing invented. They are fetched
// once, for they are not part of this repository.
package works

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"vodgraph/bench/labelled"
	"vodgraph/dbtest"
	"vodgraph/dbtest/postgres"
	"vodgraph/demo/bangumi"
	"vodgraph/demo/line"
)

// Count is how many works there are.
const Count = 8483

// The package, at the one version that figures and tests go by.
const (
	name    = "bangumi-data"
	version = "0.3.208"
)

// DataUsage is the usage of a flag that Load reads.
const DataUsage = "dist/data.json of the npm package bangumi-data, which npm fetches without it"

// DataVariable names a dist/data.json of the package that is there already.
const DataVariable = "BANGUMI_DATA"

// Data is the path of the package's dist/data.json: what BANGUMI_DATA names, or else
// what is in the cache folder, into which npm fetches it where it is missing. The
// error is a sentence on what was lacking.
func Data(ctx context.Context) (string, error) {
	if data := os.Getenv(DataVariable); data != "" {
		return data, nil
	}
	cache, err := postgres.CacheFolder()
	if err != nil {
		return "", err
	}
	kept := filepath.Join(cache, name+"-"+version)
	data := filepath.Join(kept, "package", "dist", "data.json")
	if _, err := os.Stat(data); err == nil {
		return data, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("make the cache folder: %w", err)
	}
	folder, err := os.MkdirTemp(cache, name) // others may fetch at the same time
	if err != nil {
		return "", fmt.Errorf("make a folder in the cache: %w", err)
	}
	defer os.RemoveAll(folder)
	for _, command := range [][]string{
		{"npm", "pack", name + "@" + version, "--pack-destination", folder},
		{"tar", "-xzf", filepath.Join(folder, name+"-"+version+".tgz"), "-C", folder},
	} {
		if said, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s could not be fetched: %w: %s; %s may name its dist/data.json", name, err, bytes.TrimSpace(said), DataVariable)
		}
	}
	if err := os.Rename(folder, kept); err != nil {
		if _, missing := os.Stat(data); missing != nil {
			return "", fmt.Errorf("keep what was fetched: %w", err)
		}
	}
	return data, nil
}

// ForTest is Data for a test, which ends here where the works cannot be had.
func ForTest(t testing.TB) string {
	t.Helper()
	data, err := Data(t.Context())
	if err != nil {
		dbtest.Lacking(t, "the works of all titles: %v", err)
	}
	return data
}

// Read reads the works of a data.json.
func Read(data string) ([]bangumi.Work, error) {
	file, err := os.Open(data)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return bangumi.Read(file)
}

// Load reads the works of a data.json, or of Data for "".
func Load(ctx context.Context, data string) (list []bangumi.Work, err error) {
	if data == "" {
		if data, err = Data(ctx); err != nil {
			return nil, err
		}
	}
	return Read(data)
}

// Lines are works as lines of `vodgraph import`: the categories and tags, then the
// works in their order. Equal works make equal lines, ids included.
func Lines(works []bangumi.Work) []line.Of {
	draw := rand.New(rand.NewPCG(Count, 0))
	founded := time.Date(2003, 12, 1, 9, 0, 0, 0, time.UTC)
	assets := make([]*line.Asset, len(works))
	for i, w := range works {
		assets[i] = asset(w, line.NewID("vid_", w.TakenIn(), draw))
	}
	all := line.Filing(assets, founded, draw)
	for _, a := range assets {
		all = append(all, line.Of{Asset: a})
	}
	return all
}

// Write writes the lines of works.
func Write(works []bangumi.Work, to io.Writer) error {
	out := bufio.NewWriter(to)
	for _, each := range Lines(works) {
		text, err := each.Encode()
		if err != nil {
			return err
		}
		_, _ = out.Write(append(text, '\n')) // an error stays, and Flush returns it
	}
	return out.Flush()
}

// Labelled are works as queries are made of them.
func Labelled(list []bangumi.Work) (titled []labelled.Work) {
	for _, each := range Lines(list) {
		if a := each.Asset; a != nil {
			titled = append(titled, labelled.Work{ID: a.ID, Titles: append([]string{a.Title}, a.AlternativeTitles...)})
		}
	}
	return titled
}

func asset(w bangumi.Work, id string) *line.Asset {
	at := line.At(w.TakenIn())
	a := &line.Asset{
		ID: id, Kind: "VIDEO", ReferenceID: w.Ref, Title: w.Title, AlternativeTitles: w.AlternativeTitles(),
		Status: "NORMAL", StorageLocation: "default", StorageClass: "STANDARD", MediaSource: "GENERAL",
		Tags: w.Tags(), DownloadEnabled: new(bool), CreatedAt: at, UpdatedAt: at,
		UserData: map[string]any{"source": name, "begin": w.Begin.Format("2006-01-02")},
	}
	if !w.End.IsZero() {
		a.UserData["end"] = w.End.Format("2006-01-02")
	}
	for _, path := range w.Categories() {
		a.Categories = append(a.Categories, line.CategoryRef{Path: path})
	}
	return a
}
