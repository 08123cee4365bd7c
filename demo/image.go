package demo

import (
	"time"

	"vodgraph/demo/invent"
	"vodgraph/demo/line"
)

// visual is the key visual of the work, the cover of its video and its audio.
func (w *work) visual() *line.Asset {
	c := w.chance(ofImage)
	image := w.picture(c, line.NewID("img_", w.at, c.Rand), w.at)
	image.ReferenceID = w.Ref + "-visual"
	image.Title, image.AlternativeTitles = w.Title+" キービジュアル", w.translated("key visual", "主视觉图")
	image.ImageType, image.Width, image.Height = "COVER", 1280, 1810
	image.Categories = under("Pictures/Key visuals/" + w.decade())
	image.Tags = sorted(append(image.Tags, "key visual")...)
	return image
}

// still is a picture out of the work, the cover of nothing.
func (w *work) still() *line.Asset {
	c := w.chance(ofStill)
	at := w.at.Add(30 * time.Minute)
	image := w.picture(c, line.NewID("img_", at, c.Rand), at)
	image.ReferenceID = w.Ref + "-still"
	image.Title, image.AlternativeTitles = w.Title+" 場面写真", w.translated("still", "剧照")
	image.ImageType, image.Width, image.Height = "DEFAULT", w.film.Width, w.film.Height
	image.Categories = under("Pictures/Stills/"+w.decade(), "Press")
	image.Tags = sorted(append(image.Tags, "still", "press kit")...)
	switch w.n % 80 {
	case 27:
		image.Status = "UPLOADING"
	case 47:
		image.Status, image.StatusReason = "UPLOAD_FAILED", "The file was cut short."
	}
	return image
}

// picture is what all pictures of a work have in common.
func (w *work) picture(c invent.Chance, id string, at time.Time) *line.Asset {
	return &line.Asset{
		ID: id, Kind: "IMAGE", Status: "NORMAL", Size: int64(c.Between(180_000, 2_400_000)),
		StorageLocation: "default", StorageClass: "STANDARD", MediaSource: "GENERAL",
		Tags:      []string{"picture", w.Broadcast().Format("2006")},
		CreatedAt: line.At(at), UpdatedAt: line.At(c.Later(at, 60)),
		FileName: w.Ref + "-" + id[len(id)-6:] + ".jpg", Location: "images/" + id + ".jpg",
		AIData: []line.AIData{{Source: invent.Lens, Labels: invent.Labels(c, 4, 0),
			Review: invent.Review(c, "PASS", at, 0)}},
	}
}

// decade is such as 1990s.
func (w *work) decade() string { return w.Broadcast().Format("2006")[:3] + "0s" }
