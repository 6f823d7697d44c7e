package compile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
)

// ErrInput is wrapped by the errors of invalid [Options] and [Input].
var ErrInput = errors.New("bad input")

// ErrTag is wrapped by errors about tags in the input.
var ErrTag = load.ErrTag

// check returns an error for an invalid input.
func (in Input) check() error {
	if languages := []string{"", "cue", "yaml", "json"}; !slices.Contains(languages, in.Lang) {
		return fmt.Errorf("%w: language %q: known are cue, yaml, json", ErrInput, in.Lang)
	}
	return nil
}

// HasSpecs reports whether the paths of an input contain anything other than the policies.
func (c *Compiler) HasSpecs(ctx context.Context, in Input) bool {
	units, _, _ := find.Find(ctx, in.disk(), in.Paths)
	of := c.policies.get().of
	return slices.ContainsFunc(units, func(u find.Unit) bool { return !of.contains(u) })
}

// disk returns the file system of the input.
func (in Input) disk() find.Disk { return find.Disk{Memory: in.FS, Overlay: in.Overlay} }
