// Package waiver lets problems pass that are the landlord's to judge: what policies refuse, and
// warnings. A landlord waives them in a file, with an owner, a reason and an end; an author
// accepts a warning by a comment on its line. What passes becomes a note.
//
//	waivers, diags := waiver.Read("waivers.yaml", text, nil)
//	run := waiver.Rules{Waivers: waivers, Today: "2026-11-29"}.Run()
//	diags = run.Settle(diags, "acme")
//	diags = append(diags, run.Problems()...)
package waiver

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/document"
	"github.com/cuecompute/cuecompute/pkg/limit"
)

// Waiver lets the problems of a code pass for some tenants.
type Waiver struct {
	Tenant string // an id, as [path.Match] has patterns
	Code   diag.Code
	Path   string // a pattern that begins paths: see [diag.Path.Within]; "": all
	Owner  string
	Reason string
	Until  string     // the last day: 2027-03-31
	At     diag.Range // of the waiver

	src *data.Source
}

// dateForm is how days are written.
const dateForm = "2006-01-02"

// CheckDate returns an error for a text that is not a day such as 2027-03-31.
func CheckDate(text string) error {
	if _, err := time.Parse(dateForm, text); err != nil {
		return fmt.Errorf("%q is no day such as 2027-03-31", text)
	}
	return nil
}

// DateOf is the day of a time.
func DateOf(t time.Time) string { return t.Format(dateForm) }

// Read reads a file of waivers. If diagnostics have errors, there are none.
func Read(name string, text []byte, limits limit.Limits) ([]Waiver, diag.List) {
	src := data.NewSource(name, text)
	root, diags := document.Read("#Waivers", src, limits)
	if diags.HasErrors() {
		return nil, diags
	}
	var all []Waiver
	for _, n := range root.Get("waivers").Elems {
		w := Waiver{
			Tenant: n.TextAt("tenant"), Code: diag.Code(n.TextAt("code")), Path: n.TextAt("path"),
			Owner: n.TextAt("owner"), Reason: n.TextAt("reason"), Until: n.TextAt("until"), At: n.At.Range(), src: src,
		}
		w.check(&diags, n)
		all = append(all, w)
	}
	document.Quote(diags, src)
	if diags.HasErrors() {
		return nil, diags
	}
	return all, diags
}

// check reports what the definition cannot.
func (w Waiver) check(diags *diag.List, n *data.Node) {
	report := func(field string, code diag.Code, help, format string, args ...any) {
		d := diags.Errorf(code, nil, format, args...)
		d.Range, d.Help = n.Get(field).At.Range(), help
	}
	if _, err := path.Match(w.Tenant, ""); err != nil {
		report("tenant", diag.BadFormat, "", "tenant is %q, no pattern such as acme or acme-*", w.Tenant)
	}
	if err := CheckDate(w.Until); err != nil {
		report("until", diag.BadFormat, "", "%v", err)
	}
	if strings.TrimSpace(w.Reason) == "" {
		report("reason", diag.BadFormat, "", "the waiver has no reason")
	}
	help, err := Check(w.Code)
	if err != nil {
		report("code", diag.OutOfBounds, help, "%v", err)
	}
}

// landlords are the codes of problems that are the landlord's to judge. All others are of
// what a spec means or what a platform takes, and no waiver changes that.
var landlords = append([]diag.Code{diag.Policy, diag.Approximated, diag.InlineSecret}, together...)

// together are the codes of problems of several tenants: a run that judges each alone does not
// know whether a waiver of one lets something pass.
var together = []diag.Code{diag.HostTaken, diag.HostCovered, diag.PortTaken, diag.SharedSource}

// Codes returns the codes of problems that may be waived, and have their severity set, sorted.
func Codes() []diag.Code { return slices.Sorted(slices.Values(landlords)) }

// Check returns an error for a code whose problems are not the landlord's to judge, and help.
func Check(code diag.Code) (help string, err error) {
	if slices.Contains(landlords, code) {
		return "", nil
	}
	var names, known []string
	for _, c := range Codes() {
		names = append(names, string(c))
	}
	for _, c := range diag.Codes() {
		known = append(known, string(c.Code))
	}
	help = "the codes that are: " + strings.Join(names, ", ")
	if slices.Contains(known, string(code)) {
		return help, fmt.Errorf("%s is not the landlord's to judge: what a spec means or a platform takes stays an error", code)
	}
	if near := diag.Nearest(string(code), known); near != "" {
		help = fmt.Sprintf("did you mean %q?", near)
	}
	return help, fmt.Errorf("no problem has the code %q", code)
}

// covers reports whether a waiver is about a problem of a tenant.
func (w Waiver) covers(d diag.Diagnostic, tenant string) bool {
	return w.Code == d.Code && w.of(tenant) && d.Path.Within(w.Path)
}

func (w Waiver) of(tenant string) bool {
	ok, _ := path.Match(w.Tenant, tenant) // which was checked as it was read
	return ok
}
