package app

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"vodgraph/fault"
)

// Expired data is deleted every tidyInterval, by whichever server takes the lease for it
// first; the others skip it then.
const (
	tidyLease      = "tidy"
	tidyInterval   = time.Hour
	firstTidyDelay = time.Minute
)

// tidy purges the trash, and deletes expired history and stored answers, until ctx ends.
func (a *App) tidy(ctx context.Context) error {
	lease := a.library.Outbox.Lease(tidyLease, "", rand.Text(), tidyInterval-firstTidyDelay)
	timer := time.NewTimer(a.tidyDelay)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
			timer.Reset(tidyInterval)
		}
		taken, _, err := lease.Claim(ctx)
		if err == nil && taken {
			err = a.library.Catalog.Tidy(ctx, a.config.keep())
		}
		var refused *fault.Fault
		switch {
		case ctx.Err() != nil:
		case errors.As(err, &refused):
			a.log.Warn("the trash was not purged", "reason", refused.Message)
		case err != nil:
			a.log.Error("the deletion of expired data failed", "error", err)
		}
	}
}
