package compile

import (
	"fmt"
	"unicode/utf8"

	"github.com/cuecompute/cuecompute/pkg/diag"
)

const (
	// mostDiagnostics is how many diagnostics are told of one file or package.
	mostDiagnostics = 200
	// mostRunes is how long a message may be that quotes what an author wrote.
	mostRunes = 1000
)

// atMost keeps the first diagnostics of many, and says how many are not told.
func atMost(diags diag.List) diag.List {
	for i := range diags {
		d := &diags[i]
		d.Message, d.Help = cut(d.Message), cut(d.Help)
	}
	if len(diags) <= mostDiagnostics {
		return diags
	}
	rest := len(diags) - mostDiagnostics
	last := diags[mostDiagnostics-1]
	diags = diags[:mostDiagnostics]
	d := diags.Errorf(diag.Limit, nil, "%d more problems are not shown", rest)
	d.File, d.Tenant, d.Provider = last.File, last.Tenant, last.Provider
	d.Help = "mend these first"
	return diags
}

// cut shortens a text that is too long for a message.
func cut(text string) string {
	if len(text) <= mostRunes || utf8.RuneCountInString(text) <= mostRunes {
		return text
	}
	return fmt.Sprintf("%s… (%d characters)", string([]rune(text)[:mostRunes]), utf8.RuneCountInString(text))
}
