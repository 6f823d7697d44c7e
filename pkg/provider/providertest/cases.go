// Package providertest tests providers as an author meets them. It needs no engine of the
// platform: a provider outside this repository gets the same proof.
//
// [Run] holds a provider to the promises of [provider.Provider], and sets each field of the
// schema to see that nothing an author writes is dropped in silence:
//
//	func TestProvider(t *testing.T) {
//		providertest.Run(t, func() provider.Provider { return New() }, providertest.Archives("testdata"))
//	}
//
// [Cases] compares diagnostics with comments in specs, [Support] shows each level of the table
// by a case, and [Render] compares documents with files.
package providertest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// Cases compiles the specs in dir/*.txtar for a provider, and compares what is found
// with what they expect. A file named pass* has no errors and no warnings. In any
// other, each diagnostic is expected by a comment on the line that it is about:
//
//	replicas: 2 # want unsupported "one replica"
//
// a code and a regular expression on the message, as often as there are
// diagnostics. Notes count only in files named note*.
func Cases(t *testing.T, p provider.Provider, dir string) {
	t.Helper()
	archives, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases in %s (%v)", dir, err)
	}
	reg, err := provider.NewRegistry(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range archives {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		t.Run(name, func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			complete(t, a)
			for _, f := range a.Files {
				t.Run(f.Name, func(t *testing.T) { one(t, reg, f) })
			}
		})
	}
}

// complete checks that a case says what it is about, and has both sides.
func complete(t *testing.T, a *txtar.Archive) {
	t.Helper()
	has := func(prefix string) bool {
		return slices.ContainsFunc(a.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, prefix) })
	}
	if len(strings.TrimSpace(string(a.Comment))) == 0 {
		t.Error("the case does not say what it is about")
	}
	if !has("pass") || !has("fail") && !has("note") {
		t.Error("the case lacks a file that passes, or one that does not")
	}
}

func one(t *testing.T, reg *provider.Registry, f txtar.File) {
	path := filepath.Join(t.TempDir(), f.Name)
	if err := os.WriteFile(path, f.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	in := compile.Input{Paths: []string{path}, Providers: reg.Names()}
	plans, diags, err := compile.Compile(t.Context(), reg, compile.Options{Evaluation: compile.Evaluation{Unbounded: true}}, in)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(f.Name, "note") {
		diags = slices.DeleteFunc(diags, func(d diag.Diagnostic) bool { return d.Severity == diag.Note })
	}
	wants := wanted(t, string(f.Data))
	if strings.HasPrefix(f.Name, "pass") {
		if len(wants) > 0 {
			t.Error("a file that passes expects diagnostics")
		}
		if len(plans) == 0 {
			t.Error("no plan was made")
		}
	} else if len(wants) == 0 {
		t.Error("a file that does not pass expects nothing")
	}
	if diff := cmp.Diff(describe(wants), describe(match(diags, wants))); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

// want is an expected diagnostic.
type want struct {
	line    int
	code    diag.Code
	message string // a regular expression, or the message where none matched
}

var (
	comment = regexp.MustCompile(`(?:#|//) want (.*)$`)
	pair    = regexp.MustCompile(`^\s*([a-z-]+)\s+("(?:[^"\\]|\\.)*")`)
)

func wanted(t *testing.T, text string) []want {
	t.Helper()
	var wants []want
	for i, line := range strings.Split(text, "\n") {
		m := comment.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		for rest := m[1]; strings.TrimSpace(rest) != ""; {
			p := pair.FindStringSubmatch(rest)
			if p == nil {
				t.Fatalf("line %d: cannot read the expectation %q", i+1, rest)
			}
			msg, err := strconv.Unquote(p[2])
			if err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			wants = append(wants, want{i + 1, diag.Code(p[1]), msg})
			rest = rest[len(p[0]):]
		}
	}
	return wants
}

// match names each diagnostic by the expectation that it meets, each of which is met
// once, or by its own message where it meets none.
func match(diags diag.List, wants []want) []want {
	open := slices.Clone(wants)
	got := make([]want, 0, len(diags))
	for _, d := range diags {
		i := slices.IndexFunc(open, func(w want) bool {
			ok, err := regexp.MatchString(w.message, d.Message)
			return w.line == d.Line && w.code == d.Code && ok && err == nil
		})
		if i < 0 {
			got = append(got, want{d.Line, d.Code, d.Message})
			continue
		}
		got = append(got, open[i])
		open = slices.Delete(open, i, i+1)
	}
	return got
}

// describe lists expectations in the order of their lines.
func describe(ws []want) []string {
	var lines []string
	for _, w := range ws {
		lines = append(lines, fmt.Sprintf("%4d: %s %q", w.line, w.code, w.message))
	}
	slices.Sort(lines)
	return lines
}
