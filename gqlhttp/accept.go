package gqlhttp

import (
	"mime"
	"slices"
	"strconv"
	"strings"
)

// The media types of answers. With the second a refused document has another status (400)
// than an answer (200); with the first both have 200, as its clients take another status
// for that of a proxy.
const (
	plainJSON = "application/json"
	graphJSON = "application/graphql-response+json"
)

// charset follows the media type of an answer in its Content-Type.
const charset = "; charset=utf-8"

type mediaRange struct {
	kind, subtype string // "*" for any
	quality       float64
}

// acceptable is the media type of offers that an Accept header wants most, and ""
// where it wants none of them. The weight decides; then whether it is named or only
// meant by a wildcard; then who is named first. Of what is equal in all the first of
// the offers is taken, and so it is without a header. RFC 9110, 12.5.1.
func acceptable(accept []string, offers []string) string {
	ranges := mediaRanges(accept)
	if len(ranges) == 0 {
		return offers[0]
	}
	best, chosen := match{}, ""
	for _, offer := range offers {
		if m := matching(ranges, offer); m.quality > 0 && (chosen == "" || m.before(best)) {
			best, chosen = m, offer
		}
	}
	return chosen
}

// match is how well an Accept header means a media type.
type match struct {
	quality     float64
	specificity int // of the range that means it: 0 for all, 1 for all of a kind, 2 for this one
	position    int
}

func (m match) before(other match) bool {
	switch {
	case m.quality != other.quality:
		return m.quality > other.quality
	case m.specificity != other.specificity:
		return m.specificity > other.specificity
	default:
		return m.specificity == 2 && m.position < other.position
	}
}

func matching(ranges []mediaRange, mediaType string) match {
	kind, subtype, _ := strings.Cut(mediaType, "/")
	found := match{specificity: -1}
	for i, r := range ranges {
		specificity := 2
		switch {
		case r.kind == "*" && r.subtype == "*":
			specificity = 0
		case r.kind != kind:
			continue
		case r.subtype == "*":
			specificity = 1
		case r.subtype != subtype:
			continue
		}
		if specificity > found.specificity {
			found = match{r.quality, specificity, i}
		}
	}
	return found
}

// mediaRanges reads an Accept header. What is no range is left out, and so is one for
// another charset than that of the answers; other parameters mean nothing here.
func mediaRanges(accept []string) (ranges []mediaRange) {
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, parameters, err := mime.ParseMediaType(part)
		kind, subtype, both := strings.Cut(name, "/")
		if err != nil || !both || !utf8Named(parameters) {
			ranges = append(ranges, mediaRange{}) // means nothing, but is not silence either
			continue
		}
		r := mediaRange{kind, subtype, 1}
		if text, weighed := parameters["q"]; weighed {
			r.quality, err = strconv.ParseFloat(text, 64)
			if err != nil || !(r.quality >= 0 && r.quality <= 1) {
				r.quality = 0
			}
		}
		ranges = append(ranges, r)
	}
	return ranges
}

// utf8Named reports whether the parameters of a media type name UTF-8, or no charset.
func utf8Named(parameters map[string]string) bool {
	named, given := parameters["charset"]
	return !given || slices.Contains([]string{"utf-8", "utf8"}, strings.ToLower(named))
}
