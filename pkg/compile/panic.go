package compile

import (
	"cmp"
	"fmt"
	"runtime/debug"

	"github.com/cuecompute/cuecompute/pkg/internal/shape"
	"github.com/cuecompute/cuecompute/pkg/internal/unify"
)

// PanicError is a mistake of this program, or of CUE's evaluator, that a spec has triggered: a
// panic. The tenant, or the file if it was being read, has no verdict; everything else is still
// checked.
type PanicError struct {
	File, Tenant string // Tenant is empty if the file was being read
	Stage        string // load, check or plan
	Value        any    // the panic's value
	Stack        []byte

	more int // number of further tenants and files for which the same stage panicked
}

// Error names the stage, and the first tenant or file.
func (e *PanicError) Error() string {
	of := e.File
	if e.Tenant != "" {
		of = "tenant " + e.Tenant
	}
	text := fmt.Sprintf("%s: %s panicked: %v", of, e.Stage, e.Value)
	if e.more > 0 {
		text += fmt.Sprintf(" (and so for %d more)", e.more)
	}
	return text
}

// guarded turns a panic into a *PanicError with the worker's current stage. The worker's state
// may be inconsistent then, and is recreated.
func (w *worker) guarded(file, tenant string, do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &PanicError{File: file, Tenant: tenant, Stage: cmp.Or(w.stage, "load"), Value: r, Stack: debug.Stack()}
			w.checker, w.judge = shape.Checker{}, unify.New(w.library)
			w.policies = w.newPolicies()
		}
	}()
	return do()
}
