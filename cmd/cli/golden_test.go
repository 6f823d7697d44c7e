package cli_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cuecompute/cuecompute/cmd/cli"
	"github.com/cuecompute/cuecompute/providers"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// run calls the command line in the testdata directory.
func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	t.Chdir("../../testdata")
	var out, errs bytes.Buffer
	code = cli.Main(args, strings.NewReader(""), &out, &errs, providers.All()...)
	return out.String(), errs.String(), code
}

// counts is the last line of a run with problems.
var counts = regexp.MustCompile(`^\d+ tenants?: \d+ errors?, \d+ warnings?(; \d+ files? of other tools skipped)? \([0-9.]+m?s\)\n$`)

// TestBroken compares the output of vet for each file of testdata/broken, with one mistake
// each, with the text next to it.
func TestBroken(t *testing.T) {
	files, err := filepath.Glob("../../testdata/broken/*.*")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		if ext := filepath.Ext(file); ext == ".want" || ext == ".mod" {
			continue
		}
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			stdout, stderr, code := run(t, "vet", "broken/"+name)
			if code != 1 || !counts.MatchString(stderr) {
				t.Errorf("exit code is %d, standard error %q", code, stderr)
			}
			golden(t, "broken/"+name+".want", stdout)
		})
	}
}

// TestPlans compares the plans of the real tenants, a directory each, with those in
// testdata/plans.
func TestPlans(t *testing.T) {
	entries, err := os.ReadDir("../../testdata/tenants")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			args := []string{"plan", "tenants/" + name + "/..."}
			if name == "portable" {
				args = append(args, "--provider", strings.Join(taking(t, args), ","))
			}
			stdout, stderr, code := run(t, args...)
			if code != 0 || stderr != "" {
				t.Errorf("exit code is %d, standard error %q", code, stderr)
			}
			golden(t, "plans/"+name+".json", stdout)
		})
	}
}

// taking are the providers that take what a command compiles: a platform may lack something that
// portable tenants ask for, such as checks by a command. The plans of one that takes them no more
// are then missing from what is expected.
func taking(t *testing.T, args []string) (names []string) {
	t.Helper()
	for _, p := range providers.All() {
		name := p.Info().Name
		t.Run(name, func(t *testing.T) {
			if _, _, code := run(t, append(slices.Clone(args), "--provider", name)...); code == 0 {
				names = append(names, name)
			}
		})
	}
	return names
}

// golden compares a text with a file of testdata, or rewrites the file.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), regenerate with make golden:\n%s", path, diff)
	}
}
