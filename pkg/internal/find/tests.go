package find

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cuecompute/cuecompute/pkg/internal/read"
)

// isTest reports whether a file's name is that of table tests.
func isTest(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(name, filepath.Ext(name)), "_test") && read.LanguageOf(name) != ""
}

// what is looked for.
func (f *finder) what() string {
	if f.tests {
		return "table test"
	}
	return "spec"
}

// withTests adds the packages of a directory that have table tests, and returns how many
// files of tests there are.
func (f *finder) withTests(dir string, packages map[string]Unit) int {
	found := 0
	for _, u := range f.units {
		if filepath.Dir(u.Path) == filepath.Clean(dir) && u.Package == "" {
			found++
		}
	}
	for _, u := range packages {
		found += len(slices.DeleteFunc(slices.Clone(u.Files), func(name string) bool { return !isTest(name) }))
	}
	for name, u := range packages {
		if !slices.ContainsFunc(u.Files, isTest) {
			delete(packages, name)
			continue
		}
		u.Tests = true
		packages[name] = u
	}
	f.packages(dir, packages, false)
	return found
}

// testFile adds a file of table tests that was named: with the package that it is of, without
// that package's other tests.
func (f *finder) testFile(p string, mode fs.FileMode) {
	if !mode.IsRegular() || read.LanguageOf(p) != "cue" {
		f.file(p, mode, false, nil)
		return
	}
	_, pkg, known := f.readPackage(p)
	switch {
	case !known:
		f.unreadable(p, errNoClause.Error())
	case pkg == "":
		f.file(p, mode, false, nil)
	default:
		u := Unit{Path: filepath.Dir(p), Package: pkg, Tests: true}
		entries, err := f.ReadDir(u.Path)
		if err != nil {
			f.unreadable(u.Path, Reason(err))
			return
		}
		for _, e := range entries {
			name := filepath.Join(u.Path, e.Name())
			if name != p && (isTest(name) || strings.HasSuffix(name, "_tool.cue") || Hidden(e.Name()) || read.LanguageOf(name) != "cue" || !e.Type().IsRegular()) {
				continue
			}
			if _, other, _ := f.readPackage(name); other == pkg {
				u.Files = append(u.Files, name)
			}
		}
		f.add(u)
	}
}
