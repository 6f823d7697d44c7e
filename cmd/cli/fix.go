package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/fix"
)

// applyFixes works out which mistakes can be fixed. It shows the fixes as a difference, writes
// them to the files, or both.
func (a *app) applyFixes(ctx context.Context, c *compile.Compiler, in compilation, show, write bool) error {
	in.Memory, in.Every = &compile.Memory{}, true
	judge := func(ctx context.Context, texts map[string][]byte) (diag.List, error) {
		in.Overlay = texts
		var all diag.List
		_ = c.Each(ctx, in.Input, func(u compile.Unit) error { // the verdict reports what failed
			all = append(all, u.Diagnostics...)
			return nil
		})
		return all, ctx.Err()
	}
	files, refused, err := fix.Run(ctx, judge, func(name string) ([]byte, error) {
		if !within(in.Paths, name) {
			return nil, errors.New("it is not among the paths given")
		}
		return fix.Read(name)
	})
	if err != nil {
		return err
	}
	for _, r := range refused {
		fmt.Fprintf(a.stderr, "%s: not fixed: %s\n", r.File, r.Reason)
	}
	var failed []error
	for _, f := range files {
		if show {
			_, err = a.stdout.Write(unified(f))
			failed = append(failed, err)
		}
		if !write {
			continue
		}
		if err := fix.Write(f); err != nil {
			failed = append(failed, fmt.Errorf("%s is not fixed: %w", f.Name, bare(err)))
		} else {
			fmt.Fprintf(a.stderr, "%s: fixed: %d\n", f.Name, f.Fixed)
		}
	}
	return errors.Join(failed...)
}

// passedOver reports whether dir/... skips files and directories of that name.
func passedOver(name string) bool {
	return name == "cue.mod" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

// unified returns the changes of a fix as a unified diff, for git apply and patch -p1.
func unified(f fix.File) []byte {
	name := strings.TrimPrefix(filepath.ToSlash(f.Name), "/")
	return diff.Diff("a/"+name, f.Was, "b/"+name, f.Now)
}

// within reports whether a file belongs to the paths: it is named, or is in a named directory,
// or is below a directory with /... and in no skipped one.
func within(paths []string, file string) bool {
	file = absolute(file)
	return slices.ContainsFunc(paths, func(path string) bool {
		dir, walk := strings.CutSuffix(path, "...")
		dir = absolute(dir)
		if !walk {
			return file == dir || filepath.Dir(file) == dir
		}
		rel, err := filepath.Rel(dir, file)
		return err == nil && !slices.ContainsFunc(strings.Split(filepath.ToSlash(rel), "/"), passedOver)
	})
}
