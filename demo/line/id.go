package line

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/oklog/ulid/v2"
)

// NewID makes an id: the prefix, such as "vid_", and a ULID of the time, which
// lies after 1970, and of what r draws. Equal arguments make equal ids.
func NewID(prefix string, at time.Time, r *rand.Rand) string {
	var id ulid.ULID
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (8 * (5 - i)))
	}
	binary.BigEndian.PutUint16(id[6:], uint16(r.Uint64()))
	binary.BigEndian.PutUint64(id[8:], r.Uint64())
	return prefix + id.String()
}
