package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// shareable has caches keep the answer to a GET for the one who asked only, and ask
// each time whether it still holds.
func (r *responder) shareable() {
	r.Header().Set("Cache-Control", "private")
	r.Header().Add("Vary", "Authorization, Accept")
}

// validated writes an answer with its validator, or only that it is the one that the
// client has already. RFC 9110, 8.8.3 and 13.1.2.
func (r *responder) validated(mediaType string, parts [][]byte) {
	sum := sha256.New()
	for _, part := range append([][]byte{[]byte(mediaType)}, parts...) {
		sum.Write(part)
	}
	tag := `"` + hex.EncodeToString(sum.Sum(nil)[:16]) + `"`
	r.Header().Set("ETag", tag)
	if names(r.request.Header.Values("If-None-Match"), tag) {
		r.WriteHeader(http.StatusNotModified)
		return
	}
	r.Header().Set("Content-Type", mediaType+charset)
	_, _ = r.Write(bytes.Join(parts, nil)) // an error means that the client went away
}

// names reports whether a header lists a validator, or any. A weak one serves as well:
// a proxy that compresses makes it of ours.
func names(header []string, tag string) bool {
	for one := range strings.SplitSeq(strings.Join(header, ","), ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}
