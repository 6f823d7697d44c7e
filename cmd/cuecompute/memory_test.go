//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// watchMemory samples the memory of a process and its children until the returned function is
// called, which returns the peak. Without Linux's /proc it is 0.
func watchMemory(pid int) (highest func() int64) {
	stop, result := make(chan struct{}), make(chan int64)
	go func() {
		var highest int64
		for {
			highest = max(highest, held(pid))
			select {
			case <-stop:
				result <- highest
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-result
	}
}

// held returns the memory of a process and its children: the second number of statm in proc(5),
// in pages.
func held(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0 // it has ended
	}
	var resident int64
	if fields := strings.Fields(string(text)); len(fields) > 1 {
		resident, _ = strconv.ParseInt(fields[1], 10, 64)
	}
	resident *= int64(os.Getpagesize())
	for _, child := range children(pid) {
		resident += held(child)
	}
	return resident
}

// children returns the child processes of a process, from the files of that name in proc(5);
// none without such files.
func children(pid int) (all []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		text, _ := os.ReadFile(list) // the thread may have ended
		for child := range strings.FieldsSeq(string(text)) {
			if n, err := strconv.Atoi(child); err == nil {
				all = append(all, n)
			}
		}
	}
	return all
}
