package compile

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// spare is how many times as many diagnostics of a file are kept as are told, so that those
// told are the first by their places.
const spare = 10

// truncate keeps the first diagnostics of many, and says how many are not told, with those
// that are not here any more. It returns that number too.
func truncate(diags diag.List, more int, limits limit.Limits) (told diag.List, untold int) {
	most := limits.Of(limit.Diagnostics)
	if len(diags) <= most && more == 0 {
		return diags, 0
	}
	told = diags[:min(most, len(diags))]
	last := told[len(told)-1]
	untold = len(diags) - len(told) + more
	message := fmt.Sprintf("%d more problems are not shown", untold)
	if untold == 1 {
		message = "1 more problem is not shown"
	}
	d := told.Errorf(diag.Limit, nil, "%s", message)
	d.File, d.Tenant, d.Provider = last.File, last.Tenant, last.Provider
	d.Help = "fix these first; " + limits.Help(limit.Diagnostics)
	return told, untold
}

// shorten cuts texts that are too long for a message.
func shorten(diags diag.List, limits limit.Limits) {
	longest := limits.Of(limit.MessageCharacters)
	for i := range diags {
		d := &diags[i]
		d.Message, d.Help = cut(d.Message, longest), cut(d.Help, longest)
	}
}

// later adds diagnostics that were found once a unit was judged, as far as the limit allows.
func (u *Unit) later(more diag.List, in Input) {
	if len(more) == 0 {
		return
	}
	told := u.Diagnostics
	if u.untold > 0 {
		told = told[:len(told)-1] // which says how many
	}
	all := append(slices.Clip(told), more...)
	if !in.Every {
		shorten(all[len(told):], in.Limits)
		all, u.untold = truncate(all, u.untold, in.Limits)
	}
	u.show(all[len(told):])
	u.Diagnostics = all
}

// cut shortens a text that is too long for a message.
func cut(text string, longest int) string {
	if len(text) <= longest || utf8.RuneCountInString(text) <= longest {
		return text
	}
	return fmt.Sprintf("%s… (%d characters)", string([]rune(text)[:longest]), utf8.RuneCountInString(text))
}

// errTenants ends a run of more tenants than it may have.
var errTenants = errors.New("too many tenants")

// upTo yields units until there are too many tenants. Of the unit that has one too many,
// and of those behind it, it tells no more than that.
func upTo(limits limit.Limits, yield, tell func(Unit) error) func(Unit) error {
	most, tenants := limits.Of(limit.Tenants), 0
	return func(u Unit) error {
		if tenants += u.Count; tenants <= most {
			return yield(u)
		}
		over := Unit{Count: u.Count}
		d := over.Diagnostics.Errorf(diag.Limit, nil, "the run has more than %d tenants: those of this file, and of what comes after it, are not judged", most)
		d.File, d.Help = u.file, limits.Help(limit.Tenants)
		return errors.Join(tell(over), errTenants)
	}
}
