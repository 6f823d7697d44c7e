package compile

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/waiver"
)

// Options configure all runs of a [Compiler]. The zero value has no policies and the default
// limits.
type Options struct {
	Policies Policies

	// SupplyOnly limits policies to supplying missing values; they refuse nothing. Use it for
	// specs that were checked against other policies.
	SupplyOnly bool

	Rules waiver.Rules // the landlord's waivers

	Evaluation Evaluation   // for CUE that needs evaluation
	Children   Children     // the processes that evaluate it
	Limits     limit.Limits // limits on specs and diagnostics

	Logger   *slog.Logger // gets a record of each verdict, and of children; nil: none
	Observer Observer     // nil: none
}

// Policies are a landlord's rules: CUE files with the fields tenant, plan and fleet.
type Policies struct {
	Files []string // paths

	// Texts are the contents of those Files that are not on disk, by name.
	Texts map[string][]byte
}

// check returns an error for invalid options: a policy that would have no effect is a mistake.
func (o Options) check() error {
	err := o.Policies.check()
	if e := o.Evaluation; e.Timeout < 0 || e.Memory < 0 || e.Total < 0 {
		err = errors.Join(err, fmt.Errorf("%w: a bound of Evaluation is less than 0", ErrInput))
	}
	return err
}

func (p Policies) check() error {
	var all []error
	for _, name := range slices.Sorted(maps.Keys(p.Texts)) {
		if !slices.Contains(p.Files, name) {
			all = append(all, fmt.Errorf("%w: the policy text %q is none of Files", ErrInput, name))
		}
	}
	return errors.Join(all...)
}

// contains reports whether a unit is a policy's file, which contains no tenant.
func (p Policies) contains(u find.Unit) bool {
	return slices.ContainsFunc(p.Files, func(path string) bool { return filepath.Clean(path) == filepath.Clean(u.Path) })
}
