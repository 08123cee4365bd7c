package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Interruptible is a context that ends with the first signal that asks the process to
// end, so that a command ends in good order. The second one ends the process at once, by
// exit, with the status that shells have for it: 128 and the number of the signal. What
// stop returns to is the system's own way with signals.
func Interruptible(parent context.Context, exit func(status int)) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	over := make(chan struct{})
	go func() {
		for asked := 0; ; asked++ {
			select {
			case <-over:
				return
			case which := <-signals:
				if asked > 0 {
					exit(statusOf(which))
				}
				cancel()
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(over)
		cancel()
	}
}

func statusOf(which os.Signal) int {
	const byASignal = 128
	if number, ok := which.(syscall.Signal); ok {
		return byASignal + int(number)
	}
	return byASignal
}
