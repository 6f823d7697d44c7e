package fix

import (
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

// effective returns the fixes that removed their mistakes and caused no new error. attributed
// is whether each new error could be attributed to a fix. An error that was hidden by another,
// such as a platform's rule in a spec with misspelt fields, is not new.
func effective(before, after diag.List, fixes diag.List) (good diag.List, attributed bool) {
	had, has := counts(before), counts(after)
	ineffective := map[diag.Edit]bool{}
	for _, f := range fixes {
		if has[keyOf(f)] >= had[keyOf(f)] {
			ineffective[*f.Fix] = true
		}
	}
	attributed = true
	for _, d := range after {
		switch {
		case d.Severity != diag.Error || d.Code == diag.Limit || has[keyOf(d)] <= had[keyOf(d)]:
		case len(d.Path) == 0: // the file can no longer be read
			attributed = false
		case d.Fix == nil:
			for _, f := range fixes {
				if caused(f, d) {
					ineffective[*f.Fix] = true
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(fixes), func(f diag.Diagnostic) bool { return ineffective[*f.Fix] }), attributed
}

// key identifies a diagnostic before and after edits, which do not move lines.
type key struct {
	file    string
	line    int
	code    diag.Code
	message string
}

func keyOf(d diag.Diagnostic) key { return key{d.File, d.Line, d.Code, d.Message} }

func counts(diags diag.List) map[key]int {
	n := map[key]int{}
	for _, d := range diags {
		n[keyOf(d)]++
	}
	return n
}

// caused reports whether an error is about the text of a fix: the value itself, or a value in
// the renamed field.
func caused(fix, d diag.Diagnostic) bool {
	last := len(fix.Path) - 1
	if last < 0 {
		return true
	}
	if len(d.Path) < len(fix.Path) || !slices.Equal(d.Path[:last], fix.Path[:last]) {
		return false
	}
	return d.Path[last] == fix.Path[last] || d.Path[last] == strings.Trim(fix.Fix.NewText, `"'`)
}
