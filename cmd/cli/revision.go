package cli

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/cmd/internal/gitrev"
	"github.com/cuecompute/cuecompute/pkg/diag"
)

// gitPrefix is the prefix of names at a revision: git:REV, or git:REV:PATH for one file.
const gitPrefix = "git:"

// revisions are the files of one run that were extracted from Git, with their display names:
// git:REV:PATH.
type revisions struct {
	checkouts map[string]*gitrev.Checkout // by revision
	dirs      []string
	names     []string // pairs of a file's path and display name
	replacer  *strings.Replacer
}

// take extracts a path at a revision.
func (r *revisions) take(ctx context.Context, rev, path string) (gitrev.Taken, error) {
	c := r.checkouts[rev]
	if c == nil {
		dir, err := os.MkdirTemp("", "cuecompute-")
		if err != nil {
			return gitrev.Taken{}, err
		}
		r.dirs = append(r.dirs, dir)
		if c, err = gitrev.At(rev, dir); err != nil {
			return gitrev.Taken{}, err
		}
		if r.checkouts == nil {
			r.checkouts = map[string]*gitrev.Checkout{}
		}
		r.checkouts[rev] = c
	}
	taken, err := c.Take(ctx, path)
	if err == nil {
		r.name(taken.Now, gitPrefix+shortRevision(rev))
	}
	return taken, err
}

// file extracts one file, named as in Git: relative to the repository's root, or to the working
// directory if the name begins with ./ or ../.
func (r *revisions) file(ctx context.Context, rev, name string) (string, error) {
	path := name
	if !strings.HasPrefix(name, "./") && !strings.HasPrefix(name, "../") {
		here, err := os.Getwd()
		if err != nil {
			return "", err
		}
		if root, ok := gitrev.Root(here); ok {
			path = filepath.Join(root, filepath.FromSlash(name))
		}
	}
	taken, err := r.take(ctx, rev, path)
	return taken.Path, err
}

// name records the display name of a directory, for every spelling of its path.
func (r *revisions) name(dir, called string) {
	if slices.Contains(r.names, dir) {
		return
	}
	forms := []string{dir}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		forms = append(forms, real)
	}
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, dir); err == nil {
			forms = append(forms, rel)
		}
	}
	for _, form := range forms {
		r.names = append(r.names, form+string(filepath.Separator), called+":", form, called)
	}
	r.replacer = strings.NewReplacer(r.names...)
}

// called replaces file paths in a text with display names.
func (r *revisions) called(text string) string {
	if r.replacer == nil {
		return text
	}
	return r.replacer.Replace(text)
}

// forPeople returns diagnostics with the display names of files, and with the flags that raise
// the bounds that are exceeded.
func (r *revisions) forPeople(diags diag.List) diag.List {
	if slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Bound != "" }) {
		diags = slices.Clone(diags)
		for i := range diags {
			diags[i].Help = helpWithFlag(diags[i])
		}
	}
	if r.replacer == nil {
		return diags
	}
	diags = slices.Clone(diags)
	for i := range diags {
		d := &diags[i]
		d.File, d.Message, d.Help = r.called(d.File), r.called(d.Message), r.called(d.Help)
		d.Related = slices.Clone(d.Related)
		for j := range d.Related {
			d.Related[j].File, d.Related[j].Message = r.called(d.Related[j].File), r.called(d.Related[j].Message)
		}
	}
	return diags
}

// remove deletes the extracted files.
func (r *revisions) remove() {
	for _, dir := range r.dirs {
		_ = os.RemoveAll(dir) // an error has no consequences
	}
}

var wholeHash = regexp.MustCompile(`^[0-9a-f]{40}([0-9a-f]{24})?$`)

// shortRevision abbreviates a full commit hash.
func shortRevision(rev string) string {
	if wholeHash.MatchString(rev) {
		return rev[:10]
	}
	return rev
}

// splitRevision splits git:REV:PATH; the path is "" for git:REV. As in Git, a colon in braces
// belongs to the revision: HEAD^{/fix: the replicas}.
func splitRevision(text string) (rev, path string, isGit bool) {
	text, isGit = strings.CutPrefix(text, gitPrefix)
	depth := 0
	for i, r := range text {
		switch {
		case r == '{':
			depth++
		case r == '}':
			depth--
		case r == ':' && depth <= 0 && i > 0:
			return text[:i], text[i+1:], isGit
		}
	}
	return text, "", isGit
}

// policyFiles extracts the policies of the form git:REV:PATH from Git.
func (a *app) policyFiles(ctx context.Context, policies []string) ([]string, error) {
	all := slices.Clone(policies)
	for i, p := range all {
		rev, path, isGit := splitRevision(p)
		if !isGit {
			continue
		}
		if path == "" {
			return nil, usage("policy %s names no file: write git:REV:PATH", p)
		}
		file, err := a.revisions.file(ctx, rev, path)
		if err != nil {
			return nil, err
		}
		if file == "" {
			return nil, usage("policy %s: there is no such file at that revision", p)
		}
		all[i] = file
	}
	return all, nil
}

// policiesAt returns policies at a revision; it leaves out those that did not exist there.
func (a *app) policiesAt(ctx context.Context, rev string, policies []string) ([]string, error) {
	var all []string
	for _, p := range policies {
		var file string
		var err error
		if _, path, isGit := splitRevision(p); isGit {
			file, err = a.revisions.file(ctx, rev, path)
		} else {
			var taken gitrev.Taken
			taken, err = a.revisions.take(ctx, rev, p)
			file = taken.Path
		}
		if err != nil {
			return nil, err
		}
		if file != "" {
			all = append(all, file)
		}
	}
	return all, nil
}

// renamed is an error with display names of files.
type renamed struct {
	error
	text string
}

func (e renamed) Error() string { return e.text }
func (e renamed) Unwrap() error { return e.error }

// named replaces file paths in an error with display names.
func (a *app) named(err error) error {
	if err == nil {
		return nil
	}
	if text := a.revisions.called(err.Error()); text != err.Error() {
		return renamed{err, text}
	}
	return err
}
