package app

import (
	"github.com/99designs/gqlgen/graphql"
)

// eventStream is the media type of a stream of events. Its form is that of GraphQL
// over Server-Sent Events, in distinct connections: an event next for each result,
// and complete at the end.
// https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
const eventStream = "text/event-stream"

// completeEvent ends a stream.
const completeEvent = "event: complete\ndata:\n\n"

func nextEvent(result *graphql.Response) string {
	return "event: next\ndata: " + string(inJSON(result)) + "\n\n"
}

// beginEvents begins a stream.
func (r *responder) beginEvents() {
	r.Header().Set("Content-Type", eventStream+charset)
	r.Header().Set("Cache-Control", "no-store")
}

// acceptsEvents reports whether the client wants events, even if something else more.
func (r *responder) acceptsEvents() bool {
	wanted := matching(mediaRanges(r.request.Header.Values("Accept")), eventStream)
	return wanted.specificity == 2 && wanted.quality > 0
}
