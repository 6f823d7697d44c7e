package fix

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// innocent returns the mends that did away with their mistakes and brought no error. told is
// whether each error that was brought could be laid to a mend. An error that was in the shadow
// of another, such as what the platform refuses of a spec whose fields were misspelt, was
// there before.
func innocent(before, after diag.List, mends diag.List) (good diag.List, told bool) {
	had, has := counts(before), counts(after)
	guilty := map[diag.Edit]bool{}
	for _, m := range mends {
		if has[same(m)] >= had[same(m)] {
			guilty[*m.Fix] = true
		}
	}
	told = true
	for _, d := range after {
		switch {
		case d.Severity != diag.Error || d.Code == diag.Limit || has[same(d)] <= had[same(d)]:
		case len(d.Path) == 0: // of a file that cannot be read any more
			told = false
		case d.Fix == nil:
			for _, m := range mends {
				if brought(m, d) {
					guilty[*m.Fix] = true
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(mends), func(m diag.Diagnostic) bool { return guilty[*m.Fix] }), told
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
