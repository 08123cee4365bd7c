package invent

import (
	"fmt"
	"time"

	"vodgraph/demo/line"
	"vodgraph/ent/fact"
)

// Snapshots are one set of each of the five types, n pictures in those that
// have many.
func (f Film) Snapshots(c Chance, n int) []line.SnapshotSet {
	cover := f.Pictures(c, "COVER", min(n, 3))
	normal := f.Pictures(c, "NORMAL", n)
	sprite, origin, track := f.sprites(c, n)
	return []line.SnapshotSet{cover, normal, sprite, origin, track}
}

// Pictures are a set of n pictures of the film's own size, evenly over it.
func (f Film) Pictures(c Chance, kind string, n int) line.SnapshotSet {
	set := f.set(c, kind)
	for i := range n {
		set.Items = append(set.Items, line.Snapshot{
			Index: i, At: pointer(fact.Millis(f.Milliseconds * int64(i+1) / int64(n+1))), Width: f.Width, Height: f.Height,
			Location: fmt.Sprintf("snapshots/%s/%s-%05d.jpg", f.ID, folders[kind], i),
		})
	}
	return set
}

// sprites are the sheets of the seek bar, the first n of the pictures on them,
// and the file with which a player finds where each of these is.
func (f Film) sprites(c Chance, n int) (sheets, origin, track line.SnapshotSet) {
	grid := line.SpriteGrid{Columns: 10, Rows: 10, CellWidth: 160, CellHeight: 160 * f.Height / f.Width, Every: 10_000}
	grid.Cells = grid.Columns * grid.Rows
	sheets = f.set(c, "SPRITE")
	sheets.Sprite = &grid
	span := grid.Every * fact.Millis(grid.Cells)
	for i := 0; fact.Millis(i)*span < fact.Millis(f.Milliseconds); i++ {
		sheets.Items = append(sheets.Items, line.Snapshot{
			Index: i, At: pointer(fact.Millis(i) * span),
			Width: grid.CellWidth * grid.Columns, Height: grid.CellHeight * grid.Rows,
			Location: fmt.Sprintf("snapshots/%s/sprite-%05d.jpg", f.ID, i),
		})
	}
	origin = f.set(c, "SPRITE_ORIGIN")
	for i := 0; i < n && fact.Millis(i)*grid.Every < fact.Millis(f.Milliseconds); i++ {
		origin.Items = append(origin.Items, line.Snapshot{
			Index: i, At: pointer(fact.Millis(i) * grid.Every), Width: grid.CellWidth, Height: grid.CellHeight,
			Location: fmt.Sprintf("snapshots/%s/cell-%05d.jpg", f.ID, i),
		})
	}
	track = f.set(c, "WEB_VTT")
	track.Items = []line.Snapshot{{Index: 0, Location: "snapshots/" + f.ID + "/thumbnails.vtt"}}
	return sheets, origin, track
}

func (f Film) set(c Chance, kind string) line.SnapshotSet {
	return line.SnapshotSet{Type: kind, JobID: c.Hex(), CreatedAt: line.At(f.At.Add(8 * time.Minute))}
}

var folders = map[string]string{"COVER": "cover", "NORMAL": "normal"}
