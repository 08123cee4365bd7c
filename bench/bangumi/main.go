// Command bangumi turns all works of the npm package bangumi-data into lines of
// `vodgraph import`, on standard output: titles, dates, tags and categories,
// nothing invented. The data is not part of this repository:
//
//	npm pack bangumi-data@0.3.208 && tar xzf bangumi-data-0.3.208.tgz
//	go run ./bench/bangumi package/dist/data.json > bangumi.jsonl
//
// Equal data makes equal lines, ids included.
package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"vodgraph/demo/bangumi"
	"vodgraph/demo/line"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bangumi:", err)
		os.Exit(1)
	}
}

func run(args []string, to io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("name the package's dist/data.json")
	}
	file, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer file.Close()
	works, err := bangumi.Read(file)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(to)
	for _, each := range lines(works) {
		text, err := each.Encode()
		if err != nil {
			return err
		}
		// An error of the writer stays with it and comes up in Flush.
		out.Write(append(text, '\n'))
	}
	return out.Flush()
}

// lines are those of the categories and tags, then of the works in their order.
func lines(works []bangumi.Work) []line.Of {
	draw := rand.New(rand.NewPCG(8483, 0))
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

func asset(w bangumi.Work, id string) *line.Asset {
	at := line.At(w.TakenIn())
	a := &line.Asset{
		ID: id, Kind: "VIDEO", ReferenceID: w.Ref, Title: w.Title, AlternativeTitles: w.AlternativeTitles(),
		Status: "NORMAL", StorageLocation: "default", StorageClass: "STANDARD", MediaSource: "GENERAL",
		Tags: w.Tags(), DownloadEnabled: new(bool), CreatedAt: at, UpdatedAt: at,
		UserData: map[string]any{"source": "bangumi-data", "begin": w.Begin.Format("2006-01-02")},
	}
	if !w.End.IsZero() {
		a.UserData["end"] = w.End.Format("2006-01-02")
	}
	for _, path := range w.Categories() {
		a.Categories = append(a.Categories, line.CategoryRef{Path: path})
	}
	return a
}
