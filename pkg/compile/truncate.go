package compile

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// spare is how many times as many diagnostics are kept as are shown, so that the first ones by
// position can be shown.
const spare = 10

// truncate keeps the first diagnostics, and adds one with the number of omitted ones, including
// more. It returns that number too.
func truncate(diags diag.List, more int, limits limit.Limits) (shown diag.List, omitted int) {
	maximum := limits.Of(limit.Diagnostics)
	if len(diags) <= maximum && more == 0 {
		return diags, 0
	}
	shown = diags[:min(maximum, len(diags))]
	last := shown[len(shown)-1]
	omitted = len(diags) - len(shown) + more
	message := fmt.Sprintf("%d more problems are not shown", omitted)
	if omitted == 1 {
		message = "1 more problem is not shown"
	}
	d := shown.Errorf(diag.Limit, nil, "%s", message)
	d.File, d.Tenant, d.Provider = last.File, last.Tenant, last.Provider
	d.Help, d.Bound = "fix these first; "+limits.Help(limit.Diagnostics), string(limit.Diagnostics)
	return shown, omitted
}

// shorten truncates long messages.
func shorten(diags diag.List, limits limit.Limits) {
	longest := limits.Of(limit.MessageCharacters)
	for i := range diags {
		d := &diags[i]
		d.Message, d.Help = cut(d.Message, longest), cut(d.Help, longest)
	}
}

// later adds diagnostics that were found after the unit was checked, within the limit.
func (u *Unit) later(more diag.List, limits limit.Limits, every bool) {
	if len(more) == 0 {
		return
	}
	shown := u.Diagnostics
	if u.omitted > 0 {
		shown = shown[:len(shown)-1] // the one with the number
	}
	all := append(slices.Clip(shown), more...)
	if !every {
		shorten(all[len(shown):], limits)
		all, u.omitted = truncate(all, u.omitted, limits)
	}
	u.show(all[len(shown):])
	u.Diagnostics = all
}

// cut truncates a long text.
func cut(text string, longest int) string {
	if len(text) <= longest || utf8.RuneCountInString(text) <= longest {
		return text
	}
	return fmt.Sprintf("%s… (%d characters)", string([]rune(text)[:longest]), utf8.RuneCountInString(text))
}

// errTenants ends a run with too many tenants.
var errTenants = errors.New("too many tenants")

// limitTenants yields units until there are too many tenants. Of the unit over the limit it
// yields only a diagnostic, and of later ones nothing.
func limitTenants(limits limit.Limits, yield, tell func(Unit) error) func(Unit) error {
	maximum, tenants := limits.Of(limit.Tenants), 0
	return func(u Unit) error {
		if tenants += u.Count; tenants <= maximum {
			return yield(u)
		}
		over := Unit{Count: u.Count}
		d := over.Diagnostics.Errorf(diag.Limit, nil, "the run has more than %d tenants: those of this file, and of what comes after it, are not judged", maximum)
		d.File, d.Help, d.Bound = u.file, limits.Help(limit.Tenants), string(limit.Tenants)
		return errors.Join(tell(over), errTenants)
	}
}
