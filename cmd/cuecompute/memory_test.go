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

// watchMemory looks at a process and its children until it is called back, and then
// returns the most memory that they held together. Where there is no /proc as on Linux,
// that is 0.
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

// held is what a process and its children have in memory: the second number of statm of
// proc(5), in pages.
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

// children are the processes that a process has started, by the files of that name of
// proc(5); none where there are no such files.
func children(pid int) (all []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		text, _ := os.ReadFile(list) // a thread may have ended
		for child := range strings.FieldsSeq(string(text)) {
			if n, err := strconv.Atoi(child); err == nil {
				all = append(all, n)
			}
		}
	}
	return all
}
