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
	// exitMemory is the exit code of a child that holds more than it may.
	exitMemory = 86
	// watched is how often a child looks at what it holds.
	watched = 5 * time.Millisecond
	// stackShare is the part of the memory that one stack may take: Go ends a process
	// whose stack is larger.
	stackShare = 2
	// softShare is the part, in percent, from which on the collector works harder.
	softShare = 80
	// garbage is how much of it may gather, in percent of what is held: most of what an
	// evaluation allocates dies with it.
	garbage = 800
)

// Serve does a child's work: each request is answered by handle, until there are no
// more. It does not return. A child that holds more memory than it may ends itself; on
// Linux the system refuses it more than half as much again, and 192 MiB.
func Serve[Request, Response any](handle func(Request) Response) {
	limit, err := strconv.ParseInt(os.Getenv(memoryVariable), 10, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	debug.SetGCPercent(garbage)
	if limit > 0 {
		bound(limit)
		debug.SetMemoryLimit(limit / 100 * softShare)
		debug.SetMaxStack(int(limit / stackShare))
	}
	// A terminal's Ctrl-C reaches a child too. It is for the other process to say what
	// becomes of the work; without that one, a child ends by itself.
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

// watch ends the process once it holds more than a limit, or works for nobody.
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
		time.Sleep(watched)
	}
}
