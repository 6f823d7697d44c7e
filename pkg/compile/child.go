package compile

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/cuecompute/cuecompute/pkg/library"
	"github.com/cuecompute/cuecompute/pkg/load"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/sandbox"
)

// Evaluation bounds what CUE may take to come down to data, a file or package at a time.
// CUE's evaluator has no limit of its own, and what goes on for ever or runs out of memory
// cannot be stopped but with its process: so it is done by a child process, which is the
// program itself where that has called [ChildMain], or else Program, if that is set. With
// neither, CUE is evaluated in this process, and nothing bounds it. Data in YAML and JSON,
// CUE that only writes out data, and CUE that is certain to stay far below the bounds need
// no child.
type Evaluation struct {
	Timeout time.Duration // 0: DefaultTimeout
	Memory  int64         // bytes, 0: DefaultMemory

	// Program is the path of an executable whose main calls [ChildMain].
	Program string
}

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
		itself, _ = os.Executable() // "" where the system cannot tell
		return
	}
	lib, err := library.Of(providers...)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	load.Serve(lib)
}

// children are processes that wait for work, by what they were started with. Runs of one
// compiler take them in turn.
type children struct {
	mu   sync.Mutex
	free map[Evaluation][]load.Evaluator
}

// borrow returns an evaluator that nobody else uses.
func (c *children) borrow(e Evaluation) load.Evaluator {
	c.mu.Lock()
	defer c.mu.Unlock()
	free := c.free[e]
	if len(free) == 0 {
		return e.evaluator()
	}
	c.free[e] = free[:len(free)-1]
	return free[len(free)-1]
}

// giveBack lets others use an evaluator.
func (c *children) giveBack(e Evaluation, used load.Evaluator) {
	if used.Child == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.free == nil {
		c.free = map[Evaluation][]load.Evaluator{}
	}
	c.free[e] = append(c.free[e], used)
}

// Close ends the child processes that the compiler's runs have left waiting. The compiler
// can still be used.
func (c *Compiler) Close() {
	c.children.mu.Lock()
	defer c.children.mu.Unlock()
	for _, free := range c.children.free {
		for _, e := range free {
			e.Child.Close()
		}
	}
	c.children.free = nil
}

// evaluator returns where CUE is evaluated: here, if there is no program for a child.
func (e Evaluation) evaluator() load.Evaluator {
	program, args := e.Program, []string{e.Program}
	if program == "" {
		program, args = itself, os.Args[:1]
	}
	if program == "" {
		return load.Evaluator{}
	}
	limits := sandbox.Limits{Time: e.Timeout, Memory: e.Memory}
	if limits.Time == 0 {
		limits.Time = DefaultTimeout
	}
	if limits.Memory == 0 {
		limits.Memory = DefaultMemory
	}
	return load.Evaluator{Child: sandbox.New(program, args, limits), Limits: limits}
}
