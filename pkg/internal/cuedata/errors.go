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

// Judgement is what errors of an evaluation are about, for saying them in an author's
// terms.
type Judgement struct {
	Library *library.Library
	Sources Sources // the files whose positions are an author's

	// Prefix is how CUE's paths begin before they come to the tenant.
	Prefix string

	// Locate finds the author's place of a path.
	Locate func(diag.Path) diag.Place

	// Data is what was judged, and Value what it evaluated to. Both are left out
	// where an author's own CUE is evaluated alone.
	Data  *data.Node
	Value cue.Value

	// Admits judges other data in the same way. It may be nil.
	Admits func(*data.Node) bool
}

// problem is one of CUE's errors, taken apart.
type problem struct {
	path   diag.Path
	format string
	args   []any
	err    errors.Error
}

// CUE has no codes for its errors: these are the formats of the messages that are
// told apart, as cuelang.org/go v0.17.1 writes them.
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

// Diagnose returns one diagnostic for each mistake that CUE's errors speak of.
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

// fold returns how many of the first problems are one mistake: a disjunction that
// nothing matched is followed by what each of its alternatives says, and so is a matchN.
func fold(problems []problem) []problem {
	n := 1
	if problems[0].format == emptyDisjunction || problems[0].isMatchN() {
		for n < len(problems) && hasPrefix(problems[n].path, problems[0].path) {
			n++
		}
	}
	return problems[:n]
}

// isMatchN reports whether a value fits another number of matchN's forms than it must.
func (p problem) isMatchN() bool {
	return p.format == notSatisfied && fmt.Sprint(p.args[1]) == "matchN"
}

func hasPrefix(p, prefix diag.Path) bool {
	return len(p) >= len(prefix) && slices.Equal(p[:len(prefix)], prefix)
}

// path drops the prefix of a path of CUE's, and marks indices.
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
// alternatives it believes the one that came furthest into the value.
func (j *Judgement) explain(group []problem) diag.Diagnostic {
	if group[0].format != emptyDisjunction {
		return j.one(group[0])
	}
	alternatives := slices.DeleteFunc(slices.Clone(group), func(p problem) bool { return p.format == emptyDisjunction })
	if len(alternatives) == 0 {
		return j.one(group[0])
	}
	deepest := 0
	for _, p := range alternatives {
		deepest = max(deepest, len(p.path))
	}
	alternatives = slices.DeleteFunc(alternatives, func(p problem) bool { return len(p.path) < deepest })
	if values := slices.DeleteFunc(slices.Clone(alternatives), unlike); len(values) > 0 {
		alternatives = values
	}
	first := alternatives[0]
	switch {
	case len(alternatives) > 1 && every(alternatives, notAllowed):
		return j.exclusive(alternatives)
	case len(alternatives) > 1 && every(alternatives, conflictKinds):
		return j.kinds(alternatives)
	case every(alternatives, conflictValues):
		return j.enum(alternatives)
	}
	for _, p := range alternatives { // a bound says more than a default that differs
		if p.format == outOfBound || p.format == notSatisfied {
			first = p
		}
	}
	return j.one(first)
}

// unlike reports whether an alternative was not meant at all: a value of another
// kind, or a form without the field.
func unlike(p problem) bool { return p.format == conflictKinds || p.format == notAllowed }

func every(problems []problem, format string) bool {
	return !slices.ContainsFunc(problems, func(p problem) bool { return p.format != format })
}

// at begins a diagnostic at the author's place of a path.
func (j *Judgement) at(code diag.Code, p problem, onKey bool, format string, args ...any) diag.Diagnostic {
	var l diag.List
	d := l.Errorf(code, p.path, format, args...)
	place := j.Locate(p.path)
	d.Range = place.Value
	if onKey || !place.Found {
		d.Range = place.Key
	}
	if j.Data == nil && (d.Line == 0 || !place.Found || len(p.path) == 0) {
		if r := j.written(p.err); r.Line > 0 {
			d.Range = r
		}
	}
	d.Related = j.rule(p.err)
	if j.Data == nil {
		d.Related = append(j.other(p.err, d.Range), d.Related...)
	}
	return *d
}

// rule returns the place of the schema's or the policy's rule that an error is about.
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

// other returns the author's other place that an error is about, on another line.
func (j *Judgement) other(err errors.Error, than diag.Range) []diag.Related {
	for _, pos := range append(errors.Positions(err), err.InputPositions()...) {
		if r := j.Sources.Range(pos, pos); r.Line > 0 && (r.Line != than.Line || r.File != than.File) {
			return []diag.Related{{Range: r, Message: "the other value"}}
		}
	}
	return nil
}

// written returns the first of an error's positions that is in an author's file.
func (j *Judgement) written(err errors.Error) diag.Range {
	for _, pos := range append(errors.Positions(err), err.InputPositions()...) {
		if r := j.Sources.Range(pos, pos); r.Line > 0 {
			return r
		}
	}
	return diag.Range{}
}

// words says a rule of the library in words, where an error names one that has some.
func (j *Judgement) words(err errors.Error) string {
	for _, pos := range append(errors.Positions(err), err.InputPositions()...) {
		if w := j.Library.Words(pos.Filename(), pos.Line()); w != "" {
			return w
		}
	}
	return ""
}

// quote writes a value of CUE's, cut to a length that people read.
func quote(v any) string {
	const longest = 60
	r := []rune(fmt.Sprint(v))
	if len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return string(r)
}
