package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// grace is the time that a run has to end after a signal: its files are complete and its
// children gone by then. What still blocks, such as a read from a terminal, is abandoned.
const grace = time.Second

// interruptible runs work with a context. A termination signal cancels the context, and then
// ends the process by the same signal, so that the parent sees the reason: a shell ends its
// loop, too. A second signal ends the process at once.
func interruptible(work func(context.Context) int) int {
	asked := make(chan os.Signal, 1)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if !signal.Ignored(s) { // ignored as in the background of a shell
			signal.Notify(asked, s)
		}
	}
	defer signal.Stop(asked)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan int, 1)
	go func() { ended <- work(ctx) }()
	select {
	case code := <-ended:
		return code
	case s := <-asked:
		signal.Reset(s)
		cancel()
		select {
		case <-ended:
		case <-time.After(grace):
		}
		return endBy(s)
	}
}

// endBy ends the process by a signal, or returns an exit code on a system without signals.
func endBy(s os.Signal) int {
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(grace) // time for the signal to arrive
	}
	return exitFailure
}
