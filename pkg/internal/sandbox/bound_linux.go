package sandbox

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// bound has the system hold this process to a limit of memory: an allocation beyond it
// fails, which ends the process, instead of being noticed after it. The address space that
// the Go runtime has reserved already does not count, and what it reserves beyond what it
// uses has half as much room again. Of all processes this is the first that the system ends
// when its memory is used up (man 5 proc_pid_oom_score_adj, checked 2026-11-29; man 2 getrlimit).
// What is not to be had is left: the process watches itself too.
func bound(limit int64) {
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
	if underRace {
		return // the race detector maps several times what a program uses
	}
	statm, err := os.ReadFile("/proc/self/statm") // man 5 proc_pid_statm: the first number is of pages
	if err != nil {
		return
	}
	size, _, _ := bytes.Cut(statm, []byte(" "))
	pages, err := strconv.ParseInt(string(size), 10, 64)
	if err != nil {
		return
	}
	ceiling := uint64(pages*int64(os.Getpagesize()) + limit + limit/2 + runtimeRoom)
	var now syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &now) == nil && now.Cur > ceiling {
		now.Cur = ceiling
		_ = syscall.Setrlimit(syscall.RLIMIT_AS, &now)
	}
}

// runtimeRoom is for arenas of 64 MiB that are used in part, and for threads.
const runtimeRoom = 192 << 20
