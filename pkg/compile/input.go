package compile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/load"
)

// ErrInput is in the errors of an [Input] that asks for what cannot be done.
var ErrInput = errors.New("bad input")

// ErrTag is in the errors about tags as they were given.
var ErrTag = load.ErrTag

// check returns what an input asks for and cannot get: a policy that would hold nobody to
// anything is a mistake.
func (in Input) check() error {
	var all []error
	if languages := []string{"", "cue", "yaml", "json"}; !slices.Contains(languages, in.Lang) {
		all = append(all, fmt.Errorf("%w: language %q: known are cue, yaml, json", ErrInput, in.Lang))
	}
	for _, name := range slices.Sorted(maps.Keys(in.PolicyTexts)) {
		if !slices.Contains(in.Policies, name) {
			all = append(all, fmt.Errorf("%w: the policy text %q is none of Policies", ErrInput, name))
		}
	}
	e := in.Evaluation
	if e.Timeout < 0 || e.Memory < 0 || e.Total < 0 {
		all = append(all, fmt.Errorf("%w: a bound of Evaluation is less than 0", ErrInput))
	}
	return errors.Join(all...)
}

// HasSpecs reports whether the paths hold more than the policies.
func (in Input) HasSpecs(ctx context.Context) bool {
	units, _, _ := find.Find(ctx, in.FS, in.Paths)
	return slices.ContainsFunc(units, func(u find.Unit) bool { return !in.isPolicy(u) })
}
