package compile

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/cuecompute/cuecompute/pkg/internal/library"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
	"github.com/cuecompute/cuecompute/pkg/internal/sandbox"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Evaluation limits the evaluation of CUE, for each file or package. CUE's evaluator has no
// limits of its own, and only ending its process stops an evaluation that does not end or runs
// out of memory. Therefore a child process evaluates CUE: the program itself, if it has called
// [ChildMain], or else Program, if set. Without either, CUE that needs evaluation is
// [ErrUnbounded], unless Unbounded is set. YAML, JSON and plain data in CUE need no child;
// Timeout applies to them too.
type Evaluation struct {
	// Timeout limits the time of a file or package; 0: DefaultTimeout. After three have
	// exceeded it, each further one gets half the time of the one before, down to a sixteenth.
	Timeout time.Duration
	Memory  int64 // bytes, 0: DefaultMemory

	// Total limits the time of the whole run; 0: no limit. A diagnostic reports each unit that
	// is not checked by then.
	Total time.Duration

	// Program is the path of an executable whose main calls [ChildMain].
	Program string

	// Unbounded allows evaluation in this process, without limits, if there is no child: set it
	// only for specs that you trust.
	Unbounded bool
}

// ErrUnbounded is returned for CUE that needs evaluation if nothing limits it: the program has
// not called [ChildMain], or the input is in a file system in memory. See [Evaluation].
var ErrUnbounded = load.ErrUnbounded

// The default limits of an evaluation.
const (
	DefaultTimeout = 5 * time.Second
	DefaultMemory  = 512 << 20
)

// itself is the path of this program once ChildMain was called, "" before.
var itself string

// ChildMain enables the evaluation of CUE with limits: see [Evaluation]. Call it first in main.
// In a process that was started as a child it does the child's work and ends the process; in
// any other it returns at once. The providers are those of the program's registry, whose
// schemas authors may import.
func ChildMain(providers ...provider.Provider) {
	if !sandbox.IsChild() {
		itself = thisProgram()
		return
	}
	lib, err := library.Of(providers...)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	load.Serve(lib)
}

// thisProgram returns a path of this program's executable, "" if the system does not know it.
// On Linux the path leads to the running file even after it was replaced or removed (man 5
// proc_pid_exe, checked 2026-11-29). On other systems, do not replace the executable of a
// running program.
func thisProgram() string {
	const running = "/proc/self/exe"
	if _, err := os.Stat(running); err == nil && runtime.GOOS == "linux" {
		return running
	}
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	return path
}

// Close ends the compiler's child processes; a run in progress fails with [ErrClosed].
// The compiler can still be used. Without Close, a child ends after half a minute without work,
// and with the program.
func (c *Compiler) Close() { c.pool.Close() }

// evaluator returns the evaluator of a run.
func (c *Compiler) evaluator(e Evaluation) load.Evaluator {
	limits := sandbox.Limits{Time: cmp.Or(e.Timeout, DefaultTimeout), Memory: cmp.Or(e.Memory, DefaultMemory)}
	out := load.Evaluator{Unbounded: e.Unbounded, Budget: load.NewBudget(limits.Time, e.Total)}
	out.Command = sandbox.Command{Program: e.Program, Args: []string{e.Program}, Limits: limits}
	if e.Program == "" {
		out.Command.Program, out.Command.Args = itself, os.Args[:1]
	}
	if out.Command.Program != "" {
		out.Pool = c.pool
	}
	return out
}
