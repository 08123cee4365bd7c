package app

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"vodgraph/fault"
)

// Tidying up is done every tidyEvery, by whichever server takes the lease for it
// first; the others leave it out then.
const (
	leaseOfTidying = "tidy"
	tidyEvery      = time.Hour
	tidyFirst      = time.Minute
)

// tidy purges the trash, and forgets old history and answers, now and then until ctx
// ends.
func (a *App) tidy(ctx context.Context) error {
	lease := a.library.Outbox.Lease(leaseOfTidying, "", rand.Text(), tidyEvery-tidyFirst)
	timer := time.NewTimer(a.firstTidy)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
			timer.Reset(tidyEvery)
		}
		taken, _, err := lease.Acquire(ctx)
		if err == nil && taken {
			err = a.library.Catalog.Tidy(ctx, a.config.keep())
		}
		var refused *fault.Fault
		switch {
		case ctx.Err() != nil:
		case errors.As(err, &refused):
			a.log.Warn("the trash is not purged", "why", refused.Message)
		case err != nil:
			a.log.Error("nothing could be tidied up", "error", err)
		}
	}
}
