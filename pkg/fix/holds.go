package fix

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// holds reports whether mends did away with their mistakes, and brought no error. One that
// was in the shadow of another, such as what the platform refuses of a spec whose fields
// were misspelt, was there before.
func holds(before, after diag.List, mends diag.List) bool {
	had, has := counts(before), counts(after)
	for _, d := range mends {
		if has[same(d)] >= had[same(d)] {
			return false
		}
	}
	for _, d := range after {
		if d.Severity != diag.Error || d.Code == diag.Limit || has[same(d)] <= had[same(d)] {
			continue
		}
		if len(d.Path) == 0 || d.Fix == nil && slices.ContainsFunc(mends, func(m diag.Diagnostic) bool { return brought(m, d) }) {
			return false
		}
	}
	return true
}

// mistake is what a diagnostic is known by from one judgement to the next: edits leave
// lines where they are.
type mistake struct {
	file    string
	line    int
	code    diag.Code
	message string
}

func same(d diag.Diagnostic) mistake { return mistake{d.File, d.Line, d.Code, d.Message} }

func counts(diags diag.List) map[mistake]int {
	n := map[mistake]int{}
	for _, d := range diags {
		n[same(d)]++
	}
	return n
}

// brought reports whether an error is of what a mend wrote: of the value itself, or of
// something in the field that was renamed.
func brought(mend, d diag.Diagnostic) bool {
	last := len(mend.Path) - 1
	if last < 0 {
		return true
	}
	if len(d.Path) < len(mend.Path) || !slices.Equal(d.Path[:last], mend.Path[:last]) {
		return false
	}
	return d.Path[last] == mend.Path[last] || d.Path[last] == strings.Trim(mend.Fix.NewText, `"'`)
}
