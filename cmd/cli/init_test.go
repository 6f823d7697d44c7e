package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue/format"
	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/cmd/cli"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/pkg/starter"
	"github.com/cuecompute/cuecompute/providers"
)

// impossible reports whether a platform does not support a template, because it has no
// schedules.
func impossible(info provider.Info, t starter.Template) bool {
	return t.Name == "cron" && slices.ContainsFunc(info.SupportOf("workloads.kind"), func(s provider.Support) bool {
		return s.When == "cron" && s.Level == provider.Unsupported
	})
}

// TestInit writes every template for every provider in every language: the spec vets without
// output, gives the same plan in each language, and renders. A provider that has no starter yet
// may lack templates, and its specs may have warnings.
func TestInit(t *testing.T) {
	for _, p := range providers.All() {
		for _, template := range starter.Templates() {
			name := p.Info().Name + " " + template.Name
			vet := []string{"vet", "--warnings-as-errors"}
			unpatched := len(p.Info().Starter) == 0
			if unpatched {
				vet = []string{"vet"}
			}
			t.Run(name, func(t *testing.T) {
				dir := t.TempDir()
				t.Chdir(dir)
				plans := map[string]string{}
				for _, lang := range starter.Langs {
					stdout, stderr, code := call("init", "--provider", p.Info().Name, "--template", template.Name, "--lang", lang, "acme")
					if impossible(p.Info(), template) || unpatched && code != 0 {
						files, err := os.ReadDir(dir)
						if code != 2 || !strings.Contains(stderr, "no template "+template.Name) || len(files) > 0 || err != nil {
							t.Errorf("exit code %d, standard error %q, files %v", code, stderr, files)
						}
						continue
					}
					file := "acme." + lang
					if code != 0 || stderr != "" && !unpatched || stdout != "wrote "+file+"\n" {
						t.Fatalf("init: exit code %d, standard error %q, standard output %q", code, stderr, stdout)
					}
					if stdout, stderr, code = call(append(vet, file)...); code != 0 || stdout+stderr != "" && !unpatched {
						t.Errorf("vet: exit code %d\n%s%s", code, stderr, stdout)
					}
					if plans[lang], stderr, code = call("plan", file); code != 0 || stderr != "" && !unpatched {
						t.Errorf("plan: exit code %d\n%s", code, stderr)
					}
					if stdout, stderr, code = call("render", file); code != 0 || stderr != "" && !unpatched || stdout == "" {
						t.Errorf("render: exit code %d\n%s", code, stderr)
					}
					tidy(t, filepath.Join(dir, file))
				}
				if diff := cmp.Diff(plans["cue"], plans["yaml"]); diff != "" {
					t.Errorf("the plans differ (-cue +yaml):\n%s", diff)
				}
			})
		}
	}
}

// tidy checks that a spec is formatted as people would write it.
func tidy(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"TENANT", "PROVIDER", "\n\n\n", " \n", ": null"} {
		if bytes.Contains(text, []byte(left)) {
			t.Errorf("%s holds %q", file, left)
		}
	}
	if !bytes.HasSuffix(text, []byte("\n")) {
		t.Errorf("%s ends without a new line", file)
	}
	if filepath.Ext(file) == ".cue" {
		formatted, err := format.Source(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(formatted)); diff != "" {
			t.Errorf("%s is not as cue fmt has it (-is +should):\n%s", file, diff)
		}
	}
}

func call(args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	code = cli.Main(args, strings.NewReader(""), &out, &errs, providers.All()...)
	return out.String(), errs.String(), code
}
