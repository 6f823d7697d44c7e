package sandbox

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// limitMemory sets the system's limit of this process's memory: an allocation beyond it fails and
// ends the process at once. The address space that the Go runtime has already reserved does not
// count, and half of the limit is added for what it reserves but does not use. The process also
// asks to be the first that the system kills when its memory is used up (man 5
// proc_pid_oom_score_adj, checked 2026-11-29; man 2 getrlimit). Failures are ignored, because
// the process also watches itself.
func limitMemory(limit int64) {
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
	if underRace {
		return // the race detector maps several times the program's memory
	}
	statm, err := os.ReadFile("/proc/self/statm") // man 5 proc_pid_statm: the first number is in pages
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

// runtimeRoom is for partly used arenas of 64 MiB, and for threads.
const runtimeRoom = 192 << 20
