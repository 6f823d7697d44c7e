package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// grace is how long a run may take to end once it was asked to: what it writes is whole
// by then, and its children are gone. What still waits, such as a read from a terminal, is
// not waited for.
const grace = time.Second

// interruptible runs work that heeds its context. A signal that asks the process to end
// ends that context, and then the process, by the same signal, so that who started it sees
// why: a shell ends its loop, too. The second signal ends the process at once.
func interruptible(work func(context.Context) int) int {
	asked := make(chan os.Signal, 1)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if !signal.Ignored(s) { // as in the background of a shell
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

// endBy ends the process by a signal. Where the system has no such thing, it returns an
// exit code.
func endBy(s os.Signal) int {
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(grace) // it is on its way
	}
	return exitFailure
}
