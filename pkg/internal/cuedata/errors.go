package cuedata

import (
	"fmt"
	"slices"
	"strconv"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/errors"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/internal/library"
)

// Judgement describes an evaluation, so that its errors can be reported in the author's terms.
type Judgement struct {
	Library *library.Library
	Sources Sources // the author's files

	// Prefix is the part of CUE's paths that leads to the tenant.
	Prefix string

	// Locate returns the author's position of a path.
	Locate func(diag.Path) diag.Place

	// Data is what was checked, and Value what it evaluates to. Both are left out where an
	// author's own CUE is evaluated alone.
	Data  *data.Node
	Value cue.Value

	// Admits checks other data against the same rules. It may be nil.
	Admits func(*data.Node) bool
}

// problem is one of CUE's errors, split into its parts.
type problem struct {
	path   diag.Path
	format string
	args   []any
	err    errors.Error
}

// CUE has no codes for its errors. These are the message formats that tell them apart, as
// cuelang.org/go v0.17.1 writes them.
const (
	emptyDisjunction = "%d errors in empty disjunction:"
	notAllowed       = "field not allowed"
	required         = "field is required but not present"
	conflictKinds    = "conflicting values %s and %s (mismatched types %s and %s)"
	conflictValues   = "conflicting values %s and %s"
	outOfBound       = "invalid value %v (out of bound %s)"
	notSatisfied     = "invalid value %s (does not satisfy %s)"
	incomplete       = "incomplete value %v"
	notFound         = "reference %q not found"
	noPackage        = "builtin package %q undefined"
	notFunction      = "cannot call non-function %s (type %s)"
	unusedImport     = "imported and not used: %s"
	unreferenced     = "unreferenced alias or let clause %s"
)

// Diagnose returns one diagnostic for each mistake that CUE's errors report.
func (j *Judgement) Diagnose(err error) diag.List {
	var problems []problem
	for _, e := range errors.Errors(err) {
		format, args := e.Msg()
		problems = append(problems, problem{j.path(e.Path()), format, args, e})
	}
	var diags diag.List
	for len(problems) > 0 {
		group := fold(problems)
		d := j.explain(group)
		if !slices.ContainsFunc(diags, func(o diag.Diagnostic) bool { return o.Range == d.Range && o.Message == d.Message }) {
			diags = append(diags, d)
		}
		problems = problems[len(group):]
	}
	return diags
}

// fold returns how many of the first problems are one mistake: an empty disjunction or a matchN
// is followed by the errors of each of its alternatives.
func fold(problems []problem) []problem {
	n := 1
	if problems[0].format == emptyDisjunction || problems[0].isMatchN() {
		for n < len(problems) && hasPrefix(problems[n].path, problems[0].path) {
			n++
		}
	}
	return problems[:n]
}

// isMatchN reports whether the value matches another number of matchN's forms than required.
func (p problem) isMatchN() bool {
	return p.format == notSatisfied && fmt.Sprint(p.args[1]) == "matchN"
}

func hasPrefix(p, prefix diag.Path) bool {
	return len(p) >= len(prefix) && slices.Equal(p[:len(prefix)], prefix)
}

// path removes the prefix from one of CUE's paths, and marks indices.
func (j *Judgement) path(elems []string) diag.Path {
	if len(elems) > 0 && elems[0] == j.Prefix {
		elems = elems[1:]
	}
	p := diag.Path{}
	for _, e := range elems {
		if s, err := strconv.Unquote(e); err == nil && e[0] == '"' {
			e = s
		} else if i, err := strconv.Atoi(e); err == nil {
			e = diag.Index(i)
		}
		p = append(p, e)
	}
	return p
}

// explain makes one diagnostic of problems that are one mistake. Of a disjunction's
// alternatives it reports the one whose error is deepest in the value.
func (j *Judgement) explain(group []problem) diag.Diagnostic {
	if group[0].format != emptyDisjunction {
		return j.explainOne(group[0])
	}
	alternatives := slices.DeleteFunc(slices.Clone(group), func(p problem) bool { return p.format == emptyDisjunction })
	if len(alternatives) == 0 {
		return j.explainOne(group[0])
	}
	deepest := 0
	for _, p := range alternatives {
		deepest = max(deepest, len(p.path))
	}
	alternatives = slices.DeleteFunc(alternatives, func(p problem) bool { return len(p.path) < deepest })
	if values := slices.DeleteFunc(slices.Clone(alternatives), mismatched); len(values) > 0 {
		alternatives = values
	}
	first := alternatives[0]
	switch {
	case len(alternatives) > 1 && allHaveFormat(alternatives, notAllowed):
		return j.exclusive(alternatives)
	case len(alternatives) > 1 && allHaveFormat(alternatives, conflictKinds):
		return j.wrongKind(alternatives)
	case allHaveFormat(alternatives, conflictValues):
		return j.notInEnum(alternatives)
	}
	for _, p := range alternatives { // a bound explains more than a default that differs
		if p.format == outOfBound || p.format == notSatisfied {
			first = p
		}
	}
	return j.explainOne(first)
}

// mismatched reports whether the author cannot have meant an alternative: it takes another kind
// of value, or has no such field.
func mismatched(p problem) bool { return p.format == conflictKinds || p.format == notAllowed }

func allHaveFormat(problems []problem, format string) bool {
	return !slices.ContainsFunc(problems, func(p problem) bool { return p.format != format })
}

// at begins a diagnostic at the author's position of a path.
func (j *Judgement) at(code diag.Code, p problem, onKey bool, format string, args ...any) diag.Diagnostic {
	var l diag.List
	d := l.Errorf(code, p.path, format, args...)
	place := j.Locate(p.path)
	d.Range = place.Value
	if onKey || !place.Found {
		d.Range = place.Key
	}
	if j.Data == nil && (d.Line == 0 || !place.Found || len(p.path) == 0) {
		if r := j.authorRange(p.err); r.Line > 0 {
			d.Range = r
		}
	}
	d.Related = j.rule(p.err)
	if j.Data == nil {
		d.Related = append(j.other(p.err, d.Range), d.Related...)
	}
	return *d
}

// rule returns the position of the schema's or the policy's rule that the value breaks.
func (j *Judgement) rule(err errors.Error) []diag.Related {
	for _, pos := range append(errors.Positions(err), err.InputPositions()...) {
		if r := j.Sources.Range(pos, pos); r.Line > 0 && j.Data != nil {
			return []diag.Related{{Range: r, Message: "the policy"}}
		}
		if r, ok := Ours(pos); ok {
			return []diag.Related{{Range: r, Message: "the rule"}}
		}
	}
	return nil
}

// other returns the author's other position that the error names, if it is on another line.
func (j *Judgement) other(err errors.Error, than diag.Range) []diag.Related {
	for _, pos := range append(errors.Positions(err), err.InputPositions()...) {
		if r := j.Sources.Range(pos, pos); r.Line > 0 && (r.Line != than.Line || r.File != than.File) {
			return []diag.Related{{Range: r, Message: "the other value"}}
		}
	}
	return nil
}

// authorRange returns the first of an error's positions that is in an author's file.
func (j *Judgement) authorRange(err errors.Error) diag.Range {
	for _, pos := range append(errors.Positions(err), err.InputPositions()...) {
		if r := j.Sources.Range(pos, pos); r.Line > 0 {
			return r
		}
	}
	return diag.Range{}
}

// ruleText returns the description of a rule of the library, "" where the rule has none.
func (j *Judgement) ruleText(err errors.Error) string {
	for _, pos := range append(errors.Positions(err), err.InputPositions()...) {
		if w := j.Library.Words(pos.Filename(), pos.Line()); w != "" {
			return w
		}
	}
	return ""
}

// quote writes one of CUE's values, cut to a readable length.
func quote(v any) string {
	const longest = 60
	r := []rune(fmt.Sprint(v))
	if len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return string(r)
}
