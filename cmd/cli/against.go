package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/pkg/compile"
	"github.com/cuecompute/cuecompute/pkg/data"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/difference"
	"github.com/cuecompute/cuecompute/pkg/gitrev"
	"github.com/cuecompute/cuecompute/pkg/plan"
	"github.com/cuecompute/cuecompute/pkg/provider"
)

// differences are the formats of a difference.
var differences = map[string]func(io.Writer, *difference.Difference) error{
	"json":     func(w io.Writer, d *difference.Difference) error { return writeJSON(w, d) },
	"markdown": difference.WriteMarkdown,
	"text":     difference.WriteText,
}

// failable are the effects that --fail-on takes.
var failable = []provider.Effect{provider.InPlace, provider.Rolling, provider.Replacement, provider.EffectDestroy, provider.DataLoss}

func limits() string {
	names := make([]string, len(failable))
	for i, e := range failable {
		names[i] = string(e)
	}
	return strings.Join(names, ", ")
}

// against prints what differs from old specs.
func (a *app) against(c *cobra.Command, in compile.Input, against []string, format string, failOn provider.Effect) error {
	write, ok := differences[format]
	switch {
	case !ok:
		return usage("unknown format %q: with --against known are json, markdown, text", format)
	case failOn != "" && !slices.Contains(failable, failOn):
		return usage("unknown effect %q: known are %s", failOn, limits())
	case in.Shard != compile.Shard{}:
		return usage("--against takes no --shard: old specs may be in other shards than the new ones")
	}
	old, err := a.old(c.Context(), in, against)
	if err != nil {
		return err
	}
	defer old.remove()
	compared := difference.NewComparison(a.registry)
	compared.Rename = old.name
	oldClean, err := a.side(c, old.input, old.show, func(p *plan.Plan, author *data.Node) error {
		compared.Old(p, author)
		return nil
	})
	if err != nil {
		return err
	}
	clean, err := a.side(c, in, nil, compared.New)
	if err != nil {
		return err
	}
	for _, side := range []struct {
		clean bool
		name  string
	}{{oldClean, "old"}, {clean, "new"}} {
		if !side.clean {
			fmt.Fprintf(a.stderr, "cuecompute: no difference: the %s specs have errors\n", side.name)
		}
	}
	if !oldClean || !clean {
		return nil
	}
	d, err := compared.Difference()
	if err != nil {
		return err
	}
	if len(d.Tenants) > 0 && (failOn == "" || d.Summary.Worst.AtLeast(failOn)) {
		a.raise(exitDiffers)
	}
	return write(a.stdout, d)
}

// side compiles one side, and reports whether it is without errors.
func (a *app) side(c *cobra.Command, in compile.Input, show func(diag.List) diag.List, each func(*plan.Plan, *data.Node) error) (bool, error) {
	before := a.code
	a.code = exitOK
	err := a.tenantsAs(c, in, show, func(t compile.Tenant) error {
		for _, p := range t.Plans {
			if err := each(p, t.Data); err != nil {
				return err
			}
		}
		return nil
	})
	clean := a.code == exitOK
	a.raise(before)
	return clean, err
}

// oldSpecs are specs as they were.
type oldSpecs struct {
	input compile.Input
	dirs  []string          // of files taken out of git, to be removed
	names *strings.Replacer // from where they are to what people call them
}

// gitPrefix begins the revision of the paths that a command is called with.
const gitPrefix = "git:"

// old finds the specs of --against.
func (a *app) old(ctx context.Context, in compile.Input, against []string) (*oldSpecs, error) {
	o := &oldSpecs{input: in}
	o.input.Paths, o.input.Shard = nil, compile.Shard{} // old paths may fall in other shards
	var renames []string
	for _, path := range against {
		rev, isGit := strings.CutPrefix(path, gitPrefix)
		switch {
		case !isGit && path == "-" && slices.Contains(in.Paths, "-"):
			return nil, usage("standard input is either the old spec or the new one")
		case !isGit:
			o.input.Paths = append(o.input.Paths, path)
			continue
		case slices.Contains(in.Paths, "-"):
			return nil, usage("%s: standard input is in no repository", path)
		}
		dir, err := os.MkdirTemp("", "cuecompute-")
		if err != nil {
			o.remove()
			return nil, err
		}
		o.dirs = append(o.dirs, dir)
		paths, err := gitrev.Files(ctx, rev, in.Paths, dir)
		if err != nil {
			o.remove()
			return nil, err
		}
		o.input.Paths = append(o.input.Paths, paths...)
		for i := range in.Paths { // as many repositories at most
			renames = append(renames, filepath.Join(dir, fmt.Sprint(i))+string(filepath.Separator), path+":")
		}
	}
	o.names = strings.NewReplacer(renames...)
	return o, nil
}

// name is what people call a file.
func (o *oldSpecs) name(file string) string { return o.names.Replace(file) }

// show makes diagnostics of old specs: errors alone, for what else there is to say is said
// of the new ones.
func (o *oldSpecs) show(diags diag.List) diag.List {
	errs := diags.Without(diag.Warning).Without(diag.Note)
	for i := range errs {
		d := &errs[i]
		d.File, d.Message, d.Help = o.name(d.File), o.name(d.Message), o.name(d.Help)
		d.Related = slices.Clone(d.Related)
		for j := range d.Related {
			d.Related[j].File, d.Related[j].Message = o.name(d.Related[j].File), o.name(d.Related[j].Message)
		}
	}
	return errs
}

// remove removes what was taken out of git.
func (o *oldSpecs) remove() {
	for _, dir := range o.dirs {
		_ = os.RemoveAll(dir) // nothing hangs on it
	}
}
