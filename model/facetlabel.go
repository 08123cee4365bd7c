package model

import (
	"vodgraph/ent/asset"
	"vodgraph/ent/playinfo"
	"vodgraph/media"
)

// enumLabel is a value of an enum for people; itself where there is no better.
func enumLabel(f FacetField, value string) string {
	label := value
	switch f {
	case FacetKind:
		kind, _ := media.Lookup(asset.Kind(value)) // an index may have values of another version
		label = kind.Label
	case FacetStatus:
		label = statusLabel(asset.Status(value))
	case FacetStorageClass:
		label = storageClassLabel(asset.StorageClass(value))
	case FacetMediaSource:
		label = mediaSourceLabel(asset.MediaSource(value))
	case FacetAttachmentType:
		label = attachmentTypeLabel(asset.BusinessType(value))
	case FacetDefinition:
		label = definitionLabel(playinfo.Definition(value))
	case FacetCategory, FacetTag, FacetStorageLocation, FacetCodec: // are called what they are
	}
	if label == "" {
		return value
	}
	return label
}

func statusLabel(s asset.Status) string {
	return map[asset.Status]string{
		asset.StatusUPLOADING: "Uploading", asset.StatusUPLOAD_FAILED: "Upload failed", asset.StatusUPLOADED: "Uploaded",
		asset.StatusTRANSCODING: "Transcoding", asset.StatusTRANSCODE_FAILED: "Transcoding failed",
		asset.StatusCHECKING: "In review", asset.StatusBLOCKED: "Blocked", asset.StatusNORMAL: "Normal",
	}[s]
}

func storageClassLabel(c asset.StorageClass) string {
	return map[asset.StorageClass]string{
		asset.StorageClassSTANDARD: "Standard", asset.StorageClassIA: "Infrequent access",
		asset.StorageClassARCHIVE: "Archive", asset.StorageClassCOLD_ARCHIVE: "Cold archive",
	}[c]
}

func mediaSourceLabel(s asset.MediaSource) string {
	return map[asset.MediaSource]string{
		asset.MediaSourceGENERAL: "General", asset.MediaSourceSHORT_VIDEO: "Short video",
		asset.MediaSourceEDITING: "Editing", asset.MediaSourceLIVE: "Live",
	}[s]
}

func attachmentTypeLabel(t asset.BusinessType) string {
	return map[asset.BusinessType]string{
		asset.BusinessTypeWATERMARK: "Watermark", asset.BusinessTypeSUBTITLE: "Subtitles", asset.BusinessTypeMATERIAL: "Material",
	}[t]
}
