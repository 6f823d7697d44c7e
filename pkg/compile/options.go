package compile

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/waiver"
)

// Options are what a [Compiler] holds all of its runs to. The zero value has no policies and
// the default bounds.
type Options struct {
	Policies Policies

	// SupplyOnly has policies supply what authors leave out, and refuse nothing: for specs
	// that other policies were there for.
	SupplyOnly bool

	Rules waiver.Rules // what the landlord lets pass

	Evaluation Evaluation   // of CUE that is more than data
	Limits     limit.Limits // on what may be judged and told
}

// Policies are a landlord's rules: CUE files with the fields tenant, plan and fleet.
type Policies struct {
	Files []string // paths

	// Texts are the texts of those Files that are not read from the system's files, by their
	// names.
	Texts map[string][]byte
}

// check returns what options ask for and cannot get: a policy that would hold nobody to
// anything is a mistake.
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

// holds reports whether a unit is the file of one of the policies, which holds no tenant.
func (p Policies) holds(u find.Unit) bool {
	return slices.ContainsFunc(p.Files, func(path string) bool { return filepath.Clean(path) == filepath.Clean(u.Path) })
}
