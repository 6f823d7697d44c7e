package compile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
)

// ErrInput is in the errors of [Options] and of an [Input] that ask for what cannot be done.
var ErrInput = errors.New("bad input")

// ErrTag is in the errors about tags as they were given.
var ErrTag = load.ErrTag

// check returns what an input asks for and cannot get.
func (in Input) check() error {
	if languages := []string{"", "cue", "yaml", "json"}; !slices.Contains(languages, in.Lang) {
		return fmt.Errorf("%w: language %q: known are cue, yaml, json", ErrInput, in.Lang)
	}
	return nil
}

// HasSpecs reports whether the paths of an input hold more than the policies.
func (c *Compiler) HasSpecs(ctx context.Context, in Input) bool {
	units, _, _ := find.Find(ctx, in.disk(), in.Paths)
	of := c.policies.get().of
	return slices.ContainsFunc(units, func(u find.Unit) bool { return !of.holds(u) })
}

// disk is where the input's files are.
func (in Input) disk() find.Disk { return find.Disk{Memory: in.FS, Overlay: in.Overlay} }
