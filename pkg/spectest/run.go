package spectest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/difference"
	"github.com/cuecompute/cuecompute/pkg/project"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/waiver"
)

// verdict is what a spec compiles to.
type verdict struct {
	tenants []compile.Tenant
	diags   diag.List // errors and warnings
}

// test runs one test.
func (r *runner) test(ctx context.Context, c testCase) (Result, error) {
	out := Result{File: c.file, Name: c.name, At: c.at}
	fail := func(what, format string, args ...any) {
		out.Failures = append(out.Failures, Failure{what, fmt.Sprintf(format, args...)})
	}
	now, err := r.judge(ctx, c, c.now)
	if wrong, ok := errors.AsType[unreadyError](err); ok {
		fail(unready, "%s", wrong.text)
		return out, nil
	} else if err != nil {
		return out, err
	}
	switch {
	case c.want.clean:
		if len(now.diags) > 0 {
			fail("problems", "%s", problemsDiff(nil, now.diags))
		}
	case c.want.problems != nil:
		if text := problemsDiff(c.want.problems, now.diags); text != "" {
			fail("problems", "%s", text)
		}
	case now.diags.HasErrors():
		fail("problems", "%s", problemsDiff(nil, now.diags.Without(diag.Warning)))
	}
	if now.diags.HasErrors() && len(out.Failures) > 0 {
		return out, nil // what is missing follows from them
	}
	if c.want.plan == nil && c.want.planFile == "" && c.want.rendered == nil && c.want.effect == "" {
		return out, nil
	}
	one, text := now.one()
	if text != "" {
		fail("plan", "%s", text)
		return out, nil
	}
	if c.want.plan != nil {
		if text, err := planDiff(c.want.plan, one); err != nil {
			return out, err
		} else if text != "" {
			fail("plan", "%s", text)
		}
	}
	if err := r.planFile(c, one, &out); err != nil {
		return out, err
	}
	for _, name := range c.want.names {
		if text := renderedDiff(c.want.rendered[name], name, one); text != "" {
			fail("rendered", "%s", text)
		}
	}
	if c.want.effect != "" {
		text, err := r.effect(ctx, c, one)
		if err != nil {
			return out, err
		}
		if text != "" {
			fail("effect", "%s", text)
		}
	}
	return out, nil
}

// one returns the only tenant that was compiled, or says why there is none.
func (v verdict) one() (*compile.Tenant, string) {
	switch {
	case len(v.tenants) != 1:
		return nil, fmt.Sprintf("the spec holds %d tenants, and a test is about one", len(v.tenants))
	case len(v.tenants[0].Plans) != 1:
		return nil, "the spec compiles to no plan"
	}
	return &v.tenants[0], ""
}

// unready is what fails of a test that cannot be run as it is written.
const unready = "test"

// unreadyError is the error of a test that cannot be run as it is written.
type unreadyError struct{ text string }

func (e unreadyError) Error() string { return e.text }

// judge compiles a test's spec.
func (r *runner) judge(ctx context.Context, c testCase, s source) (verdict, error) {
	var v verdict
	compiler, err := r.compiler(c.policies, c.waivers, c.today)
	if err != nil {
		return v, err
	}
	in := compile.Input{Spec: s.spec, OptionalTags: c.tags, Providers: c.providers, Render: c.want.rendered != nil, Every: true, Jobs: 1, Overlay: r.overlay, Coverage: r.coverage}
	if s.spec == nil {
		in.Paths = []string{s.path}
	}
	err = compiler.Each(ctx, in, func(u compile.Unit) error {
		v.tenants = append(v.tenants, u.Tenants...)
		r.uses.add(u.Tenants)
		v.diags = append(v.diags, u.Diagnostics.Without(diag.Note)...)
		return nil
	})
	if broken, ok := errors.AsType[*compile.PolicyError](err); ok {
		d := broken.Diagnostics[0]
		return v, unreadyError{fmt.Sprintf("the policies have problems: %s:%d: %s", d.File, d.Line, d.Message)}
	}
	if missing, ok := errors.AsType[*fs.PathError](err); ok && ctx.Err() == nil {
		return v, unreadyError{fmt.Sprintf("%s: %v", missing.Path, missing.Err)}
	}
	if errors.Is(err, compile.ErrTag) || errors.Is(err, provider.ErrUnknownProvider) {
		return v, unreadyError{err.Error()}
	}
	return v, err
}

// compiler returns a compiler with policies and waivers.
func (r *runner) compiler(policies, waivers []string, today string) (*compile.Compiler, error) {
	key := fmt.Sprintf("%q %q %s", policies, waivers, today)
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.compilers[key]; c != nil {
		return c, nil
	}
	o := compile.Options{Policies: compile.Policies{Files: policies, Texts: map[string][]byte{}}, Evaluation: r.Evaluation, Limits: r.Limits}
	for _, name := range policies {
		if text, ok := r.Options.policies[name]; ok {
			o.Policies.Texts[name] = text
		}
	}
	if o.Rules = r.Rules; today != "" || len(waivers) > 0 {
		o.Rules.Today = today
	}
	if len(waivers) > 0 {
		o.Rules.Waivers = nil
	}
	for _, name := range waivers {
		text, err := project.ReadFile(name, r.Limits)
		if err != nil {
			return nil, unreadyError{err.Error()}
		}
		found, diags := waiver.Read(name, text, r.Limits)
		if diags.HasErrors() {
			return nil, unreadyError{fmt.Sprintf("%s:%d: %s", diags[0].File, diags[0].Line, diags[0].Message)}
		}
		o.Rules.Waivers = append(o.Rules.Waivers, found...)
	}
	c, err := compile.New(r.registry, o)
	if err == nil {
		r.compilers[key] = c
	}
	return c, err
}

// planFile compares the whole plan with its file, or writes that.
func (r *runner) planFile(c testCase, t *compile.Tenant, out *Result) error {
	if c.want.planFile == "" {
		return nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(t.Plans[0]); err != nil {
		return err
	}
	old, err := os.ReadFile(c.want.planFile)
	switch {
	case err == nil && bytes.Equal(old, b.Bytes()):
		return nil
	case r.Update:
		out.Updated = append(out.Updated, c.want.planFile)
		return os.WriteFile(c.want.planFile, b.Bytes(), 0o666)
	case errors.Is(err, fs.ErrNotExist):
		out.Failures = append(out.Failures, Failure{"planFile", c.want.planFile + " is not there: --update writes it"})
		return nil
	case err != nil:
		return err
	}
	text := linesDiff(strings.Split(string(old), "\n"), strings.Split(b.String(), "\n"))
	out.Failures = append(out.Failures, Failure{"planFile", c.want.planFile + ":\n" + text})
	return nil
}

// effect compares the worst that becomes of the old tenant with what is expected.
func (r *runner) effect(ctx context.Context, c testCase, now *compile.Tenant) (string, error) {
	before, err := r.judge(ctx, c, c.old)
	if wrong, ok := errors.AsType[unreadyError](err); ok {
		return wrong.text, nil
	} else if err != nil {
		return "", err
	}
	old, text := before.one()
	if text != "" {
		return "the old spec: " + text + problemsOf(before.diags), nil
	}
	x := difference.NewComparison(r.registry)
	x.Old(old.Plans[0], old.For(old.Plans[0].Provider))
	if err := x.New(now.Plans[0], now.For(now.Plans[0].Provider)); err != nil {
		return "", err
	}
	d, err := x.Difference()
	if err != nil {
		return "", err
	}
	got := d.Summary.Worst
	if got == "" {
		got = "none"
	}
	if got == c.want.effect {
		return "", nil
	}
	var b bytes.Buffer
	if err := difference.WriteText(&b, d); err != nil {
		return "", err
	}
	return fmt.Sprintf("- %s\n+ %s\n%s", c.want.effect, got, strings.TrimSpace(b.String())), nil
}

func problemsOf(diags diag.List) string {
	if len(diags) == 0 {
		return ""
	}
	return "\n" + problemsDiff(nil, diags)
}

// problemsDiff says which problems are expected and not there, and the reverse.
func problemsDiff(want []problem, got diag.List) string {
	rest := slices.Clone(got)
	var lines []string
	for _, w := range want {
		i := slices.IndexFunc(rest, w.matches)
		if i < 0 {
			lines = append(lines, "- "+w.String())
			continue
		}
		rest = slices.Delete(rest, i, i+1)
	}
	for _, d := range rest {
		severity := ""
		if d.Severity != diag.Error {
			severity = string(d.Severity) + ": "
		}
		at := ""
		if len(d.Path) > 0 {
			at = " at " + d.Path.String()
		}
		lines = append(lines, fmt.Sprintf("+ %s:%d:%d: %s%s [%s]%s", d.File, d.Line, d.Column, severity, d.Message, d.Code, at))
	}
	return strings.Join(lines, "\n")
}
