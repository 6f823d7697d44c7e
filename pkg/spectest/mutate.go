package spectest

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/project"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Mutation is what tests notice of a policy or a template that is changed in one place.
type Mutation struct {
	File     string     `json:"file"`
	Mutants  int        `json:"mutants"` // those that can be judged by
	Survived []Survivor `json:"survived,omitempty"`
}

// Survivor is a change that no test notices.
type Survivor struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Change string `json:"change"`
}

// Mutate runs the tests again for each change of the policies and templates that they are about:
// a field dropped, a bound moved, a default changed. Tests that fail without any change notice
// nothing. The report is that of the tests without a change: if it is not OK, nothing was
// changed.
func Mutate(ctx context.Context, reg *provider.Registry, o Options) (*Report, []Mutation, error) {
	o.Update = false
	r := &runner{Options: o, registry: reg, compilers: map[string]*compile.Compiler{}}
	defer r.close()
	report, err := r.run(ctx)
	if err != nil || !report.OK() {
		return report, nil, err
	}
	policies, templates, err := r.subjects(ctx)
	if err != nil {
		return report, nil, err
	}
	var all []Mutation
	for _, name := range policies {
		text, err := project.ReadFile(name, o.Limits)
		if err != nil {
			return report, all, err
		}
		m, err := r.mutate(ctx, name, text, true)
		if err != nil {
			return report, all, err
		}
		all = append(all, m)
	}
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		m, err := r.mutate(ctx, name, templates[name], false)
		if err != nil {
			return report, all, err
		}
		if m.Mutants > 0 {
			all = append(all, m)
		}
	}
	return report, all, nil
}

// mutate runs the tests that a file is read for, with each change of it.
func (r *runner) mutate(ctx context.Context, name string, text []byte, isPolicy bool) (Mutation, error) {
	out := Mutation{File: name}
	mutants, err := mutantsOf(name, text, isPolicy)
	if err != nil {
		return out, err
	}
	for _, m := range mutants {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		noticed, viable, err := r.notices(ctx, name, m.text, isPolicy)
		if err != nil {
			return out, err
		}
		if !viable {
			continue
		}
		out.Mutants++
		if !noticed {
			out.Survived = append(out.Survived, Survivor{m.line, m.column, m.what})
		}
	}
	return out, nil
}

// notices reports whether a test fails with another text of a file, and whether that can be
// judged by at all.
func (r *runner) notices(ctx context.Context, name string, text []byte, isPolicy bool) (noticed, viable bool, err error) {
	own := &runner{Options: r.Options, registry: r.registry, compilers: map[string]*compile.Compiler{}}
	defer own.close()
	if isPolicy {
		own.Options.policies = map[string][]byte{name: text}
	} else {
		own.overlay = map[string][]byte{name: text}
	}
	about := func(c testCase) bool {
		if isPolicy {
			return slices.Contains(c.policies, name)
		}
		return c.templates[name] != nil
	}
	report, cases, err := own.cases(ctx)
	if err != nil {
		return false, false, err
	}
	if report.Diagnostics.HasErrors() {
		return true, true, nil // a table that cannot be read without it
	}
	for _, c := range cases {
		if !about(c) {
			continue
		}
		result, err := own.test(ctx, c)
		switch {
		case err != nil:
			return false, false, err
		case len(result.Failures) > 0 && result.Failures[0].What == unready:
			return false, false, nil
		case len(result.Failures) > 0:
			return true, true, nil
		}
	}
	return false, true, nil
}

// WriteMutations writes for people which changes no test notices.
func WriteMutations(w io.Writer, all []Mutation) error {
	var b strings.Builder
	mutants, survived := 0, 0
	for _, m := range all {
		for _, s := range m.Survived {
			fmt.Fprintf(&b, "%s:%d:%d: no test notices %s\n", m.File, s.Line, s.Column, s.Change)
		}
		mutants, survived = mutants+m.Mutants, survived+len(m.Survived)
		fmt.Fprintf(&b, "%s: %d of %d changes noticed%s\n", m.File, m.Mutants-len(m.Survived), m.Mutants, percent(m.Mutants-len(m.Survived), m.Mutants))
	}
	if len(all) > 1 {
		fmt.Fprintf(&b, "total: %d of %d changes noticed%s\n", mutants-survived, mutants, percent(mutants-survived, mutants))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// percent is a share in brackets, rounded down.
func percent(n, of int) string {
	if of == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d%%)", 100*n/of)
}
