package demo

import "vodgraph/demo/line"

// standings are the statuses other than NORMAL that some videos have.
var standings = []struct{ status, reason string }{
	{"UPLOADING", ""},
	{"UPLOAD_FAILED", "The connection was lost at 41 percent."},
	{"UPLOADED", ""},
	{"TRANSCODING", ""},
	{"TRANSCODE_FAILED", "The source has no video stream that can be decoded."},
	{"CHECKING", "Waits for review."},
	{"BLOCKED", "The review found matter that may not be shown."},
}

// stand gives every 23rd work a status other than NORMAL, and takes from the
// video what it cannot have yet: one that never arrived has no facts, one that
// was not transcoded no streams.
func stand(v *line.Asset, w *work) {
	if w.n%23 != 5 {
		if w.n%61 == 60 {
			// The source was deleted after the streams were made.
			v.Mezzanine.Status = "DELETED"
		}
		return
	}
	at := standings[w.n/23%len(standings)]
	v.Status, v.StatusReason = at.status, at.reason
	switch at.status {
	case "UPLOADING", "UPLOAD_FAILED":
		v.Mezzanine = &line.Mezzanine{Status: at.status, FileName: v.Mezzanine.FileName, CreatedAt: v.Mezzanine.CreatedAt}
		v.Size, v.Duration = 0, 0
		v.PlayInfos, v.Snapshots = nil, nil
	case "UPLOADED", "TRANSCODING", "TRANSCODE_FAILED":
		v.PlayInfos, v.Snapshots = nil, nil
	}
	if v.Snapshots == nil && v.Cover != nil && v.Cover.Snapshot != nil {
		v.Cover = nil
	}
}
