package compile_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// TestPolicies applies the policies in testdata/policies/cases to their tenants. A case has one
// or more policies, and
//
//	pass.yaml  a tenant without problems under them
//
// fail.yaml  a tenant with exactly the problems that its lines expect:
//
//	           replicas: 1 # want "at least 2"
//	supplied   fields of the plan of pass.yaml, such as: labels.tier = "gold"
//
// An expectation is a regular expression on the message. A line of a policy marked with // rule
// is a related position of each problem. A case without tenants has policies with mistakes, at
// the lines with // want.
func TestPolicies(t *testing.T) {
	archives, err := filepath.Glob("../../testdata/policies/cases/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no policies", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c := policyCase{dir: t.TempDir(), rules: map[string]int{}}
			for _, f := range a.Files {
				c.add(t, f)
			}
			if len(c.expected) == 0 {
				t.Fatal("nothing is expected to fail")
			}
			c.run(t)
		})
	}
}

// policyCase is one case, with its files in dir.
type policyCase struct {
	dir        string
	policies   []string
	pass, fail string
	supplied   []string
	rules      map[string]int // the marked line of each policy, by path
	expected   []expectation
}

// expectation is a problem at a line of a file, identified by its base name.
type expectation struct {
	file    string
	line    int
	message *regexp.Regexp
}

var (
	wanted = regexp.MustCompile(`(?:#|//) want ((?:"[^"]*" ?)+)$`)
	quoted = regexp.MustCompile(`"[^"]*"`)
)

// add writes a file of the case, and records its expectations.
func (c *policyCase) add(t *testing.T, f txtar.File) {
	t.Helper()
	path := filepath.Join(c.dir, f.Name)
	switch {
	case f.Name == "supplied":
		c.supplied = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
		return
	case f.Name == "pass.yaml":
		c.pass = path
	case f.Name == "fail.yaml":
		c.fail = path
	case filepath.Ext(f.Name) == ".cue":
		c.policies = append(c.policies, path)
	default:
		t.Fatalf("%s: no file of a case", f.Name)
	}
	if err := os.WriteFile(path, f.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, text := range strings.Split(string(f.Data), "\n") {
		if strings.HasSuffix(text, "// rule") {
			c.rules[path] = i + 1
		}
		if m := wanted.FindStringSubmatch(text); m != nil {
			for _, q := range quoted.FindAllString(m[1], -1) {
				c.expected = append(c.expected, expectation{f.Name, i + 1, regexp.MustCompile(strings.Trim(q, `"`))})
			}
		}
	}
}

func (c *policyCase) run(t *testing.T) {
	if c.pass == "" && c.fail == "" {
		c.check(t, c.compileBroken(t))
		return
	}
	plans, diags, err := compile.Compile(t.Context(), registry(t), compile.Options{Policies: compile.Policies{Files: c.policies}}, compile.Input{Paths: []string{c.pass}})
	if err != nil || len(plans) != 1 || diags.HasErrors() {
		t.Fatalf("pass.yaml does not pass: %d plans, %v%s", len(plans), describePolicyError(err), listing(diags))
	}
	for _, line := range c.supplied {
		path, value, _ := strings.Cut(line, " = ")
		if got := planField(t, plans[0], path); got != value {
			t.Errorf("%s of the plan is %s, not %s", path, got, value)
		}
	}
	_, diags, err = compile.Compile(t.Context(), registry(t), compile.Options{Policies: compile.Policies{Files: c.policies}}, compile.Input{Paths: []string{c.fail}})
	if err != nil {
		t.Fatal("fail.yaml: ", describePolicyError(err))
	}
	diags = slices.DeleteFunc(diags, func(d diag.Diagnostic) bool { return d.Severity != diag.Error })
	for _, d := range diags {
		if d.Code != diag.Policy {
			continue // compared by check
		}
		if d.Tenant == "" {
			t.Errorf("names no tenant: %s", describe(d))
		}
		for path, line := range c.rules {
			if len(c.rules) == 1 && !slices.ContainsFunc(d.Related, func(r diag.Related) bool { return r.File == path && r.Line == line }) {
				t.Errorf("%s: does not point at line %d of the policy: %v", describe(d), line, d.Related)
			}
		}
	}
	c.check(t, diags)
}

// compileBroken returns the problems of the policies themselves, without any tenant.
func (c *policyCase) compileBroken(t *testing.T) diag.List {
	_, _, err := compile.Compile(t.Context(), registry(t), compile.Options{Policies: compile.Policies{Files: c.policies}}, compile.Input{})
	broken, ok := errors.AsType[*compile.PolicyError](err)
	if !ok {
		t.Fatalf("the policies are taken: %v", err)
	}
	return broken.Diagnostics
}

// check compares problems with expectations: each at its line, and no others.
func (c *policyCase) check(t *testing.T, diags diag.List) {
	t.Helper()
	rest := slices.Clone(diags)
	for _, e := range c.expected {
		i := slices.IndexFunc(rest, func(d diag.Diagnostic) bool {
			return filepath.Base(d.File) == e.file && d.Line == e.line && e.message.MatchString(d.Message+"\n"+d.Help)
		})
		if i < 0 {
			t.Errorf("%s:%d: nothing says %s, but:%s", e.file, e.line, e.message, listing(diags))
			continue
		}
		rest = slices.Delete(rest, i, i+1)
	}
	if len(rest) > 0 {
		t.Errorf("more than is expected:%s", listing(rest))
	}
}

func describePolicyError(err error) string {
	if broken, ok := errors.AsType[*compile.PolicyError](err); ok {
		return "the policies are refused:" + listing(broken.Diagnostics)
	}
	return fmt.Sprint(err)
}

// planField returns the JSON of a plan's field, by a path of names and indices.
func planField(t *testing.T, p any, path string) string {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(at) {
				return "nothing"
			}
			v = at[i]
		default:
			return "nothing"
		}
	}
	b, err = json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
