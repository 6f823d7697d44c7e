package compile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// TestTemplates compiles the packages in testdata/templates, each with the mistakes of an
// author of CUE, and compares the diagnostics with the expectations on the lines at fault:
//
//	#size: "smal" // want out-of-bounds "#size is" help "small" also "tpl.cue:5" tenant "acme"
//
// a code, a regular expression on the message, and then as needed:
//
//	help    a regular expression on the help
//	also    file and line of a related place
//	tenant  the tenants that are named
//
// A line may have several expectations. Every diagnostic must be expected.
func TestTemplates(t *testing.T) {
	archives, err := filepath.Glob("../../testdata/templates/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no packages", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			write(t, dir, "cue.mod/module.cue", []byte("module: \"example.com/platform@v0\"\nlanguage: version: \"v0.17.0\"\n"))
			var expected []inPackage
			var paths []string
			for _, f := range a.Files {
				write(t, dir, f.Name, f.Data)
				expected = append(expected, expectedIn(t, f)...)
				if sub := filepath.Dir(f.Name); len(sub) == 1 && sub != "." && !slices.Contains(paths, filepath.Join(dir, sub)) {
					paths = append(paths, filepath.Join(dir, sub))
				}
			}
			if len(expected) == 0 {
				t.Fatal("nothing is expected")
			}
			_, diags, err := compile.Compile(t.Context(), registry(t), compile.Options{}, compile.Input{Paths: paths})
			if err != nil {
				t.Fatal(err)
			}
			diags = together(diags)
			for _, e := range expected {
				i := slices.IndexFunc(diags, func(d diag.Diagnostic) bool { return e.differs(dir, d) == "" })
				if i >= 0 {
					diags = slices.Delete(diags, i, i+1)
					continue
				}
				closest := "nothing is reported there"
				for _, d := range diags {
					if e.at(dir, d) {
						closest = e.differs(dir, d)
					}
				}
				t.Errorf("%s:%d: %s", e.file, e.line, closest)
			}
			for _, d := range diags {
				t.Errorf("not expected: %s", inFull(dir, d))
			}
		})
	}
}

// together merges diagnostics that differ only in their tenants.
func together(diags diag.List) diag.List {
	var all diag.List
	for _, d := range diags {
		i := slices.IndexFunc(all, func(o diag.Diagnostic) bool { return o.Range == d.Range && o.Message == d.Message })
		if i < 0 {
			all = append(all, d)
		} else {
			all[i].Tenant += ", " + d.Tenant
		}
	}
	return all
}

func write(t *testing.T, dir, name string, text []byte) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// inPackage is the expectation of a line.
type inPackage struct {
	file                        string
	line                        int
	code                        diag.Code
	message, help, also, tenant string
}

var (
	oneWant = regexp.MustCompile(`want ([a-z-]+)((?: [a-z]* ?"(?:[^"\\]|\\.)*")*)`)
	onePart = regexp.MustCompile(`([a-z]*) ?"((?:[^"\\]|\\.)*)"`)
)

func expectedIn(t *testing.T, f txtar.File) []inPackage {
	t.Helper()
	var all []inPackage
	for i, text := range strings.Split(string(f.Data), "\n") {
		_, comment, _ := strings.Cut(text, "// want ")
		if comment == "" {
			continue
		}
		for _, m := range oneWant.FindAllStringSubmatch("want "+comment, -1) {
			e := inPackage{file: f.Name, line: i + 1, code: diag.Code(m[1])}
			for _, p := range onePart.FindAllStringSubmatch(m[2], -1) {
				value := strings.ReplaceAll(p[2], `\"`, `"`)
				switch p[1] {
				case "":
					e.message = value
				case "help":
					e.help = value
				case "also":
					e.also = value
				case "tenant":
					e.tenant = value
				default:
					t.Fatalf("%s:%d: no keyword %q", f.Name, i+1, p[1])
				}
			}
			all = append(all, e)
		}
	}
	return all
}

// at reports whether a diagnostic is at the line.
func (e inPackage) at(dir string, d diag.Diagnostic) bool {
	return d.File == filepath.Join(dir, filepath.FromSlash(e.file)) && d.Line == e.line
}

// differs describes the difference between a diagnostic and the expectation, "" if there is
// none.
func (e inPackage) differs(dir string, d diag.Diagnostic) string {
	also := e.also == "" || slices.ContainsFunc(d.Related, func(r diag.Related) bool {
		return strings.HasSuffix(fmt.Sprintf("%s:%d", r.File, r.Line), "/"+e.also)
	})
	switch {
	case !e.at(dir, d):
		return "not at the line: " + inFull(dir, d)
	case d.Code != e.code:
		return "not " + string(e.code) + ": " + inFull(dir, d)
	case !regexp.MustCompile(e.message).MatchString(d.Message):
		return "the message does not match " + e.message + ": " + inFull(dir, d)
	case !regexp.MustCompile(e.help).MatchString(d.Help):
		return "the help does not match " + e.help + ": " + inFull(dir, d)
	case !also:
		return "does not point at " + e.also + ": " + inFull(dir, d)
	case e.tenant != "" && d.Tenant != e.tenant:
		return "names the tenant " + d.Tenant + ", not " + e.tenant + ": " + inFull(dir, d)
	}
	return ""
}

func inFull(dir string, d diag.Diagnostic) string {
	s := fmt.Sprintf("%s:%d:%d: %s [%s] help %q tenant %q", strings.TrimPrefix(d.File, dir+"/"), d.Line, d.Column, d.Message, d.Code, d.Help, d.Tenant)
	for _, r := range d.Related {
		s += fmt.Sprintf("\n\t\t%s:%d: %s", strings.TrimPrefix(r.File, dir+"/"), r.Line, r.Message)
	}
	return s
}
