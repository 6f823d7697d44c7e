package load

import (
	"path/filepath"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// embedded is the path in an attribute that embeds a file.
var embedded = lazyregexp.New(`@embed\(\s*file="?([^",)]+)`)

// Depends returns the files and directories that a unit was made of, those that are not
// there included: while none of them changes, it evaluates to the same. ok is false for
// one for which that is unknown; the paths are then those that may matter.
func (l *Loader) Depends(u find.Unit, out *Loaded) (paths []string, ok bool) {
	if u.Path == "-" || l.Memory != nil {
		return nil, false
	}
	ok = true
	paths = append(paths, u.Path)
	paths = append(paths, u.Files...)
	if u.Package == "" && read.LanguageOf(u.Path) != "cue" {
		return paths, ok
	}
	unresolved := func(d diag.Diagnostic) bool { return d.Code == diag.Import || d.Code == diag.Unreadable }
	if slices.ContainsFunc(out.Diagnostics, unresolved) {
		ok = false // what is missing may come from anywhere
	}
	for name, src := range out.Sources {
		for _, m := range embedded.FindAllStringSubmatch(string(src.Text), -1) {
			ok = false
			paths = append(paths, filepath.Join(filepath.Dir(name), filepath.FromSlash(m[1])))
		}
		paths = append(paths, name)
		if dir := filepath.Dir(name); dir != u.Dir() {
			for _, dir := range l.upward(dir) {
				paths = append(paths, l.packaged(dir)...)
			}
		}
	}
	up := l.upward(u.Dir())
	for _, dir := range up {
		paths = append(paths, filepath.Join(dir, "cue.mod"), filepath.Join(dir, "cue.mod", "module.cue"))
	}
	if u.Package != "" {
		for _, dir := range up[1:] { // of its own, the unit's files tell
			paths = append(paths, l.packaged(dir)...)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), ok
}

// packaged returns a directory and the CUE files in it: each may later belong to another
// package.
func (l *Loader) packaged(dir string) []string {
	paths := []string{dir}
	for _, files := range l.cueFiles(dir) {
		paths = append(paths, files...)
	}
	return paths
}

// upward returns a directory and those above it, up to the root of its module.
func (l *Loader) upward(dir string) []string {
	dirs := []string{dir}
	for range l.moduleOf(dir).depth {
		dir = parent(dir)
		dirs = append(dirs, dir)
	}
	return dirs
}
