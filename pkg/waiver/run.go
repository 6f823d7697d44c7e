package waiver

import (
	"slices"
	"sync/atomic"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/document"
)

// Rules are what a landlord lets pass. The zero value changes nothing.
type Rules struct {
	Waivers []Waiver
	Today   string // the day on which specs are judged: 2026-11-29; "": no waiver has ended

	// Severity is that of problems, by their codes: of those in [Codes].
	Severity map[diag.Code]diag.Severity
}

// Run is one run by rules. It is safe for concurrent use; a nil run changes nothing.
type Run struct {
	Rules
	used []atomic.Bool // waivers that let something pass
	met  []atomic.Bool // waivers of tenants that were judged whole
}

// Run begins a run.
func (r Rules) Run() *Run {
	if len(r.Waivers) == 0 && len(r.Severity) == 0 {
		return nil
	}
	return &Run{Rules: r, used: make([]atomic.Bool, len(r.Waivers)), met: make([]atomic.Bool, len(r.Waivers))}
}

// Settle makes notes of a tenant's problems that are waived, and gives the others their
// severity. What it has settled it leaves as it is.
func (r *Run) Settle(diags diag.List, tenant string) diag.List {
	if r == nil || len(diags) == 0 {
		return diags
	}
	for i := range diags {
		d := &diags[i]
		if d.Waived || !slices.Contains(landlords, d.Code) {
			continue
		}
		if w := r.waiverOf(*d, tenant); w != nil {
			d.Severity, d.Waived = diag.Note, true
			d.Related = append(slices.Clip(d.Related), diag.Related{Range: w.At, Message: "waived until " + w.Until + " by " + w.Owner + ": " + w.Reason})
			continue
		}
		if s, ok := r.Severity[d.Code]; ok && d.Severity != diag.Note {
			d.Severity = s
		}
	}
	return diags
}

// waiverOf returns the first waiver that covers a problem and has not ended, or nil. All that
// do are used.
func (r *Run) waiverOf(d diag.Diagnostic, tenant string) (first *Waiver) {
	for i := range r.Waivers {
		if w := &r.Waivers[i]; !r.ended(w) && w.covers(d, tenant) {
			r.used[i].Store(true)
			if first == nil {
				first = w
			}
		}
	}
	return first
}

// ended reports whether a waiver's last day has passed. Days compare as texts.
func (r *Run) ended(w *Waiver) bool { return r.Today != "" && w.Until < r.Today }

// Judged notes that a tenant was judged whole: waivers about it that have let nothing pass
// are about nothing.
func (r *Run) Judged(tenant string) {
	if r == nil {
		return
	}
	for i := range r.Waivers {
		if r.Waivers[i].of(tenant) {
			r.met[i].Store(true)
		}
	}
}

// Ended returns a warning for each waiver that has ended.
func (r *Run) Ended() diag.List {
	return r.problems(func(i int, w *Waiver, diags *diag.List) {
		if r.ended(w) {
			d := diags.Warnf(diag.Waiver, nil, "this waiver of %s ended on %s", w.Owner, w.Until)
			d.Range, d.Help = w.At, "remove it, or give it another end if its reason still holds"
		}
	})
}

// Unmatched returns a warning for each waiver that has let nothing pass, of tenants that were
// judged; a note where there was no such tenant. Those of problems of several tenants are left
// out.
func (r *Run) Unmatched() diag.List {
	return r.problems(func(i int, w *Waiver, diags *diag.List) {
		switch {
		case r.ended(w) || r.used[i].Load() || slices.Contains(together, w.Code):
		case r.met[i].Load():
			d := diags.Warnf(diag.Waiver, nil, "this waiver matches nothing: %s has no such problem", w.Tenant)
			d.Range, d.Help = w.At, "remove it"
		default:
			d := diags.Notef("", nil, "no tenant %s was judged in this run", w.Tenant)
			d.Code, d.Range = diag.Waiver, w.At
		}
	})
}

func (r *Run) problems(report func(i int, w *Waiver, diags *diag.List)) diag.List {
	if r == nil {
		return nil
	}
	var all diag.List
	for i := range r.Waivers {
		w, before := &r.Waivers[i], len(all)
		report(i, w, &all)
		if w.src != nil {
			document.Quote(all[before:], w.src)
		}
	}
	return all
}
