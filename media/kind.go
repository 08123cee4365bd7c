// Package media is what holds for all assets of a kind, and how ids, names and paths are
// written. It reads no table and decides about no asset.
package media

import (
	"fmt"
	"slices"
	"strings"

	"vodgraph/ent/asset"
)

// Kind is what holds for all assets of a kind.
type Kind struct {
	// Prefix begins the ids of the kind.
	Prefix string
	// Label is its name for people.
	Label string
	// Steps has each status that the kind knows, and those that may follow it.
	Steps map[asset.Status][]asset.Status
	// FileTypes are the extensions of file names that ApsaraVideo VOD takes. Those of
	// attachments depend on their type: see FileTypes.
	FileTypes []string
}

var kinds = map[asset.Kind]Kind{
	asset.KindVIDEO: {Prefix: VideoPrefix, Label: "Video", Steps: playedSteps, FileTypes: strings.Fields(
		"mp4 ts 3gp mpg mpeg mpe dat vob asf avi wmv flv f4v rm rmvb mov mkv m3u8 dv gif m2t m4v mj2 mjpeg mts ogg qt swf webm")},
	asset.KindAUDIO: {Prefix: AudioPrefix, Label: "Audio", Steps: playedSteps, FileTypes: strings.Fields(
		"mp3 wma wav aac ra m4a flac ape ac3 amr caf acm")},
	asset.KindIMAGE:      {Prefix: ImagePrefix, Label: "Image", Steps: storedSteps, FileTypes: strings.Fields("png jpg jpeg gif")},
	asset.KindATTACHMENT: {Prefix: AttachmentPrefix, Label: "Attachment", Steps: storedSteps},
}

// Steps of what plays, and of what is only stored. UPLOADING again means that the source is
// being replaced.
var (
	playedSteps = map[asset.Status][]asset.Status{
		asset.StatusUPLOADING:        {asset.StatusUPLOADED, asset.StatusTRANSCODING, asset.StatusNORMAL, asset.StatusUPLOAD_FAILED},
		asset.StatusUPLOAD_FAILED:    {asset.StatusUPLOADING},
		asset.StatusUPLOADED:         {asset.StatusTRANSCODING, asset.StatusCHECKING, asset.StatusNORMAL, asset.StatusUPLOADING},
		asset.StatusTRANSCODING:      {asset.StatusNORMAL, asset.StatusCHECKING, asset.StatusTRANSCODE_FAILED, asset.StatusUPLOADING},
		asset.StatusTRANSCODE_FAILED: {asset.StatusTRANSCODING, asset.StatusUPLOADING},
		asset.StatusCHECKING:         {asset.StatusNORMAL, asset.StatusBLOCKED, asset.StatusTRANSCODING, asset.StatusUPLOADING},
		asset.StatusNORMAL:           {asset.StatusBLOCKED, asset.StatusCHECKING, asset.StatusUPLOADING},
		asset.StatusBLOCKED:          {asset.StatusNORMAL, asset.StatusUPLOADING},
	}
	storedSteps = map[asset.Status][]asset.Status{
		asset.StatusUPLOADING:     {asset.StatusNORMAL, asset.StatusUPLOAD_FAILED},
		asset.StatusUPLOAD_FAILED: {asset.StatusUPLOADING},
		asset.StatusNORMAL:        {asset.StatusUPLOADING},
	}
)

var attachmentFileTypes = map[asset.BusinessType][]string{
	asset.BusinessTypeWATERMARK: strings.Fields("png gif apng mov"),
	asset.BusinessTypeSUBTITLE:  strings.Fields("srt ass stl ttml vtt"),
	asset.BusinessTypeMATERIAL:  strings.Fields("jpg gif png mp4 mat zip apk"),
}

var kindByPrefix = func() map[string]asset.Kind {
	byPrefix := make(map[string]asset.Kind, len(kinds))
	for kind, row := range kinds {
		byPrefix[row.Prefix] = kind
	}
	return byPrefix
}()

// Of is the row of a kind. It panics for one that has none: the API and the database take
// no other kind, so that is a mistake of the program.
func Of(k asset.Kind) Kind {
	row, ok := Lookup(k)
	if !ok {
		panic(fmt.Sprintf("media: there is no kind %q", k))
	}
	return row
}

// Lookup is the row of a kind that may be none, and whether there is one.
func Lookup(k asset.Kind) (Kind, bool) {
	row, ok := kinds[k]
	return row, ok
}

// KindOf is the kind of the asset that an id would name, and whether it is one of an asset
// at all. It looks at the prefix only.
func KindOf(id string) (asset.Kind, bool) {
	if len(id) < len(VideoPrefix) {
		return "", false
	}
	kind, ok := kindByPrefix[id[:len(VideoPrefix)]]
	return kind, ok
}

// WellFormedAsset reports whether an id has the form of an asset's.
func WellFormedAsset(id string) bool {
	kind, ok := KindOf(id)
	return ok && WellFormed(id, kinds[kind].Prefix)
}

// HasStatus reports whether assets of the kind are ever in the status.
func (k Kind) HasStatus(s asset.Status) bool {
	_, has := k.Steps[s]
	return has
}

// MayStep reports whether an asset of the kind may go from one status to the other. To
// stay where it is is no step.
func (k Kind) MayStep(from, to asset.Status) bool { return slices.Contains(k.Steps[from], to) }

// FileTypes are the extensions of file names that ApsaraVideo VOD takes for an asset of a
// kind and, of attachments, of a type.
func FileTypes(k asset.Kind, attachmentType asset.BusinessType) []string {
	if k == asset.KindATTACHMENT {
		return attachmentFileTypes[attachmentType]
	}
	return Of(k).FileTypes
}
