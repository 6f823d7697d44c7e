package cli

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cuecompute/cuecompute/cmd/internal/gitrev"
	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/limit"
	"github.com/cuecompute/cuecompute/pkg/project"
	"github.com/cuecompute/cuecompute/pkg/report"
)

// projectFlags select the project file.
type projectFlags struct {
	file string
	none bool
}

func (p *projectFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&p.file, "config", "", "the project `file`, or git:REV:FILE, which names policies as they were at REV too (.cuecompute.yaml here or above if left out)")
	c.Flags().BoolVar(&p.none, "no-config", false, "use no project file")
}

// setUp is the project file of a run. The zero value means no project file.
type setUp struct {
	*project.File
	dir    string // of the file, relative to the working directory
	prefix string // of the landlord's files: git:REV:DIR, or dir
}

// projectFile reads the project file: the named one, or else the nearest.
func (a *app) projectFile(ctx context.Context, p projectFlags, limits limit.Limits) (setUp, error) {
	switch {
	case p.none && p.file != "":
		return setUp{}, usage("--config and --no-config exclude each other")
	case p.none:
		return setUp{}, nil
	}
	name, at := p.file, setUp{dir: filepath.Dir(p.file)}
	if rev, inside, isGit := splitRevision(p.file); isGit {
		if inside == "" {
			return setUp{}, usage("--config %s names no file: write git:REV:FILE", p.file)
		}
		taken, err := a.revisions.file(ctx, rev, inside)
		if err != nil {
			return setUp{}, err
		}
		if taken == "" {
			return setUp{}, usage("--config %s: there is no such file at that revision", p.file)
		}
		name = taken
		if at.dir, at.prefix, err = placeOf(rev, inside); err != nil {
			return setUp{}, err
		}
	} else if p.file == "" {
		if name = nearestProject(); name == "" {
			return setUp{}, nil
		}
		at.dir = filepath.Dir(name)
	}
	var text []byte
	var err error
	if p.file == "" {
		text, err = project.ReadFound(name, limits)
	} else {
		text, err = project.ReadFile(name, limits)
	}
	if err != nil {
		return setUp{}, err
	}
	f, diags := project.Read(name, text, limits)
	if diags.HasErrors() {
		return setUp{}, setUpError{diags}
	}
	at.File = f
	return at, nil
}

// placeOf returns the work tree directory of a file at a revision, and the prefix for files
// next to it at that revision.
func placeOf(rev, inside string) (dir, prefix string, err error) {
	parent := path.Dir(inside) + "/"
	if strings.HasPrefix(inside, "./") {
		parent = "./" + parent
	}
	dir, prefix = filepath.FromSlash(parent), gitPrefix+rev+":"+parent
	if strings.HasPrefix(inside, "./") || strings.HasPrefix(inside, "../") {
		return dir, prefix, nil // relative to the working directory
	}
	here, err := os.Getwd()
	if err != nil {
		return "", "", err
	}
	if root, ok := gitrev.Root(here); ok {
		dir, err = filepath.Rel(here, filepath.Join(root, dir))
	}
	return dir, gitPrefix + rev + ":" + strings.TrimPrefix(parent, "./"), err
}

// nearestProject returns the project file of the working directory, or of the nearest directory
// above it, up to the repository's root, or "".
func nearestProject() string {
	here, err := os.Getwd()
	if err != nil {
		return ""
	}
	root, ok := gitrev.Root(here)
	if !ok {
		root = here
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		name := filepath.Join(dir, project.Name)
		if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			if rel, err := filepath.Rel(here, name); err == nil {
				return rel
			}
			return name
		}
		if dir == root || dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// relativePath converts a path of the project file to one relative to the working directory.
func (s setUp) relativePath(name string) string {
	if name == "..." && s.dir == "." {
		return "./..."
	}
	return filepath.Join(s.dir, filepath.FromSlash(name))
}

// landlordPath converts a path of a landlord's file: at the project file's revision, if it has
// one.
func (s setUp) landlordPath(name string) string {
	if s.prefix != "" {
		return s.prefix + name
	}
	return s.relativePath(name)
}

// applied is a setting of a run, and its source: a flag, an argument, a line of the project
// file, or the default.
type applied struct {
	Setting string `json:"setting"`
	Key     string `json:"key,omitempty"` // of a tag or a limit
	Value   string `json:"value"`
	From    string `json:"from"`
}

// apply applies a project file where no flag does. It returns the paths, the policies, and all
// settings.
func (s *setUp) apply(c *cobra.Command, in *compilation, paths, policies []string) (allPaths, allPolicies []string, all []applied) {
	if s.File == nil {
		s.File = &project.File{}
	}
	file := s.File
	list := func(setting, flag string, given []string, changed bool, of []project.Setting, name func(string) string) []string {
		for _, value := range given {
			all = append(all, applied{setting, "", value, flag})
		}
		if changed {
			return given
		}
		for _, o := range of {
			given = append(given, name(o.Value))
			all = append(all, applied{setting, "", name(o.Value), o.From()})
		}
		return given
	}
	same := func(value string) string { return value }
	paths = list("path", "PATH", paths, len(paths) > 0, file.Paths, s.relativePath)
	if len(paths) == 0 {
		paths = []string{"."}
		all = append(all, applied{"path", "", ".", "default"})
	}
	policies = list("policy", "--policy", policies, c.Flags().Changed("policy"), file.Policies, s.landlordPath)
	in.Providers = list("provider", "--provider", in.Providers, c.Flags().Changed("provider"), file.Providers, same)
	for _, t := range in.Tags {
		key, value, _ := strings.Cut(t, "=")
		all = append(all, applied{"tag", key, value, "--tag"})
	}
	for _, t := range file.Tags {
		if !setTag(in.Tags, t.Key) {
			in.OptionalTags = append(in.OptionalTags, t.Key+"="+t.Value)
			all = append(all, applied{"tag", t.Key, t.Value, t.From()})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in.Limits)) {
		all = append(all, applied{"limit", string(name), strconv.Itoa(in.Limits[name]), "--limit"})
	}
	for _, l := range file.Limits {
		if _, set := in.Limits[limit.Name(l.Key)]; !set {
			_ = in.Limits.Set(l.Key + "=" + l.Value) // already validated
			all = append(all, applied{"limit", l.Key, l.Value, l.From()})
		}
	}
	return paths, policies, all
}

// setTag reports whether tags contain a key.
func setTag(tags []string, key string) bool {
	return slices.ContainsFunc(tags, func(t string) bool { return strings.HasPrefix(t, key+"=") })
}

// setUpError reports mistakes in the files that configure a run: nothing is checked then.
type setUpError struct{ diags diag.List }

func (e setUpError) Error() string { return e.diags[0].Message }

// failSetUp reports the mistakes of a setUpError; it returns false for another error.
func (a *app) failSetUp(err error) bool {
	wrong, ok := errors.AsType[setUpError](err)
	if !ok {
		return false
	}
	a.raise(exitProblems)
	out, err := report.New("text", a.stderr, a.reportOptions(a.stderr, compilation{}))
	if err == nil {
		err = errors.Join(out.Add(report.Unit{Diagnostics: a.revisions.forPeople(wrong.diags)}), out.Close(report.Summary{}))
	}
	if err != nil {
		a.raise(exitFailure)
	}
	return true
}
