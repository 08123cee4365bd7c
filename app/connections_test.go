package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"vodgraph/gqlhttp"

	"github.com/coder/websocket"
)

// TestCallersAreBound refuses a caller one subscription too many, over whatever connections,
// and takes another when one is over. It bounds the sockets of an address as well.
func TestCallersAreBound(t *testing.T) {
	t.Parallel()
	settings := config(t)
	settings.MaxSubscriptions = 3
	a := open(t, settings)
	run(t, a)
	subscription := fmt.Sprintf(`subscription { asset(id: %q) { title } }`, video(t, a.URL()))
	const first = `{"data":{"asset":{"title":"a"}}}`
	if event, data := openStream(t, a, subscription)(); data != first {
		t.Fatal(event, data)
	}
	one, other := ready(t, a.URL()), ready(t, a.URL())
	for _, p := range []peer{one, other} {
		p.subscribe("1", subscription)
		p.want(`{"id":"1","type":"next","payload":` + first + `}`)
	}
	one.subscribe("2", subscription)
	if got := one.next(); !strings.Contains(got, `"TOO_MANY_SUBSCRIPTIONS"`) || !strings.Contains(got, `"limit":3`) {
		t.Error(got)
	}
	stream := with(document(subscription), "Accept", "text/event-stream")
	if got := reply(t, a.URL(), stream); got != "429 TOO_MANY_SUBSCRIPTIONS" {
		t.Error(got)
	}
	_ = other.conn.CloseNow()
	until(t, "its place is free", func() bool {
		one.subscribe("2", subscription)
		return strings.Contains(one.next(), `"next"`)
	})

	ready(t, a.URL()) // the third, or the second
	ready(t, a.URL())
	_, response, err := websocket.Dial(t.Context(), a.URL()+gqlhttp.Endpoint, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err == nil || response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("%v %v", response, err)
	}
}
