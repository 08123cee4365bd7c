package app

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"vodgraph/ent/bulkoperation"
	"vodgraph/library"
)

// Documents of a caller of operations.
const (
	changing = `mutation($filter: AssetFilter!, $change: AssetChangeInput!, $key: String!) {
		did: assetsUpdateWhere(filter: $filter, change: $change, all: true, options: {idempotencyKey: $key, note: $key}) {
			operation { id } userErrors { code } } }`
	standing = `query($id: ID!) { bulkOperation(id: $id) { status matched done changed failed changeSet {
		id assetCount note changes { totalCount } } } }`
)

// stands is the state of an operation as the server reports it.
type stands struct {
	Status                         bulkoperation.Status
	Matched, Done, Changed, Failed int
	ChangeSet                      struct {
		ID         string
		AssetCount int
		Note       string
		Changes    struct{ TotalCount int }
	}
}

// over reports whether an operation has ended, in whatever way.
func (s stands) over() bool {
	return s.Status != bulkoperation.StatusQUEUED && s.Status != bulkoperation.StatusRUNNING
}

// campaign is a row of operations, each of which changes all assets of a library, and
// which are called for over a server that may be killed.
type campaign struct {
	t       *testing.T
	config  Config
	library *library.Library
	ids     []string               // as they were made
	url     atomic.Pointer[string] // nil while there is no server
	began   int64                  // the revision before
	sets    int                    // how many there were before
	// called are the operations, in their order. They are the caller's until it is done.
	called []string
}

// campaignOn begins a campaign over a server that serves a fresh library, which it
// fills with so many assets.
func campaignOn(t *testing.T, c Config, server *process, assets int) *campaign {
	t.Helper()
	k := &campaign{t: t, config: c, ids: seed(t, server.url, assets), library: stored(t, c)}
	k.url.Store(&server.url)
	k.began, k.sets = k.revision(), k.countSets()
	return k
}

// revision is that of the last transaction.
func (k *campaign) revision() int64 {
	k.t.Helper()
	row, err := k.library.DB.Client.Library.Query().Only(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	return row.Revision
}

func (k *campaign) countSets() int {
	k.t.Helper()
	n, err := k.library.DB.Client.ChangeSet.Query().Count(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	return n
}

// What the nth operation gives all assets: a title, a tag in place of the last one,
// and a member more of the user data.
func titled(n int) string { return fmt.Sprintf("%s of turn %d", granite, n) }
func tagged(n int) string { return fmt.Sprintf("turn %d", n) }

// pose poses a document until a server answers: it bears with a server that is away.
func (k *campaign) pose(ctx context.Context, document string, variables map[string]any, into any) error {
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		err := errAway
		if url := k.url.Load(); url != nil {
			err = pose(ctx, *url, document, variables, into)
		}
		if !errors.Is(err, errAway) {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return err
		}
	}
}

// call calls for the next operation. Where no answer came it calls again, by the key
// of which it is one call. Every other one no longer means what it has changed.
func (k *campaign) call(ctx context.Context) (id string, err error) {
	n := len(k.called) + 1
	filter := map[string]any{"kinds": []string{"VIDEO"}}
	if n%2 == 0 {
		filter["tags"] = map[string]any{"none": []string{tagged(n)}}
	}
	var data struct {
		Did struct {
			Operation  struct{ ID string }
			UserErrors []refused
		}
	}
	err = k.pose(ctx, changing, map[string]any{"filter": filter, "key": tagged(n), "change": map[string]any{
		"title":    titled(n),
		"tags":     map[string]any{"add": []string{tagged(n)}, "remove": []string{tagged(n - 1)}},
		"userData": map[string]any{"merge": map[string]any{tagged(n): n}},
	}}, &data)
	if err == nil && len(data.Did.UserErrors) > 0 {
		err = fmt.Errorf("operation %d was refused: %v", n, data.Did.UserErrors)
	}
	k.called = append(k.called, data.Did.Operation.ID)
	return data.Did.Operation.ID, err
}

// stands asks how an operation stands.
func (k *campaign) stands(ctx context.Context, id string) (stands, error) {
	var data struct{ BulkOperation stands }
	err := k.pose(ctx, standing, map[string]any{"id": id}, &data)
	return data.BulkOperation, err
}

// goOn calls for one operation after another, each when the last is over, until it is
// enough.
func (k *campaign) goOn(ctx context.Context, enough <-chan struct{}) error {
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		id, err := k.call(ctx)
		for over := false; !over && err == nil; {
			<-look.C
			var now stands
			now, err = k.stands(ctx, id)
			over = now.over()
		}
		if err != nil {
			return err
		}
		select {
		case <-enough:
			return nil
		default:
		}
	}
}

// done is how many assets were met by all operations, and who holds the one that runs.
func (k *campaign) done() (assets int64, holder string) {
	k.t.Helper()
	rows, err := k.library.DB.Client.BulkOperation.Query().All(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	for _, row := range rows {
		assets += row.Done
		if row.Status == bulkoperation.StatusRUNNING {
			holder = *row.Holder
		}
	}
	return assets, holder
}

// lapse has all that a killed server holds be free, as time does.
func (k *campaign) lapse() {
	k.t.Helper()
	_, err := k.library.DB.Client.BulkOperation.Update().SetHeldUntil(0).Save(k.t.Context())
	if err == nil {
		_, err = k.library.DB.Client.Lease.Update().SetUntil(0).Save(k.t.Context())
	}
	if err != nil {
		k.t.Fatal(err)
	}
}
