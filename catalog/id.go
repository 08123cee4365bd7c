package catalog

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"vodgraph/ent/asset"
)

// Prefixes of ids. They tell the table and, of assets, the kind.
const (
	videoPrefix      = "vid_"
	audioPrefix      = "aud_"
	imagePrefix      = "img_"
	attachmentPrefix = "att_"
	mezzaninePrefix  = "mez_"
	playInfoPrefix   = "ply_"
	snapshotPrefix   = "snp_"
	categoryPrefix   = "cat_"
	tagPrefix        = "tag_"
	candidatePrefix  = "cov_"
	changeSetPrefix  = "chs_"
	operationPrefix  = "blk_"
	keyPrefix        = "key_"
)

// ULIDs makes ids of a prefix and a ULID, each greater than the one before, from
// the clock and a source of chance. It may be called from several goroutines.
func ULIDs(now func() time.Time, chance io.Reader) func(prefix string) string {
	var mu sync.Mutex
	entropy := ulid.Monotonic(chance, 0)
	var last uint64
	return func(prefix string) string {
		mu.Lock()
		defer mu.Unlock()
		// A clock that is set back must not set the ids back.
		last = max(last, ulid.Timestamp(now()))
		id, err := ulid.New(last, entropy)
		for errors.Is(err, ulid.ErrMonotonicOverflow) { // spent within this millisecond
			last++
			id, err = ulid.New(last, entropy)
		}
		if err != nil {
			panic(fmt.Sprintf("catalog: no chance to make an id of: %v", err))
		}
		return prefix + id.String()
	}
}

// prefixOf is how the ids of a kind start.
func prefixOf(k asset.Kind) string {
	switch k {
	case asset.KindVIDEO:
		return videoPrefix
	case asset.KindAUDIO:
		return audioPrefix
	case asset.KindIMAGE:
		return imagePrefix
	default:
		return attachmentPrefix
	}
}

// wellFormed reports whether an id is the prefix and a ULID in its own spelling.
func wellFormed(id, prefix string) bool {
	if len(id) != len(prefix)+ulid.EncodedSize || id[:len(prefix)] != prefix {
		return false
	}
	u, err := ulid.ParseStrict(id[len(prefix):])
	return err == nil && u.String() == id[len(prefix):]
}
