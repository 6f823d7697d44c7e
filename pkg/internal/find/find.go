// Package find expands the paths of a command line into units. A unit is read and evaluated
// together: a file, or the files of a CUE package. It reads files within limits, and follows no
// link out of the named directory.
//
//	units, diags, err := find.Find(ctx, find.Disk{}, []string{"tenants/..."})
package find

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
)

// Unit is a set of files that are evaluated together: one file, the files of a CUE package, or
// standard input.
type Unit struct {
	Path  string   // the file or directory, or "-", as diagnostics name it
	Files []string // the unit's files in Path, sorted

	// Package is the name of the CUE package that Files belong to, with the files of the same
	// package in the directories above, up to the module's root. "" for a single file.
	Package string

	// Tests is whether the unit is table tests, with the files of the package that they are of.
	Tests bool

	// Inherited is whether packages in deeper directories build on this one, so that it need
	// not be a tenant. Walked is whether it was found by `...` rather than named.
	Inherited, Walked bool

	texts [][]byte // the contents of Files that finding the unit has read and kept
}

// Dir returns the directory of the unit's files.
func (u Unit) Dir() string {
	if u.Package != "" {
		return u.Path
	}
	return filepath.Dir(u.Path)
}

// PassedOver reports whether a unit with these fields may be skipped: it was not named, and is
// empty or only a base for deeper packages.
func (u Unit) PassedOver(fields []string) bool {
	return u.Walked && (len(fields) == 0 ||
		u.Inherited && !slices.Contains(fields, "id") && !slices.Contains(fields, "tenants"))
}

// Find expands paths into units: in the order of the paths, sorted inside each, without
// duplicates. A path is a file, a directory, a directory followed by /... for everything below
// it, or "-". Diagnostics report files that are not specs. The error joins a *fs.PathError for
// each path that does not exist, or is that of ctx.
func Find(ctx context.Context, disk Disk, paths []string) ([]Unit, diag.List, error) {
	return find(ctx, finder{Disk: disk}, paths)
}

// FindTests is Find for table tests: the files of a directory whose names end in _test.cue,
// _test.yaml, _test.yml or _test.json, and any that is named. Those of a CUE package are one
// unit with it.
func FindTests(ctx context.Context, disk Disk, paths []string) ([]Unit, diag.List, error) {
	return find(ctx, finder{Disk: disk, tests: true}, paths)
}

func find(ctx context.Context, f finder, paths []string) ([]Unit, diag.List, error) {
	f.ctx, f.seen, f.room = ctx, map[string]bool{}, &atomic.Int64{}
	f.room.Store(keptTexts)
	for _, p := range paths {
		f.path(p)
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	return withoutPackageFiles(f.units), f.diags, errors.Join(f.missing...)
}

type finder struct {
	Disk
	tests   bool            // table tests are looked for
	ctx     context.Context // checked before each directory and each file
	units   []Unit
	diags   diag.List
	missing []error
	seen    map[string]bool
	found   int           // number of specs in a directory of a tree
	room    *atomic.Int64 // bytes of contents that may still be kept
}

func (f *finder) path(p string) {
	if p == "-" {
		f.add(Unit{Path: p})
		return
	}
	dir, walk := strings.CutSuffix(p, "...")
	if walk && (dir == "" || os.IsPathSeparator(dir[len(dir)-1])) {
		f.tree(filepath.Clean(dir))
		return
	}
	p = filepath.Clean(p)
	info, err := f.Stat(p)
	switch {
	case err != nil && f.isLink(p):
		f.unreadable(p, "the link leads nowhere")
	case errors.Is(err, fs.ErrNotExist):
		f.missing = append(f.missing, err)
	case err != nil:
		f.unreadable(p, Reason(err))
	case info.IsDir():
		if f.dir(p) == 0 {
			f.notSpec(p, "no "+f.what()+" in this directory")
			f.diags[len(f.diags)-1].Help = fmt.Sprintf("%s/... looks in the directories below it too", filepath.ToSlash(p))
		}
	case read.LanguageOf(p) == "":
		f.notSpec(p, fmt.Sprintf("%q is not a spec: its name ends in none of .cue, .yaml, .yml and .json", filepath.Base(p)))
	case f.isLink(p) && f.leadsToGit(p):
		f.unreadable(p, errGit.Error())
	case f.tests:
		f.testFile(p, info.Mode())
	default:
		f.file(p, info.Mode(), false, nil)
	}
}

// Below reports whether a path is a directory, or is inside it.
func Below(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// dir adds the units of one directory and returns the number of specs in it.
func (f *finder) dir(dir string) int {
	entries, err := f.ReadDir(dir)
	return f.entries(dir, listing{dir, entries, err}, false)
}

// entries adds the units of a directory: root or, if walked, one below root. A link that the
// user names is followed anywhere; a link that is only found must stay below root.
func (f *finder) entries(root string, l listing, walked bool) int {
	if l.err != nil {
		f.unreadable(l.dir, Reason(l.err))
		return 1
	}
	packages := map[string]Unit{}
	seen := 0
	for _, e := range l.entries {
		if f.ctx.Err() != nil {
			return seen
		}
		p := filepath.Join(l.dir, e.Name())
		if e.IsDir() || Hidden(e.Name()) || read.LanguageOf(p) == "" {
			continue
		}
		seen++
		mode, err := f.ModeOf(p, e)
		outside := err == nil && e.Type()&fs.ModeSymlink != 0 && f.linkEscapes(root, p)
		var text []byte
		pkg, known := "", true
		if mode.IsRegular() && read.LanguageOf(p) == "cue" && !outside {
			text, pkg, known = f.readPackage(p)
		}
		switch {
		case err != nil && f.isLink(p):
			f.unreadable(p, "the link leads nowhere")
		case err != nil:
			f.unreadable(p, Reason(err))
		case outside:
			f.unreadable(p, "the link leads out of "+root)
		case !known:
			f.unreadable(p, errNoClause.Error())
		case pkg != "":
			if !strings.HasSuffix(p, "_tool.cue") && (f.tests || !isTest(p)) {
				u := packages[pkg]
				u.Files, u.texts = append(u.Files, p), append(u.texts, f.keep(text))
				packages[pkg] = u
			}
		case f.tests && !isTest(p) || !f.tests && strings.HasSuffix(p, "_test.cue"):
		case !mode.IsDir():
			f.file(p, mode, walked, f.keep(text))
		}
	}
	if f.tests {
		return f.withTests(l.dir, packages)
	}
	f.packages(l.dir, packages, walked)
	return seen
}

// ModeOf returns the mode of a directory's entry, or of a link's target. Only links cost a
// system call.
func (d Disk) ModeOf(path string, e fs.DirEntry) (fs.FileMode, error) {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.Type(), nil
	}
	info, err := d.Stat(path)
	if err != nil {
		return fs.ModeIrregular, err
	}
	return info.Mode(), nil
}

func (f *finder) packages(dir string, packages map[string]Unit, walked bool) {
	if len(packages) > 1 {
		var firsts []string
		for name, u := range packages {
			firsts = append(firsts, fmt.Sprintf("%s (%s)", name, filepath.Base(u.Files[0])))
		}
		slices.Sort(firsts)
		d := f.diags.Errorf(diag.Conflict, nil, "this directory holds several CUE packages: %s", strings.Join(firsts, ", "))
		d.File = dir
		d.Help = "keep one package in a directory, or name the files one by one"
		return
	}
	for name, u := range packages {
		u.Path, u.Package, u.Walked = dir, name, walked
		f.add(u)
	}
}

func (f *finder) file(p string, mode fs.FileMode, walked bool, text []byte) {
	if !mode.IsRegular() {
		f.unreadable(p, ErrNotRegular.Error())
		return
	}
	f.add(Unit{Path: p, Files: []string{p}, Walked: walked, Tests: f.tests, texts: [][]byte{text}})
}

// withoutPackageFiles removes files that were named in addition to their package.
func withoutPackageFiles(units []Unit) []Unit {
	files := map[string]bool{}
	for _, u := range units {
		if u.Package != "" {
			for _, name := range u.Files {
				files[absolute(name)] = true
			}
		}
	}
	return slices.DeleteFunc(units, func(u Unit) bool { return u.Package == "" && u.Path != "-" && files[absolute(u.Path)] })
}

// absolute returns a canonical form of a path.
func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

func (f *finder) add(u Unit) {
	path := u.Path
	if path != "-" && f.Memory == nil {
		path = absolute(path)
	}
	key := cmp.Or(u.Package, ":") + " " + path
	if !f.seen[key] {
		f.seen[key] = true
		f.units = append(f.units, u)
	}
}

func (f *finder) unreadable(path, why string) {
	f.diags.Errorf(diag.Unreadable, nil, "cannot be read: %s", why).File = path
}

func (f *finder) notSpec(path, msg string) {
	f.diags.Errorf(diag.NotATenant, nil, "%s", msg).File = path
}

// Reason returns the system's error without the path, which the diagnostic has.
func Reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

func (d Disk) isLink(p string) bool {
	info, err := d.Lstat(p)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// Hidden reports whether files and directories of that name are skipped, as by the cue command.
func Hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") }
