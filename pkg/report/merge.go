package report

import "github.com/cuecompute/cuecompute/pkg/diag"

// Merge returns diagnostics with those of one fault at one position as one, which names the
// first tenants and how many more there are: an editor shows a template's mistake once, however
// many tenants use it. A text report shows fewer: of many positions of one fault, only some.
func Merge(list diag.List) diag.List {
	type spot struct {
		fault
		diag.Range
	}
	var all diag.List
	at, groups := map[spot]int{}, map[spot]*group{}
	for _, d := range list {
		key := spot{faultOf(d), d.Range}
		of := groups[key]
		if of == nil {
			of = &group{places: map[diag.Range]bool{}}
			groups[key], at[key] = of, len(all)
			all = append(all, d)
		}
		of.add(numbered{Diagnostic: d})
	}
	for key, of := range groups {
		if of.count > 1 {
			all[at[key]].Tenant = of.names()
		}
	}
	return all
}

// Sentence is what a diagnostic says, with its tenant, and on a line of its own how to fix it.
func Sentence(d diag.Diagnostic) string { return Options{}.sentence(d) }

// Elsewhere returns the other places of the author's that a diagnostic speaks of; those in the
// schemas are none.
func Elsewhere(d diag.Diagnostic) []diag.Related { return elsewhere(d) }
