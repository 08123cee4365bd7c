package media

import "github.com/oklog/ulid/v2"

// Prefixes of ids. They show the table and, of assets, the kind.
const (
	VideoPrefix          = "vid_"
	AudioPrefix          = "aud_"
	ImagePrefix          = "img_"
	AttachmentPrefix     = "att_"
	MezzaninePrefix      = "mez_"
	PlayInfoPrefix       = "ply_"
	SnapshotPrefix       = "snp_"
	CategoryPrefix       = "cat_"
	TagPrefix            = "tag_"
	CoverCandidatePrefix = "cov_"
	ChangeSetPrefix      = "chs_"
	OperationPrefix      = "blk_"
	KeyPrefix            = "key_"
)

// WellFormed reports whether an id is the prefix and a ULID in its own spelling.
func WellFormed(id, prefix string) bool {
	if len(id) != len(prefix)+ulid.EncodedSize || id[:len(prefix)] != prefix {
		return false
	}
	u, err := ulid.ParseStrict(id[len(prefix):])
	return err == nil && u.String() == id[len(prefix):]
}
