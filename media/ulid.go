package media

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
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
