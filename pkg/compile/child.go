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

// Evaluation bounds the evaluation of CUE, for each file or package. CUE's evaluator has no
// limit of its own, and an evaluation that does not end, or that runs out of memory, can only
// be stopped by ending its process. So CUE is evaluated by a child process: the program
// itself, if it has called [ChildMain], or else Program, if that is set. With neither, CUE
// that has to be evaluated is [ErrUnbounded], unless Unbounded is set. YAML, JSON, and CUE
// that only writes out data need no child; reading them takes no longer than Timeout either.
type Evaluation struct {
	// Timeout is how long a file or package may take; 0: DefaultTimeout. Once three have
	// taken longer, each further one has half the time of the one before that took longer,
	// and a sixteenth at least.
	Timeout time.Duration
	Memory  int64 // bytes, 0: DefaultMemory

	// Total is how long the whole run may take, 0 for no bound. What is not judged by then
	// has a diagnostic that says so.
	Total time.Duration

	// Program is the path of an executable whose main calls [ChildMain].
	Program string

	// Unbounded lets CUE be evaluated in this process if there is no child. Nothing bounds it:
	// set it only for specs of your own.
	Unbounded bool
}

// ErrUnbounded is returned for CUE that has to be evaluated and that nothing would bound: the
// program has not called [ChildMain], or the input is in a file system in memory. See
// [Evaluation].
var ErrUnbounded = load.ErrUnbounded

// The bounds of an evaluation, where none are set.
const (
	DefaultTimeout = 5 * time.Second
	DefaultMemory  = 512 << 20
)

// itself is this program, once it has said that it can be a child.
var itself string

// ChildMain has to be called first in a program's main, for CUE to be evaluated with
// limits: see [Evaluation]. In a process that was started as a child it does the child's
// work and ends the process; in any other it returns at once. The providers are those of
// the program's registry, whose schemas authors may import.
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

// thisProgram is a path of this program's executable; "" where the system cannot tell. On
// Linux it leads to the file that this process runs even once another was put in its place,
// or it was removed (man 5 proc_pid_exe, checked 2026-11-29); elsewhere, do not replace the
// executable of a program that runs.
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

// Close ends the child processes of the compiler's runs; a run that is under way fails with
// [sandbox.ErrClosed]. The compiler can still be used. A child that is not closed ends after
// half a minute without work, and with the program.
func (c *Compiler) Close() { c.pool.Close() }

// evaluator returns where a run's CUE is evaluated.
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
