package report

import "github.com/cuecompute/cuecompute/pkg/diag"

// Merge returns diagnostics with those of one fault at one position merged, with the first
// tenants and the number of the others: an editor shows a template's mistake once, however many
// tenants use it. A text report shows fewer, because it also limits the positions of one fault.
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

// Sentence returns a diagnostic's message, with its tenant, and its help on the next line.
func Sentence(d diag.Diagnostic) string { return Options{}.sentence(d) }

// Elsewhere returns the related positions of a diagnostic, without those in the schemas.
func Elsewhere(d diag.Diagnostic) []diag.Related { return elsewhere(d) }
