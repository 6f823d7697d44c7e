package fix_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fix"
	"github.com/cuecompute/cuecompute/pkg/internal/data"
	"github.com/cuecompute/cuecompute/pkg/provider"
	"github.com/cuecompute/cuecompute/providers"
)

// minFixed is the number of mistakes in the catalogue that have an edit; a change that lowers
// it needs a review.
const minFixed = 70

// TestCatalogue fixes the mistakes of testdata/mistakes. A spec with an edit has no problem
// once it is applied, differs only in the edited lines, and has nothing left to fix.
func TestCatalogue(t *testing.T) {
	archives, err := filepath.Glob("../../testdata/mistakes/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no mistakes", err)
	}
	reg, err := provider.NewRegistry(providers.All()...)
	if err != nil {
		t.Fatal(err)
	}
	c, err := compile.New(reg, compile.Options{Evaluation: compile.Evaluation{Unbounded: true}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fixed := 0
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for _, f := range a.Files {
				if f.Name == "want" {
					continue
				}
				if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			judge := judgeOf(c, compile.Input{Paths: []string{dir}, Memory: &compile.Memory{}})
			before, err := judge(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			files, refused, err := fix.Run(t.Context(), judge, fix.Read)
			if err != nil || len(refused) > 0 {
				t.Fatal(err, refused)
			}
			if before[0].Fix == nil {
				if len(files) > 0 {
					t.Errorf("fixed, with no edit: %s", files[0].Now)
				}
				return
			}
			fixed++
			if was, now := before[0].Fix.Range, before[0].Fix.NewText; !keepsMeaning(before[0].Code, textAt(t, was), now) {
				t.Errorf("%s becomes %s, which may mean another thing", textAt(t, was), now)
			}
			if len(files) != 1 || files[0].Fixed == 0 {
				t.Fatalf("%s: not fixed with %+v", before[0].Message, before[0].Fix)
			}
			onlyLine(t, files[0], before[0].Fix.Line)
			after, err := judge(t.Context(), map[string][]byte{files[0].Name: files[0].Now})
			if err != nil || after.HasErrors() {
				t.Errorf("fixed, there is %v %v", after, err)
			}
			if err := fix.Write(files[0]); err != nil {
				t.Fatal(err)
			}
			if again, _, err := fix.Run(t.Context(), judge, fix.Read); err != nil || len(again) > 0 {
				t.Errorf("a second run fixes more: %v %v", again, err)
			}
		})
	}
	if fixed < minFixed {
		t.Errorf("%d of %d are fixed, not %d", fixed, len(archives), minFixed)
	}
	t.Logf("%d of %d are fixed", fixed, len(archives))
}

// textAt returns the text of a range.
func textAt(t *testing.T, r diag.Range) string {
	t.Helper()
	text, err := os.ReadFile(r.File)
	if err != nil {
		t.Fatal(err)
	}
	src := data.NewSource(r.File, text)
	return string(text[src.Offset(r.Line, r.Column):src.Offset(r.EndLine, r.EndColumn)])
}

// keepsMeaning reports whether two texts of a spec mean the same: as a name of a closed set, or
// as one of the kinds of values that fields have.
func keepsMeaning(code diag.Code, was, now string) bool {
	was, now = strings.Trim(was, `"'#`), strings.Trim(now, `"'#`)
	switch code {
	case diag.UnknownField, diag.UnknownProvider, diag.OutOfBounds:
		return strings.EqualFold(was, now) || oneMistake(strings.ToLower(was), strings.ToLower(now))
	case diag.UnknownName:
		return strings.EqualFold(was, now)
	}
	return slices.ContainsFunc(fields, func(f field) bool {
		a, okA := f.denotes(was, false)
		b, okB := f.denotes(now, false)
		return okA && okB && a == b
	})
}

func judgeOf(c *compile.Compiler, in compile.Input) fix.Judge {
	return func(ctx context.Context, texts map[string][]byte) (diag.List, error) {
		in.Overlay = texts
		_, diags, err := c.Compile(ctx, in)
		return diags, err
	}
}

// onlyLine checks that a fix changes only one line.
func onlyLine(t *testing.T, f fix.File, line int) {
	t.Helper()
	was, now := strings.Split(string(f.Was), "\n"), strings.Split(string(f.Now), "\n")
	if len(was) != len(now) {
		t.Fatalf("%d lines have become %d", len(was), len(now))
	}
	for i := range was {
		if (was[i] != now[i]) != (i+1 == line) {
			t.Errorf("line %d was %q and is %q", i+1, was[i], now[i])
		}
	}
}
