package typesense

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/typesense/typesense-go/v3/typesense"
	"github.com/typesense/typesense-go/v3/typesense/api"

	"vodgraph/search"
)

// client speaks to the servers. Typesense's own client makes the requests; responses
// with documents or hits are read here, since it reads them slower.
type client struct {
	nodes *nodes
	typed *typesense.Client
	raw   *api.ClientWithResponses
}

func dial(at *address) (*client, error) {
	nodes, err := newNodes(at.nodes)
	if err != nil {
		return nil, err
	}
	raw, err := api.NewClientWithResponses(at.nodes[0], api.WithAPIKey(at.key), api.WithHTTPClient(nodes))
	if err != nil {
		return nil, errHost
	}
	return &client{nodes: nodes, raw: raw, typed: typesense.NewClient(typesense.WithAPIClient(raw))}, nil
}

func (c *client) close() { c.nodes.http.CloseIdleConnections() }

var (
	errMissing = errors.New("there is no such collection")
	// errBusy is a server that starts, has no leader, or is behind with its writes.
	errBusy   = errors.New("Typesense is busy")
	errCutOff = errors.New("the search was cut off")
)

// fail classifies the error of a call: the context's where the caller has gone;
// search.ErrUnavailable where the servers do not answer in time or correctly, or refuse
// the key.
func fail(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var answered *typesense.HTTPError
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", search.ErrUnavailable, ctx.Err())
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &answered):
		return refused(answered.Status, string(answered.Body))
	default:
		return err
	}
}

func refused(status int, said string) error {
	said = strings.ToValidUTF8(said[:min(len(said), 300)], "")
	switch {
	case status == http.StatusNotFound:
		return errMissing
	case status == http.StatusRequestTimeout:
		return errCutOff
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fmt.Errorf("%w: Typesense refuses the key", search.ErrUnavailable)
	case status == http.StatusServiceUnavailable:
		return fmt.Errorf("%w: %w: %s", search.ErrUnavailable, errBusy, said)
	case status >= http.StatusInternalServerError:
		return fmt.Errorf("%w: Typesense answers %d: %s", search.ErrUnavailable, status, said)
	default:
		return fmt.Errorf("Typesense answers %d: %s", status, said)
	}
}

func within(ctx context.Context, most time.Duration, f func(ctx context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	err := fail(ctx, f(limited))
	if err != nil && ctx.Err() == nil && limited.Err() != nil && !errors.Is(err, search.ErrUnavailable) {
		return fmt.Errorf("%w: %w", search.ErrUnavailable, err)
	}
	return err
}

func (c *client) behind(ctx context.Context, alias string) (name string, err error) {
	err = within(ctx, askTimeout, func(ctx context.Context) error {
		found, err := c.typed.Alias(alias).Retrieve(ctx)
		if err == nil {
			name = found.CollectionName
		}
		return err
	})
	if errors.Is(err, errMissing) {
		return "", nil
	}
	return name, err
}

func (c *client) lead(ctx context.Context, alias, name string) error {
	return within(ctx, writeTimeout, func(ctx context.Context) error {
		_, err := c.typed.Aliases().Upsert(ctx, alias, &api.CollectionAliasSchema{CollectionName: name})
		return err
	})
}

func (c *client) collections(ctx context.Context, alias string) (names []string, err error) {
	err = within(ctx, askTimeout, func(ctx context.Context) error {
		all, err := c.typed.Collections().Retrieve(ctx)
		for _, collection := range all {
			if strings.HasPrefix(collection.Name, alias+"-") {
				names = append(names, collection.Name)
			}
		}
		return err
	})
	return names, err
}

// create makes an empty collection for an alias, and returns its name. Names are
// numbered, so that the server refuses one that another process makes at the same time.
func (c *client) create(ctx context.Context, alias string) (string, error) {
	names, err := c.collections(ctx, alias)
	if err != nil {
		return "", err
	}
	number := 0
	for _, name := range names {
		if n, err := strconv.Atoi(name[strings.LastIndex(name, "-")+1:]); err == nil {
			number = max(number, n)
		}
	}
	name := fmt.Sprintf("%s-%s-%d", alias, encode(search.Shape), number+1)
	return name, within(ctx, writeTimeout, func(ctx context.Context) error {
		_, err := c.typed.Collections().Create(ctx, schema(name))
		return err
	})
}

func shapeOf(alias, name string) string {
	rest, ok := strings.CutPrefix(name, alias+"-")
	encoded, _, parted := strings.Cut(rest, "-")
	shape, err := decode(encoded)
	if !ok || !parted || err != nil {
		return ""
	}
	return shape
}

func (c *client) drop(ctx context.Context, name string) error {
	err := within(ctx, writeTimeout, func(ctx context.Context) error {
		_, err := c.typed.Collection(name).Delete(ctx)
		return err
	})
	if errors.Is(err, errMissing) {
		return nil
	}
	return err
}

func (c *client) sweep(ctx context.Context, alias, but string) error {
	names, err := c.collections(ctx, alias)
	if err != nil {
		return err
	}
	for _, name := range names {
		if name == but {
			continue
		}
		if err := c.drop(ctx, name); err != nil {
			return err
		}
	}
	return nil
}
