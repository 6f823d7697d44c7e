package compile

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/load"
)

// spare is how many times as many diagnostics of a file are kept as are told, so that those
// told are the first by their places.
const spare = 10

// atMost keeps the first diagnostics of many, and says how many are not told, with those
// that are not here any more.
func atMost(diags diag.List, more int, limits load.Limits) diag.List {
	most, longest := limits.Of(load.Diagnostics), limits.Of(load.MessageCharacters)
	for i := range diags {
		d := &diags[i]
		d.Message, d.Help = cut(d.Message, longest), cut(d.Help, longest)
	}
	if len(diags) <= most {
		return diags
	}
	rest := len(diags) - most + more
	last := diags[most-1]
	diags = diags[:most]
	d := diags.Errorf(diag.Limit, nil, "%d more problems are not shown", rest)
	d.File, d.Tenant, d.Provider = last.File, last.Tenant, last.Provider
	d.Help = "mend these first; " + limits.Help(load.Diagnostics)
	return diags
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
func upTo(limits load.Limits, yield, tell func(Unit) error) func(Unit) error {
	most, tenants := limits.Of(load.Tenants), 0
	return func(u Unit) error {
		if tenants += u.Count; tenants <= most {
			return yield(u)
		}
		over := Unit{Count: u.Count}
		d := over.Diagnostics.Errorf(diag.Limit, nil, "the run has more than %d tenants: those of this file, and of what comes after it, are not judged", most)
		d.File, d.Help = u.file, limits.Help(load.Tenants)
		return errors.Join(tell(over), errTenants)
	}
}
