package sandbox

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"syscall"
	"time"
)

const (
	// exitMemory is the exit code of a child over its memory limit.
	exitMemory = 86
	// watchInterval is the interval at which a child checks its memory.
	watchInterval = 5 * time.Millisecond
	// stackShare is the part of the memory that one stack may take: Go ends a process with a
	// larger stack.
	stackShare = 2
	// softShare is the percentage of the limit from which the collector works harder.
	softShare = 80
	// gcPercent is the collector's GOGC percentage: most of an evaluation's memory is
	// short-lived.
	gcPercent = 800
)

// Serve runs a child: handle answers each request, until there are no more. It does not return.
// A child over its memory limit ends itself; on Linux the system refuses it more than half as
// much again plus 192 MiB.
func Serve[Request, Response any](handle func(Request) Response) {
	limit, err := strconv.ParseInt(os.Getenv(memoryVariable), 10, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	debug.SetGCPercent(gcPercent)
	if limit > 0 {
		limitMemory(limit)
		debug.SetMemoryLimit(limit / 100 * softShare)
		debug.SetMaxStack(int(limit / stackShare))
	}
	// A terminal's Ctrl-C reaches a child too. The parent decides about the work; without the
	// parent, a child ends by itself.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	go watch(limit)
	decoder, encoder := gob.NewDecoder(os.Stdin), gob.NewEncoder(os.Stdout)
	for {
		var request Request
		err := decoder.Decode(&request)
		if errors.Is(err, io.EOF) {
			os.Exit(0)
		}
		if err == nil {
			err = encoder.Encode(handle(request))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// watch ends the process once it exceeds its limit, or its parent is gone.
func watch(limit int64) {
	parent := os.Getppid()
	held := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for {
		metrics.Read(held)
		if limit > 0 && held[0].Value.Uint64()-held[1].Value.Uint64() > uint64(limit) {
			os.Exit(exitMemory)
		}
		if os.Getppid() != parent {
			os.Exit(0)
		}
		time.Sleep(watchInterval)
	}
}
