package main

import (
	"context"

	"vodgraph/dbtest/postgres"
	"vodgraph/search/typesense"
	"vodgraph/search/typesensetest"
)

// openTypesense opens one on a server of its own, which is fetched and started as
// for tests. Its files are not in the folder.
func openTypesense(string) (finder, func() error, error) {
	cache, err := postgres.CacheFolder()
	if err != nil {
		return nil, nil, err
	}
	server, err := typesensetest.Start(context.Background(), cache)
	if err != nil {
		return nil, nil, err
	}
	e, err := typesense.Open(server.Address("bench"))
	if err != nil {
		server.Stop()
		return nil, nil, err
	}
	end := func() error {
		server.Stop()
		return e.Close()
	}
	return e, end, nil
}
