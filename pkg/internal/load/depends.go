package load

import (
	"path/filepath"
	"slices"

	"github.com/cuecompute/cuecompute/pkg/diag"
	"github.com/cuecompute/cuecompute/pkg/internal/find"
	"github.com/cuecompute/cuecompute/pkg/internal/read"
	"github.com/cuecompute/cuecompute/pkg/lazyregexp"
)

// embedded matches the path in an @embed attribute.
var embedded = lazyregexp.New(`@embed\(\s*file="?([^",)]+)`)

// Depends returns the files and directories that a unit was evaluated from, including missing
// ones: while none of them changes, the result stays the same. If ok is false the list may be
// incomplete.
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
		ok = false // a missing import may appear anywhere
	}
	for name, src := range out.Sources {
		for _, m := range embedded.FindAllStringSubmatch(string(src.Text), -1) {
			ok = false
			paths = append(paths, filepath.Join(filepath.Dir(name), filepath.FromSlash(m[1])))
		}
		paths = append(paths, name)
		if dir := filepath.Dir(name); dir != u.Dir() {
			for _, dir := range l.ancestors(dir) {
				paths = append(paths, l.cueFilesIn(dir)...)
			}
		}
	}
	up := l.ancestors(u.Dir())
	for _, dir := range up {
		paths = append(paths, filepath.Join(dir, "cue.mod"), filepath.Join(dir, "cue.mod", "module.cue"))
	}
	if u.Package != "" {
		for _, dir := range up[1:] { // the unit's files cover its own directory
			paths = append(paths, l.cueFilesIn(dir)...)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), ok
}

// cueFilesIn returns a directory and its CUE files: each file may later join another package.
func (l *Loader) cueFilesIn(dir string) []string {
	paths := []string{dir}
	for _, files := range l.cueFiles(dir) {
		paths = append(paths, files...)
	}
	return paths
}

// ancestors returns a directory and those above it, up to its module's root.
func (l *Loader) ancestors(dir string) []string {
	dirs := []string{dir}
	for range l.moduleOf(dir).depth {
		dir = parent(dir)
		dirs = append(dirs, dir)
	}
	return dirs
}
