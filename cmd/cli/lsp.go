package cli

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/cmd/internal/lsp"
	"github.com/cuecompute/cuecompute/pkg/compile"
)

func (a *app) lsp() *cobra.Command {
	c := &cobra.Command{
		Use:   "lsp [flags] [PATH...]",
		Short: "Serve an editor: check specs as they are typed",
		Long: `lsp is a language server: an editor starts it and talks to it over standard input and
output. It reports what vet reports, of files as they are in the editor, saved or not, and
of all tenants that an edit of a template or a policy changes. Notes are shown as hints.

It fixes what --fix fixes, adds fields, declares and accepts; explains fields as explain does;
completes fields, constants and the names that a tenant declares; and finds and renames those
names, in all files of a package.

Without PATH, nor paths in a project file, all below each folder that is open in the editor
is checked. A file that is open from elsewhere is checked alone.

cuecompute help editors says how to set it up.`,
		Example: `  cuecompute lsp
  cuecompute lsp --policy policies/production.cue tenants/...`,
	}
	input := a.inputFlags(c)
	c.RunE = func(c *cobra.Command, paths []string) error {
		in, err := input(paths)
		if err != nil {
			return err
		}
		if slices.Contains(paths, "-") {
			return usage("standard input is the editor's: lsp takes no -")
		}
		if slices.ContainsFunc(a.applied, func(s applied) bool { return s.Setting == "path" && s.From == "default" }) {
			in.Paths = nil
		}
		in.Stdin = nil
		for i, path := range in.Paths {
			in.Paths[i] = absoluteTree(path)
		}
		texts := map[string][]byte{}
		for i, path := range in.Policies.Files {
			in.Policies.Files[i] = absolute(path)
			if text, ok := in.Policies.Texts[path]; ok {
				texts[absolute(path)] = text
			}
		}
		in.Policies.Texts = texts
		compiler, err := compile.New(a.registry, in.Options)
		if err != nil {
			return err
		}
		defer compiler.Close()
		version, _ := versions()
		err = lsp.Serve(c.Context(), a.stdin, a.stdout, lsp.Options{
			Compiler: compiler, Policies: in.Policies, Input: in.Input, Version: version, Log: a.stderr,
			Explain: sync.OnceValues(a.explainer), Providers: a.registry.Names(),
		})
		if errors.Is(err, lsp.ErrNoShutdown) {
			a.raise(exitProblems) // as the protocol requires
			return nil
		}
		return err
	}
	return c
}

// absoluteTree returns the absolute path of a file, a directory, or a directory with /...
func absoluteTree(path string) string {
	if dir, walk := strings.CutSuffix(path, "..."); walk {
		return absolute(dir) + string(filepath.Separator) + "..."
	}
	return absolute(path)
}
